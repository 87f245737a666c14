"""The target store of a load: addresses, requests, and content of this project."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final, NamedTuple, TypeVar
from urllib.parse import urlencode, urljoin, urlsplit

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store, Triple

from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.query.endpoint import EndpointEngine, try_addresses
from jhaan_kg.query.engine import Answer
from jhaan_kg.stores.kinds import KINDS, Addresses, StoreKind, Writing, addresses
from jhaan_kg.stores.load.plan import Content, Slice
from jhaan_kg.stores.normal import digest, normal_line
from jhaan_kg.web.client import HttpClient, HttpRequestError, HttpResponse
from jhaan_kg.web.credentials import Credentials, ask_for_credentials, can_ask, find_credentials
from jhaan_kg.web.request import HttpRequest, curl_line

MOST_ROWS: Final = 50_000
"""The maximum number of rows per query for stores without a limit.

Such answers have about 20 MB.
"""

LARGEST: Final = 1 << 27
"""The maximum size of a store's answer in bytes, as received and as estimated in memory."""

MARGIN: Final = 0.8
"""The size of slices as a fraction of the store's maximum number of rows.

An answer at the maximum may be truncated.
"""

MOST_SAMPLES: Final = 3
"""The maximum number of triples shown as samples of a difference."""

_OURS: Final = f"""SELECT ?graph (COUNT(*) AS ?triples)
WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?graph), "{GRAPH}")) }}
GROUP BY ?graph"""

_ADVICE: Final = {
    404: "Check the URL and --store. Examples: jhaan load --help",
    413: "The request is too large. Raise the limit of the store.",
}

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = {"text/turtle": RdfFormat.TURTLE, "application/rdf+xml": RdfFormat.RDF_XML}
_LARGEST: Final = 1 << 20
_BESIDE: Final = ("update", "statements", "sparql", "sparql-auth")
_BESIDE_GRAPHS: Final = ("data", "store", "rdf-graphs/service", "sparql-graph-crud-auth", "gsp")

_Result = TypeVar("_Result")


class GraphDifference(NamedTuple):
    """A difference between the actual and the expected content of a graph.

    Attributes:
        graph: the IRI of the graph; None for the default graph.
        expected: the expected number of triples.
        found: the actual number of triples.
        missing: some missing triples, as lines of N-Triples.
        extra: some unexpected triples, as lines of N-Triples.
    """

    graph: str | None
    expected: int
    found: int
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"the release has {self.expected:,} triples there, the store {self.found:,}"]
        lines += [f"missing in the store: {line}" for line in self.missing]
        lines += [f"only in the store: {line}" for line in self.extra]
        return "; ".join(lines)


class TargetStore:
    """A store that can be queried and changed.

    The user is prompted for credentials at most once.

    Attributes:
        kind: the type of the store.
        places: the addresses of the store.
        note: a message on the detected protocol; empty if the type of the store is known.
        credentials: the credentials to send; None without authentication.
    """

    def __init__(
        self, kind: StoreKind, places: Addresses, timeout: float, show: Callable[[str], None] = lambda _: None
    ) -> None:
        """Configure a store without sending requests.

        Args:
            kind: the type of the store.
            places: the addresses of the store.
            timeout: the time limit of a response in seconds.
            show: function that receives each request as a shell command before it is sent.

        Raises:
            JhaanError: the address or the credentials are not usable.
        """
        self.kind, self.places, self.note, self.show = kind, places, "", show
        self._timeout: Final = timeout
        self._asserted: Final = tuple(kind.asserted.items())
        self.log_in(find_credentials(places.query))

    @property
    def url(self) -> str:
        """The address for queries."""
        return self.places.query

    def select(self, query: str, columns: int | None = None) -> Answer:
        """Run a SELECT query on the store.

        Args:
            query: the query.
            columns: the number of columns; None if unknown.

        Raises:
            ServiceError: the store cannot be queried.
        """
        self._show_query(query)
        return self._with_credentials(lambda: self._engine.select(query, columns))

    def ask(self, query: str) -> bool:
        """Run an ASK query on the store; for errors see `select`."""
        self._show_query(query)
        return self._with_credentials(lambda: self._engine.ask(query))

    @contextmanager
    def send(self, request: HttpRequest, line: str = "") -> Iterator[HttpResponse]:
        """Send a request; for errors see `select`.

        If `line` is not empty, first show it as a shell command.
        """
        if line:
            self.show(line)
        with ExitStack() as stack:
            yield self._with_credentials(lambda: stack.enter_context(self._client.send(request)))

    def read_count(self, term: object) -> int:
        """Return the value of a counting query's result; for errors see `select`."""
        return self._engine.read_count(term)

    def _show_query(self, query: str) -> None:
        body = urlencode([("query", query), *self._asserted]).encode()
        headers = {
            "Accept": "application/sparql-results+json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.show(curl_line(HttpRequest("POST", self.url, headers, body), self.credentials))

    def log_in(self, credentials: Credentials | None) -> None:
        """Use credentials for all further requests."""
        self.credentials = credentials
        self._engine = EndpointEngine(
            self.url,
            credentials=credentials,
            dataset=self._asserted,
            timeout=self._timeout,
            largest=LARGEST,
        )
        self._client = HttpClient(credentials, timeout=self._timeout, advice=_ADVICE)

    def _with_credentials(self, do: Callable[[], _Result]) -> _Result:
        """Call a function, with credentials if the store requires them.

        In this case, the user is prompted and the function is called again.
        """
        try:
            return do()
        except HttpRequestError as error:
            if error.status != 401 or self.credentials is not None or not can_ask():
                raise
        self.log_in(ask_for_credentials(self.url))
        return do()

    # --- content of this project in the store --------------------------------------------------------------------

    def count(self, graph: str | None) -> int:
        """Return the number of triples of a named graph, or of the default graph.

        For errors see `select`.
        """
        query = f"SELECT (COUNT(*) AS ?triples) WHERE {{ {_pattern(graph)} }}"
        self._show_query(query)
        return self._with_credentials(lambda: self._engine.count(query))

    def difference(self, content: Content, *, extra_only: bool = False) -> GraphDifference | None:
        """Return the first difference between the actual and the expected content of a graph.

        Slices exclude triples with blank nodes as subjects, so callers must also compare the counts.

        Args:
            content: the expected content of the graph.
            extra_only: whether to ignore missing triples.

        Raises:
            ServiceError: the store cannot be queried.
            DamagedSnapshotError: a file of the snapshot has changed since it was written.
        """
        rows = MOST_ROWS if self.kind.most_rows is None else int(self.kind.most_rows * MARGIN)
        for part in content.slices(rows):
            found = list(self._lines(content.graph, part, rows))
            if digest(found) == part.expected:
                continue
            expected = {line for subject, line in content.lines() if part.has(subject)}
            missing, extra = (
                tuple(sorted(lines)[:MOST_SAMPLES])
                for lines in (expected.difference(found), set(found).difference(expected))
            )
            if extra or not extra_only:
                count = self.count(content.graph)
                return GraphDifference(
                    content.graph, content.triples, count, () if extra_only else missing, extra
                )
        return None

    def _lines(self, graph: str | None, part: Slice, rows: int) -> Iterator[str]:
        """Yield the normal lines of a slice."""
        bounds = [
            f'STR(?s) {sign} "{edge}"'
            for sign, edge in ((">=", part.low), ("<", part.high))
            if edge is not None
        ]
        limits = f" FILTER({' && '.join(bounds)})" if bounds else ""
        limit = max(rows, part.expected.triples + 1)
        for subject, predicate, value in self.select(
            f"SELECT ?s ?p ?o WHERE {{ {_pattern(graph)}{limits} }} LIMIT {limit}", 3
        ).rows:
            if (
                not isinstance(subject, NamedNode | BlankNode)
                or not isinstance(predicate, NamedNode)
                or value is None
            ):
                raise ServiceError(f"The store {self.url} sent an answer that is not valid.")
            yield normal_line(Triple(subject, predicate, value))


def count_graphs(store: TargetStore | EndpointEngine) -> dict[str, int]:
    """Count the triples of each of this project's graphs in a store.

    For errors see `TargetStore.select`.
    """
    return {
        graph.value: triples
        for graph, count in store.select(_OURS, 2).rows
        if isinstance(graph, NamedNode) and (triples := store.read_count(count))
    }


def open_store(
    url: str, kind: str, timeout: float, show: Callable[[str], None] = lambda _: None
) -> TargetStore:
    """Open a store, and detect its addresses if its type is unknown.

    Args:
        url: the user's address of the store.
        kind: the name of the store type.
        timeout: the time limit of a response in seconds.
        show: function that receives each request as a shell command before it is sent.

    Raises:
        JhaanError: the address is not usable, or the store supports no known protocol for writing.
        ServiceError: the store cannot be reached.
    """
    store = TargetStore(KINDS[kind], addresses(KINDS[kind], url), timeout, show)
    if store.kind.probed:
        _probe(store)
    return store


def _probe(store: TargetStore) -> None:
    """Detect the protocol and the address for writing to a store from its address for queries.

    The function tries two requests that change nothing, in this order:

    - SPARQL Update with `INSERT DATA {}`, also at the addresses in the store's service description
      (https://www.w3.org/TR/sparql11-service-description/).
    - Graph Store Protocol with a HEAD request for the default graph.

    It tries the address for queries and common addresses near it, only on the same host: credentials must not be sent
    to another host.
    """

    def ask_at(url: str) -> None:
        store.places = store.places._replace(query=url)
        store.log_in(store.credentials)
        store.ask("ASK {}")

    try_addresses(store.url, ask_at)
    refusals: list[str] = []

    def takes(request: HttpRequest) -> bool:
        try:
            with store.send(request, curl_line(request, store.credentials)):
                return True
        except HttpRequestError as error:
            if error.status in (401, 403):
                refusals.append(str(error))
            elif not error.status:
                raise
            return False

    base = store.url.partition("?")[0]

    def list_candidates(described: list[str], beside: tuple[str, ...]) -> list[str]:
        near = [urljoin(base, name) for name in beside]
        below = [f"{base.rstrip('/')}/{name}" for name in beside]
        urls = dict.fromkeys([*described, base, *near, *below])
        return [url for url in urls if urlsplit(url).netloc == urlsplit(base).netloc]

    update = {"Content-Type": "application/sparql-update"}
    for url in list_candidates(_find_described_updates(store, base), _BESIDE):
        if takes(HttpRequest("POST", url, update, b"INSERT DATA {}")):
            store.kind = store.kind._replace(writing=Writing.UPDATE)
            store.places = Addresses(store.url, url, None)
            store.note = f"Using SPARQL Update at {url}."
            return
    for url in list_candidates([], _BESIDE_GRAPHS):
        if takes(HttpRequest("HEAD", f"{url}?default")):
            store.kind = store.kind._replace(writing=Writing.GRAPHS)
            store.places = Addresses(store.url, None, url)
            store.note = f"Using the Graph Store Protocol at {url}."
            return
    reason = f" Answer of the store: {refusals[0]}" if refusals else ""
    raise JhaanError(
        f"{store.url} answers queries, but no address for updates was found. "
        f"Name the type of the store with --store.{reason}"
    )


def _find_described_updates(store: TargetStore, url: str) -> list[str]:
    """Return the URLs for updates in a store's service description.

    There are none without a description.
    """
    request = HttpRequest("GET", url, {"Accept": ", ".join(_FORMATS)})
    try:
        with store.send(request, curl_line(request, store.credentials)) as response:
            data, media_type = response.read(_LARGEST), response.media_type
        description = Store()
        description.load(data, format=_FORMATS[media_type], base_iri=store.url)
    except (ServiceError, SyntaxError, ValueError):
        return []
    rows = description.query(
        f"SELECT DISTINCT ?url {{ ?service <{_SD}supportedLanguage> <{_SD}SPARQL11Update> ; <{_SD}endpoint> ?url }}"
    )
    return sorted(url.value for (url,) in rows if isinstance(url, NamedNode))  # type: ignore[union-attr]


def _pattern(graph: str | None) -> str:
    return f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
