"""An endpoint: the same answers as from the built-in engine, and errors with a remedy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from meetings_graph import QUERIES, stored, term
from pyoxigraph import Literal, Quad, Store, Triple

from endpoints import Request, Response, responding, standard_only
from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.namespaces import GRAPH, PREFIXES, jhaan
from jhaan_kg.query.cite import cite
from jhaan_kg.query.endpoint import EndpointEngine, with_all_graphs, with_prefixes
from jhaan_kg.query.engine import StoreEngine, answer
from servers.oxigraph import oxigraph, saved

AGENCIES = {"Alba", "Brig", "Cone-X", "Dora"}
ALL_AGENCIES = "SELECT ?label { ?agency a jhaan:Agency ; rdfs:label ?label }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, quads: list[Quad]) -> Path:
    return saved(tmp_path_factory.mktemp("meetings"), quads)


@pytest.fixture(scope="module")
def strict(folder: Path) -> Iterator[str]:
    """An endpoint whose default graph is empty, but which knows the parameter of Oxigraph."""
    with oxigraph(folder, read_only=True) as server:
        yield server.query


@pytest.fixture(scope="module", params=["union", "strict", "standard", "fussy"])
def url(request: pytest.FixtureRequest, folder: Path, strict: str) -> Iterator[str]:
    """Endpoints that take the default graph in different ways."""
    match request.param:
        case "union":
            with oxigraph(folder, union=True, read_only=True) as server:
                yield server.query
        case "strict":
            yield strict
        case "standard":
            with standard_only(strict) as address:
                yield address
        case _:
            with standard_only(strict, refused=400) as address:
                yield address


@pytest.mark.parametrize("name", QUERIES)
def test_it_answers_and_cites_as_the_embedded_engine(name: str, url: str, store: Store) -> None:
    query, embedded = stored(name), StoreEngine(store)
    given = {"event": [term("event2023:autumn")]}
    values = {parameter.name: given.get(parameter.name) for parameter in query.parameters}
    endpoint = with_all_graphs(EndpointEngine(url), evidence=True)
    first, second = answer(embedded, query, values), answer(endpoint, query, values)
    assert first == second
    assert first.rows
    assert cite(embedded, query, values, first) == cite(endpoint, query, values, second)


def test_a_list_of_graphs_leaves_evidence_out_unless_it_is_needed(strict: str) -> None:
    is_assertion = f"ASK {{ ?a a {jhaan('Assertion')} }}"
    with standard_only(strict) as url:
        engine = EndpointEngine(url)
        assert not engine.ask(is_assertion)
        assert not with_all_graphs(engine, evidence=False).ask(is_assertion)
        assert with_all_graphs(engine, evidence=True).ask(is_assertion)


def test_graphs_that_the_address_names_are_asked(strict: str) -> None:
    url = f"{strict}?default-graph-uri={GRAPH}register/agencies"
    engine = with_all_graphs(EndpointEngine(url, prefixes=PREFIXES), evidence=False)
    assert {label.value for (label,) in engine.select(ALL_AGENCIES).rows} == AGENCIES  # type: ignore[union-attr]
    assert not engine.ask("ASK { ?part jhaan:inEvent ?event }")


@pytest.mark.parametrize("ending", ["", "/", "/query"])
def test_the_address_of_the_store_is_enough(ending: str, strict: str) -> None:
    url = strict.removesuffix("/query") + ending
    engine = with_all_graphs(EndpointEngine(url, prefixes=PREFIXES), evidence=True)
    assert engine.url in (strict, strict.replace("/query", "/sparql"))  # it takes them at both
    assert {label.value for (label,) in engine.select(ALL_AGENCIES).rows} == AGENCIES  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("status", "tried"), [(404, ["/ds", "/ds/sparql", "/ds/query"]), (401, ["/ds"]), (503, ["/ds"] * 3)]
)
def test_where_no_address_takes_queries_the_given_one_is_named(status: int, tried: list[str]) -> None:
    seen = []

    def refuse(request: Request) -> Response:
        seen.append(request.path)
        return Response(status=status)

    with (
        responding(refuse) as url,
        pytest.raises(ServiceError, match=rf"{url}/ds answered with status {status}"),
    ):
        with_all_graphs(EndpointEngine(f"{url}/ds"), evidence=False)
    assert seen == tried


def test_the_flat_graph_answers_but_cites_nothing(tmp_path: Path, quads: list[Quad]) -> None:
    flat = [Quad(*quad.triple) for quad in quads]
    with oxigraph(saved(tmp_path, flat)) as server:
        engine = EndpointEngine(server.query, prefixes=PREFIXES)
        assert len(with_all_graphs(engine, evidence=False).select(ALL_AGENCIES).rows) == len(AGENCIES)
        with pytest.raises(JhaanError, match=r"sources cannot be cited.* jhaan export nquads"):
            with_all_graphs(engine, evidence=True)


def test_a_store_without_our_graph_is_said(tmp_path: Path) -> None:
    with (
        oxigraph(saved(tmp_path, [])) as server,
        pytest.raises(JhaanError, match=r"does not contain this graph.*jhaan export nquads"),
    ):
        with_all_graphs(EndpointEngine(server.query), evidence=False)


def test_the_other_forms_and_terms(strict: str) -> None:
    engine = EndpointEngine(strict, dataset=[("union-default-graph", "true")], prefixes=PREFIXES)
    (triple,) = engine.construct("CONSTRUCT { agency:alba rdfs:label 'é\"\\n'@fr } { }")
    assert triple == Triple(term("agency:alba"), term("rdfs:label"), Literal('é"\n', language="fr"))
    assert engine.construct("CONSTRUCT { ?s a ?o } { ?s a jhaan:Nothing ; a ?o }") == []
    assert engine.select("SELECT ?x ?y { VALUES (?x ?y) { (1 UNDEF) } }").rows == ((Literal(1), None),)
    assert engine.select("SELECT ?x { ?x a jhaan:Nothing }").rows == ()
    assert len(engine.construct("DESCRIBE agency:dora")) > 1


def test_a_long_query_goes_through(strict: str) -> None:
    names = " ".join(f'"{number}"' for number in range(20_000))
    rows = EndpointEngine(strict).select(f"SELECT (COUNT(?x) AS ?n) {{ VALUES ?x {{ {names} }} }}").rows
    assert rows == ((Literal(20_000),),)


# --- faults --------------------------------------------------------------------------------------------------------

ROWS = b'{"head": {"vars": ["x"]}, "results": {"bindings": []}}'


def rows_of(number: int) -> bytes:
    return ROWS.replace(b"[]", b"[" + b",".join([b"{}"] * number) + b"]")


REFUSED = Response(b"Virtuoso: \x1b[31mno such\nfunction", "text/plain", 400)
XML = Response(b"<sparql/>", "application/sparql-results+xml")
STOPPED = Response(ROWS, headers={"X-SQL-State": "S1TAT", "X-SQL-Message": "time is up"})
CUT = Response(rows_of(2), headers={"X-SPARQL-MaxRows": "2"})
FAULTS = {
    "refused": (
        REFUSED,
        r"status 400: Virtuoso: \[31mno such function\. The endpoint cannot parse the query\.",
    ),
    "none": (Response(b"", "", 404), r"status 404\. Check the URL\. It often ends in /sparql or /query\."),
    "xml": (XML, r'answered with "application/sparql-results\+xml" instead of'),
    "part": (Response(ROWS, status=206), r"status 206, so the answer may be incomplete\. Ask for less"),
    "stopped": (STOPPED, r"only a part of the answer \(time is up\)\. Ask for less\."),
    "cut": (CUT, r"returned 2 rows, which is its limit\. The answer may be incomplete\. Ask for less"),
    "no-json": (Response(b"hello"), r"sent an answer that is incomplete or not valid\."),
    "boolean": (Response(b'{"head": {}, "boolean": true}'), r"incomplete or not valid"),
    "long": (Response(ROWS + b" " * 2**14), r"sent more than 16,384 bytes\."),
    "escapes": (Response(b"\x1b[31m"), r"not valid\. [^\x1b]*$"),
}
"""What an endpoint sends, and what is said of it."""

OTHERS = {
    "long-truth": Response(b" " * 2**16 + b'{"head": {}, "boolean": true}'),
    "triples": Response(b"<urn:a> <urn:b> <urn:c> .\n" * 37, "application/n-triples"),
    "odd-limit": Response(rows_of(2), headers={"X-SPARQL-MaxRows": "9" * 5000}),
    "below": Response(rows_of(2), headers={"X-SPARQL-MaxRows": "3"}),
    "torn-triples": Response(b"<urn:a> <urn:b> <urn:c> .\n", "application/n-triples", length=1000),
}


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jhaan_kg.web.RETRIES.backoff_factor", 0)


@pytest.fixture(scope="module")
def faulty() -> Iterator[str]:
    def respond(request: Request) -> Response | None:
        name = request.path.strip("/")
        return FAULTS[name][0] if name in FAULTS else OTHERS[name]

    with responding(respond) as url:
        yield url


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_says_what_to_do(fault: str, faulty: str) -> None:
    with pytest.raises(ServiceError, match=FAULTS[fault][1]) as caught:
        EndpointEngine(f"{faulty}/{fault}", timeout=0.5, largest=2**14).select("SELECT ?x { }")
    assert str(caught.value).startswith(f"The endpoint {faulty}/{fault} ")
    assert caught.value.exit_code == 3
    assert caught.value.__cause__ is None


def test_a_truth_value_or_a_graph_without_end(faulty: str) -> None:
    with pytest.raises(ServiceError, match="sent more than 65,536 bytes"):
        EndpointEngine(f"{faulty}/long-truth").ask("ASK { }")
    with pytest.raises(ServiceError, match="sent more than 100 bytes"):
        EndpointEngine(f"{faulty}/triples", largest=100).construct("CONSTRUCT WHERE { ?s ?p ?o }")


def test_a_graph_that_virtuoso_cuts_without_notice() -> None:
    """Virtuoso states its limit only in answers to SELECT queries."""

    def respond(request: Request) -> Response:
        if "CONSTRUCT" in request.query:
            return Response(
                b"<urn:a> <urn:b> <urn:c> .\n" * 7, "application/n-triples", 200, {"Server": "Virtuoso/07"}
            )
        return Response(rows_of(limit), headers={"X-SPARQL-MaxRows": str(limit)})

    with responding(respond) as url:
        for limit in (6, 7):  # noqa: B007 - the server returns it
            with pytest.raises(ServiceError, match="returned 7 triples, which is its limit"):
                EndpointEngine(url).construct("CONSTRUCT WHERE { ?s ?p ?o }")
        limit = 8
        assert len(EndpointEngine(url).construct("CONSTRUCT WHERE { ?s ?p ?o }")) == 7


def test_what_is_whole_is_known_by_limits_and_lengths(faulty: str) -> None:
    """Half a graph may end with a whole triple, so that only its length tells."""
    for name in ("below", "odd-limit"):
        assert len(EndpointEngine(f"{faulty}/{name}").select("SELECT ?x { }").rows) == 2
    with pytest.raises(ServiceError, match="sent an incomplete answer"):
        EndpointEngine(f"{faulty}/torn-triples").construct("CONSTRUCT WHERE { ?s ?p ?o }")


@pytest.mark.parametrize(
    ("url", "timeout", "message"),
    [
        ("ftp://example.org/sparql", 1, "must begin with http:// or https://"),
        ("http:///sparql", 1, "must have a host"),
        ("http://example.org:port/", 1, "The URL is not valid"),
        ("http://exämple.org/", 1, "no spaces and only ASCII characters"),
        ("http://me:secret@example.org/", 1, "must not contain a name or password"),
        *(("http://example.org/", timeout, "must be above 0 seconds") for timeout in (0, -1, float("nan"))),
    ],
)
def test_an_address_or_a_timeout_that_is_none(url: str, timeout: float, message: str) -> None:
    with pytest.raises(JhaanError, match=message) as caught:
        EndpointEngine(url, timeout=timeout)
    assert "secret" not in str(caught.value)
    for good in ("HTTPS://example.org/", "http://[::1]:8080/sparql?a=b"):
        assert EndpointEngine(good).url == good


@pytest.mark.parametrize(
    ("query", "declared"),
    [
        ("ASK { ?x a jhaan:Agency ; jhaan:role org:Role }", "jhaan org"),
        ("PREFIX  jhaan: <http://e.org/>\nASK { ?x a jhaan:Agency }", ""),
        ("ASK { ?x a 'jhaan:Agency' } # jhaan:Agency", ""),
        ("ASK { ?x a unknown:Thing }", ""),
    ],
)
def test_the_prefixes_that_a_query_lacks_are_declared_on_its_first_line(query: str, declared: str) -> None:
    lines = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in declared.split())
    assert with_prefixes(query, PREFIXES) == lines + query
