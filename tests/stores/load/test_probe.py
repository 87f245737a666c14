"""Stores of no known kind: what they can do is found out, and used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from endpoints import Request, Response, responding
from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.stores.load.store import open_store


@contextmanager
def answering(does: Callable[[Request], bool]) -> Iterator[str]:
    """Serve an endpoint that answers queries, and whatever else a function says."""

    def respond(request: Request) -> Response:
        if request.method == "POST" and request.path == "/sparql" and b"ASK" in request.body:
            return Response(b'{"head": {}, "boolean": true}')
        if request.method == "GET":
            description = f"""PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
                [] sd:supportedLanguage sd:SPARQL11Update ; sd:endpoint <http://{request.headers["Host"]}/described> .
                [] sd:supportedLanguage sd:SPARQL11Update ; sd:endpoint <http://elsewhere.example/update> ."""
            is_there = request.path == "/sparql"
            return Response(description.encode(), "text/turtle", 200) if is_there else Response(status=404)
        done = 204 if request.method == "POST" else 200
        return Response(b"", "text/turtle", done if does(request) else 404)

    with responding(respond) as url:
        yield url


def test_a_description_is_believed_but_on_its_own_host_only() -> None:
    with answering(lambda request: request.path == "/described") as url:
        store = open_store(f"{url}/sparql", "generic", 10)
        assert store.note == f"Using SPARQL Update at {url}/described."
        assert store.places.update == f"{url}/described"


def test_the_graph_store_protocol_is_the_second_choice() -> None:
    with answering(lambda request: request.path == "/data?default") as url:
        store = open_store(f"{url}/sparql", "generic", 10)
        assert store.note == f"Using the Graph Store Protocol at {url}/data."
        assert "some graphs in their old state" in store.kind.meanwhile


def test_the_address_of_the_store_is_enough() -> None:
    with answering(lambda request: request.path == "/update") as url:
        store = open_store(url, "generic", 10)
        assert (store.url, store.places.update) == (f"{url}/sparql", f"{url}/update")


def test_a_store_that_can_only_be_asked_is_told_from_one_that_can_be_written_to() -> None:
    with (
        answering(lambda _: False) as url,
        pytest.raises(JhaanError, match="no address for updates was found") as error,
    ):
        open_store(f"{url}/sparql", "generic", 10)
    assert error.value.exit_code == 2


def test_what_answers_no_queries_is_no_store() -> None:
    with answering(lambda _: True) as url, pytest.raises(ServiceError, match="answered with"):
        open_store(f"{url}/nothing", "generic", 10)
