"""Requests to stores: what a server sees, and what is said about each fault."""

from __future__ import annotations

import re
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from endpoints import Request, Response, responding
from jhaan_kg import web
from jhaan_kg.errors import JhaanError
from jhaan_kg.web import (
    PASSWORD,
    TOKEN,
    USER,
    Credentials,
    HttpClient,
    HttpRequestError,
    ask_for_credentials,
    find_credentials,
)

ADA = Credentials("ada", "love:läce")
BASIC = "Basic " + b64encode("ada:love:läce".encode()).decode()
ACCEPT = {"Accept": "application/json"}
DIGEST = {"WWW-Authenticate": 'Digest realm="store", nonce="abc", qop="auth", algorithm=MD5'}
JSON = Response(b'{"a": 1}', "Application/JSON; charset=utf-8")
RESPONSES = {
    "good": JSON,
    "403": Response(b"\x1b[31mno\nway", "text/plain", 403),
    "404": Response(b"<html>long page</html>", "text/html", 404),
    "413": Response(b"too large", "text/plain", 413),
    "500": Response(b"oops " * 10_000, "text/plain", 500),
    "503": Response(b"", "", 503, {"Retry-After": "3600"}),
    "507": Response(b"", "", 507),
    "basic": Response(b"", "", 401, {"WWW-Authenticate": 'Basic realm="digest"'}),
    "echo": Response(f"you sent {BASIC} love:läce".encode(), "text/plain", 400),
    "moved": Response(b"", "", 307, {"Location": "http://127.0.0.1:1/else?token=xyz"}),
    "page": Response(b"<html></html>", "text/html; charset=utf-8"),
    "torn": JSON._replace(length=1000),
    "silent": None,
}
FAULTS = {
    "403": r"status 403: \[31mno way\. Ask the operator for access\. Set JHAAN_STORE_USER",
    "404": r"status 404\. Check the URL\.",
    "413": r"status 413: too large\. Raise the limit of the server",
    "500": r"status 500: (oops ){60}…\. Try again later",
    "503": r"status 503\. Try again later\.",
    "507": r"status 507\. The server has no disk space left\.",
    "basic": r"status 401\. Set JHAAN_STORE_USER and JHAAN_STORE_PASSWORD, or JHAAN_STORE_TOKEN",
    "moved": r"redirects to http://127\.0\.0\.1:1/else\?token=\*\*\*\. If you trust that URL, use it\.",
    "page": r'answered with "text/html" instead of application/json\. Check the URL',
    "torn": r"sent an incomplete answer, or none \(\w+\)\. Check the URL, and try again\.",
    "silent": r"sent an incomplete answer, or none \(RemoteDisconnected\)\.",
}


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses, and no credentials, proxies or certificates of this machine."""
    monkeypatch.setattr(web.RETRIES, "backoff_factor", 0)
    monkeypatch.setenv("NETRC", "/dev/null")
    for name in (
        USER,
        PASSWORD,
        TOKEN,
        "http_proxy",
        "HTTP_PROXY",
        "no_proxy",
        "NO_PROXY",
        "REQUESTS_CA_BUNDLE",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def seen() -> list[Request]:
    return []


@pytest.fixture
def url(seen: list[Request]) -> Iterator[str]:
    def respond(request: Request) -> Response | None:
        seen.append(request)
        name, login = request.path.strip("/").partition("?")[0], request.headers.get("Authorization", "")
        if name == "slow":
            time.sleep(2)
        if name == "digest":
            return JSON if login.startswith("Digest ") else Response(b"", "", 401, DIGEST)
        return JSON if name == "basic" and login == BASIC else RESPONSES.get(name)

    with responding(respond) as address:
        yield address


def ask(url: str, credentials: Credentials | None = None, timeout: float = 5, method: str = "GET") -> bytes:
    client = HttpClient(credentials, timeout=timeout)
    with client.send(method, url, ACCEPT, b"body" if method == "PUT" else None) as response:
        return b"".join(client.chunks(response, 1000))


def fault(url: str, credentials: Credentials | None = None, timeout: float = 5) -> str:
    with pytest.raises(HttpRequestError) as caught:
        ask(url, credentials, timeout)
    assert caught.value.exit_code == 3
    assert caught.value.__cause__ is None
    return str(caught.value)


def test_an_answer(url: str, seen: list[Request]) -> None:
    assert ask(f"{url}/good?b=%20c") == b'{"a": 1}'
    ((method, path, headers, _),) = seen
    assert (method, path) == ("GET", "/good?b=%20c")
    assert headers["User-Agent"].startswith("jhaan-kg/")
    assert not {"Cookie", "Authorization"} & set(headers)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_says_what_to_do(name: str, url: str) -> None:
    assert re.search(FAULTS[name], fault(f"{url}/{name}")), fault(f"{url}/{name}")


def test_what_may_pass_is_tried_again_without_waiting_for_hours(url: str, seen: list[Request]) -> None:
    fault(f"{url}/503")
    assert len(seen) == 3
    fault(f"{url}/500")
    assert len(seen) == 4


def test_a_slow_server(url: str) -> None:
    assert "did not answer within 0.3 seconds. Ask for less, or increase the time limit." in fault(
        f"{url}/slow", timeout=0.3
    )


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert fault(f"http://127.0.0.1:{port}/") == (
        f"The store http://127.0.0.1:{port}/ cannot be reached (Connection refused). "
        "Check the URL and that the server is running."
    )
    assert "cannot be reached (Name or service not known)." in fault("http://no-such-host.invalid/")


@pytest.mark.parametrize(("name", "scheme"), [("basic", "Basic"), ("digest", "Digest")])
def test_a_password_is_shown_as_the_server_wants(
    name: str, scheme: str, url: str, seen: list[Request]
) -> None:
    client = HttpClient(ADA, timeout=5)
    for graph in ("a", "b"):
        with client.send("PUT", f"{url}/{name}?graph={graph}", ACCEPT, b"x" * 1000) as response:
            assert response.status_code == 200
    logins = [request.headers.get("Authorization", "").split(" ")[0] for request in seen]
    sizes = [len(request.body) for request in seen]
    assert (logins[0], sizes[0]) == ("", 0), "no password before the server asks for one"
    assert (logins[-1], sizes[-1]) == (scheme, 1000)
    assert logins.count("Basic") in (0, 2)


def test_a_token_is_shown_at_once(url: str, seen: list[Request]) -> None:
    ask(f"{url}/good", Credentials("", "", "t0k3n"))
    assert [request.headers["Authorization"] for request in seen] == ["Bearer t0k3n"]


def test_no_message_repeats_a_secret(url: str) -> None:
    said = fault(f"{url}/echo?access-token=xyz", ADA)
    assert "you sent Basic *** ***" in said
    assert "access-token=*** answered with status 400" in said
    wrong = fault(f"{url}/basic", Credentials("ada", "byron"))
    assert "The credentials are not accepted. Check JHAAN_STORE_USER" in wrong
    assert "byron" not in wrong + repr(Credentials("ada", "byron", "byron"))


def test_credentials_over_plain_http_are_warned_of(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(f"{url}/good", ADA)
    monkeypatch.setattr(web, "_is_loopback", lambda _: False)
    ask(f"{url}/digest", ADA)
    assert capsys.readouterr().err == "", "neither for this machine, nor for Digest"
    ask(f"{url}/good", ADA)
    assert capsys.readouterr().err.count("others on the network can read the credentials") == 1


def test_the_proxy_of_the_environment_is_asked(
    url: str, seen: list[Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", url.replace("http://", "http://me:hidden@"))
    fault("http://store.example.org/403")
    assert seen[0].path == "http://store.example.org/403"
    monkeypatch.setenv("http_proxy", "http://me:hidden@127.0.0.1:1")
    said = fault("http://store.example.org/good")
    assert "cannot be reached through the proxy (Connection refused)." in said
    assert "hidden" not in said


def test_certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Certificates that we trust, of an unknown issuer, and of another host."""
    ours = trustme.CA()
    ours.cert_pem.write_to_path(str(tmp_path / "ours.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ours.pem"))
    for issuer, host, said in (
        (trustme.CA(), "127.0.0.1", "certificate verify failed"),
        (ours, "store.example.org", "cannot be reached securely"),
        (ours, "127.0.0.1", ""),
    ):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issuer.issue_cert(host).configure_cert(context)
        with responding(lambda _: JSON, context) as address:
            if said:
                assert said in fault(f"{address}/good")
            else:
                assert ask(f"{address}/good")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/bundle.pem")
    with pytest.raises(JhaanError, match=r"/no/such/bundle\.pem.*Correct or unset REQUESTS_CA_BUNDLE"):
        ask("https://127.0.0.1:1/")


def test_credentials_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_credentials("http://store.example.org/") is None
    (tmp_path / "netrc").write_text("machine store.example.org login bob password x\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert find_credentials("http://store.example.org/") == Credentials("bob", "x")
    assert find_credentials("http://other.example.org/") is None
    monkeypatch.setenv(USER, "ada")
    with pytest.raises(JhaanError, match="Set both JHAAN_STORE_USER and JHAAN_STORE_PASSWORD"):
        find_credentials("http://store.example.org/")
    monkeypatch.setenv(PASSWORD, "line\nbreak")
    with pytest.raises(JhaanError, match="Control character"):
        find_credentials("http://store.example.org/")
    monkeypatch.setenv(PASSWORD, "")
    assert find_credentials("http://store.example.org/") == Credentials("ada", "")
    monkeypatch.setenv(TOKEN, "t0k3n")
    with pytest.raises(JhaanError, match="not both"):
        find_credentials("http://store.example.org/")


def test_credentials_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda *_: "lovelace")
    monkeypatch.setattr("sys.stdin.readline", lambda: "ada\n")
    assert ask_for_credentials("example.org") == Credentials("ada", "lovelace")
    assert capsys.readouterr() == ("", "User for example.org: ")
