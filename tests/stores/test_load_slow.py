"""Loads into real stores: the cases of small releases, and the whole release with all questions."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
from load_cases import (
    new,
    old,
    test_a_broken_load_names_the_complete_graphs_and_can_be_repeated,
    test_a_load_replaces_the_graphs_of_the_project_only,
    test_any_store_can_be_loaded_by_its_addresses,
    test_parts_can_be_left_out,
)
from numbered import graph, numbers, rows

from jhaan_kg.errors import ServiceError
from jhaan_kg.query.endpoint import EndpointEngine
from servers import Server, oxigraph, virtuoso
from servers.matrix import SETUPS, see
from servers.oxigraph import saved

pytestmark = pytest.mark.slow


SERVERS = ("fuseki-tdb2", "rdf4j", "virtuoso")
WHOLE = ("fuseki", "oxigraph", "rdf4j", "virtuoso")
"""The configurations that are tested with the whole release; `test_whole.py` tests the others."""

__all__ = [
    "new",
    "old",
    "test_a_broken_load_names_the_complete_graphs_and_can_be_repeated",
    "test_a_load_replaces_the_graphs_of_the_project_only",
    "test_any_store_can_be_loaded_by_its_addresses",
    "test_parts_can_be_left_out",
]


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in WHOLE])
def test_a_store_answers_each_question_like_the_built_in_engine(name: str, tmp_path: Path) -> None:
    assert name in SETUPS
    assert see(name, tmp_path)[1] == []


def put_numbers(server: Server) -> None:
    """Put 12,000 numbers into a graph of Virtuoso, whose settings allow 10,000 rows."""
    lines = "".join(f"<urn:n{number}> <urn:is> {number} .\n" for number in range(12_000))
    requests.put(
        f"{server.url}/sparql-graph-crud-auth?graph=urn:numbers",
        data=lines.encode(),
        headers={"Content-Type": "text/turtle"},
        auth=server.auth,
        timeout=60,
    ).raise_for_status()


@pytest.mark.xdist_group("virtuoso")
def test_virtuoso_cuts_answers_and_is_caught(tmp_path: Path) -> None:
    with virtuoso(tmp_path) as server:
        put_numbers(server)
        engine = EndpointEngine(server.query)
        with pytest.raises(ServiceError, match=r"returned 10,000 rows, which is its limit"):
            engine.select(rows())
        with pytest.raises(ServiceError, match=r"returned 10,001 triples, which is its limit"):
            engine.construct(graph())
        assert len(engine.select(rows("FILTER(?i < 9999)")).rows) == 9999
        assert len(engine.construct(graph("FILTER(?i < 9999)"))) == 9999
        slow = "SELECT (COUNT(*) AS ?n) { ?a <urn:is> ?i . ?b <urn:is> ?j FILTER(STR(?i) < STR(?j)) }"
        with pytest.raises(ServiceError, match=r"sent only a part of the answer \(.*incomplete results"):
            EndpointEngine(f"{server.query}?timeout=1000").select(slow)


def test_oxigraph_gives_up_and_is_caught(tmp_path: Path) -> None:
    """With status 200, it reports nothing about a query that it ends while it answers."""
    slow = "{ ?a <urn:is> ?i . ?b <urn:is> ?j FILTER(STR(?i) < STR(?j)) }"
    with oxigraph(saved(tmp_path, numbers(3000)), timeout=1) as server:
        engine = EndpointEngine(server.query)
        for ask, query in (
            (engine.select, f"SELECT ?a ?b {slow}"),
            (engine.construct, f"CONSTRUCT {{ ?a <urn:p> ?b }} WHERE {slow}"),
        ):
            with pytest.raises(ServiceError, match=r"incomplete|answered with status"):
                ask(query)  # type: ignore[operator]
