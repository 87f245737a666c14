"""The client: what a server sees, what comes back, and what is said where nothing does."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from endpoints import serving
from jhaan_kg.errors import JhaanError
from jhaan_kg.web import client as module
from jhaan_kg.web.client import HttpClient, HttpRequestError
from jhaan_kg.web.credentials import Credentials
from jhaan_kg.web.request import Body, HttpRequest
from seen_requests import ADA, Log, fresh

WRONG = Credentials("ada", "byron")
JSON = {"Accept": "application/json"}


Server = tuple[str, Log]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BACKOFF", 0.01)


def ask(url: str, credentials: Credentials | None = None, timeout: float = 5, **call: object) -> bytes:
    fields = {"method": "GET", "headers": JSON, **call}
    with HttpClient(credentials, timeout=timeout).send(HttpRequest(url=url, **fields)) as reply:
        return reply.read(1000)


def fault(
    url: str, credentials: Credentials | None = None, timeout: float = 5, **call: object
) -> HttpRequestError:
    with pytest.raises(HttpRequestError) as caught:
        ask(url, credentials, timeout, **call)
    assert caught.value.exit_code == 3
    assert caught.value.__cause__ is None
    return caught.value


def pieces(*parts: bytes) -> Body:
    return Body(lambda: iter(parts), sum(map(len, parts)), "graph.nt")


# --- what a server sees ------------------------------------------------------------------------------------------


def test_an_answer(server: Server) -> None:
    url, log = server
    with HttpClient(timeout=5).send(HttpRequest("GET", f"{url}/a?b=%20c", JSON)) as reply:
        assert (reply.status, reply.media_type, reply.ends) == (200, "application/json", True)
        assert reply.headers["content-type"] == "Application/JSON; charset=utf-8"
        assert b"".join(reply.chunks()) == b'{"a": 1}'
    ((method, path, headers, _),) = log
    assert (method, path) == ("GET", "/a?b=%20c")
    assert headers["User-Agent"].startswith("jhaan-kg/")
    assert "Cookie" not in headers
    assert "Authorization" not in headers


def test_a_body_of_known_size_is_sent_with_its_length(server: Server) -> None:
    url, log = server
    ask(url, method="PUT", body=pieces(b"one", b"", b"two"))
    ask(url, method="PUT", body=pieces())
    ask(url, method="PUT", body=b"three")
    assert [(headers.get("Content-Length"), body) for _, _, headers, body in log] == [
        ("6", b"onetwo"),
        ("0", b""),
        ("5", b"three"),
    ]
    assert not any("Transfer-Encoding" in headers for _, _, headers, _ in log)


@pytest.mark.parametrize(("size", "word"), [(5, "more"), (7, "less")])
def test_a_body_that_changes_is_said(server: Server, size: int, word: str) -> None:
    body = Body(lambda: iter([b"one", b"two"]), size, "graph.nt")
    with pytest.raises(
        JhaanError, match=rf"graph\.nt changed during the transfer \({word} than {size} bytes\)"
    ):
        ask(server[0], method="PUT", body=body)


def test_a_connection_is_used_again() -> None:
    handler = fresh()
    with serving(handler) as url:
        client = HttpClient(timeout=5)
        for method in ("GET", "PUT", "GET"):
            with client.send(HttpRequest(method, f"{url}/a", body=b"x" if method == "PUT" else None)):
                pass
    assert len(handler.ports) == 1


# --- credentials -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["basic", "digest", "both"])
def test_a_name_and_password_are_shown_as_the_server_wants(server: Server, kind: str) -> None:
    url, log = server
    body = pieces(b"x" * 1000)
    client = HttpClient(ADA, timeout=5)
    for graph in ("a", "b"):
        with client.send(HttpRequest("PUT", f"{url}/{kind}?graph={graph}", body=body)) as reply:
            assert reply.status == 200
    puts = [
        (headers["Authorization"].split()[0], data) for method, _, headers, data in log if method == "PUT"
    ]
    scheme = "Basic" if kind == "basic" else "Digest"
    assert puts == [(scheme, b"x" * 1000)] * 2, "the body travels once for each request"
    assert {method for method, *_ in log} == {"HEAD", "PUT"}


def test_a_challenge_to_the_request_alone_is_answered_too(server: Server) -> None:
    url, log = server
    assert ask(f"{url}/puts-digest", ADA, method="PUT", body=pieces(b"one", b"two")) == b'{"a": 1}'
    assert [data for method, _, _, data in log if method == "PUT"] == [b"onetwo"] * 2


def test_each_address_is_asked_how_it_wants_credentials(server: Server) -> None:
    """Virtuoso asks for nothing where it takes queries, and for Digest where it takes updates."""
    url, log = server
    client = HttpClient(ADA, timeout=5)
    for path in ("open", "digest", "open", "digest"):
        with client.send(HttpRequest("PUT", f"{url}/{path}?graph=a", body=b"x")) as reply:
            assert reply.status == 200
    puts = [
        (path, headers["Authorization"].split()[0]) for method, path, headers, _ in log if method == "PUT"
    ]
    assert puts == [("/open?graph=a", "Basic"), ("/digest?graph=a", "Digest")] * 2


def test_each_thread_answers_its_own_challenge(server: Server) -> None:
    client, found = HttpClient(ADA, timeout=5), []

    def get() -> None:
        for _ in range(3):
            with client.send(HttpRequest("GET", f"{server[0]}/digest")) as reply:
                found.append(reply.status)

    threads = [threading.Thread(target=get) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [200] * 12


def test_a_token_is_shown_at_once(server: Server) -> None:
    url, log = server
    assert ask(f"{url}/bearer", Credentials(None, None, "t0k3n"))
    assert len(log) == 1


@pytest.mark.parametrize(
    ("kind", "credentials", "message"),
    [
        ("basic", None, r"It needs a name and a password\. Set JHAAN_STORE_USER and JHAAN_STORE_PASSWORD"),
        ("digest", None, r"It needs a name and a password\. Set JHAAN_STORE_USER"),
        ("bearer", None, r"It needs a token\. Set JHAAN_STORE_TOKEN\."),
        ("negotiate", None, r"It needs negotiate authentication, which jhaan does not support\."),
        ("negotiate", ADA, r"It needs negotiate authentication, which jhaan does not support\."),
        ("basic", WRONG, r'The password of user "ada" is not accepted\. Check JHAAN_STORE_USER'),
        ("digest", WRONG, r'The password of user "ada" is not accepted\.'),
        ("bearer", ADA, r"It needs a token instead of a password\. Set JHAAN_STORE_TOKEN\."),
        (
            "bearer",
            Credentials(None, None, "wrong"),
            r"The token is not accepted\. Check JHAAN_STORE_TOKEN\.",
        ),
    ],
)
def test_a_refusal_says_which_credentials(
    server: Server,
    kind: str,
    credentials: Credentials | None,
    message: str,
) -> None:
    error = fault(f"{server[0]}/{kind}", credentials)
    assert error.status == 401
    assert re.match(rf"The store {server[0]}/{kind} answered with status 401\. {message}", str(error))


def test_no_message_repeats_a_secret(server: Server) -> None:
    said = str(fault(f"{server[0]}/echo?access-token=xyz", ADA))
    assert "you sent Basic *** ada ***" in said
    assert "echo?access-token=*** answered with status 400" in said


def test_credentials_over_plain_http_are_warned_of(
    server: Server,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(f"{server[0]}/a", ADA)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("jhaan_kg.web.client.is_loopback", lambda _: False)
    ask(f"{server[0]}/digest", ADA)
    assert capsys.readouterr().err == "", "Digest gives no password away"
    with HttpClient(ADA, timeout=5).send(HttpRequest("GET", f"{server[0]}/a")):
        pass
    assert capsys.readouterr().err.count("others on the network can read the credentials") == 1


# --- faults -----------------------------------------------------------------------------------------------------


FAULTS = {
    "403": r"status 403: \[31mno way\. Access is denied\. Set J",
    "404": r"status 404: .* Check the URL\.",
    "413": r"status 413: .* The request is too long\. Raise the limit of the server, or send less at once\.",
    "charset": r"status 500: schön\. ",
    "429": r"status 429: .* The server is busy\. Try again later\.",
    "500": r"status 500: .* Try again later\. If the error stays, contact the operator\.",
    "507": r"status 507: .* The server has no disk space left\.",
    "fails-long": r"status 503\. .* Retry after: 3600 \(seconds, or a time\)\.",
    "moved": r"redirects to http://127\.0\.0\.1:1/elsewhere\?token=\*\*\*\. If you trust",
    "page": r"answered with a web page \(text/html\) instead of application/json\. Check",
    "torn": r"sent an incomplete answer\. Try again\.",
    "torn-chunks": r"sent an incomplete answer\. Try again\.",
    "fails-hanging-up": r"closed the connection \(no answer\)\. Try again\.",
    "noise": r"does not answer in HTTP \(BadStatusLine 220 mail.*another service may use it\.",
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_said_exactly(server: Server, kind: str) -> None:
    error = fault(f"{server[0]}/{kind}")
    assert re.search(FAULTS[kind], str(error)), error
    said = re.search(r"status (\d+)", str(error))
    assert error.status == (int(said[1]) if said else {"moved": 307, "page": 200}.get(kind, 0))


@pytest.mark.parametrize(
    "kind", ["silent", "trickle", "trickling-head", "trickling-size", "continuing", "trailing"]
)
def test_a_slow_server(server: Server, kind: str) -> None:
    began = time.monotonic()
    error = fault(f"{server[0]}/{kind}", timeout=0.3, headers={})
    assert "did not answer within 0.3 seconds. Ask for less, or increase the time limit." in str(error)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("endless", "sent more than 1,000 bytes"),
        ("endless-500", "answered with status 500: oops oops"),
        ("endless-503", "answered with status 503"),
        ("endless-401", 'The password of user "ada" is not accepted'),
    ],
)
def test_an_answer_without_end(server: Server, kind: str, said: str) -> None:
    began = time.monotonic()
    assert said in str(fault(f"{server[0]}/{kind}", WRONG if kind == "endless-401" else None, method="POST"))
    assert time.monotonic() - began < 3


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = str(fault(f"http://127.0.0.1:{port}/"))
    assert said == (
        f"Cannot connect to http://127.0.0.1:{port}/ (Connection refused). "
        "Check the URL and that the server is running."
    )
    assert "(Name or service not known)." in str(fault("http://no-such-host.invalid/"))


def test_a_server_that_stops_reading_says_why(server: Server) -> None:
    """It may also hang up before its answer can be read; then the size is named."""
    body = Body(lambda: iter([b"x" * 2**16] * 800), 800 * 2**16, "graph.nt")
    said = str(fault(f"{server[0]}/early", method="PUT", body=body))
    refused = "status 413" in said and "The request is too long." in said
    assert refused or "closed the connection while receiving 52.4 MB" in said


def test_an_answer_that_is_too_large(server: Server) -> None:
    with (
        pytest.raises(HttpRequestError, match=r"sent more than 5 bytes"),
        HttpClient(timeout=5).send(HttpRequest("GET", f"{server[0]}/a")) as reply,
    ):
        reply.read(5)


def test_wrong_use_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(JhaanError, match="must not contain a name or password"):
        ask("http://ada:secret@127.0.0.1/")
    for timeout in (0, -1, float("nan")):
        with pytest.raises(JhaanError, match="must be above 0 seconds"):
            HttpClient(timeout=timeout)


# --- once more --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "requests"),
    [
        ("fails", 3),
        ("fails-hanging-up", 3),
        ("fails-short", 3),
        ("fails-soon", 3),  # no seconds and no time
        ("fails-odd", 3),  # more seconds than a number can have
        ("fails-long", 1),  # it wants to be left alone for an hour
        ("fails-until", 1),  # the same, as a time
        ("404", 1),
        ("500", 1),
        ("silent", 1),
    ],
)
def test_what_may_pass_is_tried_again(server: Server, kind: str, requests: int) -> None:
    url, log = server
    fault(f"{url}/{kind}", timeout=0.5, method="PUT", body=pieces(b"one", b"two"))
    assert [data for *_, data in log] == [b"onetwo"] * requests


def test_the_second_attempt_may_succeed(server: Server) -> None:
    assert ask(f"{server[0]}/fails-once") == b'{"a": 1}'
    assert len(server[1]) == 2


# --- proxies and certificates -----------------------------------------------------------------------------------


def test_the_proxy_of_the_environment_is_asked_except_for_this_machine(
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, log = server
    for name in ("no_proxy", "NO_PROXY", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", url.replace("http://", "http://me:hidden@"))
    ask("http://store.example.org/a")
    assert log[0][1] == "http://store.example.org/a"
    monkeypatch.setenv("http_proxy", "http://me:hidden@127.0.0.1:1")
    ask(f"{url}/a")
    said = str(fault("http://store.example.org/a"))
    assert "Cannot connect to http://store.example.org/a through the proxy (Connection refused)." in said


OURS, STRANGER = trustme.CA(), trustme.CA()
CERTIFICATES = {
    "good": OURS.issue_cert("127.0.0.1"),
    "unknown": STRANGER.issue_cert("127.0.0.1"),
    "other": OURS.issue_cert("store.example.org"),
    "ended": OURS.issue_cert("127.0.0.1", not_after=datetime(2001, 1, 1, tzinfo=UTC)),
}
"""Certificates for which we vouch, for which somebody else does, of another host, and one that has expired."""


@contextmanager
def secure(name: str) -> Iterator[str]:
    """Serve with one of the certificates."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CERTIFICATES[name].configure_cert(context)
    with serving(fresh(), context) as url:
        yield f"{url}/a"


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of who vouches for our certificates, which no variable names."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    OURS.cert_pem.write_to_path(str(tmp_path / "trusted.pem"))
    return tmp_path / "trusted.pem"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("unknown", "unable to get local issuer certificate"),
        ("other", "IP address mismatch, certificate is not valid for '127.0.0.1'"),
        ("ended", "certificate has expired"),
    ],
)
def test_a_wrong_certificate(name: str, why: str, trusted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with secure(name) as url:
        assert str(fault(url, ADA)) == (
            f"The store {url} has a certificate that is not trusted ({why}). Check the URL. If the certificate is "
            "right, set SSL_CERT_FILE to the certificate of its issuer."
        )


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_certificate_that_the_environment_names(
    variable: str, trusted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with secure("good") as url:
        assert "has a certificate that is not trusted" in str(fault(url))
        monkeypatch.setenv(variable, str(trusted))
        assert ask(url) == b'{"a": 1}'


def test_a_bundle_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/bundle.pem")
    with pytest.raises(JhaanError, match=r"^Cannot open /no/such/bundle\.pem: no certificates\. Correct"):
        ask("https://127.0.0.1:1/a")


def test_a_server_that_speaks_no_tls(server: Server) -> None:
    said = str(fault(server[0].replace("http:", "https:")))
    assert " securely (" in said
    assert "it may need http://." in said
