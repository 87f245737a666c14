"""Links from the graph to the authority files of others, https://www.w3.org/TR/void/#linkset."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, Triple

from jhaan_kg.export.description.partitions import Counted
from jhaan_kg.namespaces import CONTESTED_PARTS, ID, RDF

_TABLE: Final = re.compile(r"http://publications\.europa\.eu/resource/authority/([^/]+)/")
_FILES: Final = {"http://www.wikidata.org/entity/": "Wikidata", "http://eurovoc.europa.eu/": "EuroVoc"}


class AuthorityFile(NamedTuple):
    """An authority file.

    Attributes:
        space: what the IRIs of its entries begin with.
        name: in a word.
        title: in English.
    """

    space: str
    name: str
    title: str


def authority_file(iri: str) -> AuthorityFile | None:
    """Give the authority file that an entry belongs to, None for what is no entry of one.

    >>> authority_file("http://publications.europa.eu/resource/authority/country/ESP").title
    'EU authority table country'
    >>> authority_file("http://www.wikidata.org/entity/Q207203").name
    'wikidata'
    """
    match = _TABLE.match(iri)
    if match:
        return AuthorityFile(match[0], match[1], f"EU authority table {match[1]}")
    for space, title in _FILES.items():
        if iri.startswith(space):
            return AuthorityFile(space, title.lower(), title)
    return None


def links(triples: Iterable[Triple]) -> dict[tuple[NamedNode, AuthorityFile], Counted]:
    """Count the links of our things to authority files, by property and file.

    What a node of evidence (`rdf:object`) or a contested statement says of a link is no link itself.
    """
    found: defaultdict[tuple[NamedNode, AuthorityFile], Counted] = defaultdict(Counted)
    for triple in triples:
        if (
            isinstance(triple.object, NamedNode)
            and isinstance(triple.subject, NamedNode)
            and triple.subject.value.startswith(ID)
            and not triple.predicate.value.startswith(RDF)
            and triple.predicate not in CONTESTED_PARTS
            and (file := authority_file(triple.object.value))
        ):
            found[triple.predicate, file].add(triple)
    return found
