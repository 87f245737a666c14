"""Real servers against the embedded engine, with reasoning and without, on a small graph.

`test_matrix.py` has all questions of the release on all of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
import requests
from pyoxigraph import NamedNode, Quad

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import Request
from jhaan_kg.namespaces import GRAPH, RDF_TYPE, RDFS, jhaan
from jhaan_kg.query.endpoint import EndpointEngine
from jhaan_kg.stores.compare import Comparison, compare
from jhaan_kg.stores.compare.questions import Verdict
from jhaan_kg.stores.load.run import Loading, open_store
from jhaan_kg.web.credentials import PASSWORD, USER
from servers import Server, blazegraph, fuseki, oxigraph, rdf4j, virtuoso

pytestmark = pytest.mark.slow

Start = Callable[[Path], AbstractContextManager[Server]]
SECONDS = 300.0
INFER_NOT = "?infer=false"
"""What RDF4J takes not to give what it infers (https://rdf4j.org/documentation/reference/rest-api/)."""

STORES: dict[str, tuple[Start, str]] = {
    # how it is started, and how it is asked
    "fuseki": (
        partial(fuseki, tdb2=False, union=False),
        "the union of its named graphs, which each request names",
    ),
    "fuseki-tdb2": (
        partial(fuseki, tdb2=True, union=False),
        "the union of its named graphs, which each request names",
    ),
    "fuseki-union": (partial(fuseki, tdb2=True, union=True), "its default graph"),
    "oxigraph": (partial(oxigraph, union=False), "the union of its named graphs, which each request names"),
    "rdf4j": (rdf4j, "its default graph"),
    "virtuoso": (virtuoso, "its default graph"),
    "blazegraph": (blazegraph, "its default graph"),
}


@contextmanager
def loaded(start: Start, folder: Path, snapshot: Snapshot, *, infers: bool = False) -> Iterator[Server]:
    """Start a store and load a release into it."""
    with start(folder) as server:
        login = server.credentials
        with patch.dict(
            os.environ, {USER: login.user or "", PASSWORD: login.password or ""} if login else {}
        ):
            request = Request(snapshot, "nquads", inferred=True, context=True, evidence=True)
            loading = Loading(open_store(server.url, server.kind, SECONDS), request)
            plan = loading.plan()
            loading.carry_out(plan)
            assert infers or loading.differences(plan) == []
        yield server


def compared(snapshot: Snapshot, url: str) -> Comparison:
    return compare(snapshot, EndpointEngine(url, timeout=SECONDS), lambda _: None)


def different(comparison: Comparison) -> dict[str, str]:
    """Give what differs, with the reason."""
    return {
        f"{one.name} ({one.way.value})": one.problem or f"{one.verdict.value}, citations {one.cited.value}"
        for one in comparison.questions
        if one.differs
    }


@pytest.mark.parametrize("name", STORES)
def test_each_store_is_alike_and_asked_as_it_needs_it(name: str, snapshot: Snapshot, tmp_path: Path) -> None:
    start, asked = STORES[name]
    with loaded(start, tmp_path, snapshot) as server:
        found = compared(snapshot, server.query)
    assert different(found) == {}
    assert not found.holdings.differ
    assert found.holdings.asked.startswith(asked)
    assert (found.holdings.evidence, found.holdings.context, found.holdings.inferred) == (True, True, ())
    assert {one.cited for one in found.questions if one.way.value == "usual"} == {Verdict.SAME}


def test_what_virtuoso_writes_otherwise_is_told(snapshot: Snapshot, tmp_path: Path) -> None:
    with loaded(virtuoso, tmp_path, snapshot) as server:
        found = compared(snapshot, server.query)
    assert {one.name for one in found.questions if one.verdict is Verdict.REWRITTEN} == {"details"}


def test_rdf4j_with_reasoning_on_and_off(snapshot: Snapshot, tmp_path: Path) -> None:
    with loaded(partial(rdf4j, sail="rdfs"), tmp_path, snapshot, infers=True) as server:
        on = compared(snapshot, server.query)
        off = compared(snapshot, server.query + INFER_NOT)
    assert different(on) == different(off) == {}
    agency = jhaan("Agency")
    assert {(one.subject, one.predicate, one.object) for one in on.holdings.inferred} >= {
        (agency, NamedNode(RDFS + "subClassOf"), agency),
        (agency, RDF_TYPE, NamedNode(RDFS + "Resource")),
        (agency, NamedNode(RDFS + "subClassOf"), NamedNode("http://xmlns.com/foaf/0.1/Agent")),
    }
    assert on.holdings.found is not None
    assert on.holdings.found > on.holdings.expected
    assert off.holdings.inferred == ()
    assert off.holdings.found == off.holdings.expected


def test_fuseki_with_reasoning_on_and_off(snapshot: Snapshot, quads: list[Quad], tmp_path: Path) -> None:
    flat = [quad.triple for quad in quads if not str(quad.graph_name).startswith(f"<{GRAPH}evidence/")]
    file = tmp_path / "flat.nt"
    file.write_text("".join(f"{triple} .\n" for triple in flat), encoding="utf-8")
    with fuseki(tmp_path, inferring=file) as server:
        on = compared(snapshot, server.query)
    with fuseki(tmp_path) as server:
        headers = {"Content-Type": "application/n-triples"}
        requests.put(
            f"{server.url}/data?default", file.read_bytes(), headers=headers, timeout=60
        ).raise_for_status()
        off = compared(snapshot, server.query)
    assert different(on) == different(off) == {}
    agency = jhaan("Agency")
    assert (agency, NamedNode(RDFS + "subClassOf"), agency) in {
        (one.subject, one.predicate, one.object) for one in on.holdings.inferred
    }
    assert off.holdings.inferred == ()
    assert off.holdings.found == len(flat)
