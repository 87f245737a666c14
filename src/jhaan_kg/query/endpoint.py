"""Queries to SPARQL endpoints (https://www.w3.org/TR/sparql11-protocol/).

A truncated answer raises an error. Stores announce their limits in different ways: most of them end the response early,
so that it is not valid. Virtuoso 7.2.5 states a limit of rows in the header `X-SPARQL-MaxRows`, and a time limit in
`X-SQL-State`. It truncates the answer to a CONSTRUCT query without notice, so a SELECT query has to show the limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from itertools import pairwise
from typing import Final, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from pyoxigraph import NamedNode, Triple
from requests import Response

from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.files import as_file
from jhaan_kg.namespaces import GRAPH, ONTOLOGY
from jhaan_kg.query.engine import Answer, Row, Rows, open_rows, read_boolean, read_triples
from jhaan_kg.query.sparql_text import TokenKind, code
from jhaan_kg.web import Credentials, HttpClient, HttpRequestError, check_url, mask_secrets, one_line

TIMEOUT: Final = 60.0
"""The default time limit of an answer in seconds."""

LARGEST: Final = 1 << 28
"""The maximum size of an answer in bytes. Streamed answers have no limit."""

_SHORT: Final = 1 << 16
"""The maximum size in bytes of the answer to an ASK query."""

_ROWS: Final = ("application/sparql-results+json", "application/json")
_TRIPLES: Final = ("application/n-triples",)
_EVIDENCE: Final = GRAPH + "evidence/"
JENA_UNION: Final = "urn:x-arq:UnionGraph"
"""Jena's IRI for the union of all named graphs."""
_PROBE: Final = f"ASK {{ ?agency a <{ONTOLOGY}Agency> }}"
_OURS: Final = f'FILTER (STRSTARTS(STR(?graph), "{GRAPH}"))'
_GRAPHS: Final = f"SELECT DISTINCT ?graph WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} {_OURS} }}"
_CITABLE: Final = (
    f"ASK {{ ?assertion a <{ONTOLOGY}Assertion> . GRAPH ?graph {{ ?agency a <{ONTOLOGY}Agency> }} {_OURS} }}"
)

_ENDINGS: Final = ("/sparql", "/query")
"""The paths below a store's address at which stores accept queries."""

_FINAL: Final = (0, 401, 403, 429, 502, 503, 504)
"""Status codes after which no other address is tried.

They mean no response (0), failed login, or overload.
"""

_Result = TypeVar("_Result")

_ADVICE: Final = {
    400: "The endpoint cannot parse the query.",
    404: "Check the URL. It often ends in /sparql or /query.",
    405: "The URL does not accept queries by POST. It often ends in /sparql or /query.",
    406: "The URL offers neither SPARQL results in JSON nor N-Triples. Check it.",
    413: "The query is too long. Use fewer values.",
    415: "The URL does not accept queries as forms. It often ends in /sparql or /query.",
}


class EndpointEngine:
    """Thread-safe engine for an endpoint; see `query.engine.Engine`.

    Truncated answers raise an error, as far as truncation can be detected.
    """

    def __init__(
        self,
        url: str,
        *,
        credentials: Credentials | None = None,
        dataset: Sequence[tuple[str, str]] = (),
        prefixes: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT,
        largest: int = LARGEST,
    ) -> None:
        """Configure an engine without sending requests.

        Args:
            url: the HTTP or HTTPS URL of the endpoint. Its query string is sent unchanged.
            credentials: the name and password, or the token.
            dataset: the names and values of the parameters that choose the queried graphs, sent with each query.
            prefixes: the prefixes that queries may use without a declaration.
            timeout: the time limit of a response in seconds.
            largest: the maximum size of an answer in bytes, unless it is streamed.

        Raises:
            JhaanError: the address is not valid, or the timeout is not positive.
        """
        self.url = check_url(url)
        self._client = HttpClient(credentials, timeout=timeout, service="endpoint", advice=_ADVICE)
        self._dataset = tuple(dataset)
        self._prefixes = dict(prefixes or {})
        self._largest: Final = largest

    @property
    def dataset(self) -> tuple[tuple[str, str], ...]:
        """The names and values of the parameters that choose the queried graphs.

        They are empty for the default.
        """
        return self._dataset

    def at(self, url: str) -> EndpointEngine:
        """Return an engine for another address of the same store."""
        other = copy(self)
        other.url = url
        return other

    def with_dataset(self, dataset: Sequence[tuple[str, str]]) -> EndpointEngine:
        """Return an engine for other graphs of the same endpoint."""
        other = copy(self)
        other._dataset = tuple(dataset)
        return other

    def with_prefixes(self, prefixes: Mapping[str, str]) -> EndpointEngine:
        """Return an engine for the same graphs, with other predeclared prefixes."""
        other = copy(self)
        other._prefixes = dict(prefixes)
        return other

    def select(self, query: str) -> Answer:
        """Run a SELECT query.

        Raises:
            ServiceError: the endpoint cannot be reached, rejects the query, or does not return a complete answer.
        """
        with self.rows(query, self._largest) as found:
            return Answer(found.variables, tuple(found.rows))

    def ask(self, query: str) -> bool:
        """Run an ASK query; for errors see `select`."""
        with self._send(query, _ROWS) as response, self._reading():
            return read_boolean(as_file(self._client.chunks(response, _SHORT)))

    def construct(self, query: str) -> list[Triple]:
        """Run a CONSTRUCT or DESCRIBE query; for errors see `select`."""
        with self.triples(query, self._largest) as found:
            return list(found)

    @contextmanager
    def rows(self, query: str, limit: int | None = None) -> Iterator[Rows]:
        """Run a SELECT query, and yield its rows as they arrive.

        Args:
            query: the query.
            limit: the maximum size of the answer in bytes; None for no limit.

        Yields:
            The columns, and an iterator over the rows. If the answer is incomplete, the iterator raises an error at the
            end; for errors see `select`.
        """
        with self._send(query, _ROWS) as response:
            with self._reading():
                found = open_rows(as_file(self._client.chunks(response, limit)))

            def check_rows() -> Iterator[Row]:
                number = 0
                with self._reading():
                    for number, row in enumerate(found.rows, 1):  # noqa: B007 - the last number is checked
                        yield row
                self._check(number, "rows", response)

            yield Rows(found.variables, check_rows())

    @contextmanager
    def triples(self, query: str, limit: int | None = None) -> Iterator[Iterator[Triple]]:
        """Run a CONSTRUCT or DESCRIBE query, and yield its triples as they arrive.

        For `limit` and errors see `rows`.
        """
        with self._send(query, _TRIPLES) as response:
            if not {"Content-Length", "Transfer-Encoding"} & set(map(str.title, response.headers)):
                raise self._error(
                    "did not state the length of its answer, which may be incomplete", "Use SELECT instead."
                )

            def check_triples() -> Iterator[Triple]:
                number = 0
                with self._reading():
                    for triple in read_triples(as_file(self._client.chunks(response, limit))):
                        number += 1
                        yield triple
                if number and "Virtuoso" in response.headers.get("Server", ""):
                    with self.with_dataset(())._send("SELECT * WHERE { ?s ?p ?o }", _ROWS) as other:
                        self._check(number, "triples", other)

            yield check_triples()

    def _check(self, number: int, what: str, response: Response) -> None:
        """Check that an answer is shorter than the limit that Virtuoso states in a response."""
        limit = response.headers.get("X-SPARQL-MaxRows", "")
        if limit.isdigit() and len(limit) < 19 and number >= int(limit):
            raise self._error(
                f"returned {number:,} {what}, which is its limit. The answer may be incomplete",
                "Ask for less.",
            )

    @contextmanager
    def _send(self, query: str, types: Sequence[str]) -> Iterator[Response]:
        """Send a query as a form by POST, which all stores support without a limit of length.

        Yields:
            The response, with the body still unread.
        """
        form = [("query", with_prefixes(query, self._prefixes)), *self._dataset]
        headers = {
            "Accept": ", ".join((types[0], *(f"{name};q=0.5" for name in types[1:]))),
            # Tomcat, on which RDF4J Server runs, decodes a form without a charset as Latin-1.
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        }
        with self._client.send("POST", self.url, headers, urlencode(form).encode()) as response:
            if response.status_code != 200:
                raise self._error(
                    f"answered with status {response.status_code}, so the answer may be incomplete",
                    "Ask for less, or use another endpoint.",
                )
            if response.headers.get("X-SQL-State"):  # Virtuoso stopped the query, but still sent status 200
                reason = one_line(response.headers.get("X-SQL-Message", "no reason given"))
                raise self._error(f"sent only a part of the answer ({reason})", "Ask for less.")
            yield response

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Convert an exception of a parser into a ServiceError."""
        try:
            yield
        except ValueError:
            raise self._error(
                "sent an answer that is incomplete or not valid", "Ask for less, or check the URL."
            ) from None

    def _error(self, what: str, advice: str) -> ServiceError:
        return ServiceError(f"The endpoint {mask_secrets(self.url)} {what.rstrip('.')}. {advice}")


def try_addresses(url: str, do: Callable[[str], _Result]) -> _Result:
    """Call a function with the first address that accepts queries.

    The addresses are `url` and the common paths below it.

    Raises:
        ServiceError: no address accepts queries; the error is that of `url`.
    """
    parts = urlsplit(url)
    others = [parts._replace(path=parts.path.rstrip("/") + ending).geturl() for ending in _ENDINGS]
    try:
        return do(url)
    except ServiceError as error:
        if isinstance(error, HttpRequestError) and error.status in _FINAL:
            raise
        for other in others:
            with suppress(ServiceError):
                return do(other)
        raise


def with_all_graphs(engine: EndpointEngine, *, evidence: bool) -> EndpointEngine:
    """Return an engine that queries the union of the named graphs of an endpoint.

    By default, some stores query the union of all graphs, and others only triples outside named graphs. The function
    uses the first of these settings that works:

    1. The default of the endpoint, or `default-graph-uri` in its URL.
    2. The parameter `union-default-graph` (Oxigraph).
    3. Jena's IRI of the union graph (https://jena.apache.org/documentation/tdb/datasets.html).
    4. A list of all named graphs of this project. All stores support it, but some become very slow.

    Args:
        engine: the engine for the URL of the endpoint, or of the store; see `try_addresses`.
        evidence: whether the evidence is required; otherwise a list of graphs excludes it.

    Raises:
        JhaanError: the endpoint has no graph of this project, or the required evidence is missing.
        ServiceError: see `EndpointEngine.select`.
    """
    found, knows_agencies = try_addresses(
        engine.url, lambda url: (engine.at(url), engine.at(url).ask(_PROBE))
    )
    chosen = found if knows_agencies else _with_union(found, evidence=evidence)
    if evidence and not chosen.ask(_CITABLE):
        raise JhaanError(
            f"The endpoint {mask_secrets(engine.url)} has no evidence, so sources cannot be cited. "
            "Load the output of: jhaan export nquads"
        )
    return chosen


def _with_union(engine: EndpointEngine, *, evidence: bool) -> EndpointEngine:
    named = {name for name, _ in parse_qsl(urlsplit(engine.url).query, keep_blank_values=True)}
    if "default-graph-uri" in named:
        return engine
    union = engine.with_dataset([("union-default-graph", "true")])
    if _knows_agencies(union):
        return union
    graphs = sorted(graph.value for (graph,) in engine.select(_GRAPHS).rows if isinstance(graph, NamedNode))
    all_named = [("named-graph-uri", graph) for graph in graphs]
    jena = engine.with_dataset([("default-graph-uri", JENA_UNION), *all_named])
    if graphs and _knows_agencies(jena):
        return jena
    chosen = [graph for graph in graphs if evidence or not graph.startswith(_EVIDENCE)]
    listed = engine.with_dataset(
        [(f"{kind}-graph-uri", graph) for kind in ("default", "named") for graph in chosen]
    )
    if not graphs or not listed.ask(_PROBE):
        raise JhaanError(
            f"The endpoint {mask_secrets(engine.url)} does not contain this graph. "
            "Load the output of: jhaan export nquads"
        )
    return listed


def _knows_agencies(engine: EndpointEngine) -> bool:
    """Return whether the queried graphs contain the agencies.

    The result is also False if the query fails.
    """
    try:
        return engine.ask(_PROBE)
    except ServiceError:
        return False


def with_prefixes(query: str, prefixes: Mapping[str, str]) -> str:
    """Return a query with declarations of its undeclared prefixes.

    They are on the first line, so that line numbers do not change.

    >>> with_prefixes("ASK { ?a a jhaan:Agency }", {"jhaan": "https://e.org/", "org": "https://e.org/"})
    'PREFIX jhaan: <https://e.org/> ASK { ?a a jhaan:Agency }'
    """
    tokens = code(query)
    declared = {name.text[:-1] for word, name in pairwise(tokens) if word.is_word("PREFIX")}
    used = dict.fromkeys(token.text.partition(":")[0] for token in tokens if token.kind is TokenKind.NAME)
    lines = [
        f"PREFIX {name}: <{prefixes[name]}> " for name in used if name in prefixes and name not in declared
    ]
    return "".join(lines) + query
