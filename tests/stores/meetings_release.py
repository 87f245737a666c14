"""The fictional graph of `meetings_graph` as a release with questions."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from meetings_graph import HEAD, QUERIES, build, stored, triples
from pyoxigraph import NamedNode, Quad, Triple

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.query.source import parse_query
from small_graph import snapshot

VALUES = """
event2023:spring jhaan:online true ; jhaan:share "0.50"^^xsd:decimal ; jhaan:people 12 .
event2023:autumn jhaan:online false ; jhaan:share "0.25"^^xsd:decimal ; jhaan:people 7 .
jhaan:Agency rdfs:subClassOf org:Organization . org:Organization rdfs:subClassOf foaf:Agent .
"""
"""Values that stores write otherwise, and classes from which a reasoner concludes something."""

DETAILS = f"""#+ summary: How large was each meeting?
#+ description: One row per meeting.
#+ tags: [meetings]
#+ parameters:
#+   - name: event
#+     type: jhaan:Event
#+     description: one meeting
#+     default: event2023:spring
{HEAD}
SELECT ?event ?online ?share ?people (?people / 9.0 AS ?part)
WHERE {{
  # VALUES ?event
  ?event jhaan:online ?online ; jhaan:share ?share ; jhaan:people ?people .
}}
"""

EVIDENCE = f"""#+ summary: How much is asserted?
#+ description: Counts assertions.
#+ tags: [meetings]
#+ needs: evidence
{HEAD}
SELECT (COUNT(DISTINCT ?assertion) AS ?assertions) WHERE {{ ?assertion a jhaan:Assertion }}
"""


FEW = ("asserted", "details", "seats")
"""Questions that are enough for most tests."""


def catalogue(names: Collection[str] = ()) -> dict[str, Any]:
    """Return the questions of these names, or all, compiled."""
    more = {"details": DETAILS, "asserted": EVIDENCE}
    questions = [
        *map(stored, QUERIES),
        *(parse_query(text, f"queries/meetings/{name}.rq") for name, text in more.items()),
    ]
    return {"format": 1, "queries": [one.to_json() for one in questions if not names or one.name in names]}


def all_quads() -> list[Quad]:
    """Return the graph of the meetings, with values that stores write differently."""
    graph = NamedNode(GRAPH + "report/jhaan-2023/6")
    return [*build(), *(Quad(*triple, graph) for triple in triples(VALUES))]


def release_of(quads: list[Quad], folder: Path, questions: Collection[str] = ()) -> Snapshot:
    """Write quads as a release with the questions of these names, or all."""
    graphs: dict[NamedNode, list[Triple]] = {}
    for quad in quads:
        assert isinstance(quad.graph_name, NamedNode)
        graphs.setdefault(quad.graph_name, []).append(quad.triple)
    return snapshot(folder, graphs, catalogue(questions))
