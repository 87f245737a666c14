"""What the protocols of SPARQL ask of the server, and that what it answers is true.

Real connections are in the slow tests.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pytest
import rdflib
import requests
from in_process import ADDRESS, BROWSER, JSON, Site, site_of
from protocol_read import (
    DIRECT,
    EVERYTHING,
    FORM,
    SOLUTIONS,
    check_graphs,
    counted,
    rows_of,
    triples_of,
)
from pyoxigraph import Literal, QueryBoolean, RdfFormat, Triple, parse_query_results
from raw_http import answered, head
from rdflib import VOID, Graph, Namespace, URIRef
from serving import Serving, serving

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.namespaces import DCTERMS, GRAPH, ID, ONTOLOGY, RDFS, XSD
from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.serve.protocol import BOOLEAN, GRAPHS, ROWS, content_type

if TYPE_CHECKING:
    from httpx import Response

UPDATE: Final = "application/sparql-update"
XML: Final = "application/sparql-results+xml"
ORIGIN: Final = {"Origin": "https://example.org"}

SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")


def send(
    site: Site, method: str, place: str, kind: str | None = None, body: str | bytes = b"", **headers: str
) -> Response:
    """Send a request with a body of a media type."""
    of_body = {} if kind is None else {"Content-Type": kind}
    return site.request(method, place, content=body, headers={**of_body, **headers})


def is_refused(answer: Response, status: int) -> None:
    """Make sure that an answer says in plain words why there is none."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.strip()
    assert answer.text.endswith((".\n", " /\n"))
    assert "Traceback" not in answer.text
    assert "Internal error" not in answer.text
    if "Origin" in answer.request.headers:
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


# --- the tests of W3C: https://github.com/w3c/rdf-tests/tree/main/sparql/sparql11/protocol -----------------------

DATA: Final = {
    0: (GRAPH + "register/agencies", ID + "agency/cepol"),
    1: (GRAPH + "register/bodies", ID + "body/belgian-council-presidency"),
    2: (GRAPH + "register/places", ID + "country/austria"),
    3: (GRAPH + "register/topics", ID + "topic/ai-for-energy-efficiency"),
}
"""What replaces their data0.rdf and so on: a graph, and an entity whose class it states."""

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
def test_w3c_queries_are_true(site: Site, method: str, parameters: str, kind: str | None, body: str) -> None:
    answer = send(site, method, f"/sparql?{parameters}", kind, body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] in BOOLEAN
    assert answer.json()["boolean"] is True


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
    site: Site, status: int, method: str, parameters: str, kind: str | None, body: bytes
) -> None:
    """Updates are refused, good and bad ones."""
    is_refused(send(site, method, f"/sparql?{parameters}", kind, body, **ORIGIN), status)


# --- SPARQL 1.1 Protocol ------------------------------------------------------------------------------------------


_AGENCIES, _BODIES = DATA[0][0], DATA[1][0]


@pytest.mark.parametrize("pattern", ["?s ?p ?o", "GRAPH ?g { ?s ?p ?o }"])
@pytest.mark.parametrize(
    ("default", "named"),
    [
        pytest.param([_AGENCIES, _BODIES], [], id="two"),
        pytest.param([], [_AGENCIES, _BODIES], id="two by name"),
        pytest.param([_AGENCIES], [_BODIES], id="both"),
    ],
)
def test_the_protocol_chooses_graphs_as_a_query_does(
    site: Site, snapshot: Snapshot, default: list[str], named: list[str], pattern: str
) -> None:
    """The default graph is no more than what is chosen for it, and empty if nothing is."""
    sizes = {file.graph: file.triples for file in snapshot.graphs}
    clauses = " ".join(
        [f"FROM <{graph}>" for graph in default] + [f"FROM NAMED <{graph}>" for graph in named]
    )
    chosen = {"default-graph-uri": default, "named-graph-uri": named}
    expected = sum(sizes[graph] for graph in (named if "GRAPH" in pattern else default))
    select = "SELECT (COUNT(*) AS ?n)"
    assert counted(site.ask(f"{select} {clauses} {{ {pattern} }}")) == expected
    assert counted(site.ask(f"{select} {{ {pattern} }}", **chosen)) == expected
    # the protocol's choice wins over the query's (section 2.1.4)
    other = f"{select} FROM <{DATA[2][0]}> FROM NAMED <{DATA[3][0]}> {{ {pattern} }}"
    assert counted(site.ask(other, **chosen)) == expected


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("graph", [GRAPH + "nothing", "file:///etc/passwd", "http://127.0.0.1:9/"])
def test_a_graph_that_is_not_there_is_refused(site: Site, name: str, graph: str) -> None:
    for answer in (
        site.ask("ASK {}", **{name: graph}),
        site.post("/sparql", data={"query": "ASK {}", name: graph}),
    ):
        is_refused(answer, 400)
        assert "Unknown graph" in answer.text
    clause = "FROM" if name.startswith("default") else "FROM NAMED"
    is_refused(site.ask(f"ASK {clause} <{graph}> {{}}"), 400)


def test_the_default_graph_is_the_union_of_the_named_graphs(
    site: Site, snapshot: Snapshot, loaded: Loaded
) -> None:
    total = snapshot.triples(evidence=True)
    assert counted(site.ask(EVERYTHING)) == total
    assert counted(site.ask("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")) == total
    assert loaded.engine.select(EVERYTHING).rows == ((Literal(total),),)


# --- what is refused -----------------------------------------------------------------------------------------------

_UNKNOWN: Final = quote(GRAPH + "nothing", safe="")
REFUSED: Final[dict[str, tuple[int, str, str, dict[str, Any]]]] = {
    "no query": (400, "GET", "/sparql?format=json", {}),
    "another service": (400, "GET", "/sparql?query=ASK+{SERVICE+<urn:a>+{}}", {}),
    "an unknown function": (400, "GET", "/sparql?query=SELECT+(<urn:a>()+AS+?x)+{}", {}),
    "an update as a query": (400, "POST", "/sparql", {"data": {"query": "CLEAR ALL"}}),
    "no place": (404, "GET", "/nowhere", {}),
    "no graph": (404, "GET", f"/graphs?graph={_UNKNOWN}", {}),
    "yes as a table": (406, "GET", "/sparql?query=ASK+{}", {"headers": {"Accept": "text/csv"}}),
    "nothing at all": (406, "GET", "/sparql?query=ASK+{}", {"headers": {"Accept": "*/*;q=0"}}),
    "a picture of the service": (406, "GET", "/sparql", {"headers": {"Accept": "image/png"}}),
    "too long": (
        *(413, "POST", "/sparql"),
        {"content": b"query=" + b"x" * 2**20, "headers": {"Content-Type": FORM}},
    ),
    "compressed": (
        *(415, "POST", "/sparql"),
        {"content": b"x", "headers": {"Content-Type": DIRECT, "Content-Encoding": "gzip"}},
    ),
    "no graph said": (400, "GET", "/graphs", {}),
    "a graph twice": (400, "GET", f"/graphs?graph={_UNKNOWN}&graph={_UNKNOWN}", {}),
    "a graph without a name": (400, "GET", "/graphs?graph=", {}),
    "a graph by a part of its name": (400, "GET", "/graphs?graph=register/agencies", {}),
    "a file": (404, "GET", "/graphs?graph=file:///etc/passwd", {}),
}


@pytest.mark.parametrize(("status", "method", "place", "options"), REFUSED.values(), ids=REFUSED)
def test_refusals(site: Site, status: int, method: str, place: str, options: dict[str, Any]) -> None:
    """Scripts of other sites may read them too, or their users would see that something failed and not what."""
    headers = {**options.get("headers", {}), **ORIGIN}
    answer = site.request(method, place, **{**options, "headers": headers})
    is_refused(answer, status)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


CALL: Final = "<urn:f>(?o)"
ALL: Final = "{ ?s ?p ?o }"


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ ?s ?p ?o FILTER({CALL}) }}",
        f"SELECT * {{ ?s ?p ?o BIND({CALL} AS ?x) }} LIMIT 1",
        f"SELECT ({CALL} AS ?x) {ALL} LIMIT 1",
        f"SELECT ?s {ALL} ORDER BY {CALL} LIMIT 1",
        f"ASK {{ FILTER EXISTS {{ ?s ?p ?o FILTER({CALL}) }} }}",
        f"CONSTRUCT {{ ?s ?p ?x }} {{ ?s ?p ?o BIND({CALL} AS ?x) }}",
        "PREFIX f: <urn:> SELECT (f:f() AS ?x) { }",
        "SELECT (<java:java.lang.Runtime.exec>('id') AS ?x) { }",
        "SELECT (<http://jena.apache.org/ARQ/js#eval>('1') AS ?x) { }",
        "SELECT (<http://www.w3.org/2005/xpath-functions#doc>('/etc/passwd') AS ?x) { }",
    ],
)
def test_a_function_of_others_is_refused(small: Site, query: str) -> None:
    assert small.ask(query, "*/*").status_code == 400


@pytest.mark.parametrize(
    ("place", "allowed"),
    [
        ("/sparql", "GET, HEAD, OPTIONS, POST"),
        *((place, "GET, HEAD, OPTIONS") for place in ("/graphs?default", "/.well-known/void", "/")),
    ],
)
def test_methods(site: Site, place: str, allowed: str) -> None:
    for method in {"PUT", "POST", "DELETE", "PATCH", "BREW", "TRACE", "X" * 500} - set(allowed.split(", ")):
        refused = send(site, method, place, body=b"<urn:a> <urn:b> <urn:c> .")
        is_refused(refused, 405)
        assert refused.headers["Allow"] == allowed
    options = site.options(place)
    assert (options.status_code, options.content, options.headers["Allow"]) == (204, b"", allowed)


@pytest.mark.parametrize(
    "place",
    ["/sparql", "/sparql?query=ASK+{}", f"/graphs?graph={quote(_AGENCIES)}", "/graphs", "/health/ready"],
)
def test_head_has_the_headers_of_get(site: Site, snapshot: Snapshot, place: str) -> None:
    """Such as the release of the answer."""
    with_body, without = site.get(place), site.head(place)
    release = snapshot.key[:16] if with_body.status_code == 200 else None
    assert with_body.headers.get("Jhaan-Release") == release
    assert without.status_code == with_body.status_code
    assert without.headers == with_body.headers
    assert int(with_body.headers["Content-Length"]) == len(with_body.content) > 0


def test_scripts_of_other_sites_may_ask(site: Site) -> None:
    """The checks of https://fetch.spec.whatwg.org/#cors-preflight-fetch."""
    wanted = {
        **ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-own",
    }
    before = site.options("/sparql", headers=wanted)
    assert before.status_code in (200, 204)
    assert before.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in before.headers["Access-Control-Allow-Methods"].split(", ")
    allowed = before.headers["Access-Control-Allow-Headers"].replace(" ", "").lower().split(",")
    assert {"content-type", "x-own"} <= set(allowed)
    assert "Access-Control-Allow-Credentials" not in before.headers
    for place in ("/sparql", "/sparql?query=ASK+{}", f"/graphs?graph={quote(_AGENCIES)}"):
        answer = site.get(place, headers=ORIGIN)
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Jhaan-Release" in answer.headers["Access-Control-Expose-Headers"]
    before = site.options("/graphs?default", headers={**ORIGIN, "Access-Control-Request-Method": "PUT"})
    assert "PUT" not in before.headers.get("Access-Control-Allow-Methods", "")


# --- content negotiation -------------------------------------------------------------------------------------------

SELECT: Final = f"""
SELECT ?agency ?label ?none ?number ?text {{
  ?agency a <{ONTOLOGY}Agency> ; <{RDFS}label> ?label
  VALUES (?number ?text) {{ (1 "tab\\t, \\"quotes\\" and\\nlines") (UNDEF "<&>"@en) (0.50 UNDEF) }}
}} ORDER BY ?label ?text ?number
"""
CONSTRUCT: Final = f"""
CONSTRUCT {{ ?agency a <{ONTOLOGY}Agency> ; <{DCTERMS}title> ?label, 0.50, "<&>\\n", "1"^^<urn:x> }}
{{ ?agency a <{ONTOLOGY}Agency> ; <{RDFS}label> ?label }}
"""
DESCRIBE: Final = f"DESCRIBE <{ID}agency/europol>"


def is_of_type(answer: Response, media: str) -> None:
    """Make sure that an answer is of the type that was accepted, and says that this is why."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == content_type(media)
    assert "Accept" in answer.headers["Vary"].split(", ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("media", ROWS)
def test_rows_in_each_format(site: Site, loaded: Loaded, media: str) -> None:
    answer, expected = site.ask(SELECT, media), loaded.engine.select(SELECT)
    is_of_type(answer, media)
    assert len(expected.rows) == 27
    saved = f'attachment; filename="answer.{ROWS[media]}"' if ROWS[media] in ("csv", "tsv") else None
    assert answer.headers.get("Content-Disposition") == saved
    if ROWS[media] == "csv":
        header, *read = csv.reader(io.StringIO(answer.content.decode("utf-8"), newline=""))
        assert tuple(header) == expected.variables
        assert read == [["" if term is None else term.value for term in row] for row in expected.rows]  # type: ignore[union-attr]
        return
    assert rows_of(answer.content, ROWS[media]) == list(expected.rows)


@pytest.mark.parametrize("media", BOOLEAN)
def test_yes_and_no_in_each_format(site: Site, media: str) -> None:
    for query, expected in (("ASK {}", True), (f"ASK {{ <{ID}agency/europol> a <urn:nothing> }}", False)):
        answer = site.ask(query, media)
        is_of_type(answer, media)
        found = parse_query_results(answer.content, format=SOLUTIONS[BOOLEAN[media]])
        assert isinstance(found, QueryBoolean)
        assert bool(found) is expected


@pytest.mark.parametrize("media", GRAPHS)
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE], ids=["CONSTRUCT", "DESCRIBE"])
def test_graphs_in_each_format(site: Site, loaded: Loaded, media: str, query: str) -> None:
    answer, expected = site.ask(query, media), set(loaded.engine.construct(query))
    is_of_type(answer, media)
    assert len(expected) > 8
    assert triples_of(answer.content, GRAPHS[media]) == expected


@pytest.mark.parametrize("media", ["text/turtle", "application/trig"])
@pytest.mark.parametrize(
    ("values", "prefixes"),
    [
        ('"2023-11-21"^^xsd:date, agency:fra', {"agency", "rdfs", "xsd"}),
        ('1, 1.5, true, "a", "b"@en', {"rdfs"}),
    ],
)
def test_the_prefixes_that_a_graph_uses_are_declared(
    site: Site, media: str, values: str, prefixes: set[str]
) -> None:
    """Those of datatypes, too; text, numbers and truth have none in Turtle."""
    declared = f"PREFIX rdfs: <{RDFS}> PREFIX xsd: <{XSD}> PREFIX agency: <{ID}agency/>"
    graph = site.ask(f"{declared} CONSTRUCT {{ <urn:a> rdfs:seeAlso {values} }} WHERE {{}}", media).text
    assert set(re.findall("^@prefix ([^:]*):", graph, re.MULTILINE)) == prefixes
    assert all(f" {value} " in graph for value in values.split(", "))


@pytest.mark.parametrize(
    ("query", "accept", "media"),
    [
        *(("SELECT * {}", accept, JSON) for accept in (None, "", "*/*", "application/*")),
        *(("ASK {}", accept, JSON) for accept in (None, "*/*")),
        *(("CONSTRUCT {} {}", accept, "text/turtle") for accept in (None, "*/*")),
        *((DESCRIBE, accept, "text/turtle") for accept in (None, "*/*")),
        ("SELECT * {}", "text/*", "text/csv"),
        ("SELECT * {}", f"text/csv;q=0.1, {XML};q=0.2", XML),
        ("SELECT * {}", f"{JSON};q=0, */*;q=0.1", XML),
        ("CONSTRUCT {} {}", f"{JSON}, application/rdf+xml;q=0.3, */*;q=0.1", "application/rdf+xml"),
        ("CONSTRUCT {} {}", BROWSER, "text/html"),
    ],
)
def test_what_the_client_likes_best_is_given(site: Site, query: str, accept: str | None, media: str) -> None:
    asked = site.build_request("GET", "/sparql", params={"query": query})
    del asked.headers["Accept"]
    if accept is not None:
        asked.headers["Accept"] = accept
    answer = site.send(asked)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, content_type(media))


INEXPRESSIBLE: Final = {
    "a character that XML lacks": ("SELECT ('\\u0001' AS ?x) {}", "text/xml"),
    "a character that RDF/XML lacks": ("CONSTRUCT { <urn:a> <urn:b:c> '\\u0001' } {}", "application/rdf+xml"),
    "a predicate without a name": ("CONSTRUCT { <urn:a> <urn:1> 1 } {}", "application/rdf+xml"),
}


@pytest.mark.parametrize(("query", "accept"), INEXPRESSIBLE.values(), ids=INEXPRESSIBLE)
def test_what_a_format_can_not_hold_is_refused(site: Site, query: str, accept: str) -> None:
    """The same comes in another format; and a document that no parser reads is no answer."""
    is_refused(site.ask(query, accept), 406)
    assert site.ask(query, "*/*").status_code == 200


# --- what the service says of itself -------------------------------------------------------------------------------


def said(site: Site, place: str) -> Graph:
    """Return what a description says."""
    return Graph().parse(data=site.fetch(place, "text/turtle").content, format="turtle")


def test_the_service_description_is_true(site: Site, snapshot: Snapshot) -> None:
    service, node = said(site, "/sparql"), URIRef(f"{ADDRESS}/sparql")
    assert list(service.objects(node, rdflib.RDF.type)) == [SD.Service]
    assert list(service.objects(node, SD.endpoint)) == [node]
    assert list(service.objects(node, SD.supportedLanguage)) == [SD.SPARQL11Query]
    assert list(service.objects(node, SD.feature)) == [SD.UnionDefaultGraph]
    (default,) = service.objects(node, SD.defaultDataset / SD.defaultGraph)
    named = list(service.objects(node, SD.defaultDataset / SD.namedGraph))
    names = {str(service.value(graph, SD.name, any=False)) for graph in named}
    asked = site.ask("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").json()["results"]["bindings"]
    assert names == {row["g"]["value"] for row in asked} == set(snapshot.graph_names)
    assert len(named) == len(names)
    assert int(service.value(default, VOID.triples, any=False)) == counted(site.ask(EVERYTHING))  # type: ignore[arg-type]
    # All that it says is looked at in these tests.
    looked_at = {
        *("Service", "Dataset", "Graph", "NamedGraph", "SPARQL11Query", "UnionDefaultGraph", "endpoint"),
        *("supportedLanguage", "feature", "resultFormat", "defaultDataset", "defaultGraph", "namedGraph"),
        "name",
    }
    terms = {term for triple in service for term in triple if isinstance(term, URIRef)}
    assert {term.removeprefix(SD) for term in terms if term.startswith(SD)} == looked_at
    assert {term for term in terms if term.startswith(VOID)} == {VOID.triples}


@pytest.mark.parametrize("place", ["/sparql", "/.well-known/void"])
def test_descriptions_in_each_format(small: Site, place: str) -> None:
    described = triples_of(small.fetch(place, "text/turtle").content, RdfFormat.TURTLE)
    assert described
    for media in GRAPHS:
        answer = small.fetch(place, media)
        is_of_type(answer, media)
        assert triples_of(answer.content, GRAPHS[media]) == described


def test_behind_a_proxy_the_server_has_its_public_address(loaded: Loaded) -> None:
    public = "https://example.org/jhaan"
    behind = site_of(loaded, public, behind_proxy=True)
    endpoint = URIRef(f"{public}/sparql")
    assert list(said(behind, "/sparql").objects(endpoint, SD.endpoint)) == [endpoint]
    assert ADDRESS not in behind.fetch("/").text
    # A request doesn't say by which address the server was reached, so nobody is sent to another.
    assert "Location" not in behind.get("/sparql/?query=ASK+{}").headers


# --- SPARQL 1.1 Graph Store HTTP Protocol, for reading ---------------------------------------------------------------


def test_each_graph_has_the_triples_of_its_file(site: Site, snapshot: Snapshot) -> None:
    check_graphs(site, snapshot, 2**14)


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server that takes its time, with the default memory."""
    with serving(tmp_path_factory.mktemp("patient"), "--timeout", "300") as running:
        yield running


@pytest.mark.slow
@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_all_triples_come(snapshot: Snapshot, patient: Serving, version: str) -> None:
    query = quote("SELECT * { ?s ?p ?o }")
    answer = answered(patient, head(f"GET /sparql?query={query} HTTP/{version}", "Host: x"))
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert len(answer.body) > 40 * 10**6
    rows = json.loads(answer.body)["results"]["bindings"]
    assert len(rows) == snapshot.triples(evidence=True)
    assert len({tuple(row[name]["value"] for name in "spo") for row in rows}) > 160_000


@pytest.fixture(scope="module")
def everything(snapshot: Snapshot) -> set[Triple]:
    """All triples that are served."""
    return {quad.triple for quad in snapshot.quads(evidence=True, context=True)}


@pytest.mark.slow
@pytest.mark.parametrize("media", {form: media for media, form in GRAPHS.items()}.values())
def test_the_default_graph_in_each_format(everything: set[Triple], patient: Serving, media: str) -> None:
    """JSON-LD takes some ten seconds of a processor that has nothing else to do."""
    answer = requests.get(f"{patient.url}/graphs?default", headers={"Accept": media}, timeout=300)
    assert answer.status_code == 200, answer.text
    assert triples_of(answer.content, GRAPHS[media]) == everything


@pytest.mark.slow
def test_void_of_the_release_is_true(snapshot: Snapshot, patient: Serving) -> None:
    answer = requests.get(f"{patient.url}/.well-known/void", headers={"Accept": "text/turtle"}, timeout=60)
    assert answer.headers["Jhaan-Release"] == snapshot.key[:16]
    void = Graph().parse(data=answer.content, format="turtle")
    (dataset,) = void.subjects(VOID.sparqlEndpoint, URIRef(patient.sparql))
    parts = {
        str(part): void.value(part, VOID.triples, any=False) for part in void.objects(dataset, VOID.subset)
    }
    sizes = {file.graph: file.triples for file in snapshot.graphs}
    assert {part: int(size) for part, size in parts.items() if part.startswith(GRAPH)} == sizes  # type: ignore[arg-type]
    assert int(void.value(dataset, VOID.triples, any=False)) == sum(sizes.values())  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_triple_as_a_value_ends_no_worker(server: Serving) -> None:
    """SPARQL 1.1 has none, but the engine does."""
    for media in ROWS:
        answer = server.ask("SELECT (<<( <urn:a> <urn:b> 1 )>> AS ?x) {}", media)
        assert answer.status_code in (200, 400, 406), answer.text
        assert "has ended" not in answer.text
