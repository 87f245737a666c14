"""`--endpoint`: the commands print the same from a store as from the embedded engine, or say why not."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event

import pytest
import requests

from endpoints import serving
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.web import credentials
from jhaan_kg.web.credentials import Credentials
from servers.oxigraph import oxigraph, saved
from servers.server import Server
from stores import STORES, load, secrets

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(tmp_path_factory.mktemp("whole"), open_snapshot().quads(evidence=True, context=True))


@pytest.fixture(scope="module", params=["union", "strict"])
def url(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The whole graph with evidence; the default graph is the union of the named ones, or empty."""
    with oxigraph(folder, union=request.param == "union", read_only=True) as server:
        yield server.query


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

QUERIES = {
    "rows": "SELECT ?agency ?label { ?agency a jhaan:Agency ; rdfs:label ?label } ORDER BY ?label",
    "none": "SELECT ?x ?y { ?x jhaan:nothing ?y }",
    "odd": "SELECT ?x ?y { VALUES (?x ?y) { (1 UNDEF) ('a\\tb\\n\"c\"'@en-GB 0.50) ('' UNDEF) } }",
    "graph": "CONSTRUCT { ?agency a jhaan:Agency ; rdfs:label ?label } { ?agency a jhaan:Agency ; rdfs:label ?label }",
    "blank": "CONSTRUCT { [] rdfs:label ?label } { ?agency a jhaan:Agency ; rdfs:label ?label }",
    "ask": "ASK { ?agency a jhaan:Agency }",
}


@pytest.fixture(scope="module", params=["fuseki", "fuseki-tdb2", "virtuoso", "rdf4j"])
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Other stores, with all that `jhaan load` brings there."""
    from jhaan_kg.cli import main

    with (
        STORES[request.param](tmp_path_factory.mktemp(request.param)) as server,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in secrets(server).items():
            patch.setenv(name, value)
        assert main(load(server)) == 0
        yield server


@pytest.mark.slow
def test_commands_print_the_same_from_other_stores(run: Run, other: Server, tmp_path: Path) -> None:
    """Without ORDER BY, and for triples, rows come in any order; so such queries are not among these."""
    for command in COMMANDS:
        assert run(*command.split(), "--endpoint", other.query) == run(*command.split()), command
    file = tmp_path / "query.rq"
    for name, form in (
        ("rows", "csv"),
        ("rows", "xml"),
        ("graph", "ntriples"),
        ("graph", "ttl"),
        ("ask", "json"),
    ):
        file.write_text(QUERIES[name], encoding="utf-8")
        words = ("sparql", str(file), "--format", form)
        assert run(*words, "--endpoint", other.query) == run(*words), (name, form)


@pytest.mark.slow
def test_all_the_evidence_comes_from_other_stores_or_is_refused(
    run: Run, other: Server, tmp_path: Path
) -> None:
    """Virtuoso cuts an answer of so many triples."""
    file = tmp_path / "query.rq"
    file.write_text("CONSTRUCT { ?a rdf:subject ?s } { ?a rdf:subject ?s }", encoding="utf-8")
    words = ("sparql", str(file), "--format", "ntriples", "--evidence")
    embedded = run(*words)
    assert embedded[1].count("\n") > 20_000
    code, out, err = run(*words, "--endpoint", other.query)
    if other.kind == "virtuoso":
        assert (code, out) == (3, "")
        assert "it gives 10,001 triples, as many as a store may give at most, and counts" in err
    else:
        assert (code, out, err) == embedded


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_prints_the_same(run: Run, url: str, command: str) -> None:
    embedded = run(*command.split())
    assert embedded[0] == 0
    assert embedded[1]
    assert run(*command.split(), "--endpoint", url) == embedded


@pytest.mark.parametrize(
    ("name", "form"),
    [
        *(("rows", form) for form in ("table", "csv", "tsv", "json", "xml", "md")),
        *(("odd", form) for form in ("csv", "tsv", "json", "xml")),
        *(("none", form) for form in ("table", "csv", "json")),
        *(("graph", form) for form in ("ttl", "jsonld", "ntriples")),
        ("blank", "ntriples"),
        *(("ask", form) for form in ("table", "json")),
    ],
)
def test_a_query_of_the_user_gives_the_same(run: Run, url: str, tmp_path: Path, name: str, form: str) -> None:
    file = tmp_path / "query.rq"
    file.write_text(QUERIES[name], encoding="utf-8")
    embedded = run("sparql", str(file), "--format", form)
    assert embedded[0] == 0
    assert run("sparql", str(file), "--format", form, "--endpoint", url) == embedded


def test_the_evidence_is_asked_where_it_is_wanted(
    run: Run, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "SELECT (COUNT(?a) AS ?n) { ?a a jhaan:Assertion }"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(query.encode())))
    code, out, _ = run("sparql", "-", "--evidence", "--format", "csv", "--endpoint", url)
    assert code == 0
    assert int(out.split()[1]) > 6000  # the report alone has so many statements


def test_a_file_is_whole_or_untouched(run: Run, tmp_path: Path) -> None:
    """The endpoint sends rows and hangs up."""

    class Torn(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.end_headers()
            if "ASK" in form:
                self.wfile.write(b'{"head": {}, "boolean": true}')
            else:
                row = b'{"x": {"type": "literal", "value": "1"}},'
                self.wfile.write(b'{"head": {"vars": ["x"]}, "results": {"bindings": [' + row * 5000)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    query, result = tmp_path / "query.rq", tmp_path / "rows.csv"
    query.write_text("SELECT ?x { ?x ?y ?z }", encoding="utf-8")
    result.write_text("as it was", encoding="utf-8")
    with serving(Torn) as url:
        for output in ((), ("-o", str(result))):
            code, out, err = run("sparql", str(query), "--format", "csv", "--endpoint", url, *output)
            assert (code, out) == (3, "")
            assert "its answer breaks off in the middle. Ask for less at once" in err
    assert result.read_text(encoding="utf-8") == "as it was"


@pytest.mark.parametrize("command", ["query renamings", "explain Eurojust"])
def test_what_an_endpoint_can_not_do(run: Run, command: str) -> None:
    code, _, err = run(*command.split(), "--endpoint", "http://127.0.0.1:1/sparql", "--no-context")
    assert code == 2
    assert (
        "so context can't be left out here. Load it with what this command writes: jhaan export nquads" in err
    )
    code, _, err = run(*command.split(), "--endpoint", "http://127.0.0.1:1/sparql")
    assert code == 3
    assert "it can't be reached: Connection refused" in err
    code, _, err = run(*command.split(), "--endpoint", "localhost:3030/sparql")
    assert code == 2
    assert "localhost:3030/sparql: an endpoint's address begins with http:// or https://." in err


def test_a_slow_endpoint_is_given_up(run: Run) -> None:
    given_up = Event()

    class Slow(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            given_up.wait(10)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with serving(Slow) as url:
        code, out, err = run("query", "renamings", "--endpoint", url, "--timeout", "0.2")
        given_up.set()
    assert (code, out) == (3, "")
    assert "no answer came within 0.2 seconds." in err


@pytest.fixture
def locked(folder: Path) -> Iterator[str]:
    """A door before the store that lets nobody in but Ada."""
    wanted = "Basic " + base64.b64encode(b"ada:lovelace").decode()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Authorization") != wanted:
                self._refuse()
                return
            headers = {name: self.headers[name] for name in ("Accept", "Content-Type")}
            reply = requests.post(store.query, data=data, headers=headers, timeout=60)
            self.send_response(reply.status_code)
            self.send_header("Content-Type", reply.headers["Content-Type"])
            self.send_header("Content-Length", str(len(reply.content)))
            self.end_headers()
            self.wfile.write(reply.content)

        def do_HEAD(self) -> None:
            self._refuse()

        def _refuse(self) -> None:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="store"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with oxigraph(folder, union=True, read_only=True) as store, serving(Door) as url:
        yield url


def test_credentials_are_found_or_asked_for(
    run: Run, locked: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("JHAAN_STORE_USER", "JHAAN_STORE_PASSWORD", "JHAAN_STORE_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "netrc").write_text("machine other.example.org login bob password x\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    command = ("query", "renamings", "--cite", "--endpoint", locked)
    code, out, err = run(*command)
    assert (code, out) == (3, "")
    assert "status 401. It wants a name and a password. Set JHAAN_STORE_USER and JHAAN_STORE_PASSWORD" in err

    expected = run("query", "renamings", "--cite")
    monkeypatch.setenv("JHAAN_STORE_USER", "ada")
    monkeypatch.setenv("JHAAN_STORE_PASSWORD", "lovelace")
    assert run(*command) == expected

    monkeypatch.setenv("JHAAN_STORE_PASSWORD", "byron")
    code, _, err = run(*command)
    assert code == 3
    assert "It doesn't take the password of user 'ada'." in err
    assert "byron" not in err

    monkeypatch.delenv("JHAAN_STORE_USER")
    monkeypatch.delenv("JHAAN_STORE_PASSWORD")
    monkeypatch.setattr("jhaan_kg.web.asking.can_ask", lambda: True)
    monkeypatch.setattr("jhaan_kg.web.asking.ask_for_credentials", lambda _: Credentials("ada", "lovelace"))
    assert run(*command) == expected
    assert credentials.find_credentials(locked) is None
