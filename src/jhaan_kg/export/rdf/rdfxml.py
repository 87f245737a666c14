"""RDF/XML, for tools that know nothing else; it can say less than RDF, so what it can't say is refused.

Two things of RDF have no place in XML 1.0: characters such as U+0000 (https://www.w3.org/TR/xml/#charsets), for which
there is no escape, and predicates that end in no name of XML
(https://www.w3.org/TR/rdf-syntax-grammar/#section-Serialising). Classes are written as names too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from jhaan_kg.errors import JhaanError
from jhaan_kg.export.request import Request
from jhaan_kg.namespaces import PREFIXES, RDF, RDF_TYPE, compact
from jhaan_kg.results.reading import for_reading
from jhaan_kg.results.sparql import not_in_xml

_ENDS_IN_NAME: Final = re.compile(r"[!-,/:-@~][\w.-]*[A-Za-z_][\w.-]*$", re.ASCII)
"""Only ASCII: parsers differ in what else a name may hold, after the edition of XML that they know."""

_RESERVED: Final = frozenset(
    RDF + name
    for name in (
        *("Description", "RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "li"),
        *("aboutEach", "aboutEachPrefix", "bagID"),
    )
)
"""Terms of RDF that are syntax in RDF/XML."""


def write(request: Request) -> bytes:
    """Write the flat graph.

    Args:
        request: what is to be written.

    Returns:
        The file's bytes, in UTF-8; they depend on the request only.

    Raises:
        JhaanError: a triple can't be said in RDF/XML.
    """
    return rdfxml(request.triples())


def rdfxml(triples: Iterable[Triple]) -> bytes:
    """Write triples as RDF/XML, one element for each subject; see `write`."""
    ordered = for_reading(triples)
    names = set()
    for triple in ordered:
        names.add(_name(triple, triple.predicate))
        if triple.predicate == RDF_TYPE:  # the name of the element
            names.add(_name(triple, triple.object))
        _refuse_characters(triple)
    used = {compact(name).partition(":")[0] for name in names}
    prefixes = {prefix: namespace for prefix, namespace in PREFIXES.items() if prefix in used}
    data = serialize(ordered, format=RdfFormat.RDF_XML, prefixes=prefixes) or b""
    # A parser of XML takes a carriage return for a line feed, unless it is written as a reference.
    return data.replace(b"\r", b"&#xD;")


def _name(triple: Triple, term: object) -> str:
    """Give an IRI that is to be written as a name of XML."""
    iri = term.value if isinstance(term, NamedNode) else ""
    if not _ENDS_IN_NAME.search(iri) or iri in _RESERVED:
        raise JhaanError(
            f"{triple.subject} can't be written in RDF/XML: {term} gives no name. Choose turtle."
        )
    return iri


def _refuse_characters(triple: Triple) -> None:
    if character := not_in_xml(triple.object):
        raise JhaanError(
            f"{triple.subject} can't be written in RDF/XML: its {compact(triple.predicate.value)} has the character "
            f"{character}, which XML has not. Choose turtle."
        )
