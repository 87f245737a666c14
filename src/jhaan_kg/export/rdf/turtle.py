"""Turtle and TriG for people: sections and named graphs in reading order, in the style of `jhaan format`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, parse

from jhaan_kg.export.request import Request
from jhaan_kg.results.reading import for_reading, graph_order, graph_title, in_sections
from jhaan_kg.turtle.format import write_blocks
from jhaan_kg.turtle.generate import Terms, graph_block, headed, statements
from jhaan_kg.turtle.layout import LINE_LENGTH
from jhaan_kg.turtle.tree import Block

_WHAT: Final = {
    "turtle": "The JHAAN knowledge graph in one flat graph, the union of its named graphs.",
    "trig": "The JHAAN knowledge graph as a dataset: each triple in the named graph that says where it comes from.",
}


def write(request: Request) -> bytes:
    """Write the graph: turtle the flat graph, trig the dataset.

    Args:
        request: what is to be written.

    Returns:
        The file's bytes, in UTF-8; they depend on the request only.
    """
    blocks = _sections(request) if request.form == "turtle" else _graphs(request)
    return write_blocks(blocks, [_WHAT[request.form], *_parts(request)]).encode()


def _parts(request: Request) -> Iterator[str]:
    """Say which parts of the graph a file has."""
    parts = {
        "what follows from what is stated": request.inferred,
        "facts from outside the report": request.context,
        "evidence": request.evidence,
    }
    for word, wanted in (("With", True), ("Without", False)):
        named = [part for part, there in parts.items() if there is wanted]
        if named:
            yield f"{word}: {', '.join(named)}."


def _sections(request: Request) -> Iterator[Block]:
    """Give the statements of the flat graph, a heading before the first of each section."""
    terms = Terms()
    for title, triples in in_sections(request.triples()):
        first, *others = statements(triples, terms)
        yield headed(first, f"{title} ".ljust(LINE_LENGTH - len("# "), "-"))
        yield from others


def _graphs(request: Request) -> Iterator[Block]:
    """Give the blocks of the named graphs, each with a comment that says what it holds."""
    terms = Terms()
    for file in sorted(request.files(), key=lambda file: graph_order(file.graph)):
        triples = (quad.triple for quad in parse(file.read(), format=RdfFormat.N_QUADS))
        inside = statements(for_reading(triples), terms)
        yield graph_block(NamedNode(file.graph), inside, graph_title(file.graph), terms)
