"""The requests of each kind of store, before they are sent."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from pyoxigraph import Store

from jhaan_kg.namespaces import GRAPH
from jhaan_kg.stores.kinds import KINDS, StoreKind, Writing, addresses
from jhaan_kg.stores.load.plan import Action, Change, Content, LoadPlan, Step, changes
from small_graph import BIG, NEW, OLD_ONLY, release

REGISTER = GRAPH + "register/things"
EACH_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@pytest.fixture
def plan(tmp_path: Path) -> LoadPlan:
    """The register changes, the evidence is new, an old report goes, the rest stays."""
    actions = {REGISTER: Action.CHANGED, BIG: Action.NEW}
    files = release(tmp_path / "release", NEW).files()
    steps = [
        Step(one.graph, actions.get(one.graph, Action.SAME), Content(one.graph, (one,)), 1) for one in files
    ]
    return LoadPlan((*steps, Step(OLD_ONLY, Action.GONE, None, 1)))


def todo(kind: StoreKind, plan: LoadPlan) -> list[Change]:
    places = addresses(kind, kind.example)
    return changes(kind, places._replace(graphs=places.graphs or f"{places.query}/data"), plan)


def text(change: Change) -> str:
    return b"".join(change.request().body or ()).decode()  # type: ignore[arg-type]


@EACH_KIND
def test_each_request_names_the_graphs_that_it_changes(kind: StoreKind, plan: LoadPlan) -> None:
    found = todo(kind, plan)
    for change in found:
        if kind.writing is Writing.GRAPHS:
            assert set(parse_qs(urlsplit(change.url).query)) == {"graph"}, (
                "without one a dataset would be replaced"
            )
        assert " ALL" not in text(change)
        assert "DEFAULT" not in text(change)
        assert len(text(change)) == change.size
    sent = "\n".join(f"{unquote(one.url)}\n{text(one)}" for one in found)
    for graph in (REGISTER, BIG, OLD_ONLY):
        assert graph in sent
    assert GRAPH + "context/places" not in sent, "it is as it was"
    assert sum(line.startswith("<https://w3id.org/jhaan/id/") for line in sent.splitlines()) == len(
        [*NEW[REGISTER], *NEW[BIG]]
    )


@pytest.mark.parametrize("kind", ["fuseki", "oxigraph"])
def test_an_update_that_breaks_off_between_two_pieces_is_none(kind: str, plan: LoadPlan) -> None:
    """Fuseki would carry out what came as if it were all."""
    (change,) = todo(KINDS[kind], plan)
    pieces = list(change.request().body or ())
    assert len(pieces) > 1
    assert {text for text in change.parts if isinstance(text, str)} >= {f"DROP SILENT GRAPH <{OLD_ONLY}> ;\n"}
    for count in range(1, len(pieces)):
        with pytest.raises(SyntaxError):
            Store().update(b"".join(pieces[:count]).decode())  # type: ignore[arg-type]
    Store().update(text(change))


@EACH_KIND
def test_nothing_is_sent_where_nothing_is_to_be_done(kind: StoreKind, plan: LoadPlan) -> None:
    same = LoadPlan(tuple(step._replace(action=Action.SAME) for step in plan.steps if step.content))
    assert todo(kind, same) == []


def test_updates_keep_to_the_size_that_a_store_takes(plan: LoadPlan) -> None:
    one, other = map(text, todo(KINDS["fuseki"]._replace(most_bytes=1000), plan))
    assert [part.count("INSERT DATA") for part in (one, other)] == [1, 1]
    for graph in (REGISTER, OLD_ONLY):
        assert (one + other).count(f"DROP SILENT GRAPH <{graph}>") == 1
    for part in (one, other):
        if f"DROP SILENT GRAPH <{REGISTER}>" in part:
            assert f"GRAPH <{REGISTER}> {{" in part, "a graph is emptied and filled in one request"


@EACH_KIND
def test_the_default_graph_only_grows(kind: StoreKind, tmp_path: Path) -> None:
    content = Content(None, tuple(release(tmp_path / "release", NEW).files()))
    (change,) = todo(kind, LoadPlan((Step(None, Action.CHANGED, content, 1),)))
    assert "DROP" not in text(change)
    assert change.method == "POST" or kind.writing is Writing.TRANSACTION
    assert "graph=" not in change.url
    assert "context=" not in change.url
