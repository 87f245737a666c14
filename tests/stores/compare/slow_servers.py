"""What Virtuoso writes differently and RDF4J infers are no differences; `slow_whole_release.py` has all questions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from comparing import compared
from pyoxigraph import NamedNode

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import Request
from jhaan_kg.namespaces import RDF_TYPE, RDFS, jhaan
from jhaan_kg.stores.compare.questions import Comparison, Verdict
from jhaan_kg.stores.load.loading import Loading
from jhaan_kg.stores.load.store import open_store
from servers import Server
from stores import cleared

INFER_NOT = "?infer=false"
"""What RDF4J takes not to give what it infers (https://rdf4j.org/documentation/reference/rest-api/)."""

Start = Callable[[str], Server]
LogIn = Callable[[Server], Server]


def loaded(server: Server, snapshot: Snapshot) -> Server:
    """Load a release."""
    loading = Loading(open_store(server.url, server.kind, 120), Request(snapshot, "nquads", evidence=True))
    loading.carry_out(loading.plan())
    return server


def differing(comparison: Comparison) -> list[str]:
    """Return the questions that differ."""
    return [one.name for one in comparison.questions if one.differs]


@pytest.mark.xdist_group("virtuoso")
def test_what_virtuoso_writes_otherwise_is_told(snapshot: Snapshot, start: Start, log_in: LogIn) -> None:
    server = loaded(log_in(cleared(start("virtuoso"))), snapshot)
    found = compared(snapshot, server.query)
    assert differing(found) == []
    assert {one.name for one in found.questions if one.verdict is Verdict.REWRITTEN} == {"details"}


@pytest.mark.xdist_group("rdf4j-rdfs")
def test_rdf4j_with_reasoning_on_and_off(snapshot: Snapshot, start: Start, log_in: LogIn) -> None:
    server = loaded(log_in(cleared(start("rdf4j-rdfs"))), snapshot)
    on = compared(snapshot, server.query)
    off = compared(snapshot, server.query + INFER_NOT)
    assert differing(on) == differing(off) == []
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
