"""Stores give the same rows and citations with the parameters that tests set; CI asks with defaults or with none."""

from __future__ import annotations

import pytest

from expected_rows import CASES, Case
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.query.endpoint import EndpointEngine, with_all_graphs
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.stores.compare.answers import compare_citations, compare_rows
from servers import Server
from servers.matrix import SECONDS, Way, fill
from slow_answers import cited
from stores import CI, FAST

SERVERS = FAST + CI


@pytest.fixture(scope="module")
def store(whole: Server) -> EndpointEngine:
    fill(whole, open_snapshot(), Way.DATASET)
    return with_all_graphs(EndpointEngine(whole.query, timeout=SECONDS), evidence=True)


@pytest.mark.parametrize("case", [case for case in CASES if case.parameters], ids=lambda case: case.name)
def test_rows_and_citations_are_the_same(case: Case, store: EndpointEngine, loaded: Loaded) -> None:
    ours, theirs = cited(loaded.engine, case, loaded), cited(store, case, loaded)
    assert not compare_rows(ours[0], theirs[0]).differ
    assert not compare_citations(ours, theirs).differ
