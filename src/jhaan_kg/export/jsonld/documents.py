"""The graph as one document, as lines, and as a document for each thing; and the context of all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final
from urllib.parse import quote

from pyoxigraph import NamedNode, Triple

from jhaan_kg.build.graphs import graph_name
from jhaan_kg.export.request import Request
from jhaan_kg.namespaces import BASE, ID, RDFS_LABEL
from jhaan_kg.results.jsonld import CONTEXT_IRI, FILE, Compaction, context_of, lay_out, load_context, one_line

_ELSEWHERE: Final = "elsewhere.jsonld"
"""The file of what is stated about terms and things whose IRIs are not ours."""


def write(request: Request) -> bytes:
    """Write one file in UTF-8, sorted, so that its bytes depend on the request only.

    It contains, by the form of the request: jsonld the flat graph, jsonld-dataset the named graphs, jsonld-lines one
    node a line, with the part of the context that it needs, and jsonld-context nothing but the context.
    """
    if request.form == "jsonld-context":
        return FILE.read_bytes()
    context = load_context()
    compaction = Compaction(context)
    if request.form == "jsonld-dataset":
        graphs = groupby(sorted(request.quads(), key=graph_name), key=graph_name)
        objects = [
            {"id": graph, "@graph": list(compaction.nodes(quad.triple for quad in quads))}
            for graph, quads in graphs
        ]
    else:
        # In the order of the files, not as a set: terms that lie side by side are read in half the time.
        nodes = compaction.nodes(dict.fromkeys(quad.triple for quad in request.quads()))
        if request.form == "jsonld-lines":
            lines = []
            for node in nodes:
                own = context_of(context, compaction.used, by_reference=request.by_reference)
                lines.append(one_line({"@context": own, **node}))
                compaction.used.clear()
            return b"".join(lines)
        objects = list(nodes)
    # An id beside @graph would make the flat graph a named one (JSON-LD 1.1, section 4.9).
    return lay_out({"@context": context_of(context, by_reference=request.by_reference), "@graph": objects})


def files(request: Request) -> Iterator[tuple[str, bytes]]:
    """Write a document for each thing, and the context where the documents name it; see `documents`.

    Yields:
        The path of a file within the folder, with `/`, and its bytes.
    """
    if request.by_reference:
        yield CONTEXT_IRI.removeprefix(BASE), FILE.read_bytes()
    yield from documents(request.triples(), by_reference=request.by_reference)


def documents(triples: Iterable[Triple], *, by_reference: bool = False) -> Iterator[tuple[str, bytes]]:
    """Write a document for each IRI, less its fragment, about which the graph states something.

    The document of a thing has, under `@included`, the labels of the things that it links to; these are triples of
    the graph too, so the union of all documents is the graph. All terms of the ontology share its document.

    Args:
        triples: the graph, in any order.
        by_reference: whether the documents name the context and do not bring along what they need of it.

    Yields:
        The path, which is that of the IRI below https://w3id.org/jhaan/ with `.jsonld`, and the document.
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
    """Write the document of a thing; see `documents`.

    Args:
        triples: what is stated about it.
        labels: the triples with the labels of the things to which it links.
        by_reference: whether the document names the context and does not bring along what it needs of it.
    """
    context = load_context()
    compaction = Compaction(context)
    nodes = list(compaction.nodes(triples))
    body: dict[str, Any] = {"@graph": nodes}
    if len(nodes) == 1:
        included = compaction.nodes(
            label for thing in find_linked(triples) for label in labels.get(thing, ())
        )
        body = nodes[0] | ({"@included": found} if (found := list(included)) else {})
    return lay_out({"@context": context_of(context, compaction.used, by_reference=by_reference), **body})


def find_linked(triples: Iterable[Triple]) -> set[NamedNode]:
    """Return the things of ours to which triples link."""
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
