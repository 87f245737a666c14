"""The requests of each kind of store, before they are sent."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from jhaan_kg.namespaces import GRAPH
from jhaan_kg.stores.kinds import KINDS, Kind, Writing, addresses
from jhaan_kg.stores.load.content import Content
from jhaan_kg.stores.load.plan import Plan, Step, What, contents_of
from jhaan_kg.stores.load.write import TRANSACTION, Sending, begin, commit, rollback, sendings
from jhaan_kg.web.request import Body
from small_graph import BIG, NEW, OLD_ONLY, release

REGISTER = GRAPH + "register/things"


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """The register changes, the evidence is new, an old report goes, the rest stays."""
    what = {REGISTER: What.CHANGED, BIG: What.NEW}
    contents = contents_of(release(tmp_path / "release", NEW))
    steps = [Step(one.graph, what.get(str(one.graph), What.SAME), one, 1) for one in contents]
    return Plan((*steps, Step(OLD_ONLY, What.GONE, None, 1)))


def todo(kind: Kind, plan: Plan) -> list[Sending]:
    found = addresses(kind, kind.example)
    return sendings(kind, found._replace(graphs=found.graphs or f"{found.query}/data"), plan)


def text(sending: Sending) -> str:
    body = sending.call().body
    return b"".join(body).decode() if isinstance(body, Body) else ""


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_each_request_names_the_graphs_that_it_changes(kind: Kind, plan: Plan) -> None:
    found = todo(kind, plan)
    told = "\n".join(f"{one.url}\n{text(one)}" for one in found)
    for sending in found:
        query = parse_qs(urlsplit(sending.url).query)
        if kind.writing is Writing.GRAPHS:
            assert set(query) == {"graph"}, "without a graph a whole dataset would be replaced"
        assert " ALL" not in text(sending)
        assert "DEFAULT" not in text(sending)
    for graph in (REGISTER, BIG, OLD_ONLY):
        assert graph in told.replace("%2F", "/").replace("%3A", ":")
    assert GRAPH + "context/places" not in told.replace("%2F", "/").replace("%3A", ":"), "it is as it was"
    assert sum(one.triples for one in found) == len(NEW[REGISTER]) + len(NEW[BIG])


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_nothing_is_sent_where_nothing_is_to_be_done(kind: Kind, plan: Plan) -> None:
    assert todo(kind, Plan(tuple(step._replace(what=What.SAME) for step in plan.steps if step.content))) == []


def test_one_update_drops_and_inserts(plan: Plan) -> None:
    (sending,) = todo(KINDS["fuseki"], plan)
    drops, _, inserted = text(sending).partition("INSERT DATA {\n")
    assert drops == f"DROP SILENT GRAPH <{REGISTER}> ;\nDROP SILENT GRAPH <{OLD_ONLY}> ;\n"
    assert inserted.count("GRAPH <") == 2
    assert sending.method == "POST"
    assert sending.repeatable


def test_an_update_that_only_drops_inserts_nothing(plan: Plan) -> None:
    gone = Plan(tuple(step for step in plan.steps if step.what is What.GONE))
    (sending,) = todo(KINDS["fuseki"], gone)
    assert text(sending) == f"DROP SILENT GRAPH <{OLD_ONLY}> ;\n"


def test_updates_keep_to_the_size_that_a_store_takes(plan: Plan) -> None:
    one, other = todo(KINDS["fuseki"]._replace(most_bytes=1000), plan)
    assert f"DROP SILENT GRAPH <{REGISTER}>" in text(one) + text(other)
    assert [text(part).count("INSERT DATA") for part in (one, other)] == [1, 1]
    dropped = [
        graph
        for part in (one, other)
        for graph in (REGISTER, OLD_ONLY)
        if f"DROP SILENT GRAPH <{graph}>" in text(part)
    ]
    assert sorted(dropped) == [REGISTER, OLD_ONLY], "each once"
    for part in (one, other):
        if f"DROP SILENT GRAPH <{REGISTER}>" in text(part):
            assert f"GRAPH <{REGISTER}> {{" in text(part), "a graph is emptied and filled in one request"


def test_a_transaction_is_begun_and_committed_once(plan: Plan) -> None:
    kind = KINDS["rdf4j"]
    base = addresses(kind, "http://localhost:8080/rdf4j-server/repositories/r/")
    assert begin(base).url == "http://localhost:8080/rdf4j-server/repositories/r/transactions"
    assert not begin(base).repeatable
    assert not commit().repeatable
    assert commit().call("http://localhost/t/1").url == "http://localhost/t/1?action=COMMIT"
    assert rollback().call("http://localhost/t/1")[:2] == ("DELETE", "http://localhost/t/1")
    drop, *adds = todo(kind, plan)
    assert drop.url == f"{TRANSACTION}?action=UPDATE"
    assert text(drop) == f"DROP SILENT GRAPH <{REGISTER}> ;\nDROP SILENT GRAPH <{OLD_ONLY}> ;\n"
    contexts = [parse_qs(urlsplit(add.url).query)["context"] for add in adds]
    assert sorted(contexts) == [[f"<{BIG}>"], [f"<{REGISTER}>"]]


def test_graph_by_graph_replaces_and_deletes(plan: Plan) -> None:
    found = {
        (one.method, parse_qs(urlsplit(one.url).query)["graph"][0]) for one in todo(KINDS["virtuoso"], plan)
    }
    assert found == {("PUT", REGISTER), ("PUT", BIG), ("DELETE", OLD_ONLY)}


def test_the_default_graph_only_grows(tmp_path: Path) -> None:
    content = Content(None, tuple(release(tmp_path / "release", NEW).files()))
    plan = Plan((Step(None, What.CHANGED, content, 1),))
    for kind in KINDS.values():
        (sending,) = todo(kind, plan)
        assert "DROP" not in text(sending)
        assert sending.method == "POST" or kind.writing is Writing.TRANSACTION
        assert "graph=" not in sending.url
        assert "context=" not in sending.url
