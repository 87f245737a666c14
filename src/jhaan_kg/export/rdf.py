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
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final
from urllib.parse import quote

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from jhaan_kg.build.graphs import graph_name
from jhaan_kg.errors import JhaanError
from jhaan_kg.export.request import Request
from jhaan_kg.namespaces import BASE, ID, PREFIXES, RDF, RDF_TYPE, RDFS_LABEL, compact
from jhaan_kg.results.jsonld import CONTEXT_IRI, FILE, Compaction, context_of, lay_out, load_context, one_line
from jhaan_kg.results.reading import for_reading
from jhaan_kg.results.sparql import not_in_xml

_ELSEWHERE: Final = "elsewhere.jsonld"
"""The name of the file with statements about terms and entities of other publishers."""

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

    The formats nquads and jsonld-dataset contain named graphs, and the other formats the flat graph. The format
    jsonld-lines has one node per line, with the part of the context that the node needs.

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
        nodes = compaction.nodes(dict.fromkeys(quad.triple for quad in request.quads()))
        if request.form == "jsonld-lines":
            lines = []
            for node in nodes:
                own = context_of(context, compaction.used, by_reference=request.by_reference)
                lines.append(one_line({"@context": own, **node}))
                compaction.used.clear()
            return b"".join(lines)
        objects = list(nodes)
    # The document must not have an @id next to @graph, which would make it a named graph (JSON-LD 1.1, section 4.9).
    return lay_out({"@context": context_of(context, by_reference=request.by_reference), "@graph": objects})


def files(request: Request) -> Iterator[tuple[str, bytes]]:
    """Yield the context, if the documents refer to it, and a document for each entity.

    For the documents see `documents`.

    Yields:
        The path within the folder (with `/`) and the content of each file.
    """
    if request.by_reference:
        yield CONTEXT_IRI.removeprefix(BASE), FILE.read_bytes()
    yield from documents(request.triples(), by_reference=request.by_reference)


def documents(triples: Iterable[Triple], *, by_reference: bool = False) -> Iterator[tuple[str, bytes]]:
    """Yield a document for each subject of the graph.

    IRIs that differ only in the fragment share a document, so there is one document for all terms of the ontology. A
    document also contains the labels of linked entities, under `@included`. The union of all documents is the graph.

    Args:
        triples: the graph, in any order.
        by_reference: whether the documents refer to the context instead of including the parts that they need.

    Yields:
        The path and the document. The path is that of the IRI below https://w3id.org/jhaan/, with the suffix `.jsonld`.
    """
    by_path: dict[str, list[Triple]] = {}
    labels: dict[NamedNode, list[Triple]] = {}
    for triple in triples:
        by_path.setdefault(path_of(triple.subject), []).append(triple)
        if triple.predicate == RDFS_LABEL and isinstance(triple.subject, NamedNode):
            labels.setdefault(triple.subject, []).append(triple)
    for path in sorted(by_path):
        yield path, document(by_path[path], labels, by_reference=by_reference)


def document(
    triples: Collection[Triple], labels: Mapping[NamedNode, Iterable[Triple]], *, by_reference: bool = False
) -> bytes:
    """Return the document of an entity; see `documents`.

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


def path_of(subject: object) -> str:
    """Return the path of the document that contains the statements about a subject.

    >>> path_of(NamedNode("https://w3id.org/jhaan/id/report/jhaan-2023/section/5.2"))
    'id/report/jhaan-2023/section/5.2.jsonld'
    >>> path_of(NamedNode("https://w3id.org/jhaan/ontology#Agency"))
    'ontology.jsonld'
    >>> path_of(NamedNode("https://schema.org/Event"))
    'elsewhere.jsonld'
    """
    if not isinstance(subject, NamedNode) or not subject.value.startswith(BASE):
        return _ELSEWHERE
    path = subject.value.removeprefix(BASE).partition("#")[0]
    return quote(path, safe="/") + ".jsonld"
