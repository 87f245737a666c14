"""Export of the graph as readable Turtle and TriG.

Sections and named graphs are in reading order. The style is the same as in the output of `jhaan format`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from jhaan_kg.export.request import Request
from jhaan_kg.results.reading import for_reading, graph_order, graph_title, in_sections
from jhaan_kg.turtle.format import LINE_LENGTH, write_blocks
from jhaan_kg.turtle.generate import Terms, add_heading, graph_block, statements
from jhaan_kg.turtle.tree import Block

_HEADS: Final = {
    "turtle": "The JHAAN knowledge graph in one flat graph, the union of its named graphs.",
    "trig": "The JHAAN knowledge graph as a dataset: each triple is in the named graph of its source.",
}


def write(request: Request) -> bytes:
    """Return the graph as Turtle or TriG in UTF-8.

    The format `turtle` contains the flat graph, and `trig` the named graphs.

    Raises:
        DamagedSnapshotError: a file of the snapshot has changed since it was written.
    """
    form = request.form
    blocks = _graphs(request) if form == "trig" else _sections(request.triples())
    return write_blocks(blocks, [_HEADS[form], *_name_parts(request)]).encode()


def _name_parts(request: Request) -> Iterator[str]:
    """Yield sentences that list the parts of the graph in a file, and the excluded parts."""
    parts = {
        "inferred statements": request.inferred,
        "external facts": request.context,
        "evidence, stored questions and the lexicon": request.evidence,
    }
    for word, wanted in (("With", True), ("Without", False)):
        named = [part for part, there in parts.items() if there is wanted]
        if named:
            yield f"{word}: {', '.join(named)}."


def _sections(triples: Iterable[Triple]) -> Iterator[Block]:
    """Yield the blocks of statements, with a heading before each section."""
    terms = Terms()
    for title, own in in_sections(triples):
        first, *others = statements(own, terms)
        yield add_heading(first, f"{title} ".ljust(LINE_LENGTH - len("# "), "-"))
        yield from others


def _graphs(request: Request) -> Iterator[Block]:
    """Yield the blocks of the named graphs, each with its title as a comment."""
    terms = Terms()
    for file in sorted(request.files(), key=lambda file: graph_order(file.graph)):
        triples = (quad.triple for quad in parse(file.read(), format=RdfFormat.N_QUADS))
        inside = statements(for_reading(triples), terms)
        yield graph_block(NamedNode(file.graph), inside, graph_title(file.graph), terms)
