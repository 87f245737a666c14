"""Queries to an endpoint of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/).

Stores may truncate long answers, some without notice: Virtuoso states the limit of rows (`X-SPARQL-MaxRows`), but
silently returns at most 10,001 triples of a CONSTRUCT query (seen with 7.2.5); other stores have configurable limits.
Such a limit is a round number. So if an answer has as many rows as its limit, or a round number of them, the store
must also count them: a count has one row. This is rarely needed by chance. Paging would require an order, which
changes the query, and Virtuoso cannot sort more than 10,000 rows.
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
"""The maximum size of an answer in bytes, in transfer and in memory, unless it is streamed."""

_SHORT: Final = 1 << 16
"""The maximum size of a truth value or a count in bytes, with anything that a store adds."""

_ROWS: Final = ("application/sparql-results+json", "application/json")
_TRIPLES: Final = ("application/n-triples",)
_EVIDENCE: Final = GRAPH + "evidence/"
JENA_UNION: Final = "urn:x-arq:UnionGraph"
"""Jena's name for the union of all named graphs."""
_FEWEST: Final = 100
"""The smallest limit expected of a store: all round numbers are multiples of it."""
_COUNT: Final = "jhaanRows"
"""The variable of a count."""
_PROBE: Final = f"ASK {{ ?agency a <{ONTOLOGY}Agency> }}"
_OURS: Final = f'FILTER (STRSTARTS(STR(?graph), "{GRAPH}"))'
_GRAPHS: Final = f"SELECT DISTINCT ?graph WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} {_OURS} }}"
_CITABLE: Final = (
    f"ASK {{ ?assertion a <{ONTOLOGY}Assertion> . GRAPH ?graph {{ ?agency a <{ONTOLOGY}Agency> }} {_OURS} }}"
)

_ENDINGS: Final = ("/sparql", "/query")
"""The paths that stores add to their address for queries."""

_FINAL: Final = (0, 401, 403, 429, 502, 503, 504)
"""Status codes after which no other address is tried: no answer, failed login, or too busy."""

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
        given: the number of rows or triples received.
        total: the number in the full answer; None if unknown.
    """

    def __init__(self, message: str, given: int, total: int | None) -> None:
        super().__init__(message)
        self.given, self.total = given, total


class EndpointEngine:
    """Engine for an endpoint; see `query.engine.Engine`. Any number of threads may query at once.

    A truncated answer is an error, as far as it can be detected.
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
        """Configure the queries to an endpoint.

        Args:
            url: its address, http or https. A query string is sent unchanged.
            credentials: name and password, or token.
            dataset: names and values that are sent with each query to choose its graphs.
            prefixes: the prefixes that a query may use without declaring them.
            timeout: the time limit of an answer in seconds.
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
        """The names and values that are sent with each query to choose its graphs; empty for the default."""
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
        """Return an engine for the same graphs, with prefixes that need no declaration."""
        other = copy(self)
        other._prefixes = dict(prefixes)
        return other

    def select(self, query: str, columns: int | None = None) -> Answer:
        """Answer a SELECT query.

        Args:
            query: the query.
            columns: the number of columns; None if unknown.

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
        """Answer an ASK query; for errors see `select`."""
        with self._send(query, _ROWS) as reply, self._reading():
            return read_boolean(as_file(reply.chunks(_SHORT)))

    def construct(self, query: str) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE query; for errors see `select`."""
        with self.triples(query, self._largest) as found:
            triples = list(self._limit(found, 3))
        self.check_triples(query, len(set(triples)))
        return triples

    @contextmanager
    def rows(self, query: str, limit: int | None = None) -> Iterator[Rows]:
        """Answer a SELECT query row by row, as the rows arrive.

        Args:
            query: the query.
            limit: the maximum size of the answer in bytes; None if it is streamed.

        Yields:
            The columns and the rows, with an error at the end if the answer is incomplete; for errors see `select`.
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
        """Answer a CONSTRUCT or DESCRIBE query triple by triple; for limit and errors see `rows`.

        A store may send a triple more than once. Use `check_triples` afterwards to check that all were received.
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
            number: the number of different triples received.

        Raises:
            ServiceError: some are missing, or that cannot be determined.
        """
        if is_round(number, graph=True):
            self._count(query, number, "triples")

    def _check_rows(self, query: str, number: int, limit: str) -> None:
        reached = re.fullmatch("[0-9]{1,18}", limit) and number >= int(limit)
        if (reached or is_round(number, graph=False)) and number != find_limit(query):
            self._count(query, number, "rows")

    def _count(self, query: str, number: int, what: str) -> None:
        """Return the number of rows or triples of an answer, counted by the endpoint."""
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
        """Answer a query that counts, in one row, too short to be truncated. For errors see `select`."""
        with self._send(query, _ROWS) as reply, self._reading():
            rows = read_rows(as_file(reply.chunks(_SHORT))).rows
        return self.read_count(rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else None)

    def read_count(self, term: object) -> int:
        """Return the number in the answer of a count; for errors see `select`."""
        if isinstance(term, Literal) and re.fullmatch("[0-9]{1,18}", term.value):
            return int(term.value)
        raise self._error("did not answer a COUNT with a number", "Check the URL.")

    def _limit(self, found: Iterator[_Item], width: int) -> Iterator[_Item]:
        """Yield rows or triples of an answer within the limit of memory."""
        most = self._largest // (64 + 128 * width)  # approximate size of tuples and terms besides their texts
        for number, item in enumerate(found):
            if number == most:
                raise self._error(f"sent more than {most:,} rows or triples", "Ask for less.")
            yield item

    @contextmanager
    def _send(self, query: str, types: Sequence[str]) -> Iterator[HttpResponse]:
        """Send a query by POST, in the form encoding: it has no limit of length, and all stores support it.

        Yields:
            The answer, for reading while it arrives.
        """
        form = [("query", with_prefixes(query, self._prefixes)), *self._dataset]
        headers = {
            "Accept": ", ".join((types[0], *(f"{name};q=0.5" for name in types[1:]))),
            # Tomcat, which runs RDF4J's server, reads a form without charset as Latin-1.
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        }
        with self._client.send(HttpRequest("POST", self.url, headers, urlencode(form).encode())) as reply:
            if reply.status != 200:
                raise self._error(
                    f"answered with status {reply.status}, so the answer may be incomplete",
                    "Ask for less, or use another endpoint.",
                )
            if reply.headers.get("X-SQL-State"):  # Virtuoso stopped halfway, under status 200
                said = one_line(reply.headers.get("X-SQL-Message", "no reason given"))
                raise self._error(f"sent only a part of the answer ({said})", "Ask for less.")
            yield reply

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Convert the exception of a parser that cannot read an answer into an error."""
        try:
            yield
        except ValueError:
            raise self._error(
                "sent an answer that is incomplete or not valid", "Ask for less, or check the URL."
            ) from None

    def _error(self, what: str, advice: str) -> ServiceError:
        return ServiceError(f"The endpoint {mask_secrets(self.url)} {what.rstrip('.')}. {advice}")


def try_addresses(url: str, do: Callable[[str], _Result]) -> _Result:
    """Call a function with the address of a store for queries: the given one, or a usual one below it.

    Raises:
        ServiceError: the error of the given address, if no other one accepts queries.
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
    """Make the default graph of an endpoint the union of its named graphs, as far as a client can.

    By default some stores query the union of all graphs, others only triples outside named graphs. So the graphs are
    chosen, in this order,

    1. by the address, if it has `default-graph-uri`, or by the endpoint, if the agencies are in it;
    2. by `union-default-graph` (Oxigraph);
    3. by Jena's name of the union (https://jena.apache.org/documentation/tdb/datasets.html);
    4. by a list of all our named graphs. Any store supports it, but it makes some very slow, so it comes last.

    Args:
        engine: the endpoint, or the store with the endpoint at an address below; see `try_addresses`.
        evidence: whether the evidence is needed; otherwise a list of graphs leaves it out.

    Raises:
        JhaanError: there is no graph of ours, or the required evidence is missing.
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
    """Whether the agencies are in the graphs of an endpoint; it may reject an unknown parameter."""
    try:
        return engine.ask(_PROBE)
    except ServiceError:
        return False


def with_prefixes(query: str, prefixes: Mapping[str, str]) -> str:
    """Declare the undeclared prefixes of a query on its first line, so that line numbers do not change.

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
    """Whether the number of rows or triples of an answer may be a limit.

    Args:
        number: the number.
        graph: whether they are triples, of which Virtuoso returns one more than its limit.

    >>> is_round(10_000, graph=False), is_round(10_001, graph=True), is_round(10_001, graph=False)
    (True, True, False)
    """
    return number >= _FEWEST and (number % _FEWEST == 0 or (graph and number % _FEWEST == 1))


def find_limit(query: str) -> int | None:
    """Return the number of rows to which a SELECT query limits its answer; None if there is no limit.

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
    """Return queries of one row each that count the rows or triples of another; their sum is the number.

    Args:
        query: the query, with declarations of its prefixes.

    Returns:
        The queries; None for DESCRIBE, and for queries that choose graphs or create blank nodes.

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
    """Return queries that count the different instances of each triple in a CONSTRUCT template.

    A triple with two origins is counted twice, so a complete answer may have fewer; that is rare, and safe.
    """
    tokens = code(construct)
    try:
        short = tokens[1].is_word("WHERE")  # https://www.w3.org/TR/sparql11-query/#constructWhere
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
