"""Loads into Fuseki, Virtuoso and RDF4J, and what only one of them does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from load_cases import *  # noqa: F403
from load_cases import actions, carry_out, held, lines, load, loading, see_one_change

from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.stores.kinds import KINDS
from jhaan_kg.stores.load import store as module
from jhaan_kg.stores.load.loading import Loading
from jhaan_kg.stores.load.plan import Action
from jhaan_kg.stores.load.store import open_store
from jhaan_kg.web.credentials import Credentials
from servers import Server
from small_graph import BIG, NEW, release
from stores import CI as SERVERS  # noqa: F401 - which load_cases.py is to try
from stores import cleared

ONE_VIRTUOSO = pytest.mark.xdist_group("virtuoso")


@pytest.fixture
def virtuoso(start: Callable[[str], Server], log_in: Callable[[Server], Server]) -> Server:
    return log_in(cleared(start("virtuoso")))


@ONE_VIRTUOSO
def test_a_graph_above_the_limit_of_rows_is_read_in_slices(virtuoso: Server, tmp_path: Path) -> None:
    """Virtuoso gives 10,000 rows at most."""
    see_one_change(virtuoso, tmp_path, 25_000, KINDS["virtuoso"].most_rows)


@ONE_VIRTUOSO
def test_virtuoso_has_no_default_graph_to_write_to(virtuoso: Server, tmp_path: Path) -> None:
    with pytest.raises(JhaanError, match="OpenLink Virtuoso has no separate default graph"):
        loading(virtuoso, release(tmp_path / "new", NEW)).plan_default_graph()


@ONE_VIRTUOSO
def test_a_wrong_password_stops_the_load_before_anything_is_written(
    virtuoso: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JHAAN_STORE_USER", "dba")
    monkeypatch.setenv("JHAAN_STORE_PASSWORD", "wrong")
    work = loading(virtuoso, release(tmp_path / "new", NEW))
    plan = work.plan()
    with pytest.raises(ServiceError, match='password of user "dba" is not accepted') as error:
        work.carry_out(plan)
    assert error.value.exit_code == 3
    assert "wrong" not in str(error.value)
    assert held(virtuoso, BIG) == []


@ONE_VIRTUOSO
def test_the_user_is_asked_once_where_the_store_wants_credentials(
    virtuoso: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("USER", "PASSWORD", "TOKEN"):
        monkeypatch.delenv(f"JHAAN_STORE_{name}", raising=False)
    asked: list[str] = []

    def typed(url: str) -> Credentials:
        asked.append(url)
        assert virtuoso.credentials is not None
        return virtuoso.credentials

    monkeypatch.setattr(module, "can_ask", lambda: True)
    monkeypatch.setattr(module, "ask_for_credentials", typed)
    load(virtuoso, release(tmp_path / "new", NEW))
    assert asked == [virtuoso.query]
    assert held(virtuoso, BIG) == lines(NEW[BIG])


@pytest.mark.xdist_group("rdf4j-rdfs")
@pytest.mark.parametrize("ending", ["", "?infer=false"])
def test_what_rdf4j_infers_is_no_difference(
    ending: str, start: Callable[[str], Server], tmp_path: Path
) -> None:
    server = cleared(start("rdf4j-rdfs"))
    work = Loading(open_store(server.url + ending, server.kind, 120), release(tmp_path / "new", NEW))
    carry_out(work)
    assert len(held(server, None)) > sum(map(len, NEW.values()))
    assert set(actions(work.plan()).values()) == {Action.SAME}
