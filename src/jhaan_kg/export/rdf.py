"""Export of the graph in RDF serialisations for programs.

These are N-Triples, N-Quads, JSON-LD and RDF/XML.

N-Triples and N-Quads are copied from the snapshot, which contains canonical N-Quads
(https://www.w3.org/TR/rdf12-n-quads/#canonical-quads), with each named graph sorted by line.

RDF/XML cannot express all RDF graphs. XML 1.0 does not allow characters such as U+0000, even if they are escaped
(https://www.w3.org/TR/xml/#charsets). IRIs of predicates and classes must end in an XML name
(https://www.w3.org/TR/rdf-syntax-grammar/#section-Serialising). A triple that RDF/XML cannot express raises an error.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import Any, Final

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from jhaan_kg.build.graphs import graph_name
from jhaan_kg.errors import JhaanError
from jhaan_kg.export.request import Request
from jhaan_kg.namespaces import ID, PREFIXES, RDF, RDF_TYPE, compact
from jhaan_kg.results.jsonld import FILE, Compaction, context_of, lay_out, load_context
from jhaan_kg.results.reading import for_reading
from jhaan_kg.results.sparql import not_in_xml

_ENDS_IN_NAME: Final = re.compile(r"[!-,/:-@~][\w.-]*[A-Za-z_][\w.-]*$", re.ASCII)
"""IRIs that end in an ASCII XML name.

Other characters are excluded, because XML parsers differ on them.
"""

_RESERVED: Final = frozenset(
    RDF + name
    for name in (
        *("Description", "RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "li"),
        *("aboutEach", "aboutEachPrefix", "bagID"),
    )
)
"""RDF terms that RDF/XML reserves for its syntax."""


def write(request: Request) -> bytes:
    """Return the graph in the format of the request in UTF-8.

    The bytes depend only on the request.

    The formats nquads and jsonld-dataset contain named graphs, and the other formats the flat graph.

    Raises:
        DamagedSnapshotError: a file of the snapshot has changed since it was written.
        JhaanError: RDF/XML cannot express a triple.
    """
    match request.form:
        case "nquads":
            return b"".join(file.read() for file in request.files())
        case "ntriples":
            return _lines(request)
        case "rdfxml":
            return rdfxml(request.triples())
        case "jsonld-context":
            return FILE.read_bytes()
        case _:
            return _jsonld(request)


# --- lines and RDF/XML ---------------------------------------------------------------------------------------


def _lines(request: Request) -> bytes:
    triples: set[bytes] = set()
    for file in request.files():
        # In N-Quads, only the graph name precedes the end of a line, so this removes nothing else.
        lines = file.read().replace(f" <{file.graph}> .\n".encode(), b" .\n")
        triples.update(lines.splitlines(keepends=True))
    return b"".join(sorted(triples))


def rdfxml(triples: Iterable[Triple]) -> bytes:
    """Return triples as RDF/XML, with an element for each subject; see `write`."""
    ordered = for_reading(triples)
    used = set()
    for triple in ordered:
        elements = [triple.predicate, triple.object] if triple.predicate == RDF_TYPE else [triple.predicate]
        for element in elements:
            iri = element.value if isinstance(element, NamedNode) else ""
            if not _ENDS_IN_NAME.search(iri) or iri in _RESERVED:
                raise JhaanError(f"RDF/XML cannot contain {element} (at {triple.subject}). Choose turtle.")
            used.add(compact(iri).partition(":")[0])
        if character := not_in_xml(triple.object):
            predicate = compact(triple.predicate.value)
            raise JhaanError(
                f"RDF/XML cannot contain the character {character} ({predicate} of {triple.subject}). "
                "Choose turtle."
            )
    prefixes = {prefix: namespace for prefix, namespace in PREFIXES.items() if prefix in used}
    data = serialize(ordered, format=RdfFormat.RDF_XML, prefixes=prefixes) or b""
    # XML parsers convert a carriage return to a line feed, unless it is a character reference.
    return data.replace(b"\r", b"&#xD;")


# --- JSON-LD -------------------------------------------------------------------------------------------------


def _jsonld(request: Request) -> bytes:
    context = load_context()
    compaction = Compaction(context)
    if request.form == "jsonld-dataset":
        graphs = groupby(sorted(request.quads(), key=graph_name), key=graph_name)
        objects = [
            {"id": graph, "@graph": list(compaction.nodes(quad.triple for quad in quads))}
            for graph, quads in graphs
        ]
    else:
        # Keep the order of the files: processing is twice as fast if similar terms are close together in memory.
        objects = list(compaction.nodes(dict.fromkeys(quad.triple for quad in request.quads())))
    # The document must not have an @id next to @graph, which would make it a named graph (JSON-LD 1.1, section 4.9).
    return lay_out({"@context": context_of(context, by_reference=request.by_reference), "@graph": objects})


def document(
    triples: Collection[Triple], labels: Mapping[NamedNode, Iterable[Triple]], *, by_reference: bool = False
) -> bytes:
    """Return the document of an entity, with the labels of linked entities under `@included`.

    Args:
        triples: the statements about the entity.
        labels: the triples that state labels of linked entities, by entity.
        by_reference: whether the document refers to the context instead of including the parts that it needs.
    """
    context = load_context()
    compaction = Compaction(context)
    nodes = list(compaction.nodes(triples))
    body: dict[str, Any] = {"@graph": nodes}
    if len(nodes) == 1:
        included = compaction.nodes(
            label for thing in find_linked(triples) for label in labels.get(thing, ())
        )
        body = nodes[0] | ({"@included": labels_found} if (labels_found := list(included)) else {})
    return lay_out({"@context": context_of(context, compaction.used, by_reference=by_reference), **body})


def find_linked(triples: Iterable[Triple]) -> set[NamedNode]:
    """Return the entities of this project that are objects of triples."""
    return {value for _, _, value in triples if isinstance(value, NamedNode) and value.value.startswith(ID)}
