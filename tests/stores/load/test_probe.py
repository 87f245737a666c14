"""Stores of no known kind: what they can do is found out, and used."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import pytest

from endpoints import serving
from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.stores.load.store import open_store


def answering(does: Callable[[BaseHTTPRequestHandler], bool]) -> type[BaseHTTPRequestHandler]:
    """Make an endpoint that answers queries, and whatever else a function says."""

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"] or 0))
            if self.path == "/sparql" and b"ASK" in sent:
                self.reply(200, "application/sparql-results+json", b'{"head": {}, "boolean": true}')
            else:
                self.reply(204 if does(self) else 404, "text/plain", b"")

        def do_HEAD(self) -> None:
            self.reply(200 if does(self) else 404, "text/turtle", b"")

        def do_GET(self) -> None:
            if self.path == "/sparql":
                self.reply(200, "text/turtle", self.description().encode())
            else:
                self.reply(404, "text/plain", b"")

        def description(self) -> str:
            return f"""PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
            [] sd:supportedLanguage sd:SPARQL11Update ; sd:endpoint <http://{self.headers["Host"]}/described> .
            [] sd:supportedLanguage sd:SPARQL11Update ; sd:endpoint <http://elsewhere.example/update> ."""

        def reply(self, status: int, media_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Endpoint


def test_a_description_is_believed_but_on_its_own_host_only() -> None:
    with serving(answering(lambda request: request.path == "/described")) as url:
        store = open_store(f"{url}/sparql", "generic", 10)
        assert store.note == f"It takes SPARQL Update at {url}/described."
        assert store.places.update == f"{url}/described"


def test_the_graph_store_protocol_is_the_second_choice() -> None:
    with serving(answering(lambda request: request.path == "/data?default")) as url:
        store = open_store(f"{url}/sparql", "generic", 10)
        assert store.note == f"It takes the Graph Store Protocol at {url}/data."
        assert "some graphs in their old state" in store.kind.meanwhile


def test_a_store_that_can_only_be_asked_is_told_from_one_that_can_be_written_to() -> None:
    with (
        serving(answering(lambda _: False)) as url,
        pytest.raises(JhaanError, match="no address was found at which it can be written to") as error,
    ):
        open_store(f"{url}/sparql", "generic", 10)
    assert error.value.exit_code == 2


def test_what_answers_no_queries_is_no_store() -> None:
    with (
        serving(answering(lambda _: True)) as url,
        pytest.raises(ServiceError, match=r"refuses|answers with"),
    ):
        open_store(f"{url}/nothing", "generic", 10)
