"""Turtle and TriG for people: sections and named graphs in reading order, in the style of `jhaan format`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from jhaan_kg.build.graphs import LEXICON, graph_name
from jhaan_kg.export.request import Request
from jhaan_kg.namespaces import CONTESTED_PARTS, GRAPH
from jhaan_kg.results.reading import for_reading, graph_order, graph_title, in_sections
from jhaan_kg.turtle.format import write_blocks
from jhaan_kg.turtle.generate import Terms, graph_block, headed, statements
from jhaan_kg.turtle.layout import LINE_LENGTH
from jhaan_kg.turtle.tree import Block

_WHAT: Final = {
    "turtle": "The JHAAN knowledge graph in one flat graph, the union of its named graphs.",
    "trig": "The JHAAN knowledge graph as a dataset: each triple in the named graph that says where it comes from.",
    "asserted": "What the sources of the JHAAN knowledge graph state, with the classes that its shapes need.",
    "lexicon": "The words by which jhaan verify finds the statements of the JHAAN knowledge graph in a text.",
}
_SOURCES: Final = tuple(
    GRAPH + layer for layer in ("document/", "register/", "report/", "curation/", "context/")
)
_CONFLICTS: Final = GRAPH + "reconciled/"
_ONTOLOGY: Final = GRAPH + "ontology"


def write(request: Request) -> bytes:
    """Write the graph: turtle the flat graph, trig the dataset, asserted and lexicon a part of the dataset.

    Args:
        request: what is to be written.

    Returns:
        The file's bytes, in UTF-8; they depend on the request only.
    """
    what = [_WHAT[request.form]]
    if request.form in PARTS:
        return write_blocks(_sections(PARTS[request.form](request)), what).encode()
    blocks = _sections(request.triples()) if request.form == "turtle" else _graphs(request)
    return write_blocks(blocks, [*what, *_parts(request)]).encode()


def asserted(request: Request) -> set[Triple]:
    """Return what the sources state, both sides of conflicts included, and the hierarchy of classes and codes.

    That is what `jhaan check` validates, so the shapes conform on it. In the flat graph they do not: inferred types and
    generated labels are more than a source may state.
    """
    from jhaan_kg.checks.shapes import is_hierarchy  # all checks come with it, in 0.3 seconds

    found: set[Triple] = set()
    sides: dict[object, dict[NamedNode, Any]] = defaultdict(dict)
    for quad in request._replace(evidence=False).quads():
        graph = graph_name(quad)
        if graph.startswith(_SOURCES) or (graph.startswith(_ONTOLOGY) and is_hierarchy(quad.triple)):
            found.add(quad.triple)
        elif graph.startswith(_CONFLICTS) and quad.predicate in CONTESTED_PARTS:
            sides[quad.subject][quad.predicate] = quad.object
    return found | {Triple(*(side[part] for part in CONTESTED_PARTS)) for side in sides.values()}


def lexicon(request: Request) -> set[Triple]:
    """Return how values are found in a text, and by which words."""
    files = (file for file in request.snapshot.graphs if file.graph.startswith(LEXICON))
    return {quad.triple for file in files for quad in parse(file.read(), format=RdfFormat.N_QUADS)}


PARTS: Final = {"asserted": asserted, "lexicon": lexicon}
"""The formats that contain a part of the dataset, with what returns it."""


def _parts(request: Request) -> Iterator[str]:
    """Say which parts of the graph a file has."""
    parts = {
        "what follows from what is stated": request.inferred,
        "facts from outside the report": request.context,
        "evidence, stored questions and the lexicon": request.evidence,
    }
    for word, wanted in (("With", True), ("Without", False)):
        named = [part for part, there in parts.items() if there is wanted]
        if named:
            yield f"{word}: {', '.join(named)}."


def _sections(triples: Iterable[Triple]) -> Iterator[Block]:
    """Return statements, a heading before the first of each section."""
    terms = Terms()
    for title, own in in_sections(triples):
        first, *others = statements(own, terms)
        yield headed(first, f"{title} ".ljust(LINE_LENGTH - len("# "), "-"))
        yield from others


def _graphs(request: Request) -> Iterator[Block]:
    """Give the blocks of the named graphs, each with a comment that says what it holds."""
    terms = Terms()
    for file in sorted(request.files(), key=lambda file: graph_order(file.graph)):
        triples = (quad.triple for quad in parse(file.read(), format=RdfFormat.N_QUADS))
        inside = statements(for_reading(triples), terms)
        yield graph_block(NamedNode(file.graph), inside, graph_title(file.graph), terms)
