"""Answering queries by an endpoint of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.files import as_file
from jhaan_kg.namespaces import GRAPH, ONTOLOGY
from jhaan_kg.query.run import Answer, Row
from jhaan_kg.query.sparql_text import Kind, code
from jhaan_kg.query.whole import counting, is_round, own_limit
from jhaan_kg.query.wire import Rows, iterate_triples, open_rows, read_boolean
from jhaan_kg.web.client import HttpClient, HttpResponse, one_line
from jhaan_kg.web.credentials import Credentials, check_url, mask_secrets
from jhaan_kg.web.request import HttpRequest

TIMEOUT: Final = 60.0
"""How many seconds an answer may take."""

_ROWS: Final = ("application/sparql-results+json", "application/json")
_TRIPLES: Final = ("application/n-triples",)
_EVIDENCE: Final = GRAPH + "evidence/"
JENA_UNION: Final = "urn:x-arq:UnionGraph"
"""What Jena calls the union of all named graphs."""
_PROBE: Final = f"ASK {{ ?agency a <{ONTOLOGY}Agency> }}"
_OURS: Final = f'FILTER (STRSTARTS(STR(?graph), "{GRAPH}"))'
_GRAPHS: Final = f"SELECT DISTINCT ?graph WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} {_OURS} }}"
_CITABLE: Final = (
    f"ASK {{ ?assertion a <{ONTOLOGY}Assertion> . GRAPH ?graph {{ ?agency a <{ONTOLOGY}Agency> }} {_OURS} }}"
)

_ADVICE: Final = {
    400: "It can't read the query.",
    404: "There is no endpoint at this address. It often ends in /sparql or /query.",
    405: "It takes no queries by POST. Check the address: it often ends in /sparql or /query.",
    406: "It can't give answers as SPARQL results in JSON, or as N-Triples. Check the address.",
    413: "The query is too long for it. Give fewer values at once.",
    415: "It takes no queries as forms. Check the address: it often ends in /sparql or /query.",
}


class CutAnswerError(ServiceError):
    """An endpoint gave a part of an answer only.

    Attributes:
        given: how many rows or triples came.
        total: how many the answer has; None if it can't be found out.
    """

    def __init__(self, message: str, given: int, total: int | None) -> None:
        super().__init__(message)
        self.given, self.total = given, total


class EndpointEngine:
    """Answers queries by an endpoint; see `query.run.Engine`. Any number of threads may ask at once.

    An answer that the endpoint has cut is an error, as far as it can be told (`query/whole.py`).
    """

    def __init__(
        self,
        url: str,
        *,
        credentials: Credentials | None = None,
        dataset: Sequence[tuple[str, str]] = (),
        prefixes: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        """Ask an endpoint.

        Args:
            url: its address, http or https. What stands behind a question mark is sent as it is.
            credentials: what it is shown.
            dataset: what is sent with each query to say which graphs are asked, as names and values.
            prefixes: those that a query may use without declaring them.
            timeout: how many seconds an answer may take.

        Raises:
            JhaanError: the address is none of an endpoint, or there is no time for an answer.
        """
        self.url: Final = check_url(url)
        self._client = HttpClient(credentials, timeout=timeout, service="endpoint", advice=_ADVICE)
        self._dataset = tuple(dataset)
        self._prefixes = dict(prefixes or {})

    @property
    def dataset(self) -> tuple[tuple[str, str], ...]:
        """What is sent with each query to say which graphs are asked, as names and values; empty for the default."""
        return self._dataset

    def with_dataset(self, dataset: Sequence[tuple[str, str]]) -> EndpointEngine:
        """Give an engine that asks other graphs of the same endpoint."""
        return self._like(tuple(dataset), self._prefixes)

    def with_prefixes(self, prefixes: Mapping[str, str]) -> EndpointEngine:
        """Give an engine that asks the same graphs, with prefixes that need no declaration."""
        return self._like(self._dataset, dict(prefixes))

    def _like(self, dataset: tuple[tuple[str, str], ...], prefixes: dict[str, str]) -> EndpointEngine:
        other = EndpointEngine(self.url)
        other._client, other._dataset, other._prefixes = self._client, dataset, prefixes
        return other

    def select(self, query: str) -> Answer:
        """Answer a SELECT query.

        Raises:
            ServiceError: the endpoint can't be reached, refuses, or gives something else than a whole answer.
        """
        with self.rows(query) as found:
            return Answer(found.variables, tuple(found.rows))

    def ask(self, query: str) -> bool:
        """Answer an ASK query; errors as for `select`."""
        with self._sent(query, _ROWS) as received, self._reading(received):
            return read_boolean(received.file)

    def construct(self, query: str) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE query; errors as for `select`."""
        with self.triples(query) as found:
            triples = list(found)
        self.check_triples(query, len(set(triples)))
        return triples

    @contextmanager
    def rows(self, query: str) -> Iterator[Rows]:
        """Answer a SELECT query row by row, as the rows come.

        Yields:
            The columns and the rows, which end in an error where they are not all; errors as for `select`.
        """
        with self._sent(query, _ROWS) as received:
            with self._reading(received):
                found = open_rows(received.file)

            def checked() -> Iterator[Row]:
                number = 0
                with self._reading(received):
                    for row in found.rows:
                        number += 1
                        yield row
                self._check_rows(query, number, received.reply.headers.get("X-SPARQL-MaxRows", ""))

            yield Rows(found.variables, checked())

    @contextmanager
    def triples(self, query: str) -> Iterator[Iterator[Triple]]:
        """Answer a CONSTRUCT or DESCRIBE query triple by triple, as they come; errors as for `select`.

        A store may send a triple more than once. Whether all came, `check_triples` tells afterwards.
        """
        with self._sent(query, _TRIPLES) as received:
            if not received.reply.ends:
                raise self._error(
                    "it doesn't say how long its answer is, so a part could pass for the whole",
                    "Ask for rows, with SELECT.",
                )

            def read() -> Iterator[Triple]:
                with self._reading(received):
                    yield from iterate_triples(received.file)

            yield read()

    def check_triples(self, query: str, number: int) -> None:
        """Make sure that a CONSTRUCT or DESCRIBE query got all its triples.

        Args:
            query: the query.
            number: how many different triples came.

        Raises:
            ServiceError: some are missing, or that can't be found out.
        """
        if is_round(number, graph=True):
            self._count(query, number, "triples")

    def _check_rows(self, query: str, number: int, limit: str) -> None:
        reached = limit.isdigit() and number >= int(limit)
        if (reached or is_round(number, graph=False)) and number != own_limit(query):
            self._count(query, number, "rows")

    def _count(self, query: str, number: int, what: str) -> None:
        """Let the endpoint count what it should have given."""
        count = counting(with_prefixes(query, self._prefixes))
        cut = f"it gives {number:,} {what}, as many as a store may give at most"
        if count is None:
            raise self._cut(f"{cut}, and this query can't be counted", number)
        total = count.besides
        for asked in count.queries:
            try:
                total += self._number(asked)
            except ServiceError as error:
                raise self._cut(f"{cut}, and it can't count them: {error}", number) from None
        if total > number:
            raise self._cut(f"{cut}, and counts {total:,}, so some are missing", number, total)

    def _cut(self, what: str, given: int, total: int | None = None) -> CutAnswerError:
        return CutAnswerError(str(self._error(what, "Ask for less at once.")), given, total)

    def _number(self, query: str) -> int:
        """Answer a query that counts; what it gives is too short to be cut."""
        with self._sent(query, _ROWS) as received, self._reading(received):
            rows = list(open_rows(received.file).rows)
        if len(rows) != 1 or len(rows[0]) != 1 or not isinstance(rows[0][0], Literal):
            raise self._error("it answers a count with something else than a number", "Ask for less at once.")
        return int(rows[0][0].value)

    @contextmanager
    def _sent(self, query: str, types: Sequence[str]) -> Iterator[_Received]:
        """Send a query by POST, as forms do: that has no limit of length, and all stores take it.

        Yields:
            The answer, to be read as it comes.
        """
        form = [("query", with_prefixes(query, self._prefixes)), *self._dataset]
        headers = {
            "Accept": ", ".join((types[0], *(f"{name};q=0.5" for name in types[1:]))),
            # Tomcat, in which RDF4J's server runs, takes a form without charset for Latin-1.
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        }
        with self._client.send(HttpRequest("POST", self.url, headers, urlencode(form).encode())) as reply:
            if reply.status != 200:
                raise self._error(
                    f"it answers with status {reply.status}, so this is no whole answer",
                    "Ask for less at once, or another endpoint.",
                )
            if reply.headers.get("X-SQL-State"):  # how Virtuoso says under status 200 that it stopped halfway
                said = one_line(reply.headers.get("X-SQL-Message", "it says no more"))
                raise self._error(f"it gives a part of the answer only: {said}", "Ask for less at once.")
            yield _Received(reply)

    @contextmanager
    def _reading(self, received: _Received) -> Iterator[None]:
        """Turn what a reader says of an answer that it can't read into an error."""
        try:
            yield
        except ValueError as error:
            if received.breaks_off:
                raise self._error(
                    "its answer breaks off in the middle", "Ask for less at once, or wait longer for it."
                ) from None
            raise self._error(
                f"its answer can't be read: {error}", "Try again; if it stays so, tell those who run it."
            ) from None

    def _error(self, what: str, advice: str) -> ServiceError:
        return ServiceError(f"The endpoint {mask_secrets(self.url)}: {what.rstrip('.')}. {advice}")


class _Received:
    """An answer as a file, of which the first and the last sign are noted."""

    def __init__(self, reply: HttpResponse) -> None:
        self.reply = reply
        self._first = self._last = b""
        self._ended = False
        self.file = as_file(self._watched(reply.chunks()))

    def _watched(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            if words := piece.strip():
                self._first, self._last = self._first or words[:1], words[-1:]
            yield piece
        self._ended = True

    @property
    def breaks_off(self) -> bool:
        """Whether the answer began well and ended without the sign that ends it."""
        return self._ended and self._first in (b"{", b"<", b"_") and self._last not in (b"}", b".")


def asking_all(engine: EndpointEngine, *, evidence: bool) -> EndpointEngine:
    """Make the default graph of an endpoint the union of its named graphs, as far as a client can.

    Stores differ in what they ask by default: some the union of all graphs, some only what is in no named graph. So
    the graphs are taken, in this order,

    1. as the address says, if it has `default-graph-uri`;
    2. as the endpoint takes them, if the agencies are among them;
    3. as Oxigraph takes them with its `union-default-graph`, if that helps;
    4. as Jena takes them by the name that the union has there
       (https://jena.apache.org/documentation/tdb/datasets.html), if that helps;
    5. as a list of all named graphs of ours. Any store understands it, but some get very slow by it (Oxigraph a hundred
       times), so it comes last.

    Args:
        engine: the endpoint.
        evidence: whether the evidence is needed. Without it a list of graphs leaves it out.

    Raises:
        JhaanError: there is no graph of ours, or it has no evidence and that is needed.
        ServiceError: as for `EndpointEngine.select`.
    """
    found = _with_union(engine, evidence=evidence)
    if evidence and not found.ask(_CITABLE):
        raise JhaanError(
            f"The endpoint {mask_secrets(engine.url)} has not the evidence in its named graphs, so it can't say which "
            "passages an answer rests on. Load it with what this command writes: jhaan export nquads"
        )
    return found


def _with_union(engine: EndpointEngine, *, evidence: bool) -> EndpointEngine:
    named = {name for name, _ in parse_qsl(urlsplit(engine.url).query, keep_blank_values=True)}
    if engine.ask(_PROBE) or "default-graph-uri" in named:
        return engine
    union = engine.with_dataset([("union-default-graph", "true")])
    if _knows_agencies(union):
        return union
    graphs = sorted(graph.value for (graph,) in engine.select(_GRAPHS).rows if isinstance(graph, NamedNode))
    jena = engine.with_dataset(
        [("default-graph-uri", JENA_UNION), *(("named-graph-uri", graph) for graph in graphs)]
    )
    if graphs and _knows_agencies(jena):
        return jena
    listed = engine.with_dataset(
        [
            (name, graph)
            for name in ("default-graph-uri", "named-graph-uri")
            for graph in graphs
            if evidence or not graph.startswith(_EVIDENCE)
        ]
    )
    if not graphs or not listed.ask(_PROBE):
        raise JhaanError(
            f"The endpoint {mask_secrets(engine.url)} has no graph of this project: neither in its default graph nor "
            f"in graphs named {GRAPH}…. Load it with what this command writes: jhaan export nquads"
        )
    return listed


def _knows_agencies(engine: EndpointEngine) -> bool:
    """Tell whether the agencies are among what an endpoint asks; it may refuse a parameter that it doesn't know."""
    try:
        return engine.ask(_PROBE)
    except ServiceError:
        return False


def with_prefixes(query: str, prefixes: Mapping[str, str]) -> str:
    """Declare the prefixes that a query uses and does not declare, on its first line, so that lines keep their numbers.

    Args:
        query: a query.
        prefixes: those that it may use.

    >>> with_prefixes("ASK { ?a a jhaan:Agency }", {"jhaan": "https://e.org/", "org": "https://e.org/"})
    'PREFIX jhaan: <https://e.org/> ASK { ?a a jhaan:Agency }'
    """
    tokens = code(query)
    declared = {name.text[:-1] for word, name in pairwise(tokens) if word.is_word("PREFIX")}
    used = dict.fromkeys(token.text.partition(":")[0] for token in tokens if token.kind is Kind.NAME)
    lines = [
        f"PREFIX {name}: <{prefixes[name]}> " for name in used if name in prefixes and name not in declared
    ]
    return "".join(lines) + query
