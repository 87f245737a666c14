"""Export of the graph as readable Turtle and TriG.

Entities and named graphs are in reading order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from jhaan_kg.export.request import Request
from jhaan_kg.results.reading import for_reading, graph_order
from jhaan_kg.turtle import write_turtle

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
    head = [_HEADS[form], *_name_parts(request)]
    if form == "trig":
        return write_turtle(_graphs(request), trig=True, head=head)
    return write_turtle(for_reading(request.triples()), head=head)


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


def _graphs(request: Request) -> Iterator[Quad]:
    """Yield the statements of the named graphs."""
    for file in sorted(request.files(), key=lambda file: graph_order(file.graph)):
        triples = (quad.triple for quad in parse(file.read(), format=RdfFormat.N_QUADS))
        for triple in for_reading(triples):
            yield Quad(triple.subject, triple.predicate, triple.object, NamedNode(file.graph))
