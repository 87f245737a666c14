"""The graph in RDF serialisations for programs: N-Triples and N-Quads, JSON-LD, and RDF/XML.

N-Triples and N-Quads are copied from the snapshot: it contains canonical N-Quads
(https://www.w3.org/TR/rdf12-n-quads/#canonical-quads), each named graph sorted by line.

RDF/XML cannot express all RDF: XML 1.0 has no characters such as U+0000 (https://www.w3.org/TR/xml/#charsets) and no
escape for them, and predicates and classes must end in a name of XML
(https://www.w3.org/TR/rdf-syntax-grammar/#section-Serialising). Triples that do not fit are errors.
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
"""The file of statements about terms and entities of other publishers."""

_ENDS_IN_NAME: Final = re.compile(r"[!-,/:-@~][\w.-]*[A-Za-z_][\w.-]*$", re.ASCII)
"""Only ASCII: parsers differ in the other characters of a name, by their edition of XML."""

_RESERVED: Final = frozenset(
    RDF + name
    for name in (
        *("Description", "RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "li"),
        *("aboutEach", "aboutEachPrefix", "bagID"),
    )
)
"""Terms of RDF that are syntax in RDF/XML."""


def write(request: Request) -> bytes:
    """Write the graph in the form of the request, in UTF-8; the bytes depend only on the request.

    It is the dataset for nquads and jsonld-dataset, otherwise the flat graph; for jsonld-lines with one node per line
    and the part of the context that it needs.

    Raises:
        DamagedSnapshotError: a file of the snapshot has changed since it was written.
        JhaanError: a triple does not fit into RDF/XML.
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
        # Line feeds only end lines, so this removes the name of the graph, and never an object.
        lines = file.read().replace(f" <{file.graph}> .\n".encode(), b" .\n")
        triples.update(lines.splitlines(keepends=True))
    return b"".join(sorted(triples))


def rdfxml(triples: Iterable[Triple]) -> bytes:
    """Write triples as RDF/XML, with an element for each subject; see `write`."""
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
    # A parser of XML reads a carriage return as a line feed, unless it is written as a reference.
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
        # In the order of the files, not as a set: neighbouring terms are read in half the time.
        nodes = compaction.nodes(dict.fromkeys(quad.triple for quad in request.quads()))
        if request.form == "jsonld-lines":
            lines = []
            for node in nodes:
                own = context_of(context, compaction.used, by_reference=request.by_reference)
                lines.append(one_line({"@context": own, **node}))
                compaction.used.clear()
            return b"".join(lines)
        objects = list(nodes)
    # An id beside @graph would turn the flat graph into a named one (JSON-LD 1.1, section 4.9).
    return lay_out({"@context": context_of(context, by_reference=request.by_reference), "@graph": objects})


def files(request: Request) -> Iterator[tuple[str, bytes]]:
    """Write a document for each entity, and the context if the documents refer to it; see `documents`.

    Yields:
        The path of a file within the folder, with `/`, and its bytes.
    """
    if request.by_reference:
        yield CONTEXT_IRI.removeprefix(BASE), FILE.read_bytes()
    yield from documents(request.triples(), by_reference=request.by_reference)


def documents(triples: Iterable[Triple], *, by_reference: bool = False) -> Iterator[tuple[str, bytes]]:
    """Write a document for each IRI (without fragment) with statements in the graph.

    The document of an entity has, under `@included`, the labels of linked entities; these are triples of the graph
    too, so the union of all documents is the graph. All terms of the ontology share its document.

    Args:
        triples: the graph, in any order.
        by_reference: whether the documents refer to the context instead of including the parts that they need.

    Yields:
        The path, that of the IRI below https://w3id.org/jhaan/ with `.jsonld`, and the document.
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
    """Write the document of an entity; see `documents`.

    Args:
        triples: the statements about it.
        labels: the triples with the labels of linked entities.
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
    """Return our entities to which triples link."""
    return {value for _, _, value in triples if isinstance(value, NamedNode) and value.value.startswith(ID)}


def path_of(subject: object) -> str:
    """Return the path of the document about a subject.

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
