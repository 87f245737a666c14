"""What `curl` sends when a line is run is what the client sends."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode

import pytest

from jhaan_kg.web.client import HttpClient
from jhaan_kg.web.credentials import Credentials
from jhaan_kg.web.request import Body, HttpRequest, curl_line
from seen_requests import ADA, Log

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
UPDATE = "DELETE WHERE {\n  ?s ?p '@\"$HOME`id`\\n'\n} ;"


@pytest.fixture
def curl(missing: Callable[[str, str], None]) -> None:
    if not shutil.which("curl"):
        missing("curl", "install curl")


def calls(path: Path) -> list[HttpRequest]:
    path.write_bytes(b"<urn:a> <urn:b> <urn:c> .\n")
    body = Body(lambda: iter([path.read_bytes()]), path.stat().st_size, str(path))
    ntriples = {"Content-Type": "application/n-triples"}
    return [
        HttpRequest("GET", "/a?graph=urn:a{b}[c]&x=$y'z", {"Accept": "text/turtle, */*;q=0.1"}),
        HttpRequest("DELETE", "/a?graph=urn:a"),
        HttpRequest("HEAD", "/a"),
        HttpRequest("PUT", "/a", ntriples, body),
        HttpRequest("POST", "/a", ntriples, body),
        HttpRequest(
            "POST", "/a", FORM, urlencode([("query", UPDATE), ("default-graph-uri", "@urn:a")]).encode()
        ),
        HttpRequest(
            "POST",
            "/a",
            {"Content-Type": FORM["Content-Type"] + "; charset=utf-8"},
            urlencode([("query", "“é”")]).encode(),
        ),
        HttpRequest("POST", "/a", {"Content-Type": "application/sparql-update"}, UPDATE.encode()),
        HttpRequest("POST", "/a", {"Content-Type": "text/plain"}, b"@no-file"),
    ]


@pytest.mark.usefixtures("curl")
@pytest.mark.parametrize("number", range(9))
def test_curl_sends_the_same(server: tuple[str, Log], tmp_path: Path, number: int) -> None:
    url, log = server
    call = calls(tmp_path / "it's a graph.nt")[number]
    call = call._replace(url=url + call.url)
    with HttpClient(timeout=5).send(call):
        pass
    done = subprocess.run(["sh", "-c", curl_line(call, None)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    ours, theirs = log
    assert ours[0] == theirs[0]
    assert unquote(ours[1]) == unquote(theirs[1])
    if call.headers == FORM:
        assert parse_qsl(ours[3].decode()) == parse_qsl(theirs[3].decode())
    else:
        assert ours[3] == theirs[3]
    for name in ("Content-Type", "Accept"):
        if name in call.headers:
            assert ours[2][name] == theirs[2][name]


@pytest.mark.usefixtures("curl")
@pytest.mark.parametrize("way", ["environment", "netrc", "token"])
@pytest.mark.parametrize("kind", ["basic", "digest"])
def test_curl_is_let_in(
    server: tuple[str, Log], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, kind: str
) -> None:
    given = ADA
    netrc = tmp_path / "net rc"
    netrc.write_text("machine 127.0.0.1 login ada password love:läce\n", encoding="utf-8")
    monkeypatch.delenv("JHAAN_STORE_USER", raising=False)
    match way:
        case "environment":
            monkeypatch.setenv("JHAAN_STORE_USER", "ada")
            monkeypatch.setenv("JHAAN_STORE_PASSWORD", "love:läce")
        case "netrc":
            monkeypatch.setenv("NETRC", str(netrc))
        case _:
            given, kind = Credentials(None, None, "t0k3n"), "bearer"
            monkeypatch.setenv("JHAAN_STORE_TOKEN", "t0k3n")
    line = curl_line(HttpRequest("POST", f"{server[0]}/{kind}", FORM, b"query=ASK%20%7B%7D"), given)
    assert not any(secret in line for secret in ("love", "t0k3n"))
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ('{"a": 1}', 0), done.stderr


def test_curl_asks_for_a_password_that_stands_nowhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("JHAAN_STORE_USER", raising=False)
    monkeypatch.delenv("NETRC", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    line = curl_line(
        HttpRequest("GET", "https://example.org/data?access-token=hidden"), Credentials("ada b", "s3cret")
    )
    assert line == (
        "curl -sS --fail-with-body --anyauth --user 'ada b' 'https://example.org/data?access-token=***'"
    )
