"""The fictional graph of `meetings_graph` as a release with questions."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from meetings_graph import QUERIES, build, stored, triples
from pyoxigraph import NamedNode, Quad, Triple

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.source import parse_query
from small_graph import snapshot

VALUES = """
event2023:spring jhaan:online true ; jhaan:share "0.50"^^xsd:decimal ; jhaan:people 12 .
event2023:autumn jhaan:online false ; jhaan:share "0.25"^^xsd:decimal ; jhaan:people 7 .
jhaan:Agency rdfs:subClassOf org:Organization . org:Organization rdfs:subClassOf foaf:Agent .
"""
"""Values that stores write in another form, and classes from which a reasoner infers triples."""


FEW = ("asserted", "details", "seats")
"""A small selection of questions, enough for most tests."""


def question(name: str) -> StoredQuery:
    """Return a question of the folder `questions`."""
    file = Path(__file__).with_name("questions") / f"{name}.rq"
    return parse_query(file.read_text("utf-8"), f"queries/meetings/{name}.rq")


def catalogue(names: Collection[str] = ()) -> dict[str, Any]:
    """Return the compiled questions with these names, or all."""
    questions = [*map(stored, QUERIES), question("details"), question("asserted")]
    return {"format": 1, "queries": [one.to_json() for one in questions if not names or one.name in names]}


def all_quads() -> list[Quad]:
    """Return the graph of the meetings, with values that stores write differently."""
    graph = NamedNode(GRAPH + "report/jhaan-2023/6")
    return [*build(), *(Quad(*triple, graph) for triple in triples(VALUES))]


def release_of(quads: list[Quad], folder: Path, questions: Collection[str] = ()) -> Snapshot:
    """Write quads as a release with the named questions, or all."""
    graphs: dict[NamedNode, list[Triple]] = {}
    for quad in quads:
        assert isinstance(quad.graph_name, NamedNode)
        graphs.setdefault(quad.graph_name, []).append(quad.triple)
    return snapshot(folder, graphs, catalogue(questions))
