"""`--endpoint`: the commands print the same from stores of others as from the embedded engine, or say why not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from bad_input import Run
from endpoints import QUERIES, answering
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.cli import main
from jhaan_kg.serve.loaded import Loaded
from servers.oxigraph import oxigraph, saved
from servers.server import Server
from stores import STORES, load

COMMANDS = [
    "query renamings",
    "query organisers --agency europol --cite",
    "query contradictions --cite --format json",
    "query date-of-event --format csv",
    "query most-central-agencies --rule meeting --format md",
    "query event-participants --event event2023:heads-of-agencies --show",
    "explain Eurojust --property called",
    "explain event2023:seminar-information-provision-what",
]

FORMS = [
    *(("rows", form) for form in ("table", "csv", "tsv", "json", "xml", "md")),
    *(("odd", form) for form in ("csv", "tsv", "json", "xml")),
    *(("none", form) for form in ("table", "csv", "json")),
    *(("graph", form) for form in ("ttl", "jsonld", "ntriples")),
    ("blank", "ntriples"),
    *(("ask", form) for form in ("table", "json")),
]

COMMON = {"rows csv", "rows xml", "graph ntriples", "graph ttl", "ask json"}
"""What all stores give in the same form: rows of VALUES come in any order, blank nodes with any label."""


@contextmanager
def whole(folder: Path, *, union: bool) -> Iterator[Server]:
    """Start Oxigraph with all the graph."""
    quads = open_snapshot().quads(evidence=True, context=True)
    with oxigraph(saved(folder, quads), union=union, read_only=True) as server:
        yield server


@contextmanager
def loaded_by_command(folder: Path, name: str) -> Iterator[Server]:
    """Start another store, and let the command load it."""
    with STORES[name](folder) as server, pytest.MonkeyPatch.context() as patch:
        for variable, value in server.secrets.items():
            patch.setenv(variable, value)
        assert main(load(server)) == 0
        yield server


SERVERS = {
    "oxigraph-union": partial(whole, union=True),
    "oxigraph": partial(whole, union=False),
    **{
        name: partial(loaded_by_command, name=name) for name in ("fuseki", "fuseki-tdb2", "virtuoso", "rdf4j")
    },
}


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with SERVERS[request.param](tmp_path_factory.mktemp(request.param)) as started:
        yield started


def test_commands_print_the_same(run: Run, server: Server, tmp_path: Path) -> None:
    for command in COMMANDS:
        assert run(*command.split(), "--endpoint", server.query) == run(*command.split()), command
    file = tmp_path / "query.rq"
    for name, form in FORMS:
        if server.kind == "oxigraph" or f"{name} {form}" in COMMON:
            file.write_text(QUERIES[name], encoding="utf-8")
            words = ("sparql", str(file), "--format", form)
            assert run(*words, "--endpoint", server.query) == run(*words), (name, form)


def test_all_the_evidence_comes_or_is_refused(run: Run, server: Server, tmp_path: Path) -> None:
    """Virtuoso cuts an answer of so many triples."""
    file = tmp_path / "query.rq"
    file.write_text("CONSTRUCT { ?a rdf:subject ?s } { ?a rdf:subject ?s }", encoding="utf-8")
    words = ("sparql", str(file), "--format", "ntriples", "--evidence")
    embedded = run(*words)
    assert embedded[1].count("\n") > 20_000
    code, out, err = run(*words, "--endpoint", server.query)
    if server.kind == "virtuoso":
        assert (code, out) == (3, "")
        assert "it gives 10,001 triples, as many as a store may give at most, and counts" in err
    else:
        assert (code, out, err) == embedded


@pytest.fixture(scope="module")
def urls(loaded: Loaded) -> Iterator[dict[str, str]]:
    """The whole graph with evidence; the default graph is the union of the named ones, or empty."""
    with answering(loaded.store, union=True) as union, answering(loaded.store, union=False) as strict:
        yield {"union": union, "strict": strict}


@pytest.mark.parametrize(
    ("kind", "name", "form"),
    [
        ("union", "odd", "csv"),
        ("union", "ask", "table"),
        ("union", "graph", "ttl"),
        ("strict", "rows", "table"),
    ],
)
def test_a_query_of_the_user_gives_the_same(
    run: Run, urls: dict[str, str], tmp_path: Path, kind: str, name: str, form: str
) -> None:
    file = tmp_path / "query.rq"
    file.write_text(QUERIES[name], encoding="utf-8")
    embedded = run("sparql", str(file), "--format", form)
    assert embedded[0] == 0
    assert run("sparql", str(file), "--format", form, "--endpoint", urls[kind]) == embedded
