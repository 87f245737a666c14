"""One document for each thing, at the path of its IRI, so that a web server can give it where the IRI leads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from pyoxigraph import NamedNode, Triple

from jhaan_kg.export.request import Request
from jhaan_kg.namespaces import BASE, ID, RDFS_LABEL
from jhaan_kg.results.jsonld import CONTEXT_IRI, FILE, Compaction, context_of, lay_out, load_context

ELSEWHERE: Final = "elsewhere.jsonld"
"""The file of what is said of terms and things whose IRIs are not ours."""


def files(request: Request) -> Iterator[tuple[str, bytes]]:
    """Write a document for each thing, and the context where the documents name it; see `documents`.

    Args:
        request: what is to be written.

    Yields:
        The path of a file within the folder, with `/`, and its bytes.
    """
    if request.by_reference:
        yield CONTEXT_IRI.removeprefix(BASE), FILE.read_bytes()
    yield from documents(request.triples(), by_reference=request.by_reference)


def documents(triples: Iterable[Triple], *, by_reference: bool = False) -> Iterator[tuple[str, bytes]]:
    """Write a document for each IRI, less its fragment, of which the graph says something.

    The document of a thing has, under `@included`, the labels of the things that it links to; these are triples of
    the graph too, so the union of all documents is the graph. All terms of the ontology share its document.

    Args:
        triples: the graph, in any order.
        by_reference: whether the documents name the context and do not bring along what they need of it.

    Yields:
        The path, which is that of the IRI below https://w3id.org/jhaan/ with `.jsonld`, and the document.
    """
    found: dict[str, list[Triple]] = {}
    labels: dict[NamedNode, list[Triple]] = {}
    for triple in triples:
        found.setdefault(path_of(triple.subject), []).append(triple)
        if triple.predicate == RDFS_LABEL and isinstance(triple.subject, NamedNode):
            labels.setdefault(triple.subject, []).append(triple)
    for path in sorted(found):
        yield path, document(found[path], labels, by_reference=by_reference)


def document(
    triples: Collection[Triple], labels: Mapping[NamedNode, Iterable[Triple]], *, by_reference: bool = False
) -> bytes:
    """Write the document of a thing; see `documents`.

    Args:
        triples: what is said of it.
        labels: the triples that say how the things are called to which it links.
        by_reference: whether the document names the context and doesn't bring along what it needs of it.
    """
    context = load_context()
    compaction = Compaction(context)
    nodes = list(compaction.nodes(triples))
    body: dict[str, Any] = {"@graph": nodes}
    if len(nodes) == 1:
        included = list(
            compaction.nodes(label for thing in linked(triples) for label in labels.get(thing, ()))
        )
        body = nodes[0] | ({"@included": included} if included else {})
    return lay_out({"@context": context_of(context, compaction.used, by_reference=by_reference), **body})


def linked(triples: Iterable[Triple]) -> set[NamedNode]:
    """Give the things of ours to which triples link."""
    return {value for _, _, value in triples if isinstance(value, NamedNode) and value.value.startswith(ID)}


def path_of(subject: object) -> str:
    """Give the path of the document that says something of a subject.

    >>> path_of(NamedNode("https://w3id.org/jhaan/id/report/jhaan-2023/section/5.2"))
    'id/report/jhaan-2023/section/5.2.jsonld'
    >>> path_of(NamedNode("https://w3id.org/jhaan/ontology#Agency"))
    'ontology.jsonld'
    >>> path_of(NamedNode("https://schema.org/Event"))
    'elsewhere.jsonld'
    """
    if not isinstance(subject, NamedNode) or not subject.value.startswith(BASE):
        return ELSEWHERE
    path = subject.value.removeprefix(BASE).partition("#")[0]
    return quote(path, safe="/") + ".jsonld"
