"""The fictional graph of `meetings_graph` as a release with questions, and servers that hold it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeAlias

import pytest
from meetings_graph import HEAD, QUERIES, build, stored, triples
from pyoxigraph import NamedNode, Quad, Triple

from jhaan_kg.build.snapshot import Snapshot, write_snapshot
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.query.header import parse_query
from jhaan_kg.query.model import StoredQuery
from servers.oxigraph import oxigraph, saved

Serving: TypeAlias = Callable[..., AbstractContextManager[str]]

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


def questions() -> list[StoredQuery]:
    more = {"details": DETAILS, "asserted": EVIDENCE}
    return [
        *map(stored, QUERIES),
        *(parse_query(text, f"queries/meetings/{name}.rq") for name, text in more.items()),
    ]


@pytest.fixture(scope="session")
def quads() -> list[Quad]:
    """The graph of the meetings, with values that stores write otherwise."""
    graph = NamedNode(GRAPH + "report/jhaan-2023/6")
    return [*build(), *(Quad(*triple, graph) for triple in triples(VALUES))]


@pytest.fixture(scope="session")
def snapshot(quads: list[Quad], tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A release of it."""
    graphs: dict[NamedNode, list[Triple]] = defaultdict(list)
    for quad in quads:
        assert isinstance(quad.graph_name, NamedNode)
        graphs[quad.graph_name].append(quad.triple)
    folder = tmp_path_factory.mktemp("snapshot")
    catalogue = {"format": 1, "queries": [query.to_json() for query in questions()]}
    write_snapshot(folder, graphs, catalogue, {})
    return Snapshot.open(folder)


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the stores of this release out of the cache that other tests use."""
    monkeypatch.setenv("JHAAN_CACHE", str(tmp_path_factory.getbasetemp() / "cache-of-comparing"))


@pytest.fixture
def serve(tmp_path_factory: pytest.TempPathFactory) -> Serving:
    """Serves quads, and gives the address of the endpoint."""

    @contextmanager
    def serving(quads: Iterable[Quad], *, union: bool = True) -> Iterator[str]:
        folder = saved(tmp_path_factory.mktemp("served"), quads)
        with oxigraph(folder, union=union, read_only=True) as server:
            yield server.query

    return serving
