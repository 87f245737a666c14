"""Cases of loads into a store, which the test files run with different stores."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
import requests
from pyoxigraph import Triple

from bad_input import Run
from endpoints import Request, Response, responding
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.stores import comparable, split_updates
from servers import Server
from small_graph import BIG, FOREIGN, NEAR, NEW, OLD, OLD_ONLY, release, triple

THEIRS = [triple("a", "of somebody else")]
KEPT_HEADERS = ("content-type", "accept", "authorization", "www-authenticate")


@pytest.fixture(scope="session")
def new(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A small release."""
    return release(tmp_path_factory.mktemp("releases") / "new", NEW).snapshot


@pytest.fixture(scope="session")
def old(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The release before it."""
    return release(tmp_path_factory.mktemp("releases") / "old", OLD).snapshot


def lines(triples: Iterable[Triple]) -> list[str]:
    """Return triples as sorted lines, in a form that is equal for equal values."""
    return sorted(f"{one.subject} {one.predicate} {comparable(one.object)}" for one in triples)


def put(server: Server, graph: str, triples: Iterable[Triple]) -> None:
    """Insert triples into a graph directly, without the code under test."""
    server.change(f"INSERT DATA {{ GRAPH <{graph}> {{ {' '.join(f'{one} .' for one in triples)} }} }}")


def assert_loaded(server: Server) -> None:
    """Assert that a store has exactly the newer release, and the graphs of others."""
    for graph, triples in {**NEW, OLD_ONLY: [], FOREIGN: THEIRS, NEAR: THEIRS}.items():
        assert lines(server.triples(graph)) == lines(triples), graph


def load(server: Server, snapshot: Snapshot, url: str = "") -> list[str]:
    """Return the command that loads a release into a server, or into a proxy at another address."""
    return ["load", url or server.url, "--store", server.kind, "--snapshot", str(snapshot.path)]


@contextmanager
def proxy(server: Server, breaks_at: int) -> Iterator[str]:
    """Run a proxy before a store that fails from the n-th PUT on."""
    puts = 0

    def respond(request: Request) -> Response:
        nonlocal puts
        if request.method == "PUT" and puts == breaks_at - 1:
            return Response(b"no space left", "text/plain", 507)
        headers = {name: value for name, value in request.headers.items() if name.lower() in KEPT_HEADERS}
        place = re.sub(r"^(https?://[^/]+).*", r"\1", server.url) + request.path
        found = requests.request(request.method, place, headers=headers, data=request.body, timeout=60)
        puts += request.method == "PUT" and found.ok  # not those to which Virtuoso replies with a challenge
        kept = {name: value for name, value in found.headers.items() if name.lower() in KEPT_HEADERS}
        media_type = kept.pop("Content-Type", "")
        return Response(found.content, media_type, found.status_code, kept)

    with responding(respond) as address:
        yield server.url.replace(re.sub(r"^(https?://[^/]+).*", r"\1", server.url), address)


def test_a_load_replaces_the_graphs_of_the_project_only(
    run: Run, server: Server, old: Snapshot, new: Snapshot
) -> None:
    put(server, FOREIGN, THEIRS)
    put(server, NEAR, THEIRS)
    assert run(*load(server, old))[0] == 0
    code, out, err = run(*load(server, new))
    assert code == 0, err
    assert_loaded(server)
    assert f"{BIG}  600\n" in out
    assert f"{OLD_ONLY}  removed\n" in out
    assert out.splitlines()[-1] == f"6 graphs, {sum(map(len, NEW.values())):,} triples"
    assert "Checked: the store contains all triples." in err


def test_a_broken_load_names_the_complete_graphs_and_can_be_repeated(
    run: Run, server: Server, old: Snapshot, new: Snapshot
) -> None:
    put(server, FOREIGN, THEIRS)
    put(server, NEAR, THEIRS)
    assert run(*load(server, old))[0] == 0
    with proxy(server, 3) as url:
        code, out, err = run(*load(server, new, url))
    assert (code, out) == (3, "")
    assert "status 507: no space left. The server has no disk space left." in err
    assert "Complete graphs, 2 of 6: context/places, evidence/big. Run the command again" in err
    assert "password" not in err
    assert run(*load(server, new))[0] == 0
    assert_loaded(server)


def test_parts_can_be_left_out(run: Run, server: Server, new: Snapshot) -> None:
    assert run(*load(server, new))[0] == 0
    code, out, _ = run(*load(server, new), "--no-evidence", "--no-external", "--no-inferred")
    assert (code, out.count("removed")) == (0, 3)
    assert server.triples(BIG) == []
    assert len(server.triples(f"{BIG.rpartition('evidence')[0]}register/things")) == 2


def test_any_store_can_be_loaded_by_its_addresses(
    run: Run, server: Server, old: Snapshot, new: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jhaan_kg.stores.split_updates", partial(split_updates, size=1000))
    graphs = {
        "fuseki": "/data",
        "oxigraph": "/store",
        "rdf4j": "/rdf-graphs/service",
        "virtuoso": "/sparql-graph-crud-auth",
    }
    put(server, FOREIGN, THEIRS)
    put(server, NEAR, THEIRS)
    ways = [["--graph-store", server.url + graphs[server.kind]]]
    if server.kind != "virtuoso":  # it does not accept texts with some characters in an update
        ways.append(["--update", server.update])
    for way in ways:
        for snapshot in (old, new):
            code, _, err = run("load", server.query, *way, "--snapshot", str(snapshot.path))
            assert code == 0, err
        assert_loaded(server)
