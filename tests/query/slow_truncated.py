"""Real stores cut answers, and are caught."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from numbered import graph, numbers, rows

from jhaan_kg.errors import ServiceError
from jhaan_kg.query.endpoint import EndpointEngine
from servers import virtuoso
from servers.oxigraph import oxigraph, saved
from servers.server import Server


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Virtuoso with 12,000 numbers in one graph; its settings give 10,000 rows."""
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as server:
        lines = "".join(f"<urn:n{number}> <urn:is> {number} .\n" for number in range(12_000))
        requests.put(
            f"{server.url}/sparql-graph-crud-auth?graph=urn:numbers",
            data=lines.encode(),
            headers={"Content-Type": "text/turtle"},
            auth=server.auth,
            timeout=60,
        ).raise_for_status()
        yield server


def test_virtuoso_cuts_and_is_caught(limited: Server) -> None:
    engine = EndpointEngine(limited.query)
    with pytest.raises(ServiceError, match=r"returned only 10,000 of 12,000 rows"):
        engine.select(rows())
    with pytest.raises(ServiceError, match=r"returned only 10,001 of 12,000 triples"):
        engine.construct(graph())


def test_virtuoso_gives_what_is_as_long_as_its_limit(limited: Server) -> None:
    engine = EndpointEngine(limited.query)
    assert len(engine.select(rows() + " LIMIT 10000").rows) == 10_000
    assert len(engine.select(rows("FILTER(?i < 10000)")).rows) == 10_000
    assert len(engine.construct(graph("FILTER(?i < 10000)"))) == 10_000


def test_virtuoso_gives_a_part_in_time_and_is_caught(limited: Server) -> None:
    """It says so in a header, under status 200."""
    slow = "SELECT (COUNT(*) AS ?n) { ?a <urn:is> ?i . ?b <urn:is> ?j FILTER(STR(?i) < STR(?j)) }"
    with pytest.raises(ServiceError, match=r"sent only a part of the answer \(.*incomplete results"):
        EndpointEngine(f"{limited.query}?timeout=1000").select(slow)


def test_oxigraph_gives_up_and_is_caught(tmp_path: Path) -> None:
    """Under status 200 it says nothing of a query that it ends while it answers."""
    with oxigraph(saved(tmp_path, numbers(3000)), timeout=1) as server:
        slow = "{ ?a <urn:is> ?i . ?b <urn:is> ?j FILTER(STR(?i) < STR(?j)) }"
        for ask in (
            lambda engine: engine.select(f"SELECT ?a ?b {slow}"),
            lambda engine: engine.construct(f"CONSTRUCT {{ ?a <urn:p> ?b }} WHERE {slow}"),
        ):
            with pytest.raises(ServiceError) as caught:
                ask(EndpointEngine(server.query))
            assert re.search(
                r"incomplete or not valid|sent an incomplete answer|answered with status", str(caught.value)
            )
