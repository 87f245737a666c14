"""The server over real sockets: what the protocols of SPARQL and HTTP ask of it, and that what it answers is true."""

from __future__ import annotations

import csv
import io
import json
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPResponse
from pathlib import Path
from time import monotonic
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

import pytest
import rdflib
import requests
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)
from serving import Serving, serving

import hard_graph
from jhaan_kg.build.cache import open_snapshot, store_for
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.namespaces import DCTERMS, GRAPH, ID, ONTOLOGY, RDF
from jhaan_kg.query.run import Row, StoreEngine
from jhaan_kg.rdflib_terms import quiet_rdflib, to_rdflib
from jhaan_kg.serve.formats import BOOLEAN, GRAPHS, ROWS, content_type

pytestmark = pytest.mark.slow

SECONDS: Final = 60
JSON: Final = "application/sparql-results+json"
DIRECT: Final = "application/sparql-query"
FORM: Final = "application/x-www-form-urlencoded"
UPDATE: Final = "application/sparql-update"
ORIGIN: Final = {"Origin": "https://example.org"}

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
VOID: Final = "http://rdfs.org/ns/void#"
FORMATS: Final = "http://www.w3.org/ns/formats/"

EVERYTHING: Final = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
LONG: Final = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
"""A query that goes on until it is ended."""

SOLUTIONS: Final = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "tsv": QueryResultsFormat.TSV,
}
TRIPLES: Final = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
}
BY_RDFLIB: Final = {"turtle": "turtle", "ntriples": "nt", "jsonld": "json-ld", "rdfxml": "xml"}


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    """What is served."""
    return open_snapshot()


@pytest.fixture(scope="module")
def engine(snapshot: Snapshot) -> StoreEngine:
    """The embedded engine, which holds the same."""
    return StoreEngine(store_for(snapshot, evidence=True, context=True))


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, Snapshot]]:
    """A server of odd values, some of which are in two graphs."""
    folder = tmp_path_factory.mktemp("hard")
    made = hard_graph.snapshot(folder / "snapshot", controls=False)
    with serving(folder, "--snapshot", str(made.path)) as running:
        yield running, made


PUBLIC: Final = "https://example.org/jhaan"


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server behind a proxy, with room for one query of a client."""
    options = ("--per-client", "1", "--public-url", PUBLIC, "--behind-proxy")
    with serving(tmp_path_factory.mktemp("narrow"), *options) as running:
        yield running


def get(
    server: Serving, place: str, accept: str | None = None, method: str = "GET", **options: Any
) -> requests.Response:
    """Ask for a place of the server; without `accept` the client says nothing of what it would like."""
    headers = {"Accept": accept, **options.pop("headers", {})}
    return requests.request(method, server.url + place, headers=headers, timeout=SECONDS, **options)


def ask(server: Serving, query: str, accept: str = JSON, **parameters: Any) -> requests.Response:
    """Send a query by GET, with other parameters of the protocol."""
    return get(server, "/sparql", accept, params={"query": query, **parameters})


def counted(answer: requests.Response) -> int:
    """Give the only number of an answer in JSON."""
    assert answer.status_code == 200, answer.text
    ((only,),) = (row.values() for row in answer.json()["results"]["bindings"])
    return int(only["value"])


def is_refused(answer: requests.Response, status: int) -> None:
    """Make sure that an answer says in plain words why there is none."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.endswith("\n")
    assert answer.text.strip()
    assert "Traceback" not in answer.text
    assert "This should not happen" not in answer.text


# --- raw requests ------------------------------------------------------------------------------------------------


class Got(NamedTuple):
    """An answer as it comes over a socket."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Unclosed(io.BytesIO):
    """Bytes of more than one answer: the reader of one would close them for the next."""

    def close(self) -> None:
        """Stay open."""


class _Bytes:
    """What http.client takes for a socket."""

    def __init__(self, data: bytes) -> None:
        self.file = _Unclosed(data)

    def makefile(self, *_: object) -> io.BytesIO:
        """Give the bytes."""
        return self.file


@contextmanager
def connected(server: Serving) -> Iterator[socket.socket]:
    """Connect to the server, and send each piece at once."""
    place = urlsplit(server.url)
    assert place.hostname is not None
    with socket.create_connection((place.hostname, place.port or 80), SECONDS) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield connection


def until_closed(connection: socket.socket) -> bytes:
    """Read what comes until the server closes the connection."""
    return b"".join(iter(lambda: connection.recv(1 << 16), b""))


def answers(data: bytes, *methods: str) -> list[Got]:
    """Read the answers to requests of these methods, and make sure that there are no more."""
    source, found = _Bytes(data), []
    for method in methods:
        answer = HTTPResponse(source, method=method)  # type: ignore[arg-type]
        answer.begin()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        found.append(Got(answer.status, headers, answer.read()))
    assert source.file.read() == b""
    return found


def head(*lines: str, close: bool = True) -> bytes:
    """Write the head of a request."""
    ends = ["Connection: close"] if close else []
    return "".join(f"{line}\r\n" for line in (*lines, *ends, "")).encode()


def exchange(server: Serving, request: bytes, method: str = "GET") -> Got:
    """Send one request, and read its answer."""
    with connected(server) as connection:
        connection.sendall(request)
        return answers(until_closed(connection), method)[0]


# --- the tests of W3C: https://github.com/w3c/rdf-tests/tree/main/sparql/sparql11/protocol -----------------------

DATA: Final = {
    0: (GRAPH + "register/agencies", ID + "agency/cepol"),
    1: (GRAPH + "register/bodies", ID + "body/belgian-council-presidency"),
    2: (GRAPH + "register/places", ID + "country/austria"),
    3: (GRAPH + "register/topics", ID + "topic/ai-for-energy-efficiency"),
}
"""What stands for their data0.rdf and so on: a graph, and a thing whose class it says."""

_D1, _D2, _D3 = (f"<{DATA[number][1]}> a ?type{number}" for number in (1, 2, 3))
_DEFAULT_GRAPHS: Final = f"ASK {{ {_D1} . {_D2} . }}"
_NAMED_GRAPHS: Final = f"ASK {{ GRAPH ?g1 {{ {_D1} }} GRAPH ?g2 {{ {_D2} }} }}"
_FULL: Final = f"ASK {{ {_D3} GRAPH ?g1 {{ {_D1} }} GRAPH ?g2 {{ {_D2} }} }}"
_MULTIPLE: Final = f"ASK FROM <{DATA[3][0]}> {{ GRAPH ?g1 {{ {_D1} }} GRAPH ?g2 {{ {_D2} }} }}"


def _parameters(query: str = "", default: Sequence[int] = (), named: Sequence[int] = ()) -> str:
    """Write parameters as the tests of W3C do."""
    return "&".join(
        f"{name}={quote(value, safe='')}"
        for name, value in (
            *([("query", query)] if query else []),
            *(("default-graph-uri", DATA[number][0]) for number in default),
            *(("named-graph-uri", DATA[number][0]) for number in named),
        )
    )


W3C: Final = {
    "query_get": ("GET", _parameters("ASK {}", [0]), None, ""),
    "query_post_form": ("POST", _parameters(default=[0]), FORM, "query=ASK%20%7B%7D"),
    "query_post_direct": ("POST", _parameters(default=[0]), DIRECT, "ASK {}"),
    "query_dataset_default_graphs_get": ("GET", _parameters(_DEFAULT_GRAPHS, [1, 2]), None, ""),
    "query_dataset_default_graphs_post": ("POST", _parameters(default=[1, 2]), DIRECT, _DEFAULT_GRAPHS),
    "query_dataset_named_graphs_get": ("GET", _parameters(_NAMED_GRAPHS, named=[1, 2]), None, ""),
    "query_dataset_named_graphs_post": ("POST", _parameters(named=[1, 2]), DIRECT, _NAMED_GRAPHS),
    "query_dataset_full": ("POST", _parameters(default=[3], named=[1, 2]), DIRECT, _FULL),
    # W3C's own encodes the & between two parameters, which makes one IRI of them that nobody has
    "query_multiple_dataset": ("POST", _parameters(named=[1, 2]), DIRECT, _MULTIPLE),
}


@pytest.mark.parametrize(("method", "parameters", "kind", "body"), W3C.values(), ids=W3C)
def test_w3c_queries_are_true(
    server: Serving, method: str, parameters: str, kind: str | None, body: str
) -> None:
    answer = get(server, f"/sparql?{parameters}", method=method, data=body, headers={"Content-Type": kind})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] in BOOLEAN
    assert answer.json()["boolean"] is True


@pytest.mark.parametrize(
    ("query", "default", "named"),
    [
        pytest.param(_DEFAULT_GRAPHS, [1], [], id="a default graph too few"),
        pytest.param(_DEFAULT_GRAPHS, [], [1, 2], id="named graphs are not the default graph"),
        pytest.param(_NAMED_GRAPHS, [], [1], id="a named graph too few"),
        pytest.param(_NAMED_GRAPHS, [1, 2], [], id="default graphs have no name"),
        pytest.param(_FULL, [0], [1, 2], id="another default graph"),
        pytest.param(_MULTIPLE, [3], [1], id="the graphs of the query don't come on top"),
    ],
)
def test_w3c_queries_of_other_datasets_are_false(
    server: Serving, query: str, default: list[int], named: list[int]
) -> None:
    """Otherwise the tests of W3C would pass where nobody looks at the dataset."""
    assert get(server, f"/sparql?{_parameters(query, default, named)}").json() == {
        "head": {},
        "boolean": False,
    }


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        pytest.param("SELECT (1 AS ?value) {}", ROWS, id="query_content_type_select"),
        pytest.param("ASK {}", BOOLEAN, id="query_content_type_ask"),
        pytest.param("DESCRIBE <http://example.org/>", GRAPHS, id="query_content_type_describe"),
        # W3C's own has relative IRIs, and a query that is sent has no base of its own that clients could know
        pytest.param(
            "BASE <http://example.org/> CONSTRUCT { <s> <p> 1 } WHERE {}",
            GRAPHS,
            id="query_content_type_construct",
        ),
    ],
)
def test_w3c_content_types(server: Serving, query: str, offered: Mapping[str, str]) -> None:
    place = f"/sparql?{_parameters(default=[0])}"
    answer = get(server, place, method="POST", data=query, headers={"Content-Type": DIRECT})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] in map(content_type, offered)


_UPDATES: Final = [
    *("update_dataset_default_graph", "update_dataset_default_graphs", "update_dataset_named_graphs"),
    *("update_dataset_full", "update_post_direct", "update_base_uri"),
]

W3C_REFUSED: Final = {
    "bad_query_method": (405, "PUT", _parameters("ASK {}", [0]), FORM, b""),
    "bad_multiple_queries": (400, "GET", "query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D", None, b""),
    "bad_query_wrong_media_type": (415, "POST", "", "text/plain", b"ASK {}"),
    "bad_query_missing_form_type": (415, "POST", "", None, b"query=ASK%20%7B%7D"),
    "bad_query_missing_direct_type": (415, "POST", "", None, b"ASK {}"),
    "bad_query_non_utf8": (415, "POST", "", f"{DIRECT}; charset=UTF-16", "ASK {}".encode("utf-16")),
    "bad_query_syntax": (400, "GET", "query=ASK%20%7B", None, b""),
    **dict.fromkeys(_UPDATES, (403, "POST", "", UPDATE, b"CLEAR ALL")),
    "update_dataset with graphs": (403, "POST", "using-graph-uri=urn%3Aa", UPDATE, b"CLEAR ALL"),
    "update_post_form": (403, "POST", "", FORM, b"update=CLEAR%20ALL"),
    "bad_update_get": (403, "GET", "update=CLEAR%20ALL", None, b""),
    "bad_multiple_updates": (403, "POST", "", FORM, b"update=CLEAR%20NAMED&update=CLEAR%20DEFAULT"),
    "bad_update_wrong_media_type": (415, "POST", "", "text/plain", b"CLEAR NAMED"),
    "bad_update_missing_form_type": (415, "POST", "", None, b"update=CLEAR%20NAMED"),
    "bad_update_non_utf8": (403, "POST", "", f"{UPDATE}; charset=UTF-16", "CLEAR NAMED".encode("utf-16")),
    "bad_update_syntax": (403, "POST", "", FORM, b"update=CLEAR%20XYZ"),
    "bad_update_dataset_conflict": (
        *(403, "POST", "using-named-graph-uri=http%3A%2F%2Fexample%2Fpeople", FORM),
        b"update=WITH%20%3Curn:a%3E%20DELETE%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20WHERE%20%7B%7D",
    ),
}


@pytest.mark.parametrize(
    ("status", "method", "parameters", "kind", "body"), W3C_REFUSED.values(), ids=W3C_REFUSED
)
def test_w3c_refusals(
    server: Serving, status: int, method: str, parameters: str, kind: str | None, body: bytes
) -> None:
    """Updates are refused, good and bad ones."""
    headers = {"Content-Type": kind}
    is_refused(get(server, f"/sparql?{parameters}", method=method, data=body, headers=headers), status)


# --- SPARQL 1.1 Protocol ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "place", "kind", "body"),
    [
        pytest.param("GET", "/sparql?query={}", None, "", id="GET"),
        pytest.param("POST", "/sparql", FORM, "query={}", id="a form"),
        pytest.param("POST", "/sparql", f"{FORM}; charset=UTF-8", "query={}", id="a form with a charset"),
    ],
)
def test_what_is_encoded_is_decoded_once(
    server: Serving, method: str, place: str, kind: str | None, body: str
) -> None:
    text = "100%41 + caf\u00e9 & \U0001f1ea\U0001f1fa = %2B"
    encoded = quote(f'SELECT ("{text}" AS ?x) {{}}', safe="")
    assert "100%2541" in encoded
    answer = get(
        *(server, place.format(encoded), JSON, method),
        data=body.format(encoded),
        headers={"Content-Type": kind},
    )
    assert answer.json()["results"]["bindings"] == [{"x": {"type": "literal", "value": text}}]


@pytest.mark.parametrize("kind", [DIRECT, f'{DIRECT}; charset="utf-8"'])
def test_a_body_is_not_decoded(server: Serving, kind: str) -> None:
    body = 'SELECT ("100%2541+\u00e9" AS ?x) {}'.encode()
    answer = get(server, "/sparql", JSON, "POST", data=body, headers={"Content-Type": kind})
    assert answer.json()["results"]["bindings"][0]["x"]["value"] == "100%2541+\u00e9"


_AGENCIES, _BODIES = DATA[0][0], DATA[1][0]


@pytest.mark.parametrize("pattern", ["?s ?p ?o", "GRAPH ?g { ?s ?p ?o }"])
@pytest.mark.parametrize(
    ("default", "named"),
    [
        pytest.param([_AGENCIES], [], id="one"),
        pytest.param([_AGENCIES, _BODIES], [], id="two"),
        pytest.param([], [_AGENCIES], id="one by name"),
        pytest.param([], [_AGENCIES, _BODIES], id="two by name"),
        pytest.param([_AGENCIES], [_BODIES], id="both"),
        pytest.param([_AGENCIES], [_AGENCIES], id="the same for both"),
    ],
)
def test_the_protocol_chooses_graphs_as_a_query_does(
    server: Serving, snapshot: Snapshot, default: list[str], named: list[str], pattern: str
) -> None:
    """The default graph is no more than what is chosen for it, and empty if nothing is."""
    sizes = {file.graph: file.triples for file in snapshot.graphs}
    clauses = " ".join(
        [f"FROM <{graph}>" for graph in default] + [f"FROM NAMED <{graph}>" for graph in named]
    )
    chosen = {"default-graph-uri": default, "named-graph-uri": named}
    expected = sum(sizes[graph] for graph in (named if "GRAPH" in pattern else default))
    select = "SELECT (COUNT(*) AS ?n)"
    assert counted(ask(server, f"{select} {clauses} {{ {pattern} }}")) == expected
    assert counted(ask(server, f"{select} {{ {pattern} }}", JSON, **chosen)) == expected
    # the protocol's choice wins over the query's (section 2.1.4)
    other = f"{select} FROM <{DATA[2][0]}> FROM NAMED <{DATA[3][0]}> {{ {pattern} }}"
    assert counted(ask(server, other, JSON, **chosen)) == expected


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_a_graph_that_is_not_there_is_refused(server: Serving, name: str) -> None:
    is_refused(ask(server, "ASK {}", **{name: GRAPH + "nothing"}), 400)
    clause = "FROM" if name.startswith("default") else "FROM NAMED"
    is_refused(ask(server, f"ASK {clause} <{GRAPH}nothing> {{}}"), 400)


def test_the_default_graph_is_the_union_of_the_named_graphs(
    server: Serving, snapshot: Snapshot, engine: StoreEngine
) -> None:
    total = snapshot.triples(evidence=True)
    assert counted(ask(server, EVERYTHING)) == total
    assert counted(ask(server, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")) == total
    assert engine.select(EVERYTHING).rows == ((Literal(total),),)


def test_no_two_graphs_of_the_release_have_a_triple_in_common(server: Serving) -> None:
    """As long as this is so, it makes no difference how an engine makes the union."""
    different = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } }"
    assert counted(ask(server, different)) == counted(ask(server, EVERYTHING))


# --- what is refused -----------------------------------------------------------------------------------------------

_UNKNOWN: Final = quote(GRAPH + "nothing", safe="")
REFUSED: Final[dict[str, tuple[int, str, str, dict[str, Any]]]] = {
    "no query": (400, "GET", "/sparql?format=json", {}),
    "two queries": (400, "GET", "/sparql?query=ASK+{}&query=ASK+{}", {}),
    "a query that can't be read": (400, "GET", "/sparql?query=SELECT+{", {}),
    "a form and an address": (400, "POST", "/sparql?query=ASK+{}", {"data": {"query": "ASK {}"}}),
    "an address and a body": (
        *(400, "POST", "/sparql?query=ASK+{}"),
        {"data": "ASK {}", "headers": {"Content-Type": DIRECT}},
    ),
    "another service": (400, "GET", "/sparql?query=ASK+{SERVICE+<urn:a>+{}}", {}),
    "an unknown function": (400, "GET", "/sparql?query=SELECT+(<urn:a>()+AS+?x)+{}", {}),
    "an update as a query": (400, "POST", "/sparql", {"data": {"query": "CLEAR ALL"}}),
    "an update": (403, "POST", "/sparql", {"data": {"update": "CLEAR ALL"}}),
    "no place": (404, "GET", "/nowhere", {}),
    "no graph": (404, "GET", f"/graphs?graph={_UNKNOWN}", {}),
    "a wrong method": (405, "DELETE", "/sparql", {}),
    "rows as a graph": (406, "GET", "/sparql?query=SELECT+*+{}", {"accept": "text/turtle"}),
    "yes as a table": (406, "GET", "/sparql?query=ASK+{}", {"accept": "text/csv"}),
    "a graph as a table": (406, "GET", "/sparql?query=CONSTRUCT+{}+{}", {"accept": "text/csv"}),
    "nothing at all": (406, "GET", "/sparql?query=ASK+{}", {"accept": "*/*;q=0"}),
    "a picture of the service": (406, "GET", "/sparql", {"accept": "image/png"}),
    "a picture of the graph": (406, "GET", "/.well-known/void", {"accept": "image/png"}),
    "a named graph as a table": (406, "GET", "/graphs?default", {"accept": "text/csv"}),
    "too long": (413, "POST", "/sparql", {"data": b"query=" + b"x" * 2**20}),
    "another media type": (415, "POST", "/sparql", {"data": b"x", "headers": {"Content-Type": "text/plain"}}),
    "compressed": (
        *(415, "POST", "/sparql"),
        {"data": b"x", "headers": {"Content-Type": DIRECT, "Content-Encoding": "gzip"}},
    ),
    "no graph said": (400, "GET", "/graphs", {}),
    "two graphs": (400, "GET", f"/graphs?default&graph={_UNKNOWN}", {}),
    "a graph twice": (400, "GET", f"/graphs?graph={_UNKNOWN}&graph={_UNKNOWN}", {}),
    "the default graph twice": (400, "GET", "/graphs?default&default", {}),
}


@pytest.mark.parametrize(("status", "method", "place", "options"), REFUSED.values(), ids=REFUSED)
def test_refusals(server: Serving, status: int, method: str, place: str, options: dict[str, Any]) -> None:
    """Scripts of other sites may read them too, or their users would see that something failed and not what."""
    headers = {**options.get("headers", {}), **ORIGIN}
    answer = get(server, place, method=method, **{**options, "headers": headers})
    is_refused(answer, status)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_whoever_asks_too_much_at_once_is_told_so(narrow: Serving) -> None:
    with connected(narrow) as connection:
        connection.sendall(head(f"GET /sparql?query={quote(LONG)} HTTP/1.1", "Host: x"))
        _wait_for(lambda: narrow.metric('jhaan_workers{state="busy"}') == 1)
        answer = get(narrow, "/sparql?query=ASK+{}", headers=ORIGIN)
        is_refused(answer, 429)
        assert answer.headers["Retry-After"] == "1"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]
    _wait_for(lambda: get(narrow, "/sparql?query=ASK+{}").status_code == 200)


def _wait_for(condition: Callable[[], bool]) -> None:
    end = monotonic() + SECONDS
    while not condition():
        assert monotonic() < end


@pytest.mark.parametrize(
    ("place", "allowed"),
    [
        ("/sparql", "GET, HEAD, OPTIONS, POST"),
        *((place, "GET, HEAD, OPTIONS") for place in ("/graphs?default", "/.well-known/void", "/")),
    ],
)
def test_methods(server: Serving, place: str, allowed: str) -> None:
    for method in {"PUT", "POST", "DELETE", "PATCH", "BREW"} - set(allowed.split(", ")):
        refused = get(server, place, method=method, data=b"<urn:a> <urn:b> <urn:c> .")
        is_refused(refused, 405)
        assert refused.headers["Allow"] == allowed
    options = get(server, place, method="OPTIONS")
    assert (options.status_code, options.content, options.headers["Allow"]) == (204, b"", allowed)


@pytest.mark.parametrize(
    "place",
    [
        "/sparql",
        "/sparql?query=ASK+{}",
        "/sparql?query=ASK+{",
        "/sparql?query=SELECT+*+{?s+?p+?o}+LIMIT+6000",
        f"/graphs?graph={quote(_AGENCIES, safe='')}",
        "/graphs",
        "/.well-known/void",
        "/nowhere",
        "/",
    ],
)
def test_head_has_the_headers_of_get_and_no_body(server: Serving, place: str) -> None:
    with_body, without = get(server, place), get(server, place, method="HEAD")
    assert without.status_code == with_body.status_code
    assert {**without.headers, "date": ""} == {**with_body.headers, "date": ""}
    assert with_body.content
    assert without.content == b""
    raw = exchange(server, head(f"HEAD {place} HTTP/1.1", "Host: x"), "HEAD")
    assert raw.body == b""


def test_scripts_of_other_sites_may_ask(server: Serving) -> None:
    """The checks of https://fetch.spec.whatwg.org/#cors-preflight-fetch."""
    wanted = {
        **ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-own",
    }
    before = get(server, "/sparql", method="OPTIONS", headers=wanted)
    assert before.status_code in (200, 204)
    assert before.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in before.headers["Access-Control-Allow-Methods"].split(", ")
    allowed = before.headers["Access-Control-Allow-Headers"].replace(" ", "").lower().split(",")
    assert {"content-type", "x-own"} <= set(allowed)
    assert "Access-Control-Allow-Credentials" not in before.headers
    for place in (
        "/sparql",
        "/sparql?query=ASK+{}",
        f"/graphs?graph={quote(_AGENCIES)}",
        "/.well-known/void",
    ):
        answer = get(server, place, headers=ORIGIN)
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Jhaan-Release" in answer.headers["Access-Control-Expose-Headers"]


def test_scripts_of_other_sites_may_not_change_anything(server: Serving) -> None:
    wanted = {**ORIGIN, "Access-Control-Request-Method": "PUT"}
    before = get(server, "/graphs?default", method="OPTIONS", headers=wanted)
    assert "PUT" not in before.headers.get("Access-Control-Allow-Methods", "")


# --- content negotiation -------------------------------------------------------------------------------------------

SELECT: Final = f"""
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?agency ?label ?none ?number ?text {{
  ?agency a <{ONTOLOGY}Agency> ; rdfs:label ?label
  VALUES (?number ?text) {{ (1 "tab\\t, \\"quotes\\" and\\nlines") (UNDEF "<&>"@en) (0.50 UNDEF) }}
}} ORDER BY ?label ?text ?number
"""
CONSTRUCT: Final = f"""
CONSTRUCT {{ ?agency a <{ONTOLOGY}Agency> ; <{DCTERMS}title> ?label, 0.50, "<&>\\n", "1"^^<urn:x> }}
{{ ?agency a <{ONTOLOGY}Agency> ; <http://www.w3.org/2000/01/rdf-schema#label> ?label }}
"""
DESCRIBE: Final = f"DESCRIBE <{ID}agency/europol>"


def rows_of(data: bytes, form: str) -> list[Row]:
    """Read rows with a parser of others."""
    found = parse_query_results(data, format=SOLUTIONS[form])
    assert isinstance(found, QuerySolutions)
    return [tuple(row) for row in found]


def triples_of(data: bytes, form: str) -> set[Triple]:
    """Read triples of the default graph with a parser of others."""
    quads = list(parse(data, format=TRIPLES[form]))
    assert len({quad.graph_name for quad in quads}) == (1 if quads else 0)
    return {quad.triple for quad in quads}


@pytest.mark.parametrize("media", ROWS)
def test_rows_in_each_format(server: Serving, engine: StoreEngine, media: str) -> None:
    answer, expected = ask(server, SELECT, media), engine.select(SELECT)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == content_type(media)
    assert "Accept" in answer.headers["Vary"].split(", ")
    assert len(expected.rows) == 27
    if ROWS[media] == "csv":
        header, *read = csv.reader(io.StringIO(answer.content.decode("utf-8"), newline=""))
        assert tuple(header) == expected.variables
        assert read == [["" if term is None else term.value for term in row] for row in expected.rows]  # type: ignore[union-attr]
        return
    assert rows_of(answer.content, ROWS[media]) == list(expected.rows)


@pytest.mark.parametrize("media", BOOLEAN)
@pytest.mark.parametrize("query", ["ASK {}", f"ASK {{ <{ID}agency/europol> a <urn:nothing> }}"])
def test_yes_and_no_in_each_format(server: Serving, engine: StoreEngine, media: str, query: str) -> None:
    answer = ask(server, query, media)
    assert answer.headers["Content-Type"] == content_type(media)
    assert "Accept" in answer.headers["Vary"].split(", ")
    found = parse_query_results(answer.content, format=SOLUTIONS[BOOLEAN[media]])
    assert isinstance(found, QueryBoolean)
    assert bool(found) is engine.ask(query)


@pytest.mark.parametrize("media", GRAPHS)
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE], ids=["CONSTRUCT", "DESCRIBE"])
def test_graphs_in_each_format(server: Serving, engine: StoreEngine, media: str, query: str) -> None:
    answer, expected = ask(server, query, media), set(engine.construct(query))
    assert answer.headers["Content-Type"] == content_type(media)
    assert "Accept" in answer.headers["Vary"].split(", ")
    assert len(expected) > 8
    assert triples_of(answer.content, GRAPHS[media]) == expected
    if (form := BY_RDFLIB.get(GRAPHS[media])) is not None:
        with quiet_rdflib():
            read = set(rdflib.Graph().parse(data=answer.content, format=form))
            assert {_canonical(triple) for triple in read} == {
                _canonical(tuple(map(to_rdflib, triple))) for triple in expected
            }


def _canonical(triple: tuple[rdflib.term.Node, ...]) -> tuple[str, ...]:
    """Write a triple of rdflib in a way that doesn't change numbers to their usual form."""
    return tuple(
        f"{node!s}^^{node.datatype}@{node.language}" if isinstance(node, rdflib.Literal) else node.n3()
        for node in triple
    )


@pytest.mark.parametrize(
    ("query", "accept", "media"),
    [
        *(("SELECT * {}", accept, JSON) for accept in (None, "", "*/*", "application/*")),
        *(("ASK {}", accept, JSON) for accept in (None, "*/*")),
        *(
            (query, accept, "text/turtle")
            for query in ("CONSTRUCT {} {}", DESCRIBE)
            for accept in (None, "*/*")
        ),
        ("SELECT * {}", "text/*", "text/csv"),
        (
            "SELECT * {}",
            "text/csv;q=0.1, application/sparql-results+xml;q=0.2",
            "application/sparql-results+xml",
        ),
        ("SELECT * {}", "text/turtle, text/tab-separated-values;q=0.1", "text/tab-separated-values"),
        ("SELECT * {}", f"{JSON};q=0, */*;q=0.1", "application/sparql-results+xml"),
        ("ASK {}", "text/csv, application/xml;q=0.5", "application/xml"),
        ("CONSTRUCT {} {}", f"{JSON}, application/rdf+xml;q=0.3, */*;q=0.1", "application/rdf+xml"),
        (
            "CONSTRUCT {} {}",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",  # that of browsers
            "text/html",
        ),
    ],
)
def test_what_the_client_likes_best_is_given(
    server: Serving, query: str, accept: str | None, media: str
) -> None:
    answer = ask(server, query, accept)  # type: ignore[arg-type]
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, content_type(media))


def test_headers_that_come_twice_are_one_list(server: Serving) -> None:
    lines = ("Host: x", "Accept: text/turtle", "Accept: text/csv;q=0.5")
    answer = exchange(server, head("GET /sparql?query=SELECT+*+{} HTTP/1.1", *lines))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


_BAD_CHARACTER: Final = '"\\u0001"'


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        pytest.param(f"SELECT ({_BAD_CHARACTER} AS ?x) {{}}", "text/xml", id="a character that XML lacks"),
        pytest.param(
            f"CONSTRUCT {{ <urn:a> <urn:b:c> {_BAD_CHARACTER} }} {{}}",
            "application/rdf+xml",
            id="a character that RDF/XML lacks",
        ),
        pytest.param(
            "CONSTRUCT { <urn:a> <urn:1> 1 } {}", "application/rdf+xml", id="a predicate without a name"
        ),
        pytest.param(
            "CONSTRUCT { <urn:a> <https://example.org/> 1 } {}",
            "application/rdf+xml",
            id="a predicate that ends in a slash",
        ),
        pytest.param(
            f"CONSTRUCT {{ <urn:a> <{RDF}li> 1 }} {{}}", "application/rdf+xml", id="a predicate of its syntax"
        ),
    ],
)
def test_what_a_format_can_not_hold_is_refused(server: Serving, query: str, accept: str) -> None:
    """The same comes in another format; and a document that no parser reads is no answer."""
    is_refused(ask(server, query, accept), 406)
    assert ask(server, query, "*/*").status_code == 200


@pytest.mark.parametrize("media", ROWS)
def test_a_triple_as_a_value_ends_no_worker(server: Serving, media: str) -> None:
    """SPARQL 1.1 has none, but the engine does."""
    answer = ask(server, "SELECT (<<( <urn:a> <urn:b> 1 )>> AS ?x) {}", media)
    assert answer.status_code in (200, 400, 406), answer.text
    assert "has ended" not in answer.text


# --- what the service says of itself -------------------------------------------------------------------------------

PROBES: Final = {
    "SPARQL_Results_JSON": ("SELECT * {}", JSON),
    "SPARQL_Results_XML": ("SELECT * {}", "application/sparql-results+xml"),
    "SPARQL_Results_CSV": ("SELECT * {}", "text/csv"),
    "SPARQL_Results_TSV": ("SELECT * {}", "text/tab-separated-values"),
    "Turtle": (CONSTRUCT, "text/turtle"),
    "N-Triples": (CONSTRUCT, "application/n-triples"),
    "N-Quads": (CONSTRUCT, "application/n-quads"),
    "TriG": (CONSTRUCT, "application/trig"),
    "RDF_XML": (CONSTRUCT, "application/rdf+xml"),
    "JSON-LD": (CONSTRUCT, "application/ld+json"),
}
"""How to see that each format of https://www.w3.org/ns/formats/ is given."""


class Said:
    """Triples to be asked."""

    def __init__(self, triples: set[Triple]) -> None:
        self.triples = triples

    def objects(self, subject: Any, predicate: str) -> set[Any]:
        """Give the objects of a subject and a predicate."""
        found = (triple for triple in self.triples if triple.subject == subject)
        return {triple.object for triple in found if triple.predicate.value == predicate}

    def the(self, subject: Any, predicate: str) -> Any:
        """Give the only one of them."""
        (only,) = self.objects(subject, predicate)
        return only

    def subjects(self, predicate: str) -> set[Any]:
        """Give the subjects of a predicate."""
        return {triple.subject for triple in self.triples if triple.predicate.value == predicate}


@pytest.fixture(scope="module")
def service(server: Serving) -> Said:
    return Said(triples_of(get(server, "/sparql", "text/turtle").content, "turtle"))


@pytest.fixture(scope="module")
def void(server: Serving) -> Said:
    answer = get(server, "/.well-known/void", "application/n-triples")
    return Said(triples_of(answer.content, "ntriples"))


def test_the_service_description_is_true(server: Serving, snapshot: Snapshot, service: Said) -> None:
    node = NamedNode(server.sparql)
    assert service.objects(node, RDF + "type") == {NamedNode(SD + "Service")}
    assert service.the(node, SD + "endpoint") == node
    assert service.the(node, SD + "supportedLanguage").value == SD + "SPARQL11Query"
    assert service.the(node, SD + "feature").value == SD + "UnionDefaultGraph"
    dataset = service.the(node, SD + "defaultDataset")
    default = service.the(dataset, SD + "defaultGraph")
    named = service.objects(dataset, SD + "namedGraph")
    names = {service.the(graph, SD + "name").value for graph in named}
    asked = ask(server, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").json()["results"]["bindings"]
    assert names == {row["g"]["value"] for row in asked} == set(snapshot.graph_names)
    assert len(named) == len(names)
    assert int(service.the(default, VOID + "triples").value) == counted(ask(server, EVERYTHING))


def test_nothing_is_described_that_is_not_there(service: Said) -> None:
    """All that the description says is looked at in these tests."""
    looked_at = {
        *("Service", "Dataset", "Graph", "NamedGraph", "SPARQL11Query", "UnionDefaultGraph", "endpoint"),
        *("supportedLanguage", "feature", "resultFormat", "defaultDataset", "defaultGraph", "namedGraph"),
        "name",
    }
    terms = {term.value for triple in service.triples for term in triple if isinstance(term, NamedNode)}
    assert {term.removeprefix(SD) for term in terms if term.startswith(SD)} == looked_at
    assert {term for term in terms if term.startswith(VOID)} == {VOID + "triples"}


def test_each_format_that_is_described_is_given(server: Serving, service: Said) -> None:
    formats = service.objects(NamedNode(server.sparql), SD + "resultFormat")
    assert {form.value for form in formats} == {FORMATS + name for name in PROBES}
    for query, accept in PROBES.values():
        answer = ask(server, query, accept)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, content_type(accept))


@pytest.mark.parametrize(
    ("place", "media"),
    [
        *(("/sparql", media) for media in GRAPHS),
        *(("/.well-known/void", media) for media in ("text/turtle", "application/ld+json")),
    ],
)
def test_descriptions_in_each_format(
    server: Serving, service: Said, void: Said, place: str, media: str
) -> None:
    answer = get(server, place, media)
    assert answer.headers["Content-Type"] == content_type(media)
    assert "Accept" in answer.headers["Vary"].split(", ")
    described = service if place == "/sparql" else void
    assert triples_of(answer.content, GRAPHS[media]) == described.triples


def test_void_says_where_the_graph_is_asked_and_how_large_it_is(server: Serving, void: Said) -> None:
    """It describes what is served, which is with the evidence."""
    (dataset,) = void.subjects(VOID + "sparqlEndpoint")
    assert void.the(dataset, VOID + "sparqlEndpoint") == NamedNode(server.sparql)
    assert NamedNode(VOID + "Dataset") in void.objects(dataset, RDF + "type")
    sizes = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    rows = ask(server, sizes).json()["results"]["bindings"]
    expected = {row["g"]["value"]: int(row["n"]["value"]) for row in rows}
    graphs = {graph for graph in void.objects(dataset, VOID + "subset") if graph.value.startswith(GRAPH)}
    assert {graph.value: int(void.the(graph, VOID + "triples").value) for graph in graphs} == expected
    assert int(void.the(dataset, VOID + "triples").value) == sum(expected.values())


@pytest.mark.parametrize(
    "place", ["/sparql", "/sparql?query=ASK+{}", "/graphs?graph={}", "/.well-known/void", "/health/ready"]
)
def test_each_answer_says_of_which_release_it_is(server: Serving, snapshot: Snapshot, place: str) -> None:
    for method in ("GET", "HEAD"):
        answer = get(server, place.replace("={}", f"={quote(_AGENCIES)}"), method=method)
        assert answer.headers["Jhaan-Release"] == snapshot.key[:16]


# --- SPARQL 1.1 Graph Store HTTP Protocol, for reading ---------------------------------------------------------------


def graph(server: Serving, name: str, accept: str = "application/n-triples") -> requests.Response:
    """Ask for a named graph."""
    return get(server, f"/graphs?graph={quote(name, safe='')}", accept)


@pytest.mark.parametrize("media", GRAPHS)
def test_a_graph_in_each_format(server: Serving, snapshot: Snapshot, media: str) -> None:
    for file in snapshot.graphs:
        if file.graph in (GRAPH + "report/jhaan-2023/1", GRAPH + "ontology"):
            answer = graph(server, file.graph, media)
            assert answer.headers["Content-Type"] == content_type(media)
            expected = {quad.triple for quad in parse(file.read(), format=RdfFormat.N_QUADS)}
            assert triples_of(answer.content, GRAPHS[media]) == expected


def test_each_graph_has_the_triples_of_its_file(server: Serving, snapshot: Snapshot) -> None:
    for file in snapshot.graphs:
        if file.size < 2**20:
            lines = [line.rpartition(f" <{file.graph}>")[0] for line in file.read().decode().splitlines()]
            given = graph(server, file.graph).content.decode().splitlines()
            assert sorted(given) == sorted(f"{line} ." for line in lines), file.graph


@pytest.mark.parametrize("media", GRAPHS)
def test_values_are_given_as_they_are_written(hard: tuple[Serving, Snapshot], media: str) -> None:
    """The engine would write 1.50 as 1.5, and 007 as 7."""
    server, made = hard
    for file in made.graphs:
        expected = {quad.triple for quad in parse(file.read(), format=RdfFormat.N_QUADS)}
        answer = graph(server, file.graph, media)
        assert answer.status_code == 200, answer.text
        assert triples_of(answer.content, GRAPHS[media]) == expected, file.graph
    assert {("1.50", "decimal"), ("007", "integer")} <= set(hard_graph.LEXICAL)


@pytest.mark.parametrize("media", GRAPHS)
def test_the_default_graph_in_each_format(snapshot: Snapshot, tmp_path: Path, media: str) -> None:
    """JSON-LD takes some ten seconds of a processor that has nothing else to do; the memory is the usual."""
    expected = {quad.triple for quad in snapshot.quads(evidence=True, context=True)}
    with serving(tmp_path, "--timeout", "300") as server:
        answer = get(server, "/graphs?default", media)
        assert answer.status_code == 200, answer.text
        assert triples_of(answer.content, GRAPHS[media]) == expected


def test_an_unknown_graph_is_not_found(server: Serving) -> None:
    is_refused(graph(server, GRAPH + "nothing"), 404)
    is_refused(graph(server, _AGENCIES.upper()), 404)
    is_refused(graph(server, quote(_AGENCIES, safe="")), 400)  # encoded twice, this is no IRI


@pytest.mark.parametrize("name", ["", "register/agencies", "/graphs", "%E9"])
def test_a_graph_needs_an_absolute_iri(server: Serving, name: str) -> None:
    """The query string IRI must be an absolute IRI, and the server must answer 400 if it isn't (section 4.2)."""
    is_refused(get(server, f"/graphs?graph={name}"), 400)


@pytest.mark.parametrize("number", [9, 10, 100, 2000])
def test_parameters_that_mean_nothing_do_no_harm(server: Serving, number: int) -> None:
    answer = get(server, f"/graphs?graph={quote(_AGENCIES)}" + "&x" * number, headers=ORIGIN)
    assert answer.status_code in (200, 400), answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


# --- HTTP ------------------------------------------------------------------------------------------------------------

_LARGE: Final = "SELECT * { ?s ?p ?o } LIMIT 6000"
"""Its answer is longer than what is held back."""


def test_a_large_answer_is_sent_while_it_comes(server: Serving) -> None:
    request = head(f"GET /sparql?query={quote(_LARGE)} HTTP/1.1", "Host: x")
    answer = exchange(server, request)
    assert answer.headers["transfer-encoding"] == "chunked"
    assert "content-length" not in answer.headers
    assert len(answer.body) > 2**20
    assert len(json.loads(answer.body)["results"]["bindings"]) == 6_000


def test_a_large_answer_to_an_old_client_says_how_long_it_is(server: Serving) -> None:
    """HTTP/1.0 has no other sign for the end of an answer that tells a whole one from a cut one."""
    request = head(f"GET /sparql?query={quote(_LARGE)} HTTP/1.0", "Host: x", close=False)
    answer = exchange(server, request)
    assert "transfer-encoding" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert len(json.loads(answer.body)["results"]["bindings"]) == 6_000


@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_all_triples_come(snapshot: Snapshot, tmp_path: Path, version: str) -> None:
    query = quote("SELECT * { ?s ?p ?o }")
    with serving(tmp_path, "--timeout", "300") as server:
        answer = exchange(server, head(f"GET /sparql?query={query} HTTP/{version}", "Host: x"))
    assert ("content-length" in answer.headers) is (version == "1.0")
    assert len(answer.body) > 40 * 10**6
    rows = json.loads(answer.body)["results"]["bindings"]
    assert len(rows) == snapshot.triples(evidence=True)
    assert len({tuple(row[name]["value"] for name in "spo") for row in rows}) > 160_000


def test_a_connection_is_used_again(server: Serving) -> None:
    with connected(server) as connection, requests.Session() as session:
        for number in range(3):
            connection.sendall(
                head(f"GET /sparql?query=SELECT+({number}+AS+?x)+{{}} HTTP/1.1", "Host: x", close=False)
            )
            answer = HTTPResponse(connection)
            answer.begin()
            assert json.loads(answer.read())["results"]["bindings"][0]["x"]["value"] == str(number)
            assert session.get(server.sparql, params={"query": "ASK {}"}, timeout=SECONDS).ok


def test_requests_sent_ahead_are_answered_in_their_order(server: Serving) -> None:
    """The first takes longer."""
    slow = head(f"GET /sparql?query={quote(EVERYTHING)} HTTP/1.1", "Host: x", close=False)
    quick = head("GET /sparql?query=ASK+{} HTTP/1.1", "Host: x")
    with connected(server) as connection:
        connection.sendall(slow + quick)
        first, second = answers(until_closed(connection), "GET", "GET")
    assert "n" in json.loads(first.body)["results"]["bindings"][0]
    assert json.loads(second.body)["boolean"] is True


@pytest.mark.parametrize("length", [1, 10, 40])
def test_a_request_comes_in_pieces(server: Serving, length: int) -> None:
    request = head("POST /sparql HTTP/1.1", "Host: x", f"Content-Type: {DIRECT}", "Content-Length: 6")
    request += b"ASK {}"
    with connected(server) as connection:
        for at in (0, length):
            connection.sendall(request[at : at + length] if at == 0 else request[at:])
            assert get(server, "/health/live").ok  # by now the first piece has been read
        (answer,) = answers(until_closed(connection), "POST")
    assert json.loads(answer.body)["boolean"] is True


@pytest.mark.parametrize(
    "place", ["/sparql?query=ASK+{}", f"/graphs?graph={quote(_AGENCIES, safe='')}", "/health/live"]
)
@pytest.mark.parametrize("authority", ["example.org", "example.org:8000"])
def test_a_target_in_absolute_form_is_taken(server: Serving, place: str, authority: str) -> None:
    """A server must accept it, though most clients send it to proxies only (RFC 9112, section 3.2.2)."""
    request = head(f"GET http://{authority}{place} HTTP/1.1", f"Host: {authority}")
    assert exchange(server, request).status == 200


def test_whoever_waits_for_leave_to_send_gets_it(server: Serving) -> None:
    lines = ("Host: x", f"Content-Type: {DIRECT}", "Content-Length: 6", "Expect: 100-continue")
    with connected(server) as connection:
        connection.sendall(head("POST /sparql HTTP/1.1", *lines))
        leave = b""
        while not leave.endswith(b"\r\n\r\n"):
            leave += connection.recv(1)
        assert leave.startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"ASK {}")
        (answer,) = answers(until_closed(connection), "POST")
    assert json.loads(answer.body)["boolean"] is True


def test_whoever_would_send_too_much_gets_no_leave(server: Serving) -> None:
    lines = ("Host: x", f"Content-Type: {DIRECT}", "Content-Length: 99999999", "Expect: 100-continue")
    answer = exchange(server, head("POST /sparql HTTP/1.1", *lines), "POST")
    assert answer.status == 413


def test_a_body_in_chunks_is_read(server: Serving) -> None:
    lines = ("Host: x", f"Content-Type: {DIRECT}", "Transfer-Encoding: chunked")
    body = b"3\r\nASK\r\n3\r\n {}\r\n0\r\n\r\n"
    answer = exchange(server, head("POST /sparql HTTP/1.1", *lines) + body, "POST")
    assert json.loads(answer.body)["boolean"] is True


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(b"hello\r\n\r\n", id="no request"),
        pytest.param(head("GET /sparql?query=ASK+{} HTTP/1.1"), id="no host"),
        pytest.param(head("GET /sparql?query=ASK {} HTTP/1.1", "Host: x"), id="a space in the target"),
        pytest.param(head("GET / HTTP/1.1", "Host: x", "a b: c"), id="a space in the name of a header"),
        pytest.param(head("POST /sparql HTTP/1.1", "Host: x", "Content-Length: x"), id="no length"),
    ],
)
def test_what_is_no_http_is_refused(server: Serving, request_: bytes) -> None:
    answer = exchange(server, request_)
    assert answer.status == 400
    assert answer.headers["content-type"].startswith("text/plain")
    assert b"Traceback" not in answer.body


def test_nobody_is_sent_to_another_address(narrow: Serving) -> None:
    """Behind a proxy a request doesn't say by which address the server was reached; it has been told."""
    lines = ("Host: 127.0.0.1:8000", "X-Forwarded-For: 192.0.2.1")
    answer = exchange(narrow, head("GET /sparql/?query=ASK+{} HTTP/1.1", *lines))
    target = urljoin(f"{PUBLIC}/sparql/", answer.headers.get("location", "../sparql"))
    assert target.partition("?")[0] == f"{PUBLIC}/sparql"


def test_behind_a_proxy_the_server_has_its_public_address(narrow: Serving) -> None:
    described = Said(triples_of(get(narrow, "/sparql").content, "turtle"))
    assert described.the(NamedNode(f"{PUBLIC}/sparql"), SD + "endpoint") == NamedNode(f"{PUBLIC}/sparql")
    void = Said(triples_of(get(narrow, "/.well-known/void", "application/n-triples").content, "ntriples"))
    (dataset,) = void.subjects(VOID + "sparqlEndpoint")
    assert void.the(dataset, VOID + "sparqlEndpoint") == NamedNode(f"{PUBLIC}/sparql")
    assert f"{PUBLIC}/sparql" in get(narrow, "/").text
    assert narrow.url not in get(narrow, "/").text
