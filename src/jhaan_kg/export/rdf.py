"""The graph in the languages of RDF: lines for programs, Turtle and TriG for people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from pyoxigraph import NamedNode

from jhaan_kg.build.graphs import graph_name
from jhaan_kg.export.reading import graph_order, graph_title, in_reading_order, in_sections
from jhaan_kg.export.request import Request
from jhaan_kg.turtle.format import write_blocks
from jhaan_kg.turtle.generate import Terms, graph_block, headed, statements
from jhaan_kg.turtle.tree import Block

def write(request: Request) -> bytes:
    """Write the graph: turtle the flat graph, trig the dataset.

    Args:
        request: what is to be written.

    Returns:
        The file's bytes, in UTF-8; they depend on the request only.
    """
    blocks = _sections(request) if request.form == "turtle" else _graphs(request)
    return write_blocks(blocks, _head(request)).encode()


def _sections(request: Request) -> Iterator[Block]:
    """Give the statements of the flat graph, a heading before the first of each section."""
    terms = Terms()
    for title, triples in in_sections(request.triples()):
        first, *others = statements(triples, terms)
        yield headed(first, f"{title} ".ljust(97, "-"))
        yield from others

def _graphs(request: Request) -> Iterator[Block]:
    terms = Terms()
    quads = sorted(request.quads(), key=lambda quad: graph_order(graph_name(quad)))
    for graph, own in groupby(quads, key=graph_name):
        yield graph_block(NamedNode(graph), statements(in_reading_order(quad.triple for quad in own), terms), graph_title(graph), terms)

def _head(request):
    return ["x"]
