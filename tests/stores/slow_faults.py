"""Stores and networks on bad days, as commands meet them: the exit code, the exact message, and that nothing is harmed.

What the client makes of each status, certificate and login is tried in `tests/web`, a full disk in `slow_full_disk.py`,
two loads at once in `slow_kills.py`.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import pytest
from faulty import (
    HTML,
    Fault,
    Happening,
    cut_answer,
    cut_request,
    door,
    keep_silent,
    lose_answer,
    refuse,
    send_on,
    want_basic,
)
from meetings_release import catalogue
from releases import graphs_of, two_releases
from watching import expected, foreign, put_foreign, state

import small_graph
from endpoints import JSON, Request
from jhaan_kg.build import cache
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import Request as ExportRequest
from jhaan_kg.stores.load.loading import Loading
from jhaan_kg.stores.load.store import open_store
from jhaan_kg.web import client
from servers import Server, oxigraph

PASSWORD: Final = "öffne dich"  # noqa: S105
NOTHING: Final[Mapping[str, str]] = {}
ADA: Final = {"JHAAN_STORE_USER": "ada", "JHAAN_STORE_PASSWORD": PASSWORD}


class Shop:
    """A store with a release and with graphs of others, and the release that comes next.

    Commands run in this process, as programs that bring a release along.
    """

    run: Callable[..., tuple[int, str, str]]

    def __init__(self, server: Server, present: Snapshot, coming: Snapshot) -> None:
        self.server, self.present, self.coming = server, present, coming
        put_foreign(server)
        self.others = foreign(server)
        loading = Loading(
            open_store(server.url, server.kind, 60), ExportRequest(present, "nquads", evidence=True)
        )
        loading.carry_out(loading.plan())

    def is_unharmed(self) -> bool:
        """Tell whether all is as it was."""
        return state(self.server) == expected(graphs_of(self.present)) and foreign(self.server) == self.others

    def ask(
        self, command: str, url: str, environment: Mapping[str, str] = NOTHING, *, seconds: str = "1"
    ) -> tuple[int, str, str]:
        """Run a command on the store, or on the door before it, and return what it says last on standard error."""
        words = [word.format(url) for word in COMMANDS[command]]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cache, "open_snapshot", lambda: self.coming if command == "load" else self.present)
            for name, value in environment.items():
                patch.setenv(name, value)
            code, out, err = self.run(*words, "--timeout", seconds)
        return code, out, (err.splitlines() or [""])[-1]

    def load(self, url: str = "", environment: Mapping[str, str] = NOTHING) -> tuple[int, str]:
        """Load the next release, and return the exit code and the last line of what is said."""
        seconds = "1" if url else "60"
        code, _, said = self.ask("load", url or self.server.url, environment, seconds=seconds)
        return code, said

    def complete(self) -> None:
        """Load the next release to its end, from where an earlier load has left it."""
        code, said = self.load()
        assert code == 0, said
        self.present, self.coming = self.coming, self.present
        assert self.is_unharmed()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    older, newer = two_releases(small_graph.graphs(), tmp_path_factory.mktemp("releases"), catalogue())
    with oxigraph(tmp_path_factory.mktemp("store"), union=True) as server:
        yield Shop(server, older, newer)


@pytest.fixture
def shop(
    opened: Shop,
    run: Callable[..., tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Shop:
    monkeypatch.setenv("JHAAN_CACHE", str(tmp_path_factory.getbasetemp() / "cache-of-faults"))
    monkeypatch.setenv("NETRC", os.devnull)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(client, "BACKOFF", 0.01)
    opened.run = run
    return opened


def asks(request: Request) -> bool:
    return request.path.startswith("/query")


def writes(request: Request) -> bool:
    return request.path.startswith("/update")


COMMANDS: Final = {
    "load": ("load", "{}", "--store", "oxigraph"),
    "compare": ("compare", "{}/query"),
    "query": ("query", "dates", "--endpoint", "{}/query"),
}


HUNG_UP: Final = r"closed the connection \((Connection reset by peer|Broken pipe|no answer)\)\. Try again\."
AWAY: Final = (refuse(503), r"answered with status 503\. The server is not available\. Try again later\.", 3)
SILENT: Final = (
    keep_silent,
    r"did not answer within 1 seconds\. Ask for less, or increase the time limit\.",
    1,
)
ASKED: Final[Mapping[str, tuple[Happening, str, int]]] = {
    "silent": SILENT,
    "away": AWAY,
    "killed in the middle": (cut_answer, HUNG_UP, 1),
    "not found": (
        refuse(404),
        r"answered with status 404\. Check the URL\. It often ends in /sparql or /query\.",
        1,
    ),
    "something else": (
        refuse(200, "{}", JSON),
        r"sent an answer that is incomplete or not valid\. Ask for less, or check the URL\.",
        1,
    ),
}
WRITTEN: Final[Mapping[str, tuple[Happening, str, int]]] = {
    "silent": SILENT,
    "away": AWAY,
    "not found": (
        refuse(404),
        r"answered with status 404\. Check the URL and --store\. Examples: jhaan load --help",
        1,
    ),
    "too large": (
        refuse(413),
        r"answered with status 413\. The request is too large\. Raise the limit of the store\.",
        1,
    ),
    "killed": (cut_request(), HUNG_UP, 3),
}
"""What happens to each request that asks, or that writes; what is said of it, and how often the request is sent."""

LOOKED_BELOW: Final = frozenset({"not found", "something else"})
"""After which commands that ask look for an endpoint at two addresses below the given one."""


@pytest.mark.parametrize("command", COMMANDS)
def test_absent(command: str, shop: Shop) -> None:
    with socket.socket() as bound:  # nobody listens at a port that is only bound
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        assert shop.ask(command, url) == (
            3,
            "",
            f"jhaan: Cannot connect to {url}/query (Connection refused). "
            "Check the URL and that the server is running.",
        )


@pytest.mark.parametrize("what", ASKED)
@pytest.mark.parametrize("command", COMMANDS)
def test_while_it_is_asked(command: str, what: str, shop: Shop) -> None:
    happening, message, attempts = ASKED[what]
    addresses = 3 if what in LOOKED_BELOW and command != "load" else 1
    with door(shop.server.url, Fault(happening, asks)) as opened:
        code, out, said = shop.ask(command, opened.address)
    assert (code, out) == (3, "")
    assert re.fullmatch(f"jhaan: The endpoint {opened.address}/query {message}", said), said
    assert (len(opened.happened), opened.passed) == (attempts * addresses, [])
    assert shop.is_unharmed()


@pytest.mark.parametrize(("happening", "message", "attempts"), WRITTEN.values(), ids=WRITTEN)
def test_while_it_is_written(happening: Happening, message: str, attempts: int, shop: Shop) -> None:
    with door(shop.server.url, Fault(happening, writes)) as opened:
        code, said = shop.load(opened.address)
    assert code == 3
    again = "Run the command again to continue."
    assert re.fullmatch(f"jhaan: The store {opened.address}/update {message} {re.escape(again)}", said), said
    assert len(opened.happened) == attempts
    assert shop.is_unharmed()
    shop.complete()


def test_a_web_page_that_takes_all(shop: Shop) -> None:
    with door(shop.server.url, Fault(refuse(200, HTML, "text/html"), writes)) as opened:
        code, said = shop.load(opened.address)
    assert (code, said) == (
        1,
        f"jhaan: error [store-unchanged] {opened.address}/query: the store accepted the data but does not contain "
        "them. Check the address: updates may need another one, or a login.",
    )
    assert shop.is_unharmed()
    shop.complete()


def test_an_answer_that_is_lost(shop: Shop) -> None:
    with door(shop.server.url, Fault(lose_answer, writes, times=1)) as opened:
        code, said = shop.load(opened.address)
    assert (code, len(opened.happened)) == (0, 1), said
    shop.complete()


@pytest.mark.parametrize("command", COMMANDS)
def test_what_passes(command: str, shop: Shop) -> None:
    faults = [Fault(refuse(503), asks, times=1, after=2), Fault(cut_request(0), asks, times=1, after=5)]
    with door(shop.server.url, Fault(want_basic("ada", PASSWORD)), *faults) as opened:
        code, out, said = shop.ask(command, opened.address, ADA, seconds="60")
    assert code == 0, said
    assert len(opened.asked) > len(opened.passed) >= 2
    if command == "query":
        assert out == shop.ask(command, shop.server.url, seconds="60")[1]
    if command == "load":
        assert [request.method for request in opened.asked if writes(request)].count("POST") == 1
        shop.present, shop.coming = shop.coming, shop.present
    assert shop.is_unharmed()


def test_what_passes_while_it_is_written(shop: Shop) -> None:
    faults = [Fault(refuse(503), writes, times=1), Fault(cut_request(), writes, times=1, after=1)]
    with door(shop.server.url, *faults) as opened:
        code, said = shop.load(opened.address)
    assert (code, len(opened.happened)) == (0, 2), said
    shop.complete()


@pytest.mark.parametrize("secrets", [ADA, {"JHAAN_STORE_TOKEN": "abc"}], ids=["password", "token"])
@pytest.mark.parametrize("status", [301, 303, 307])
@pytest.mark.parametrize("command", ["query", "load, writing"])
def test_credentials_go_nowhere_else(command: str, status: int, secrets: dict[str, str], shop: Shop) -> None:
    when = writes if command == "load, writing" else asks
    with (
        door(shop.server.url) as other,
        door(shop.server.url, Fault(send_on(other.address, status), when)) as opened,
    ):
        code, out, said = shop.ask(command.partition(",")[0], opened.address, secrets)
    assert (code, out) == (3, "")
    assert f"redirects to {other.address}/" in said
    assert "Authorization" in opened.happened[-1].headers
    assert other.asked == []
    assert shop.is_unharmed()


@pytest.mark.parametrize("command", COMMANDS)
def test_wrong_credentials(command: str, shop: Shop) -> None:
    with door(shop.server.url, Fault(want_basic("ada", "another one"))) as opened:
        code, out, said = shop.ask(command, opened.address, ADA)
    assert (code, out) == (3, "")
    assert said == (
        f"jhaan: The endpoint {opened.address}/query answered with status 401: Who are you? The password of user "
        '"ada" is not accepted. Check JHAAN_STORE_USER and JHAAN_STORE_PASSWORD, or ~/.netrc.'
    )
    assert opened.passed == []
    assert shop.is_unharmed()
