"""Answering queries by an endpoint of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPException, HTTPResponse
from itertools import pairwise
from typing import Final, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from pyoxigraph import NamedNode, Triple

from jhaan_kg import __version__
from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.namespaces import GRAPH, ONTOLOGY
from jhaan_kg.query.run import Answer
from jhaan_kg.query.sparql_text import Kind, code
from jhaan_kg.query.wire import read_boolean, read_rows, read_triples

TIMEOUT: Final = 60.0
"""How many seconds an answer may take."""

_ROWS: Final = ("application/sparql-results+json", "application/json")
_TRIPLES: Final = ("application/n-triples",)
_EVIDENCE: Final = GRAPH + "evidence/"
_MOST_SAID: Final = 300
"""How many characters of an endpoint's own message are shown."""

_PROBE: Final = f"ASK {{ ?agency a <{ONTOLOGY}Agency> }}"
_OURS: Final = f'FILTER (STRSTARTS(STR(?graph), "{GRAPH}"))'
_GRAPHS: Final = f"SELECT DISTINCT ?graph WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} {_OURS} }}"
_CITABLE: Final = (
    f"ASK {{ ?assertion a <{ONTOLOGY}Assertion> . GRAPH ?graph {{ ?agency a <{ONTOLOGY}Agency> }} {_OURS} }}"
)

_ADVICE: Final = {
    400: "It can't read the query.",
    401: "It wants a name and a password, which this program can't give. Ask for an endpoint without.",
    403: "It refuses access. Ask those who run it.",
    404: "There is no endpoint at this address. It often ends in /sparql or /query.",
    405: "It takes no queries by POST. Check the address: it often ends in /sparql or /query.",
    406: "It can't give answers as SPARQL results in JSON, or as N-Triples. Check the address.",
    408: "It took too long. Ask for less at once, or later.",
    413: "The query is too long for it. Give fewer values at once.",
    415: "It takes no queries as forms. Check the address: it often ends in /sparql or /query.",
    429: "It has too much to do. Try again later.",
    503: "It is not available. Try again later.",
    504: "It took too long. Ask for less at once, or later.",
}

_Read = TypeVar("_Read")


class EndpointEngine:
    """Answers queries by an endpoint; see `query.run.Engine`. Any number of threads may ask at once."""

    def __init__(
        self,
        url: str,
        *,
        dataset: Sequence[tuple[str, str]] = (),
        prefixes: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        """Ask an endpoint.

        Args:
            url: its address, http or https. What stands behind a question mark is sent as it is.
            dataset: what is sent with each query to say which graphs are asked, as names and values.
            prefixes: those that a query may use without declaring them.
            timeout: how many seconds an answer may take.

        Raises:
            JhaanError: the address is none of an endpoint, or there is no time for an answer.
        """
        self.url: Final = checked_url(url)
        if not timeout > 0:
            raise JhaanError(f"An endpoint can't answer within {timeout:g} seconds. Give it more.")
        self.dataset: Final = tuple(dataset)
        self._prefixes = dict(prefixes or {})
        self._timeout = timeout
        self._opener = _opener()

    def with_dataset(self, dataset: Sequence[tuple[str, str]]) -> EndpointEngine:
        """Give an engine that asks other graphs of the same endpoint."""
        return EndpointEngine(self.url, dataset=dataset, prefixes=self._prefixes, timeout=self._timeout)

    def with_prefixes(self, prefixes: Mapping[str, str]) -> EndpointEngine:
        """Give an engine that asks the same graphs, with prefixes that need no declaration."""
        return EndpointEngine(self.url, dataset=self.dataset, prefixes=prefixes, timeout=self._timeout)

    def select(self, query: str) -> Answer:
        """Answer a SELECT query.

        Raises:
            ServiceError: the endpoint can't be reached, refuses, or gives something else than an answer.
        """
        return self._read(query, _ROWS, read_rows)

    def ask(self, query: str) -> bool:
        """Answer an ASK query; errors as for `select`."""
        return self._read(query, _ROWS, read_boolean)

    def construct(self, query: str) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE query; errors as for `select`."""
        return self._read(query, _TRIPLES, read_triples)

    def _read(self, query: str, types: Sequence[str], read: Callable[[bytes], _Read]) -> _Read:
        data, most = self._fetch(with_prefixes(query, self._prefixes), types)
        try:
            found = read(data)
        except ValueError as error:
            raise self._error(
                f"its answer can't be read: {error}", "Try again; if it stays so, tell those who run it."
            ) from None
        if most.isdigit() and _size(found) >= int(most):
            raise self._error(
                f"it gives no more than {most} rows, so some may be missing", "Ask for less at once."
            )
        return found

    def _fetch(self, query: str, types: Sequence[str]) -> tuple[bytes, str]:
        """Send a query by POST, as forms do: that has no limit of length, and all stores take it.

        Returns:
            The answer, and the number of rows behind which Virtuoso has cut it, if it names one.
        """
        request = Request(  # noqa: S310 - the scheme has been checked
            self.url,
            data=urlencode([("query", query), *self.dataset]).encode(),
            headers={
                "Accept": ", ".join((types[0], *(f"{name};q=0.5" for name in types[1:]))),
                "Content-Type": "application/x-www-form-urlencoded",
                "User-Agent": f"jhaan-kg/{__version__}",
            },
        )
        end = time.monotonic() + self._timeout
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                self._check(response, types)
                return self._body(response, end), response.headers.get("X-SPARQL-MaxRows", "")
        except HTTPError as error:
            raise self._refusal(error) from None
        except TimeoutError:
            raise self._too_slow() from None
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise self._too_slow() from None
            why = getattr(error.reason, "strerror", None) or error.reason
            raise self._error(f"it can't be reached: {why}", "Check the address, and that it runs.") from None
        except (HTTPException, OSError) as error:
            what = f"{type(error).__name__} {error}".strip()
            raise self._error(f"the connection broke: {what}", "Try again.") from None

    def _check(self, response: HTTPResponse, types: Sequence[str]) -> None:
        """Make sure that a response is a whole answer in one of these types."""
        if response.status != 200:
            raise self._error(
                f"it answers with status {response.status}, so this is no whole answer",
                "Ask for less at once, or another endpoint.",
            )
        if response.headers.get("X-SQL-State"):  # how Virtuoso says under status 200 that it stopped halfway
            said = _one_line(response.headers.get("X-SQL-Message", "it says no more"))
            raise self._error(f"it gives a part of the answer only: {said}", "Ask for less at once.")
        given = response.headers.get_content_type()
        if given not in types:
            raise self._error(
                f"it answers with {given}, and {types[0]} was expected",
                "Check the address: an endpoint's own page is often beside it, under another one.",
            )

    def _body(self, response: HTTPResponse, end: float) -> bytes:
        """Read a response piece by piece, as long as there is time: it may come slowly, or never end."""
        expected, data = response.length, bytearray()
        while expected is None or len(data) < expected:
            piece = response.read1(1 << 16)
            if not piece:
                break
            data += piece
            if time.monotonic() > end:
                raise self._too_slow()
        if expected is not None and len(data) < expected:
            raise self._error("the connection broke: the answer is not whole", "Try again.")
        return bytes(data)

    def _refusal(self, error: HTTPError) -> ServiceError:
        with error:
            try:
                said = _said(error)
            except (HTTPException, OSError):
                said = ""
        if 300 <= error.code < 400:
            place = _one_line(error.headers.get("Location", "an address that it doesn't name"))
            return self._error(f"it sends on to {place}", "If you trust that address, give it instead.")
        advice = _ADVICE.get(error.code, "Try again later; if it stays so, tell those who run it.")
        if wait := error.headers.get("Retry-After"):
            advice += f" It says when: {_one_line(wait)} (seconds, or a time)."
        return self._error(f"it refuses with status {error.code}{f': {said}' if said else ''}", advice)

    def _too_slow(self) -> ServiceError:
        return self._error(
            f"no answer came within {self._timeout:g} seconds", "Ask for less at once, or wait longer for it."
        )

    def _error(self, what: str, advice: str) -> ServiceError:
        return ServiceError(f"The endpoint {self.url}: {what.rstrip('.')}. {advice}")


def _opener() -> OpenerDirector:
    """Make what opens addresses of the web and nothing else, through the proxy that the environment names.

    It follows no redirection: that would turn the query into a GET, and could lead anywhere.
    """
    opener = OpenerDirector()
    for handler in (ProxyHandler, HTTPHandler, HTTPSHandler, HTTPErrorProcessor, HTTPDefaultErrorHandler):
        opener.add_handler(handler())
    return opener


def asking_all(engine: EndpointEngine, *, evidence: bool) -> EndpointEngine:
    """Make the default graph of an endpoint the union of its named graphs, as far as a client can.

    Stores differ in what they ask by default: some the union of all graphs, some only what is in no named graph. So
    the graphs are taken, in this order,

    1. as the address says, if it has `default-graph-uri`;
    2. as the endpoint takes them, if the agencies are among them;
    3. as Oxigraph takes them with its `union-default-graph`, if that helps;
    4. as a list of all named graphs of ours. Any store understands it, but some get very slow by it (Oxigraph a hundred
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
            f"The endpoint {engine.url} has not the evidence in its named graphs, so it can't say which passages "
            "an answer rests on. Load it with what this command writes: jhaan export nquads"
        )
    return found


def _with_union(engine: EndpointEngine, *, evidence: bool) -> EndpointEngine:
    named = {name for name, _ in parse_qsl(urlsplit(engine.url).query, keep_blank_values=True)}
    if "default-graph-uri" in named or engine.ask(_PROBE):
        return engine
    union = engine.with_dataset([("union-default-graph", "true")])
    if _knows_agencies(union):
        return union
    graphs = sorted(
        graph.value
        for (graph,) in engine.select(_GRAPHS).rows
        if isinstance(graph, NamedNode) and (evidence or not graph.value.startswith(_EVIDENCE))
    )
    listed = engine.with_dataset(
        [(name, graph) for name in ("default-graph-uri", "named-graph-uri") for graph in graphs]
    )
    if not graphs or not listed.ask(_PROBE):
        raise JhaanError(
            f"The endpoint {engine.url} has no graph of this project: neither in its default graph nor in graphs "
            f"named {GRAPH}…. Load it with what this command writes: jhaan export nquads"
        )
    return listed


def _knows_agencies(engine: EndpointEngine) -> bool:
    """Tell whether the agencies are among what an endpoint asks; it may refuse a parameter that it doesn't know."""
    try:
        return engine.ask(_PROBE)
    except ServiceError:
        return False


def checked_url(url: str) -> str:
    """Make sure that an address may be one of an endpoint.

    Raises:
        JhaanError: it is not.

    >>> checked_url("file:///etc/passwd")
    Traceback (most recent call last):
    jhaan_kg.errors.JhaanError: file:///etc/passwd: an endpoint's address begins with http:// or https://.
    """
    if not url.isascii() or re.search(r"[\x00-\x20\x7f]", url):
        raise JhaanError(
            f"{url!r} is no address: it has spaces or other letters than those of ASCII. Encode them."
        )
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise JhaanError(f"{url}: this is no address: {error}.") from None
    if parts.scheme not in ("http", "https"):
        raise JhaanError(f"{url}: an endpoint's address begins with http:// or https://.")
    if parts.username is not None:
        raise JhaanError(
            "The address of the endpoint has a name or password in it, which this program can't use. "
            "Give it without; the endpoint must be open."
        )
    if not parts.hostname:
        raise JhaanError(f"{url}: this address names no host, as in http://localhost:7878/query.")
    return url


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


def _size(found: object) -> int:
    """Count the rows or triples of an answer."""
    if isinstance(found, Answer):
        return len(found.rows)
    return len(found) if isinstance(found, list) else 0


def _said(error: HTTPError) -> str:
    """Give the beginning of what an endpoint says on its refusal, if that is text."""
    if error.headers.get_content_maintype() != "text" or error.headers.get_content_subtype() == "html":
        return ""
    return _one_line(error.read(4 * _MOST_SAID).decode(errors="replace"))


def _one_line(text: str) -> str:
    """Give the beginning of a text of others, without what could steer a terminal."""
    words = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split())
    return words if len(words) <= _MOST_SAID else f"{words[:_MOST_SAID]}…"
