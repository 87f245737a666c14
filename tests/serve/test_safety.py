"""The server in public: what a query can't reach, what one client can't take, and what an answer doesn't give away.

| Case | Test |
|---|---|
| SERVICE, FROM, LOAD, graphs of the protocol | `test_nothing_goes_out` |
| the second wall, if the first one had a hole | `test_a_worker_has_nothing_left_to_open` and the two behind it |
| functions of others | `test_a_function_of_others_is_refused` |
| time, memory, an engine that aborts | the tests below "a query that takes too much" |
| rows, bytes, requests, queue, queries of a client | the tests below "limits" |
| clients that hang up, dawdle, or take nothing | the tests below "clients that leave", "slow clients" |
| malformed and ambiguous HTTP | `test_what_is_no_request` |
| what answers and the log say | the tests below "what is said" |
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import resource
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

import pytest
import requests
from pyoxigraph import Store
from serving import Serving, children, serving

from aborting import aborting_query
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.query.run import guard
from jhaan_kg.serve import worker
from jhaan_kg.serve.app import BODY_SECONDS, SEND_SECONDS
from jhaan_kg.serve.limits import Limits
from jhaan_kg.serve.pool import Pool
from jhaan_kg.serve.refusal import RefusalError
from jhaan_kg.serve.run import HEAD_SECONDS

pytestmark = pytest.mark.slow

ROOT: Final = Path(__file__).resolve().parents[2]
SHORT: Final = "SELECT ?x { VALUES ?x { 7 } }"
ENDLESS: Final = (
    "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{n} {{ 0 1 2 3 4 5 6 7 8 9 }}" for n in range(12))
    + " }"
)
"""It takes time only; more patterns of the graph would take memory too."""
ALL: Final = "SELECT * { ?a ?b ?c }"
DIRECT: Final = "application/sparql-query"
PATIENCE: Final = 40.0
"""How many seconds a test waits for what must happen; it mostly happens at once."""


def until(happens: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, f"it is not so after {seconds:g} seconds"
        time.sleep(0.02)


def connect(server: Serving, buffer: int = 0) -> socket.socket:
    """Open a connection; a small buffer shows that its client takes little."""
    place = urlsplit(server.url)
    opened = socket.socket()
    opened.settimeout(PATIENCE)
    if buffer:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    opened.connect((place.hostname, place.port))
    return opened


def get(query: str, version: str = "1.1", *headers: str) -> bytes:
    """Write the request for an answer."""
    lines = [f"GET /sparql?query={quote(query)} HTTP/{version}", "Host: localhost", *headers, "", ""]
    return "\r\n".join(lines).encode()


def rest(opened: socket.socket) -> bytes:
    """Read until the other side ends, in whatever way."""
    data = bytearray()
    with suppress(ConnectionError):
        while piece := opened.recv(1 << 16):
            data += piece
    return bytes(data)


def exchange(server: Serving, sent: bytes) -> bytes:
    """Send bytes, and give all that comes until the server closes the connection."""
    with connect(server) as opened:
        with suppress(ConnectionError):
            opened.sendall(sent)
        return rest(opened)


def status_of(reply: bytes) -> int:
    """Give the status code; 0 where there is none."""
    found = re.match(rb"HTTP/1\.1 (\d{3}) ", reply)
    return int(found[1]) if found else 0


def workers(server: Serving, state: str) -> float:
    return server.metric(f'jhaan_workers{{state="{state}"}}')


def ended(server: Serving, reason: str) -> float:
    return server.metric(f'jhaan_workers_ended_total{{reason="{reason}"}}')


def nursery_of(server: Serving) -> int:
    """Give the process that the workers are children of."""
    (found,) = (
        pid
        for pid in children(server.process.pid)
        if b"jhaan_kg.serve.nursery" in Path(f"/proc/{pid}/cmdline").read_bytes()
    )
    return found


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def quiet(server: Serving) -> int:
    """Give how many descriptors the server has when nobody asks."""
    seen: list[int] = []

    def is_quiet() -> bool:
        seen.append(descriptors(server.process.pid))
        return len(seen) > 50 and len(set(seen[-50:])) == 1

    until(is_quiet)
    return seen[-1]


@contextmanager
def beside(work: Callable[[], Any]) -> Iterator[list[Any]]:
    """Do something beside, and wait for what comes of it."""
    given: list[Any] = []
    thread = threading.Thread(target=lambda: given.append(work()))
    thread.start()
    try:
        yield given
    finally:
        thread.join()


@pytest.fixture(scope="module")
def tight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server with little of everything; a client is whom X-Forwarded-For names."""
    options = (
        "--timeout 4 --memory 64 --max-rows 10000 --max-answer 3 --max-request 4 --workers 2 --queue 1 --per-client 2 "
        "--behind-proxy --log-queries"
    )
    with serving(tmp_path_factory.mktemp("tight"), *options.split()) as running:
        yield running


@pytest.fixture
def idle(tight: Serving) -> Serving:
    """The same, when both of its workers are free."""
    until(lambda: workers(tight, "idle") == 2)
    return tight


# --- reaching out --------------------------------------------------------------------------------------------------


class Canary:
    """An address of this machine to which nobody should connect."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"

    def reached(self) -> bool:
        """Tell whether somebody has connected since this was asked before."""
        try:
            self._socket.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    made = Canary()
    yield made
    made.close()


INSIDE: Final = "<URL> { ?s ?p ?o }"
CALLS: Final = {
    "plain": f"SELECT * {{ SERVICE {INSIDE} }}",
    "mixed case": f"SELECT * {{ sErViCe {INSIDE} }}",
    "silent": f"SELECT * {{ SERVICE SILENT {INSIDE} }}",
    "silent, in one": f"SELECT * {{ SERVICESILENT{INSIDE} }}",
    "without space": "SELECT * {SERVICE<URL>{?s ?p ?o}}",
    "comment between": f"SELECT * {{ SERVICE # <urn:a> {{\n {INSIDE} }}",
    "comment with an end of line of old": f"SELECT * {{ SERVICE #\r{INSIDE} }}",
    "form feed between": f"SELECT * {{ SERVICE\f{INSIDE} }}",
    "variable": "SELECT * { VALUES ?u { <URL> } SERVICE ?u { ?s ?p ?o } }",
    "variable without space": "SELECT * { VALUES ?u { <URL> } SERVICE?u{ ?s ?p ?o } }",
    "variable of the data": "SELECT * { BIND(IRI('URL') AS ?u) SERVICE SILENT ?u { ?s ?p ?o } }",
    "prefix": "PREFIX u: <URL> SELECT * { SERVICE u: { ?s ?p ?o } }",
    "empty prefix": "PREFIX : <URL> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "prefix called so": "PREFIX service: <URL> SELECT * { SERVICE service: { ?s ?p ?o } }",
    "only a prefix called so": "PREFIX service: <URL> SELECT * { service:x { ?s ?p ?o } }",
    "base": "BASE <URL> SELECT * { SERVICE <> { ?s ?p ?o } }",
    "sub-SELECT": f"SELECT * {{ {{ SELECT * {{ SERVICE {INSIDE} }} }} }}",
    "OPTIONAL": f"SELECT * {{ OPTIONAL {{ SERVICE {INSIDE} }} }}",
    "MINUS": f"SELECT * {{ ?s ?p ?o MINUS {{ SERVICE {INSIDE} }} }}",
    "EXISTS": f"ASK {{ FILTER EXISTS {{ SERVICE {INSIDE} }} }}",
    "NOT EXISTS in BIND": f"SELECT * {{ BIND(NOT EXISTS {{ SERVICE {INSIDE} }} AS ?x) }}",
    "UNION": f"SELECT * {{ {{ }} UNION {{ SERVICE {INSIDE} }} }}",
    "GRAPH": f"SELECT * {{ GRAPH ?g {{ SERVICE {INSIDE} }} }}",
    "LATERAL": f"SELECT * {{ ?s ?p ?o LATERAL {{ SERVICE {INSIDE} }} }}",
    "CONSTRUCT": f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE {INSIDE} }}",
    "DESCRIBE": f"DESCRIBE ?s {{ SERVICE {INSIDE} }}",
    "escaped": f"SELECT * {{ \\u0053ERVICE {INSIDE} }}",
    "escaped with eight digits": f"SELECT * {{ SERV\\U00000049CE {INSIDE} }}",
    "all escaped": "SELECT * { " + "".join(f"\\u{ord(letter):04x}" for letter in "service") + INSIDE + " }",
    "behind a string": f"SELECT * {{ VALUES ?x {{ '''a'b''' }}SERVICE {INSIDE} }}",
    "behind a quote that is escaped": f'SELECT * {{ VALUES ?x {{ "\\\\" }}SERVICE {INSIDE} #" }}\n}}',
    # A scanner that takes <2)SERVICE#> for an IRI sees neither the operator nor the word.
    "behind less-than": f"SELECT * {{ VALUES ?a {{1}} FILTER(?a<2)SERVICE#>\n{INSIDE} }}",
    "behind less-than, silent": f"SELECT * {{ VALUES ?a {{1}} FILTER(?a<2)SERVICE#>\nSILENT {INSIDE} }}",
    "behind less-than, variable": (
        "SELECT * { VALUES (?a ?u) {(1 <URL>)} FILTER(?a<2)SERVICE?u#>\n{ ?s ?p ?o } }"
    ),
    "behind less-than, prefix": "PREFIX u: <URL> SELECT * { VALUES ?a {1} FILTER(?a<2)SERVICE#>\nu:x { ?s ?p ?o } }",
    # A parser without a lexer reads `true` and goes on behind it.
    "behind true": "PREFIX : <URL> SELECT * { VALUES ?s { 1 } ?a ?b trueSERVICE:x { ?s ?p ?o } }",
    "behind false, silent": "PREFIX SILENT: <URL> SELECT * { ?a ?b falseSERVICE:x { ?s ?p ?o } }",
    "FROM": "SELECT * FROM <URL> { ?s ?p ?o }",
    "FROM without space": "SELECT * FROM<URL>{ ?s ?p ?o }",
    "FROM NAMED": "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
    "FROM a file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "FROM NAMED, a file": "ASK FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }",
    "FROM a prefix": "PREFIX u: <URL> SELECT * FROM u: { ?s ?p ?o }",
    "FROM a base": "BASE <URL> SELECT * FROM <> { ?s ?p ?o }",
    "FROM, escaped": "SELECT * \\u0046ROM <URL> { ?s ?p ?o }",
    "DESCRIBE FROM": "DESCRIBE <urn:a> FROM <URL>",
    "LOAD": "LOAD <URL>",
    "LOAD SILENT": "LOAD SILENT <URL> INTO GRAPH <urn:a>",
    "LOAD behind a prefix": "PREFIX u: <URL> LOAD u:",
    "INSERT": f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE {INSIDE} }}",
    "USING": "WITH <urn:a> DELETE { ?s ?p ?o } USING <URL> WHERE { ?s ?p ?o }",
}


@pytest.mark.parametrize("query", [pytest.param(query, id=name) for name, query in CALLS.items()])
def test_nothing_goes_out(query: str, server: Serving, canary: Canary) -> None:
    reply = server.ask(query.replace("URL", canary.url), "*/*")
    assert not canary.reached()
    assert 400 <= reply.status_code < 500, reply.text


@pytest.mark.parametrize("query", [pytest.param(query, id=name) for name, query in CALLS.items()])
def test_the_first_wall_has_no_hole(query: str) -> None:
    """What the guard lets pass must be no query; elsewhere than in the server there is no second wall."""
    text = query.replace("URL", "http://127.0.0.1:9/")
    try:
        guard(text, {"urn:a"})
    except JhaanError:
        return
    with pytest.raises(SyntaxError):
        Store().query(text)


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("graph", ["URL", "file:///etc/passwd", "ftp://localhost/", "urn:nothing"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_graph_of_elsewhere_is_asked(
    method: str, graph: str, name: str, server: Serving, canary: Canary
) -> None:
    given = {"query": "ASK { ?s ?p ?o }", name: graph.replace("URL", canary.url)}
    params, data = (given, None) if method == "GET" else (None, given)
    reply = requests.request(method, server.sparql, params=params, data=data, timeout=PATIENCE)
    assert not canary.reached()
    assert reply.status_code == 400
    assert "There is no graph" in reply.text


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        pytest.param("application/sparql-update", "LOAD <URL>", id="body"),
        pytest.param("application/x-www-form-urlencoded", "update=LOAD+%3CURL%3E", id="form"),
    ],
)
def test_no_update_is_taken(content_type: str, body: str, server: Serving, canary: Canary) -> None:
    reply = requests.post(
        server.sparql,
        body.replace("URL", canary.url),
        headers={"Content-Type": content_type},
        timeout=PATIENCE,
    )
    assert not canary.reached()
    assert reply.status_code == 403


def test_a_graph_store_is_asked_for_graphs_of_ours_only(server: Serving, canary: Canary) -> None:
    for graph in (canary.url, "file:///etc/passwd", "/etc/passwd", "\0", "urn:\n"):
        reply = requests.get(f"{server.url}/graphs", params={"graph": graph}, timeout=PATIENCE)
        assert reply.status_code in (400, 404)
    assert not canary.reached()


def test_a_worker_has_nothing_left_to_open(server: Serving) -> None:
    """The system refuses to each worker any more descriptors than it has."""
    born = children(nursery_of(server))
    assert born
    for pid in born:
        limits = Path(f"/proc/{pid}/limits").read_text()
        most = re.search(r"Max open files +(\d+) +(\d+)", limits)
        assert most
        opened = sorted(int(path.name) for path in Path(f"/proc/{pid}/fd").iterdir())
        assert opened == list(range(int(most[1]))), "a number below the limit is free"
        assert most[1] == most[2], "it could lift its limit"
        core = re.search(r"Max core file size +(\d+) +(\d+)", limits)
        assert core
        assert core[1] == "0"


def confined(work: Callable[[], object]) -> str:
    """Do something in a child as a worker is, and say what became of it."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.dup2(writing, 3)
            os.closerange(4, 65_536)
            worker._confine(3, Limits())
            work()
            os.write(3, b"done")
        except BaseException as error:
            os.write(3, type(error).__name__.encode())
        finally:
            os._exit(0)
    os.close(writing)
    try:
        with os.fdopen(reading, "rb") as said:
            return said.read().decode()
    finally:
        os.waitpid(child, 0)


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(socket.socket, id="socket"),
        pytest.param(lambda: socket.socket(socket.AF_UNIX), id="local socket"),
        pytest.param(lambda: Path("/etc/passwd").read_text(), id="file"),
        pytest.param(lambda: os.open("/proc/self/mem", os.O_RDWR), id="memory"),
        pytest.param(os.pipe, id="pipe"),
        pytest.param(lambda: os.memfd_create("x"), id="memory file"),
        pytest.param(lambda: os.dup(0), id="copy"),
        pytest.param(lambda: Store("/tmp/jhaan-store"), id="store on disk"),  # noqa: S108 - it can't be made
    ],
)
def test_what_is_confined_opens_nothing(work: Callable[[], object]) -> None:
    assert confined(work) == "OSError"


def test_what_is_confined_calls_nobody(canary: Canary) -> None:
    """The engine would call, which shows that the wall is needed; confined, it can't."""
    query = f"SELECT * {{ SERVICE <{canary.url}> {{ ?s ?p ?o }} }}"
    assert confined(lambda: list(Store().query(query))) == "OSError"  # type: ignore[arg-type]
    assert not canary.reached()
    child = os.fork()
    if not child:
        with suppress(BaseException):
            list(Store().query(query))  # type: ignore[arg-type]
        os._exit(0)
    try:
        until(canary.reached)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


# --- functions -----------------------------------------------------------------------------------------------------

CALL: Final = "<urn:f>(?o)"
ROWS_OF_ALL: Final = "{ ?s ?p ?o }"


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(f"SELECT * {{ ?s ?p ?o FILTER({CALL}) }}", id="FILTER"),
        pytest.param(f"SELECT * {{ ?s ?p ?o FILTER {CALL} }}", id="FILTER without brackets"),
        pytest.param(f"SELECT * {{ ?s ?p ?o BIND({CALL} AS ?x) }} LIMIT 1", id="BIND"),
        pytest.param(f"SELECT ({CALL} AS ?x) {ROWS_OF_ALL} LIMIT 1", id="SELECT"),
        pytest.param(f"SELECT ?s {ROWS_OF_ALL} ORDER BY {CALL} LIMIT 1", id="ORDER BY"),
        pytest.param(f"SELECT ?s {ROWS_OF_ALL} ORDER BY DESC({CALL}) LIMIT 1", id="ORDER BY DESC"),
        pytest.param(f"SELECT (COUNT(*) AS ?n) {ROWS_OF_ALL} GROUP BY ({CALL} AS ?x)", id="GROUP BY"),
        pytest.param(f"SELECT (COUNT(*) AS ?n) {ROWS_OF_ALL} GROUP BY {CALL}", id="GROUP BY without name"),
        pytest.param(f"SELECT ?p {ROWS_OF_ALL} GROUP BY ?p HAVING(<urn:f>(?p))", id="HAVING"),
        pytest.param(f"ASK {{ FILTER EXISTS {{ ?s ?p ?o FILTER({CALL}) }} }}", id="EXISTS"),
        pytest.param(f"ASK {{ ?a ?b ?c FILTER NOT EXISTS {{ ?s ?p ?o FILTER({CALL}) }} }}", id="NOT EXISTS"),
        pytest.param(f"SELECT * {{ {{ SELECT ({CALL} AS ?x) {ROWS_OF_ALL} LIMIT 1 }} }}", id="sub-SELECT"),
        pytest.param(f"SELECT (SUM({CALL}) AS ?x) {ROWS_OF_ALL}", id="in an aggregate"),
        pytest.param(f"SELECT (<urn:f>(DISTINCT ?o) AS ?x) {ROWS_OF_ALL}", id="aggregate"),
        pytest.param(f"SELECT (COALESCE({CALL}, 1) AS ?x) {ROWS_OF_ALL} LIMIT 1", id="COALESCE"),
        pytest.param(f"SELECT (IF(?o = 1, 1, {CALL}) AS ?x) {ROWS_OF_ALL} LIMIT 1", id="IF"),
        pytest.param(f"SELECT * {{ ?s ?p ?o FILTER(?o IN (1, {CALL})) }}", id="IN"),
        pytest.param(f"SELECT * {{ ?s ?p ?o FILTER(!({CALL} || {CALL})) }}", id="operators"),
        pytest.param(f"SELECT * {{ ?s ?p ?o OPTIONAL {{ ?s ?q ?r FILTER({CALL}) }} }}", id="OPTIONAL"),
        pytest.param(f"SELECT * {{ ?s ?p ?o MINUS {{ ?s ?p ?o FILTER({CALL}) }} }}", id="MINUS"),
        pytest.param(f"SELECT * {{ {{ }} UNION {{ ?s ?p ?o FILTER({CALL}) }} }}", id="UNION"),
        pytest.param(f"SELECT * {{ GRAPH ?g {{ ?s ?p ?o FILTER({CALL}) }} }}", id="GRAPH"),
        pytest.param(f"CONSTRUCT {{ ?s ?p ?x }} {{ ?s ?p ?o BIND({CALL} AS ?x) }}", id="CONSTRUCT"),
        pytest.param(f"DESCRIBE ?s {{ ?s ?p ?o FILTER({CALL}) }}", id="DESCRIBE"),
        pytest.param("PREFIX f: <urn:> SELECT (f:f() AS ?x) { }", id="prefix, no arguments"),
        pytest.param("SELECT (<java:java.lang.Runtime.exec>('id') AS ?x) { }", id="Java"),
        pytest.param("SELECT (<http://jena.apache.org/ARQ/js#eval>('1') AS ?x) { }", id="JavaScript of Jena"),
        pytest.param(
            "SELECT (<http://www.w3.org/2005/xpath-functions#doc>('/etc/passwd') AS ?x) { }", id="doc"
        ),
        pytest.param("SELECT (<bif:file_to_string>('/etc/passwd') AS ?x) { }", id="Virtuoso"),
    ],
)
def test_a_function_of_others_is_refused(query: str, server: Serving) -> None:
    reply = server.ask(query, "*/*")
    assert reply.status_code == 400, reply.text


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "5", "5"),
        ("decimal", "5.5", "5.5"),
        ("double", "1e1", "1.0E1"),
        ("float", "1.5", "1.5"),
        ("boolean", "1", "true"),
        ("string", "x", "x"),
        ("date", "2023-05-01", "2023-05-01"),
        ("dateTime", "2023-05-01T10:00:00Z", "2023-05-01T10:00:00Z"),
    ],
)
def test_casts_are_no_functions_of_others(kind: str, text: str, value: str, server: Serving) -> None:
    query = f"PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT (xsd:{kind}('{text}') AS ?x) {{ }}"
    reply = server.ask(query)
    assert reply.status_code == 200
    (row,) = reply.json()["results"]["bindings"]
    assert float(row["x"]["value"]) == float(value) if kind == "double" else row["x"]["value"] == value


# --- a query that takes too much -------------------------------------------------------------------------------------


def test_a_query_that_never_ends(idle: Serving) -> None:
    before = ended(idle, "deadline")
    with beside(lambda: idle.ask(ENDLESS)) as given:
        until(lambda: workers(idle, "busy") == 1)
        answered = 0
        while not given:
            reply = idle.ask(SHORT)
            assert (reply.status_code, reply.json()["results"]["bindings"][0]["x"]["value"]) == (200, "7")
            answered += 1
    (reply,) = given
    assert reply.status_code == 504
    assert "4 seconds" in reply.text
    assert answered > 3
    assert ended(idle, "deadline") == before + 1
    until(lambda: workers(idle, "idle") == 2)


DOUBLED: Final = " ".join(f"BIND(CONCAT(?s{number}, ?s{number}) AS ?s{number + 1})" for number in range(30))


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(f"SELECT (STRLEN(?s30) AS ?n) {{ BIND('a' AS ?s0) {DOUBLED} }}", id="one value"),
        pytest.param(
            f"SELECT (STRLEN(GROUP_CONCAT(?z)) AS ?n) {{ VALUES ?z {{ '{'z' * 1000}' }} ?a ?b ?c . ?c ?d ?e }}",
            id="GROUP_CONCAT",
        ),
        pytest.param("SELECT * { ?a a ?b . ?c a ?d } ORDER BY ?d LIMIT 1", id="ORDER BY"),
    ],
)
def test_a_query_that_takes_too_much_memory(query: str, idle: Serving) -> None:
    before = ended(idle, "memory")
    with beside(lambda: idle.ask(query)) as given:
        while not given:
            assert idle.ask(SHORT).status_code == 200
    (reply,) = given
    assert reply.status_code == 503, reply.text
    assert "memory" in reply.text
    assert ended(idle, "memory") == before + 1
    until(lambda: workers(idle, "idle") == 2)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(aborting_query(), id="values of all types in order"),
        pytest.param("ASK { FILTER(" + "(" * 60_000 + "1" + ")" * 60_000 + ") }", id="brackets"),
        pytest.param("SELECT * " + "{" * 60_000 + "}" * 60_000, id="groups"),
        pytest.param("ASK { FILTER(" + "!" * 200_000 + "true) }", id="negations"),
        pytest.param("ASK { ?s " + "^" * 200_000 + "<urn:p> ?o }", id="paths"),
        pytest.param(
            "ASK { ?s " + "(" * 60_000 + "<urn:p>" + ")*" * 60_000 + " ?o }",
            id="paths in brackets",
        ),
        pytest.param(
            "ASK { ?s ?p " + "[ ?p " * 50_000 + "1" + "]" * 50_000 + " }",
            id="blank nodes",
        ),
        pytest.param("ASK { FILTER(1" + "+1" * 200_000 + ") }", id="sums"),
    ],
)
def test_a_query_that_breaks_the_engine(query: str, server: Serving) -> None:
    """It is the query's fault, or the engine can do it; the next one is answered."""
    before = len(children(nursery_of(server)))
    reply = server.ask(query)
    assert reply.status_code in (200, 400, 503, 504), reply.text
    assert reply.status_code == 400 or query != aborting_query()
    assert server.ask(SHORT).status_code == 200
    until(lambda: workers(server, "idle") == before)


def test_a_million_bytes_are_read_in_time(server: Serving) -> None:
    """The server itself answers others at once, whatever is in a request."""
    most = 1_000_000
    for body in (
        b"&" * most,
        b"%41" * (most // 3),
        b"query=" + b"%" * (most - 6),
        b"query=" + b"+" * (most - 6),
    ):
        with beside(
            lambda body=body: requests.post(  # type: ignore[misc]
                server.sparql,
                body,
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                timeout=PATIENCE,
            )
        ) as given:
            assert server.ask(SHORT).status_code == 200
        assert given[0].status_code == 400


# --- limits --------------------------------------------------------------------------------------------------------


def test_too_many_rows(idle: Serving) -> None:
    reply = idle.ask("SELECT (1 AS ?x) { ?a ?b ?c }", "text/csv")
    assert reply.status_code == 413
    assert "10,000 rows" in reply.text
    assert idle.ask("SELECT (1 AS ?x) { ?a ?b ?c } LIMIT 10000", "text/csv").text.count("\n") == 10_001
    assert idle.ask("CONSTRUCT WHERE { ?a a ?b }", "text/turtle").status_code in (200, 413)


def test_too_long_an_answer(idle: Serving) -> None:
    columns = " ".join(f"(?a AS ?x{number})" for number in range(12))
    query = f"SELECT {columns} {{ ?a ?b ?c }} LIMIT 9000"
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        idle.ask(query)
    assert status_of(exchange(idle, get(query, "1.0"))) == 413


@pytest.mark.parametrize("version", ["1.1", "1.0", "0.9"])
def test_a_cut_answer_never_looks_whole(version: str, idle: Serving) -> None:
    """The row limit is found out when two million bytes are there; HTTP/1.0 and older have no sign for that."""
    reply = exchange(idle, get(ALL, version, "Connection: close"))
    head, _, body = reply.partition(b"\r\n\r\n")
    if version == "1.1":
        assert status_of(reply) == 200
        assert b"transfer-encoding: chunked" in head.lower()
        assert len(body) > 2**20
        assert not body.endswith(b"0\r\n\r\n")
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            idle.ask(ALL)
    else:
        assert status_of(reply) in (413, 400, 505)
        assert b"bindings" not in body
        assert len(body) < 1000


@pytest.mark.parametrize("coding", ["Content-Length", "chunked"])
def test_too_long_a_request(coding: str, idle: Serving) -> None:
    body = b"ASK { }" + b" " * 4096
    data = body if coding == "Content-Length" else iter([body[:1000], body[1000:]])
    reply = requests.post(idle.sparql, data, headers={"Content-Type": DIRECT}, timeout=PATIENCE)
    assert reply.status_code == 413
    assert "4,096 bytes" in reply.text
    assert requests.post(idle.sparql, body[:4096], headers={"Content-Type": DIRECT}, timeout=PATIENCE).ok


@pytest.mark.parametrize("length", [10**7, 10**15, 10**20 - 1])
def test_a_giant_body_is_refused_before_it_comes(length: int, server: Serving) -> None:
    head = f"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: {DIRECT}\r\nContent-Length: {length}\r\n\r\n"
    assert status_of(exchange(server, head.encode())) == 413


@contextmanager
def asking(server: Serving, query: str, client: str, count: int = 1) -> Iterator[list[socket.socket]]:
    """Have queries of a client open."""
    with ExitStack() as stack:
        opened = [stack.enter_context(connect(server)) for _ in range(count)]
        for connection in opened:
            connection.sendall(get(query, "1.1", f"X-Forwarded-For: {client}"))
        yield opened


def as_client(server: Serving, client: str, query: str = SHORT) -> requests.Response:
    return server.ask(query, headers={"X-Forwarded-For": client})


def test_how_much_one_client_and_all_may_ask(idle: Serving) -> None:
    with asking(idle, ENDLESS, "192.0.2.1", 2) as opened:
        until(lambda: workers(idle, "busy") == 2)
        refused = as_client(idle, "192.0.2.1")
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
        # The last address counts, since the client itself can write the others.
        assert as_client(idle, "198.51.100.9, 192.0.2.1").status_code == 429
        with asking(idle, SHORT, "192.0.2.2") as (waiting,):
            until(lambda: idle.metric("jhaan_queries_waiting") == 1)
            full = as_client(idle, "192.0.2.3")
            assert (full.status_code, full.headers["Retry-After"]) == (503, "2")
            opened[0].close()  # it has hung up, so that the one that waits has its turn
            assert status_of(waiting.recv(4096)) == 200
        assert as_client(idle, "192.0.2.1").status_code == 200
        assert status_of(opened[1].recv(4096)) == 504
        assert as_client(idle, "192.0.2.1").status_code == 200


def test_who_the_client_is_without_a_proxy(server: Serving) -> None:
    server.ask(SHORT, headers={"X-Forwarded-For": "203.0.113.77", "Forwarded": "for=203.0.113.77"})
    assert "203.0.113.77" not in server.log
    assert {entry["client"] for entry in server.entries if "client" in entry} == {"127.0.0.1"}


def test_who_the_client_is_behind_a_proxy(idle: Serving) -> None:
    as_client(idle, "203.0.113.1, 203.0.113.2 , 2001:db8::7")
    until(lambda: "2001:db8::/64" in {entry.get("client") for entry in idle.entries})
    as_client(idle, "x" * 1000)
    until(lambda: "x" * 64 in {entry.get("client") for entry in idle.entries})
    assert max(len(entry.get("client", "")) for entry in idle.entries) == 64


# --- clients that leave ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(b"", id="one request"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", id="another one behind it"),
        pytest.param(b"GET / HT", id="a part of another one behind it"),
    ],
)
@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_who_hangs_up_ends_the_query(more: bytes, reset: bool, server: Serving) -> None:
    before, all_of_them = ended(server, "left"), len(children(nursery_of(server)))
    with connect(server) as opened:
        opened.sendall(get(ENDLESS) + more)
        until(lambda: workers(server, "busy") == 1)
        if reset:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    until(lambda: workers(server, "busy") == 0)
    until(lambda: workers(server, "idle") == all_of_them)
    assert ended(server, "left") == before + 1, "it went on to its deadline"


def test_who_hangs_up_frees_the_place(idle: Serving) -> None:
    before = ended(idle, "left")
    with asking(idle, ENDLESS, "192.0.2.5", 2):
        until(lambda: workers(idle, "busy") == 2)
    until(lambda: as_client(idle, "192.0.2.5").status_code == 200)
    until(lambda: ended(idle, "left") == before + 2)


def test_who_hangs_up_while_a_worker_dies(tmp_path: Path) -> None:
    """Between the end of a worker and the news of it the client goes: nobody else may notice.

    The nursery is held for a moment, so that its news comes late.
    """
    with serving(tmp_path, "--timeout", "5", "--workers", "2") as server:
        nursery = nursery_of(server)
        until(lambda: len(children(nursery)) == 2)
        os.kill(nursery, signal.SIGSTOP)
        try:
            with connect(server) as opened:
                opened.sendall(get(aborting_query()))
                until(
                    lambda: any(" Z " in Path(f"/proc/{pid}/stat").read_text() for pid in children(nursery))
                )
                until(lambda: workers(server, "busy") == 1)
            until(lambda: workers(server, "busy") == 0)
        finally:
            os.kill(nursery, signal.SIGCONT)
        until(lambda: workers(server, "idle") == 2)
        assert "started again" not in server.log, "all workers were ended for one"
        assert nursery_of(server) == nursery
        assert server.ask(SHORT).status_code == 200


def test_a_turn_that_comes_when_the_time_is_over() -> None:
    """A worker that is given to a query whose time has just ended goes to the next one.

    The loop is held for a moment, so that both are due at once; in a server that is busy this comes about by itself.
    """
    limits = Limits(seconds=0.5, workers=1)

    async def happen() -> None:
        pool = Pool(open_snapshot(), limits)
        await pool.start(lambda _: None)
        try:
            loop = asyncio.get_running_loop()
            taken = await pool._free()
            waiting = asyncio.create_task(pool._free())
            loop.call_later(limits.seconds - 0.2, time.sleep, 0.4)
            loop.call_later(limits.seconds - 0.1, pool._release, taken)
            with suppress(RefusalError):
                pool._release(await waiting)
            assert (pool.idle, pool.waiting) == (1, 0), "the worker is lost"
        finally:
            await pool.end()

    asyncio.run(happen())


def test_what_answers_comes_back_when_descriptors_run_out(tmp_path: Path) -> None:
    """Connections use up all descriptors while workers die; when there are some again, queries are answered."""
    with serving(tmp_path, "--timeout", "1", "--workers", "2") as server, ExitStack() as stack:
        pid = server.process.pid
        until(lambda: workers(server, "idle") == 2)
        before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (descriptors(pid) + 10, before[1]))
        asked = [stack.enter_context(connect(server)) for _ in range(2)]
        for connection in asked:
            connection.sendall(get(ENDLESS))
        held = [connect(server) for _ in range(40)]
        assert all(status_of(connection.recv(4096)) in (503, 504) for connection in asked)
        for connection in held:
            connection.close()
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        until(lambda: server.ask(SHORT).status_code == 200)
        assert server.process.poll() is None


def test_one_client_cannot_take_all_connections(tmp_path: Path) -> None:
    with serving(tmp_path, "--connections", "40", "--workers", "2") as server, ExitStack() as stack:
        for _ in range(60):
            stack.enter_context(connect(server))
        place = urlsplit(server.url)
        other = HTTPConnection(
            str(place.hostname), place.port, timeout=PATIENCE, source_address=("127.0.0.2", 0)
        )
        other.request("GET", f"/sparql?query={quote(SHORT)}")
        assert other.getresponse().status == 200
        other.close()


# --- slow clients --------------------------------------------------------------------------------------------------


def dawdle(opened: socket.socket, drop: bytes, seconds: float) -> bytes:
    """Send a little each second, and give what comes when the server has had enough."""
    end = time.monotonic() + seconds
    while not select.select([opened], [], [], 1)[0]:
        assert time.monotonic() < end, "the server waits on"
        with suppress(ConnectionError):
            opened.sendall(drop)
    return rest(opened)


@pytest.mark.parametrize(
    ("begun", "drop"),
    [
        pytest.param(b"", b"", id="nothing"),
        pytest.param(b"GET / HTTP/1.1\r\n", b"X: a\r\n", id="headers"),
        pytest.param(b"\r\n", b"\r\n", id="empty lines"),
        pytest.param(b"GET /" + b"a" * 1000, b"a", id="address"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"X", id="a second head"),
    ],
)
def test_a_head_that_never_ends(begun: bytes, drop: bytes, server: Serving) -> None:
    with connect(server) as opened:
        opened.sendall(begun)
        if begun.endswith(b"\r\n\r\n"):
            opened.recv(4096)
        assert status_of(dawdle(opened, drop, HEAD_SECONDS + 5)) in (0, 400, 408)


@pytest.mark.parametrize(
    ("header", "drop"),
    [
        pytest.param("Content-Length: 1000", b"A", id="Content-Length"),
        pytest.param("Transfer-Encoding: chunked", b"1\r\nA\r\n", id="chunked"),
    ],
)
def test_a_body_that_never_ends(header: str, drop: bytes, server: Serving) -> None:
    with connect(server) as opened:
        opened.sendall(
            f"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: {DIRECT}\r\n{header}\r\n\r\n".encode()
        )
        assert status_of(dawdle(opened, drop, BODY_SECONDS + 5)) == 408


def test_a_body_that_nobody_wants(server: Serving) -> None:
    """An answer doesn't wait for it, and the connection isn't kept for it."""
    with connect(server) as opened:
        opened.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        assert status_of(opened.recv(4096)) == 200
        dawdle(opened, b"1\r\nA\r\n", HEAD_SECONDS + 10)


def test_who_takes_nothing_keeps_no_worker(server: Serving) -> None:
    with connect(server, 4096) as opened:
        opened.sendall(get(f"{ALL} LIMIT 30000"))
        until(lambda: workers(server, "busy") == 1)
        until(lambda: workers(server, "busy") == 0)
        reply = opened.recv(64)
        assert status_of(reply) == 200


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(get(f"{ALL} LIMIT 60000"), id="one long answer"),
        pytest.param(b"GET /.well-known/void HTTP/1.1\r\nHost: a\r\n\r\n" * 3000, id="many short ones"),
    ],
)
def test_who_takes_nothing_is_let_go(sent: bytes, tmp_path: Path) -> None:
    """Otherwise one client has all connections in time."""
    with serving(tmp_path, "--timeout", "20") as server:
        requests.get(f"{server.url}/.well-known/void", timeout=PATIENCE)
        before = quiet(server)
        with connect(server, 4096) as opened:
            opened.settimeout(2)
            with suppress(TimeoutError):
                opened.sendall(sent)
            until(lambda: descriptors(server.process.pid) > before)
            until(lambda: descriptors(server.process.pid) <= before, SEND_SECONDS + 40)


# --- what is no request ----------------------------------------------------------------------------------------------


def post(body: bytes, *headers: str) -> bytes:
    lines = [
        "POST /sparql HTTP/1.1",
        "Host: a",
        f"Content-Type: {DIRECT}",
        "Connection: close",
        *headers,
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + body


CHUNKED: Final = b"6\r\nASK {}\r\n0\r\n\r\n"
MALFORMED: Final = {
    "Content-Length below 0": (post(b"ASK {}", "Content-Length: -1"), 400),
    "Content-Length with a sign": (post(b"ASK {}", "Content-Length: +6"), 400),
    "Content-Length in hexadecimal": (post(b"ASK {}", "Content-Length: 0x6"), 400),
    "Content-Length without digits": (post(b"ASK {}", "Content-Length: six"), 400),
    "Content-Length with other digits": (post(b"ASK {}", "Content-Length: \u0666"), 400),
    "Content-Length with a point": (post(b"ASK {}", "Content-Length: 6.0"), 400),
    "Content-Length of 24 digits": (post(b"ASK {}", "Content-Length: " + "9" * 24), 400),
    "two Content-Lengths": (post(b"ASK {}", "Content-Length: 6", "Content-Length: 5"), 400),
    "two Content-Lengths in one": (post(b"ASK {}", "Content-Length: 6, 5"), 400),
    "Content-Length and chunked": (post(CHUNKED, "Content-Length: 6", "Transfer-Encoding: chunked"), 400),
    "chunked and Content-Length": (post(CHUNKED, "Transfer-Encoding: chunked", "Content-Length: 6"), 400),
    "chunked twice": (post(CHUNKED, "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), 400),
    "chunked and another one": (post(CHUNKED, "Transfer-Encoding: gzip, chunked"), 400),
    "another one": (post(b"ASK {}", "Transfer-Encoding: identity"), 400),
    "chunked with a space": (post(CHUNKED, "Transfer-Encoding : chunked"), 400),
    "chunked with a tab": (post(CHUNKED, "Transfer-Encoding:\x0bchunked"), 400),
    "chunk below 0": (post(b"-6\r\nASK {}\r\n0\r\n\r\n", "Transfer-Encoding: chunked"), 400),
    "chunk without digits": (post(b"zz\r\nASK {}\r\n0\r\n\r\n", "Transfer-Encoding: chunked"), 400),
    "chunk of 20 digits": (post(b"F" * 21 + b"\r\nASK {}", "Transfer-Encoding: chunked"), 400),
    "chunk that is longer": (post(b"6\r\nASK {}XX\r\n0\r\n\r\n", "Transfer-Encoding: chunked"), 400),
    "gzip": (post(b"\x1f\x8b" + b"\0" * 20, "Content-Encoding: gzip", "Content-Length: 22"), 415),
    "deflate": (post(b"x", "Content-Encoding: DEFLATE", "Content-Length: 1"), 415),
    "gzip behind identity": (
        post(b"x", "Content-Encoding: identity", "Content-Encoding: gzip", "Content-Length: 1"),
        415,
    ),
    "NUL in a header": (b"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400),
    "NUL in the address": (b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "CR in a header": (b"GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400),
    "space before the colon": (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    "no version": (b"GET /\r\n\r\n", 400),
    "another protocol": (b"GET / FTP/1.1\r\nHost: a\r\n\r\n", 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 20, 400),
    "SSH": (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", 400),
    "letters of other alphabets": ("GET /ä HTTP/1.1\r\nHost: a\r\n\r\n".encode(), 400),
}


@pytest.mark.parametrize(
    ("sent", "status"), [pytest.param(*case, id=name) for name, case in MALFORMED.items()]
)
def test_what_is_no_request(sent: bytes, status: int, server: Serving) -> None:
    reply = exchange(server, sent)
    assert status_of(reply) == status, reply[:200]
    assert reply.count(b"HTTP/1.1 ") == 1, "it was taken for two requests"


@pytest.mark.parametrize("head", [b"GET /?", b"GET / HTTP/1.1\r\nHost: a\r\nX: "], ids=["address", "header"])
def test_too_long_a_head(head: bytes, server: Serving) -> None:
    with connect(server) as opened:
        opened.sendall(head + b"a" * 70_000)
        assert status_of(rest(opened)) in (0, 400, 414, 431)
    reply = exchange(server, head + b"a" * 400_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n")
    assert status_of(reply) in (0, 400, 414, 431)


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/sparql/../../etc/passwd",
        "/graphs/../../../etc/passwd",
        "//etc/passwd",
        "/.git/config",
        "/.env",
        "/%00",
        "/\\..\\..\\etc\\passwd",
        "/sparql%2f",
        "/docs",
        "/openapi.yaml",
        "/$/server",
        "/update",
        "/SPARQL",
    ],
)
def test_there_is_nothing_beside(path: str, server: Serving) -> None:
    reply = exchange(server, f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
    assert status_of(reply) == 404, reply[:200]
    assert b"root:" not in reply


@pytest.mark.parametrize("path", ["/", "/sparql", "/graphs", "/metrics", "/elsewhere"])
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "X" * 500])
def test_there_are_no_other_methods(method: str, path: str, server: Serving) -> None:
    reply = requests.request(method, server.url + path, timeout=PATIENCE)
    assert reply.status_code in (404, 405)


@pytest.mark.parametrize("protocol", ["websocket", "h2c", "TLS/1.0"])
def test_an_upgrade_is_harmless(protocol: str, server: Serving) -> None:
    headers = (
        "Connection: Upgrade, HTTP2-Settings, close",
        f"Upgrade: {protocol}",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        "HTTP2-Settings: AAMAAABkAAQAAP__",
    )
    reply = exchange(server, get(SHORT, "1.1", *headers))
    assert status_of(reply) == 200
    assert b'"7"' in reply


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/graphs?" + "&".join("abcdefghijkl"), id="many parameters"),
        pytest.param("/graphs?graph=%ff%fe", id="no UTF-8"),
        pytest.param("/graphs?graph=%ED%A0%80", id="half a character"),
        pytest.param("/graphs?default&default", id="twice"),
        pytest.param(
            "/sparql?" + "&".join(["default-graph-uri=urn:a"] * 900) + "&query=ASK{}", id="many graphs"
        ),
        pytest.param("/sparql?query=ASK{}&named-graph-uri=%0d%0aX:y", id="end of line"),
    ],
)
@pytest.mark.parametrize("host", ["a", "[", "a:b:c", "[::1", "a" * 5000, "a/../b?c#d"])
def test_no_request_is_a_fault_of_the_server(path: str, host: str, server: Serving) -> None:
    reply = exchange(server, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert status_of(reply) in (400, 404), reply[:300]


def test_no_header_of_the_client_is_an_address(server: Serving) -> None:
    """Who puts another host into a request sends nobody there: such answers may be kept by a proxy for others."""
    for path in ("/sparql/", "/graphs/", "/health/live/"):
        reply = exchange(
            server, f"GET {path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n".encode()
        )
        assert b"evil.example" not in reply


def test_who_breaks_off_a_body_is_no_fault_of_the_server(server: Serving) -> None:
    """The app has begun when a body that it doesn't need turns out to be none."""
    exchange(server, b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
    query = get(f"{ALL} LIMIT 30000", "1.1", "Transfer-Encoding: chunked")
    with connect(server) as opened:
        opened.sendall(query)
        opened.recv(100)
        with suppress(ConnectionError):
            opened.sendall(b"zz\r\n")
        rest(opened)
    assert server.ask(SHORT).status_code == 200
    assert "Traceback" not in server.log
    assert [entry["fault"] for entry in server.entries if entry["path"] == "/" and "fault" in entry] == []


# --- what is said --------------------------------------------------------------------------------------------------

GIVEN_AWAY: Final = re.compile(
    'Traceback|File "|\\.py\\b|site-packages|0x[0-9a-f]{8}|/tmp/|/proc/|panicked|uvicorn|starlette|'
    + "|".join(re.escape(path) for path in (str(ROOT), sys.prefix, str(Path.home()) + "/"))
)


@pytest.mark.parametrize(
    "sent",
    [
        get("ASK {", "1.1", "Connection: close"),
        get(aborting_query(), "1.1", "Connection: close"),
        get("SELECT (<urn:f>() AS ?x) { }", "1.1", "Connection: close"),
        get("ASK { SERVICE <urn:a> { } }", "1.1", "Connection: close"),
        get(SHORT, "1.1", "Accept: image/png", "Connection: close"),
        get(
            "CONSTRUCT { ?s <urn:1> 2 } { ?s a ?o }",
            "1.1",
            "Accept: application/rdf+xml",
            "Connection: close",
        ),
        post(b"\xff", "Content-Length: 1"),
        post(b"x", "Content-Encoding: gzip", "Content-Length: 1"),
        b"GET /sparql?query=%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /graphs HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /graphs?" + b"&".join([b"a"] * 20) + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /sparql HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /elsewhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"BREW / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"no request at all\r\n\r\n",
    ],
)
def test_no_answer_gives_anything_away(sent: bytes, server: Serving) -> None:
    reply = exchange(server, sent).decode()
    assert reply
    assert not (found := GIVEN_AWAY.search(reply)), found
    assert "server:" not in reply.lower().partition("\r\n\r\n")[0]


MARK: Final = "nobody-else-should-know"
FORGED: Final = 'x\r\n{"time": "2020", "status": 200}\n\x1b[2J\u2028\x00\x7f'


def test_the_log_keeps_queries_to_itself(server: Serving, idle: Serving) -> None:
    query = f"ASK {{ ?s ?p '{MARK}' }}"
    for running in (server, idle):
        running.ask(query)
        requests.get(f"{running.sparql}", params={"query": query}, timeout=PATIENCE)
        running.ask(f"ASK {{ '{MARK}")
        running.ask(SHORT, headers={"User-Agent": MARK, "Referer": f"http://a/{MARK}", "Cookie": MARK})
    assert MARK not in server.log
    assert sum(entry.get("query") == query for entry in idle.entries) == 2


def test_lines_of_the_log_are_what_they_seem(server: Serving, idle: Serving) -> None:
    for running in (server, idle):
        requests.get(f"{running.url}/{quote(FORGED)}", timeout=PATIENCE)
        running.ask(f"ASK {{ }} # {FORGED.replace(chr(0), '')}")
        requests.get(f"{running.url}/", headers={"X-Forwarded-For": '1.2.3.4"} {'}, timeout=PATIENCE)
        exchange(running, b'X"{} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
        lines = running.log.split("\n")
        assert lines.pop() == ""
        entries = [json.loads(line) for line in lines if line.startswith("{")]
        assert len(entries) == len(lines) - 1, [line for line in lines if not line.startswith("{")]
        assert all(isinstance(entry, dict) and entry["time"] != "2020" for entry in entries)
        assert all(line.isprintable() and line.isascii() for line in lines)
        assert any(entry.get("path") == f"/{FORGED}" for entry in entries)


def test_the_numbers_have_no_names_of_clients(server: Serving) -> None:
    """Whatever is asked, there are no more numbers than before: each would take memory for ever."""
    for number in range(50):
        requests.request(f"M{number}", f"{server.url}/{MARK}-{number}", timeout=PATIENCE)
    text = requests.get(f"{server.url}/metrics", timeout=PATIENCE).text
    assert MARK not in text
    assert len(re.findall(r'jhaan_requests_total\{place="elsewhere"', text)) < 10
