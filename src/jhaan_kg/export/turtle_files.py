"""Export of the graph, and of parts of the graph, as readable Turtle and TriG.

Entities and named graphs are in reading order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from jhaan_kg.build.graphs import LEXICON, graph_name
from jhaan_kg.export.request import Request
from jhaan_kg.namespaces import CONTESTED_PARTS, GRAPH
from jhaan_kg.results.reading import for_reading, graph_order
from jhaan_kg.turtle import write_turtle

_HEADS: Final = {
    "turtle": "The JHAAN knowledge graph in one flat graph, the union of its named graphs.",
    "trig": "The JHAAN knowledge graph as a dataset: each triple is in the named graph of its source.",
    "asserted": "Statements of the sources of the JHAAN knowledge graph, with the classes that its shapes need.",
    "lexicon": "Words by which jhaan verify matches the statements of the JHAAN knowledge graph in a text.",
}
_SOURCES: Final = tuple(
    GRAPH + layer for layer in ("document/", "register/", "report/", "curation/", "context/")
)


def write(request: Request) -> bytes:
    """Return the graph as Turtle or TriG in UTF-8.

    The format `turtle` contains the flat graph, `trig` the named graphs, and each format in `PARTS` a part of the
    dataset.

    Raises:
        DamagedSnapshotError: a file of the snapshot has changed since it was written.
    """
    form = request.form
    if form in PARTS:
        return write_turtle(for_reading(PARTS[form](request)), head=[_HEADS[form]])
    head = [_HEADS[form], *_name_parts(request)]
    if form == "trig":
        return write_turtle(_graphs(request), trig=True, head=head)
    return write_turtle(for_reading(request.triples()), head=head)


def select_asserted(request: Request) -> set[Triple]:
    """Return the statements from sources, and the hierarchies of classes and codes.

    The statements include all conflicting values.

    This graph conforms to the shapes, because `jhaan check` validates it. The flat graph does not conform, because the
    shapes do not allow inferred types and generated labels.
    """
    from jhaan_kg.checks.shapes import is_hierarchy  # imported here because the import is slow

    asserted: set[Triple] = set()
    sides: dict[object, dict[NamedNode, Any]] = defaultdict(dict)
    for quad in request._replace(evidence=False).quads():
        graph = graph_name(quad)
        if graph.startswith(_SOURCES) or (graph.startswith(GRAPH + "ontology") and is_hierarchy(quad.triple)):
            asserted.add(quad.triple)
        elif graph.startswith(GRAPH + "reconciled/") and quad.predicate in CONTESTED_PARTS:
            sides[quad.subject][quad.predicate] = quad.object
    return asserted | {Triple(*(side[part] for part in CONTESTED_PARTS)) for side in sides.values()}


def select_lexicon(request: Request) -> set[Triple]:
    """Return the lexicon: the words and methods with which values are matched in a text."""
    files = (file for file in request.snapshot.graphs if file.graph.startswith(LEXICON))
    return {quad.triple for file in files for quad in parse(file.read(), format=RdfFormat.N_QUADS)}


PARTS: Final = {"asserted": select_asserted, "lexicon": select_lexicon}
"""The formats that contain a part of the dataset, with the functions that return the part."""


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
