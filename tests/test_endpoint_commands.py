"""`--endpoint`: the commands print the same from a store as from the built-in engine, or a reason."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from bad_input import Run
from endpoints import QUERIES, Request, Response, answering, responding
from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.web import Credentials, find_credentials


@pytest.fixture(scope="module")
def urls(loaded: Loaded) -> Iterator[dict[str, str]]:
    """The whole graph with evidence; the default graph is the union of the named ones, or empty."""
    with answering(loaded.store, union=True) as union, answering(loaded.store, union=False) as strict:
        yield {"union": union, "strict": strict}


def test_a_command_prints_the_same(run: Run, urls: dict[str, str]) -> None:
    command = ("query", "contradictions", "--cite", "--format", "json")
    embedded = run(*command)
    assert embedded[0] == 0
    assert embedded[1]
    assert run(*command, "--endpoint", urls["union"]) == embedded


@pytest.mark.parametrize(
    ("kind", "name", "form"),
    [
        ("union", "odd", "csv"),
        ("union", "graph", "ttl"),
        ("union", "ask", "table"),
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


def test_the_evidence_is_asked_where_it_is_wanted(
    run: Run, urls: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "SELECT (COUNT(?a) AS ?n) { ?a a jhaan:Assertion }"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(query.encode())))
    code, out, _ = run("sparql", "-", "--evidence", "--format", "csv", "--endpoint", urls["strict"])
    assert code == 0
    assert int(out.split()[1]) > 6000  # the report alone has so many statements


def test_a_file_is_whole_or_untouched(run: Run, tmp_path: Path) -> None:
    """The endpoint sends rows and hangs up."""

    def respond(request: Request) -> Response:
        if "ASK" in request.query:
            return Response(b'{"head": {}, "boolean": true}')
        row = b'{"x": {"type": "literal", "value": "1"}},'
        return Response(b'{"head": {"vars": ["x"]}, "results": {"bindings": [' + row * 5000)

    query, result = tmp_path / "query.rq", tmp_path / "rows.csv"
    query.write_text("SELECT ?x { ?x ?y ?z }", encoding="utf-8")
    result.write_text("as it was", encoding="utf-8")
    with responding(respond) as url:
        for output in ((), ("-o", str(result))):
            code, out, err = run("sparql", str(query), "--format", "csv", "--endpoint", url, *output)
            assert (code, out) == (3, "")
            assert "incomplete or not valid" in err
            assert "Ask for less" in err
    assert result.read_text(encoding="utf-8") == "as it was"


@pytest.mark.parametrize("command", ["query renamings", "explain Eurojust"])
def test_what_an_endpoint_can_not_do(run: Run, command: str) -> None:
    code, _, err = run(*command.split(), "--endpoint", "http://127.0.0.1:1/sparql", "--no-external")
    assert code == 2
    assert "cannot leave out external facts. Load the output of: jhaan export nquads --no-external" in err
    code, _, err = run(*command.split(), "--endpoint", "http://127.0.0.1:1/sparql")
    assert code == 3
    assert "(Connection refused)" in err
    code, _, err = run(*command.split(), "--endpoint", "localhost:3030/sparql")
    assert code == 2
    assert 'must begin with http:// or https://, not "localhost:3030/sparql".' in err


@pytest.fixture
def locked(loaded: Loaded) -> Iterator[str]:
    """A store that lets nobody in but Ada."""
    allowed = "Basic " + base64.b64encode(b"ada:lovelace").decode()
    with answering(loaded.store, union=True, allowed=allowed) as address:
        yield address


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
    assert "status 401. Set JHAAN_STORE_USER and JHAAN_STORE_PASSWORD" in err

    expected = run("query", "renamings", "--cite")
    monkeypatch.setenv("JHAAN_STORE_USER", "ada")
    monkeypatch.setenv("JHAAN_STORE_PASSWORD", "lovelace")
    assert run(*command) == expected

    monkeypatch.setenv("JHAAN_STORE_PASSWORD", "byron")
    code, _, err = run(*command)
    assert code == 3
    assert "The credentials are not accepted. Check JHAAN_STORE_USER" in err
    assert "byron" not in err

    monkeypatch.delenv("JHAAN_STORE_USER")
    monkeypatch.delenv("JHAAN_STORE_PASSWORD")
    for stream in ("stdin", "stderr"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: True)
    monkeypatch.setattr("jhaan_kg.web.ask_for_credentials", lambda _: Credentials("ada", "lovelace"))
    assert run(*command) == expected
    assert find_credentials(locked) is None
