"""Answers that a store has cut are told from those that are whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from numbered import graph, numbers, rows
from pyoxigraph import Literal, Store

from endpoints import JSON, Request, Response, forward, responding
from jhaan_kg.errors import ServiceError
from jhaan_kg.query.endpoint import EndpointEngine, count_queries, find_limit
from jhaan_kg.query.engine import StoreEngine
from servers.oxigraph import oxigraph, saved


@pytest.fixture(scope="module")
def engine() -> StoreEngine:
    store = Store()
    store.extend(numbers(1234))
    return StoreEngine(store)


SELECTS = [
    "SELECT ?n { ?n <urn:is> ?i }",
    "SELECT * WHERE { ?n <urn:is> ?i . OPTIONAL { ?n <urn:of> ?kind } } ORDER BY ?kind # LIMIT 3",
    "PREFIX u: <urn:> SELECT DISTINCT ?kind { ?n u:is ?i . OPTIONAL { ?n u:of ?kind } }",
    "SELECT ?kind (COUNT(?n) AS ?jhaan) { ?n <urn:of> ?kind } GROUP BY ?kind HAVING (COUNT(?n) > 1)",
    "BASE <urn:>\nSELECT ?n { ?n <is> ?i { SELECT ?n { ?n <of> <even> } LIMIT 77 } } OFFSET 7 LIMIT 30",
    "SELECT ?n ?x { ?n <urn:is> ?i } VALUES (?i ?x) { (1 UNDEF) (2 'FROM') (2 'SELECT {') }",
    "SELECT ?n { ?n <urn:is> -1 }",
]
CONSTRUCTS = [
    "CONSTRUCT { ?n a ?i } WHERE { ?n <urn:is> ?i }",
    "CONSTRUCT WHERE { ?n <urn:is> ?i ; <urn:of> ?kind } LIMIT 50",
    "PREFIX u: <urn:> CONSTRUCT { ?n u:p ?i, -1 ; u:kind ?kind . u:a u:b u:c } "
    "{ ?n u:is ?i . OPTIONAL { ?n u:of ?kind } }",
    "CONSTRUCT { ?kind <urn:p> 'WHERE { FROM' } { ?n <urn:of> ?kind }",
]


@pytest.mark.parametrize("query", [*SELECTS, *CONSTRUCTS])
def test_rows_and_triples_are_counted(engine: StoreEngine, query: str) -> None:
    count = count_queries(query)
    assert count is not None
    queries, total = count
    for asked in queries:
        ((number,),) = engine.select(asked).rows
        assert isinstance(number, Literal)
        total += int(number.value)
    found = set(engine.construct(query)) if query in CONSTRUCTS else engine.select(query).rows
    assert total == len(found)


@pytest.mark.parametrize(
    "query",
    [
        "DESCRIBE <urn:n1>",
        "SELECT ?n FROM <urn:g> { ?n <urn:is> ?i }",
        "CONSTRUCT { ?n a ?i } FROM <urn:g> WHERE { ?n <urn:is> ?i }",
        "CONSTRUCT FROM <urn:g> WHERE { ?n <urn:is> ?i }",
        "CONSTRUCT { _:b <urn:of> ?n } WHERE { ?n <urn:is> ?i }",
        "CONSTRUCT { [] <urn:of> ?n } WHERE { ?n <urn:is> ?i }",
        "CONSTRUCT",
        "",
    ],
)
def test_what_can_not_be_counted(query: str) -> None:
    assert count_queries(query) is None


# --- stores that cut ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with oxigraph(saved(tmp_path_factory.mktemp("numbers"), numbers(1234)), read_only=True) as server:
        yield server.query


@contextmanager
def cut(url: str, limit: int, *, counts: bool = True) -> Iterator[str]:
    """Put a door before an endpoint that lets through the beginning of each answer only, without a sign."""

    def respond(request: Request) -> Response:
        if "COUNT(" in request.query and not counts:
            return Response(b"", "", 500)
        whole = forward(url, request, request.form)
        if whole.media_type != JSON:
            return whole._replace(body=b"".join(whole.body.splitlines(keepends=True)[:limit]))
        found = json.loads(whole.body)
        del found["results"]["bindings"][limit:]
        return whole._replace(body=json.dumps(found).encode())

    with responding(respond) as address:
        yield address


@pytest.mark.parametrize(
    ("limit", "what"), [(100, "rows"), (1000, "rows"), (1200, "rows"), (1000, "triples"), (1001, "triples")]
)
def test_rows_and_triples_that_are_missing(whole: str, limit: int, what: str) -> None:
    message = rf"returned only {limit:,} of 1,234 {what}\."
    with cut(whole, limit) as url:
        engine = EndpointEngine(url)
        ask = partial(engine.select, rows()) if what == "rows" else partial(engine.construct, graph())
        with pytest.raises(ServiceError, match=message):
            ask()


def test_what_is_as_long_as_a_limit_and_whole(whole: str) -> None:
    with cut(whole, 1000) as url:
        engine = EndpointEngine(url)
        assert len(engine.select(rows("FILTER(?i < 1000)")).rows) == 1000
        assert len(engine.construct(graph("FILTER(?i < 1000)"))) == 1000


@pytest.mark.parametrize("tail", ["FILTER(?i < 99)", "FILTER(?i < 101)", "", "} LIMIT 1000 #"])
def test_other_numbers_and_limits_of_the_query_need_no_count(whole: str, tail: str) -> None:
    with cut(whole, 5000, counts=False) as url:
        assert EndpointEngine(url).select(rows(tail) + "\n").rows


@pytest.mark.parametrize(
    ("query", "limit"),
    [
        ("SELECT ?s { ?s ?p ?o } limit 100 OFFSET 3", 100),
        ("SELECT ?s { ?s ?p ?o } # LIMIT 100", None),
        ("SELECT ?s { { SELECT ?s { ?s ?p ?o } LIMIT 100 } }", None),
    ],
)
def test_the_limit_of_a_query_itself(query: str, limit: int | None) -> None:
    assert find_limit(query) == limit


def test_a_description_that_is_as_long_as_a_limit(whole: str) -> None:
    with cut(whole, 100) as url, pytest.raises(ServiceError, match="cannot be counted"):
        EndpointEngine(url).construct("DESCRIBE ?n { ?n <urn:is> ?i }")


def test_a_limit_that_a_header_names_and_that_is_not_round() -> None:
    """As Virtuoso does with `maxrows=7`; the count goes through the same door, and has one row."""

    def respond(request: Request) -> Response:
        counts = "COUNT(" in request.query
        found = [{"n": {"type": "literal", "value": "8"}}] * (1 if counts else 7)
        data = json.dumps({"head": {"vars": ["n"]}, "results": {"bindings": found}}).encode()
        return Response(data, headers={} if counts else {"X-SPARQL-MaxRows": "7"})

    with responding(respond) as url:
        with pytest.raises(ServiceError, match=r"returned only 7 of 8 rows"):
            EndpointEngine(url).select(rows())
        assert len(EndpointEngine(url).select(rows() + " LIMIT 7").rows) == 7
