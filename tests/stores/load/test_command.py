"""`jhaan load` as a user runs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from load_cases import held, lines, put

from bad_input import Run
from jhaan_kg.build import cache
from jhaan_kg.export import Request
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.stores.load.loading import Loading
from servers import Server
from small_graph import BIG, NEW, OLD, OLD_ONLY, release, triple
from stores import cleared

pytestmark = pytest.mark.usefixtures("new")


@pytest.fixture
def store(start: Callable[[str], Server]) -> Server:
    """An empty Oxigraph."""
    return cleared(start("oxigraph"))


@pytest.fixture
def new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Request:
    """A small release in the place of the real one."""
    request = release(tmp_path / "new", NEW)
    monkeypatch.setattr(cache, "open_snapshot", lambda: request.snapshot)
    return request


def test_the_account_has_each_graph_with_its_count(run: Run, store: Server) -> None:
    put(store, GRAPH + "context/places", NEW[GRAPH + "context/places"])
    put(store, GRAPH + "register/things", [triple("a", "old")])
    put(store, OLD_ONLY, OLD[OLD_ONLY])
    code, out, err = run("load", store.url, "--store", "oxigraph")
    assert code == 0, err
    rows = [line.split(None, 2) for line in out.splitlines()[:-1]]
    assert [GRAPH + "context/places", "1", "as it was"] in rows
    assert [GRAPH + "register/things", "2", "changed"] in rows
    assert [OLD_ONLY, "0", "removed"] in rows
    assert [BIG, "600", "new"] in rows
    assert len(rows) == len(NEW) + 1
    whole = sum(map(len, NEW.values()))
    assert out.splitlines()[-1] == (f"6 graphs, {whole:,} triples: 4 new, 1 changed, 1 as it was, 1 removed")
    assert "During the load, readers see: the old release or the new one." in err
    assert f"Checked: the store contains all {whole:,} triples." in err
    assert "start it with --union-default-graph" in err
    assert "untested" not in err
    code, out, err = run("load", store.url, "--store", "oxigraph")
    assert code == 0
    assert out.splitlines()[-1].endswith(f": {len(NEW)} as it was")
    assert "Readers" not in err


def test_a_dry_run_changes_nothing_and_shows_no_secret(
    run: Run, store: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JHAAN_STORE_USER", "ada")
    monkeypatch.setenv("JHAAN_STORE_PASSWORD", "sesame")
    code, out, err = run("load", store.url, "--store", "oxigraph", "--dry-run", "--show")
    assert code == 0
    assert held(store, BIG) == []
    assert f"# {BIG}" in out
    assert "sesame" not in out + err
    assert err.count("curl -sS") == err.count(f"{store.query}\n") == 1
    assert '"$JHAAN_STORE_USER:$JHAAN_STORE_PASSWORD"' in out


def test_what_the_store_changes_is_a_finding(
    run: Run, store: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Loading.carry_out

    def meddled(self: Loading, plan: object) -> None:
        whole(self, plan)  # type: ignore[arg-type]
        put(store, BIG, [triple("a", "by somebody else")])

    monkeypatch.setattr(Loading, "carry_out", meddled)
    code, out, err = run("load", store.url, "--store", "oxigraph")
    assert code == 1
    assert f"{BIG}: the release has 600 triples there, the store 601" in err
    assert "only in the store:" in err
    assert '"by somebody else"' in err
    assert "If the difference stays" in err
    assert out.splitlines()[-1].startswith(f"{len(NEW)} graphs")
    assert "Checked: " not in err


def test_parts_can_be_left_out(run: Run, store: Server) -> None:
    run("load", store.url, "--store", "oxigraph", "--no-evidence", "--no-external", "--no-inferred")
    assert held(store, GRAPH + "register/things") == lines(NEW[GRAPH + "register/things"])
    for graph in (BIG, GRAPH + "context/places", GRAPH + "inferred/jhaan-2023"):
        assert held(store, graph) == []


def test_the_default_graph_is_written_on_demand(run: Run, store: Server) -> None:
    code, out, err = run("load", store.url, "--store", "oxigraph", "--default-graph")
    assert code == 0, err
    assert out.splitlines()[0].startswith("the default graph")
    assert held(store, None) == lines(
        one for graph, triples in NEW.items() if graph != BIG for one in triples
    )


def test_an_untested_kind_is_called_so(run: Run, store: Server) -> None:
    code, _, err = run("load", f"{store.url}/query", "--store", "qlever", "--timeout", "10")
    assert code == 3, "it is an Oxigraph in truth, which takes no updates there"
    assert "Note: loading into QLever is not tested." in err
    assert "Run the command again" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["load"], "Missing argument URL. Missing option --store."),
        (["load", "http://localhost:1"], "Missing option --store."),
        (["load", "http://localhost:1", "--store", "oracle"], 'Unknown store type "oracle".'),
        (
            ["load", "http://localhost:1", "--store", "fuseki", "--timeout", "0"],
            "must be a number of seconds",
        ),
        (["load", "ftp://localhost/", "--store", "oxigraph"], "must begin with http:// or https://"),
        (
            ["load", "http://ada:secret@localhost/", "--store", "oxigraph"],
            "must not contain a name or password",
        ),
    ],
)
def test_wrong_use_is_told(run: Run, words: list[str], said: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert "secret" not in err


def test_an_interrupted_load_says_how_to_go_on(
    run: Run, store: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Loading, "_send", interrupted)
    code, _, err = run("load", store.url, "--store", "oxigraph")
    assert code == 130
    assert "Interrupted. Run the command again" in err
