"""Queries to SPARQL endpoints (https://www.w3.org/TR/sparql11-protocol/).

Stores may truncate long answers, some of them silently. Virtuoso 7.2.5 states its limit of rows in the header
`X-SPARQL-MaxRows`, but returns at most 10,001 triples of a CONSTRUCT query without notice. Other stores have
configurable limits, which are usually round numbers.

The engine detects truncation as follows: if the number of rows is round or equals the stated limit, it sends a second
query that counts the rows. The answer to that query has only one row, so it cannot be truncated. The engine does not
use paging, because paging requires ORDER BY, and Virtuoso cannot sort more than 10,000 rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from itertools import pairwise
from typing import Final, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.errors import JhaanError, ServiceError, count_of
from jhaan_kg.files import as_file
from jhaan_kg.namespaces import GRAPH, ONTOLOGY
from jhaan_kg.query.engine import Answer, Row, Rows, open_rows, read_boolean, read_rows, read_triples
from jhaan_kg.query.sparql_text import TokenKind, code, find_closing, parse_template
from jhaan_kg.web.client import HttpClient, HttpRequestError, HttpResponse, one_line
from jhaan_kg.web.credentials import Credentials, check_url, mask_secrets
from jhaan_kg.web.request import HttpRequest

TIMEOUT: Final = 60.0
"""The default time limit of an answer in seconds."""

LARGEST: Final = 1 << 30
"""The maximum size of an answer in bytes, as received and as estimated in memory.

Streamed answers have no limit.
"""

_SHORT: Final = 1 << 16
"""The maximum size in bytes of the answer to an ASK query or a counting query."""

_ROWS: Final = ("application/sparql-results+json", "application/json")
_TRIPLES: Final = ("application/n-triples",)
_EVIDENCE: Final = GRAPH + "evidence/"
JENA_UNION: Final = "urn:x-arq:UnionGraph"
"""Jena's IRI for the union of all named graphs."""
_FEWEST: Final = 100
"""The minimum limit of rows.

A number of rows that is a multiple of it may be the limit of a store.
"""
_COUNT: Final = "jhaanRows"
"""The name of the variable with the result of a counting query."""
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

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_ADVICE: Final = {
    400: "The endpoint cannot parse the query.",
    404: "Check the URL. It often ends in /sparql or /query.",
    405: "The URL does not accept queries by POST. It often ends in /sparql or /query.",
    406: "The URL offers neither SPARQL results in JSON nor N-Triples. Check it.",
    413: "The query is too long. Use fewer values.",
    415: "The URL does not accept queries as forms. It often ends in /sparql or /query.",
}


class CutAnswerError(ServiceError):
    """An endpoint returned an incomplete answer.

    Attributes:
        given: the number of received rows or triples.
        total: the number of rows or triples in the full answer; None if unknown.
    """

    def __init__(self, message: str, given: int, total: int | None) -> None:
        super().__init__(message)
        self.given, self.total = given, total


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
            largest: the maximum size of an answer in memory, in bytes.

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

    def select(self, query: str, columns: int | None = None) -> Answer:
        """Run a SELECT query.

        Args:
            query: the query.
            columns: the number of columns, for the limit of memory; None if unknown.

        Raises:
            ServiceError: the endpoint cannot be reached, rejects the query, or does not return a complete answer.
        """
        with self.rows(query, self._largest) as found:
            width = len(found.variables)
            if columns not in (None, width):
                raise self._error(
                    f"answered with {count_of(width, 'column')} instead of {columns}", "Check the URL."
                )
            return Answer(found.variables, tuple(self._limit(found.rows, width)))

    def ask(self, query: str) -> bool:
        """Run an ASK query; for errors see `select`."""
        with self._send(query, _ROWS) as reply, self._reading():
            return read_boolean(as_file(reply.chunks(_SHORT)))

    def construct(self, query: str) -> list[Triple]:
        """Run a CONSTRUCT or DESCRIBE query; for errors see `select`."""
        with self.triples(query, self._largest) as found:
            triples = list(self._limit(found, 3))
        self.check_triples(query, len(set(triples)))
        return triples

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
        with self._send(query, _ROWS) as reply:
            with self._reading():
                found = open_rows(as_file(reply.chunks(limit)))

            def check_rows() -> Iterator[Row]:
                number = 0
                with self._reading():
                    for row in found.rows:
                        number += 1
                        yield row
                self._check_rows(query, number, reply.headers.get("X-SPARQL-MaxRows", ""))

            yield Rows(found.variables, check_rows())

    @contextmanager
    def triples(self, query: str, limit: int | None = None) -> Iterator[Iterator[Triple]]:
        """Run a CONSTRUCT or DESCRIBE query, and yield its triples as they arrive.

        For `limit` and errors see `rows`.

        A store may send a triple more than once. Call `check_triples` at the end to check that no triple is missing.
        """
        with self._send(query, _TRIPLES) as reply:
            if not reply.ends:
                raise self._error(
                    "did not state the length of its answer, which may be incomplete",
                    "Use SELECT instead.",
                )

            def read() -> Iterator[Triple]:
                with self._reading():
                    yield from read_triples(as_file(reply.chunks(limit)))

            yield read()

    def check_triples(self, query: str, number: int) -> None:
        """Check that all triples of a CONSTRUCT or DESCRIBE query were received.

        Args:
            query: the query.
            number: the number of distinct received triples.

        Raises:
            ServiceError: triples are missing, or their number may be a limit and cannot be checked.
        """
        if is_round(number, graph=True):
            self._count(query, number, "triples")

    def _check_rows(self, query: str, number: int, limit: str) -> None:
        reached = re.fullmatch("[0-9]{1,18}", limit) and number >= int(limit)
        if (reached or is_round(number, graph=False)) and number != find_limit(query):
            self._count(query, number, "rows")

    def _count(self, query: str, number: int, what: str) -> None:
        """Check that an answer is complete, by letting the endpoint count its rows or triples.

        Raises:
            CutAnswerError: the answer is incomplete, or cannot be counted.
        """
        count = count_queries(with_prefixes(query, self._prefixes))
        cut = f"returned {number:,} {what}, which may be its limit"
        if count is None:
            raise self._make_cut_error(f"{cut}. The answer to this query cannot be counted", number)
        queries, total = count
        for asked in queries:
            try:
                total += self.count(asked)
            except ServiceError as error:
                raise self._make_cut_error(f"{cut}. Counting failed: {error}", number) from None
        if total > number:
            raise self._make_cut_error(f"returned only {number:,} of {total:,} {what}", number, total)

    def _make_cut_error(self, what: str, given: int, total: int | None = None) -> CutAnswerError:
        return CutAnswerError(str(self._error(what, "Ask for less.")), given, total)

    def count(self, query: str) -> int:
        """Run a query that returns a single count; for errors see `select`."""
        with self._send(query, _ROWS) as reply, self._reading():
            rows = read_rows(as_file(reply.chunks(_SHORT))).rows
        return self.read_count(rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else None)

    def read_count(self, term: object) -> int:
        """Convert the value of a counting query's answer to an integer; for errors see `select`."""
        if isinstance(term, Literal) and re.fullmatch("[0-9]{1,18}", term.value):
            return int(term.value)
        raise self._error("did not answer a COUNT with a number", "Check the URL.")

    def _limit(self, found: Iterator[_Item], width: int) -> Iterator[_Item]:
        """Yield the rows or triples of an answer, and raise an error above the limit of memory."""
        # A row takes about 64 bytes, and a term about 128 bytes without its string.
        most = self._largest // (64 + 128 * width)
        for number, item in enumerate(found):
            if number == most:
                raise self._error(f"sent more than {most:,} rows or triples", "Ask for less.")
            yield item

    @contextmanager
    def _send(self, query: str, types: Sequence[str]) -> Iterator[HttpResponse]:
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
        with self._client.send(HttpRequest("POST", self.url, headers, urlencode(form).encode())) as reply:
            if reply.status != 200:
                raise self._error(
                    f"answered with status {reply.status}, so the answer may be incomplete",
                    "Ask for less, or use another endpoint.",
                )
            if reply.headers.get("X-SQL-State"):  # Virtuoso stopped the query, but still sent status 200
                reason = one_line(reply.headers.get("X-SQL-Message", "no reason given"))
                raise self._error(f"sent only a part of the answer ({reason})", "Ask for less.")
            yield reply

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


def is_round(number: int, *, graph: bool) -> bool:
    """Return whether the number of rows or triples of an answer may be the limit of a store.

    Args:
        number: the number of rows or triples.
        graph: whether the answer contains triples; Virtuoso returns one triple more than its limit.

    >>> is_round(10_000, graph=False), is_round(10_001, graph=True), is_round(10_001, graph=False)
    (True, True, False)
    """
    return number >= _FEWEST and (number % _FEWEST == 0 or (graph and number % _FEWEST == 1))


def find_limit(query: str) -> int | None:
    """Return the LIMIT of a SELECT query; None if it has none.

    >>> find_limit("SELECT ?s { { SELECT ?s { ?s ?p ?o } LIMIT 7 } } ORDER BY ?s LIMIT 5 OFFSET 2")
    5
    """
    depth, found = 0, None
    tokens = code(query)
    for token, following in pairwise(tokens):
        depth += token.is_symbol("{") - token.is_symbol("}")
        if not depth and token.is_word("LIMIT") and following.kind is TokenKind.NUMBER:
            found = int(following.text)
    return found


def count_queries(query: str) -> tuple[list[str], int] | None:
    """Return queries that count the rows or triples of a query's answer.

    Args:
        query: the query, with declarations of its prefixes.

    Returns:
        The queries, which return one row each, and a constant: the sum of all is the number of rows or triples. None
        for DESCRIBE, and for queries that choose graphs or create blank nodes.

    >>> count_queries("SELECT ?s { ?s ?p ?o } # all")[0][0].splitlines()
    ['SELECT (COUNT(*) AS ?jhaanRows) WHERE { {', 'SELECT ?s { ?s ?p ?o } # all', '} }']
    """
    tokens = code(query)
    form = next(
        (i for i, token in enumerate(tokens) if token.is_word("SELECT", "CONSTRUCT", "DESCRIBE")), None
    )
    if form is None or any(token.is_word("FROM") for token in tokens):
        return None
    prologue, rest = query[: tokens[form].start], query[tokens[form].start :]
    if tokens[form].is_word("SELECT"):
        return [_count_rows(prologue, rest)], 0
    return _count_triples(prologue, rest) if tokens[form].is_word("CONSTRUCT") else None


def _count_triples(prologue: str, construct: str) -> tuple[list[str], int] | None:
    """Return queries that count the triples of a CONSTRUCT query.

    They count the distinct triples from each triple pattern of its template.

    A triple from two patterns is counted twice, so a complete answer may be reported as truncated. This is rare.
    """
    tokens = code(construct)
    try:
        short = tokens[1].is_word("WHERE")  # see https://www.w3.org/TR/sparql11-query/#constructWhere
        first = 2 if short else 1
        last = find_closing(tokens, first)
        end = "" if tokens[last - 1].is_symbol(".") else "."
        template = f"{construct[tokens[first].end : tokens[last].start]}\n{end}"
        patterns = parse_template(template, prologue)
    except (JhaanError, IndexError):
        return None
    where = construct[tokens[1].start :] if short else construct[tokens[last].end :]
    queries = []
    for pattern in patterns:
        if pattern.variables:
            columns = " ".join(f"?{name}" for name in sorted(pattern.variables))
            bound = " && ".join(f"BOUND({column})" for column in columns.split())
            inner = f"SELECT DISTINCT {columns} WHERE {{ {{\nSELECT {columns} {where}\n}} FILTER ({bound}) }}"
            queries.append(_count_rows(prologue, inner))
    return queries, len(patterns) - len(queries)


def _count_rows(prologue: str, select: str) -> str:
    return f"{prologue}SELECT (COUNT(*) AS ?{_COUNT}) WHERE {{ {{\n{select}\n}} }}"
