"""Loading of a release into a triple store, graph by graph, and checks of the result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

from pyoxigraph import Literal, NamedNode, Store

from jhaan_kg.build.snapshot import GraphFile
from jhaan_kg.errors import Finding, ServiceError, Severity
from jhaan_kg.export import Request
from jhaan_kg.namespaces import GRAPH, XSD
from jhaan_kg.query.catalogue import StoredQuery, load_catalogue
from jhaan_kg.query.endpoint import EndpointEngine, with_all_graphs
from jhaan_kg.query.engine import Answer, Engine, StoreEngine, Term, answer
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.store_types import StoreType
from jhaan_kg.web import Credentials, HttpClient, HttpRequestError, mask_secrets

QUESTIONS: Final = ("event-participants", "participation-rate", "coverage")
"""The stored questions that check a load: about participation, with aggregates, and about evidence."""

UPDATE_SIZE: Final = 1 << 20
"""The approximate size of a SPARQL update in bytes; stores need many times as much memory."""

_COUNTS: Final = f"""SELECT ?graph (COUNT(*) AS ?triples)
WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?graph), "{GRAPH}")) }}
GROUP BY ?graph"""
_NTRIPLES: Final = {"Content-Type": "application/n-triples"}
# Some stores decode an update without a charset as ISO 8859-1.
_UPDATE: Final = {"Content-Type": "application/sparql-update; charset=utf-8"}
_ADVICE: Final = {404: "Check the URL and --store. Examples: jhaan load --help"}
_NUMBERS: Final = {XSD + name for name in ("integer", "decimal", "double", "float", "int", "long")}


class Target(NamedTuple):
    """The addresses of a store: for queries, and either for the Graph Store Protocol or for SPARQL Update."""

    query: str
    graphs: str = ""
    update: str = ""


def find_target(store_type: StoreType, url: str) -> Target:
    """Return the addresses of a store of a known type.

    Args:
        store_type: the type of the store.
        url: the address of the store, or its address for queries. Parameters in the address are kept.

    >>> from jhaan_kg.store_types import STORE_TYPES
    >>> find_target(STORE_TYPES["fuseki"], "http://localhost:3030/ds/sparql")
    Target(query='http://localhost:3030/ds/sparql', graphs='http://localhost:3030/ds/data', update='')
    """
    parts = urlsplit(url)
    base = parts.path.rstrip("/").removesuffix(store_type.query)
    query, graphs = (
        parts._replace(path=base + path).geturl() for path in (store_type.query, store_type.graphs)
    )
    return Target(query, graphs)


class BrokenLoadError(ServiceError):
    """A load ended before all graphs were written; `exit_code` is 130 after Ctrl-C."""

    def __init__(self, message: str, exit_code: int = 3) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class Loader:
    """Loader of releases into a store. It changes only graphs with IRIs below https://w3id.org/jhaan/graph/."""

    def __init__(self, target: Target, credentials: Credentials | None, timeout: float) -> None:
        """Configure a loader without sending requests.

        Args:
            target: the addresses of the store.
            credentials: the credentials of the user.
            timeout: the time limit of a response in seconds.

        Raises:
            JhaanError: an address is not valid.
        """
        self._target: Final = target
        self._client: Final = HttpClient(credentials, timeout=timeout, advice=_ADVICE)
        self._engine: Final = EndpointEngine(target.query, credentials=credentials, timeout=timeout)

    def count(self) -> dict[str, int]:
        """Count the triples of each of the project's graphs in the store.

        Raises:
            ServiceError: the store cannot be queried.
        """
        found: dict[str, int] = {}
        for graph, count in self._engine.select(_COUNTS).rows:
            if isinstance(graph, NamedNode) and isinstance(count, Literal) and count.value.isdigit():
                found[graph.value] = int(count.value)
            elif graph is not None:  # Oxigraph returns one row without a graph if there are none
                raise ServiceError(
                    f"The store {mask_secrets(self._target.query)} did not answer with counts."
                )
        return {graph: count for graph, count in found.items() if count}

    def load(self, request: Request, tell: Callable[[str], None], written: list[str]) -> list[str]:
        """Replace the project's graphs by those of a release, one after the other.

        Each graph is replaced as a whole, so a load can be repeated at any time.

        Args:
            request: the part of a snapshot to load.
            tell: function that receives short progress messages.
            written: list that receives the IRI of each graph when it is complete.

        Returns:
            The graphs that were removed, because the release does not have them.

        Raises:
            BrokenLoadError: the store rejected a request, or the user interrupted the load.
            ServiceError: the store cannot be queried.
            DamagedSnapshotError: a file of the snapshot has changed since it was written.
        """
        files = request.files()
        removed = sorted(self.count().keys() - {file.graph for file in files})
        size, done = sum(file.size for file in files), 0
        try:
            for file in files:
                tell(f"{done / 1e6:,.0f} of {size / 1e6:,.0f} MB, {file.graph.removeprefix(GRAPH)}")
                self.write(file)
                written.append(file.graph)
                done += file.size
            for graph in removed:
                self.remove(graph)
        except (ServiceError, KeyboardInterrupt) as error:
            if isinstance(error, HttpRequestError) and error.status == 401 and not written:
                raise  # the caller may ask the user for credentials
            cause = "Interrupted." if isinstance(error, KeyboardInterrupt) else str(error)
            names = ", ".join(graph.removeprefix(GRAPH) for graph in written) or "none"
            raise BrokenLoadError(
                f"{cause} Complete graphs, {len(written)} of {len(files)}: {names}. "
                "Run the command again: it replaces each graph as a whole, so you can repeat it safely.",
                getattr(error, "exit_code", 130),
            ) from None
        return removed

    def write(self, file: GraphFile) -> None:
        """Replace a graph in the store by a file of the snapshot; for errors see `load`."""
        data = file.read().replace(f" <{file.graph}> .\n".encode(), b" .\n")
        if self._target.graphs:
            self._send("PUT", self._graph_url(file.graph), _NTRIPLES, data)
            return
        for update in split_updates(file.graph, data):
            self._send("POST", self._target.update, _UPDATE, update)

    def remove(self, graph: str) -> None:
        """Remove a graph from the store; for errors see `load`."""
        if not self._target.graphs:
            self._send("POST", self._target.update, _UPDATE, f"DROP SILENT GRAPH <{graph}>".encode())
            return
        try:
            self._send("DELETE", self._graph_url(graph))
        except HttpRequestError as error:
            if error.status != 404:  # another load has removed the graph
                raise

    def _send(
        self, method: str, url: str, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> None:
        with self._client.send(method, url, headers, body) as response:
            for _ in self._client.chunks(response):  # read the rest, so that the connection can be reused
                pass

    def _graph_url(self, graph: str) -> str:
        return (
            f"{self._target.graphs}{'&' if '?' in self._target.graphs else '?'}graph={quote(graph, safe='')}"
        )

    def check(self, request: Request) -> tuple[list[Finding], list[str], bool]:
        """Check a load: count the triples of each graph, and compare the answers to some questions.

        Returns:
            The differences, the names of the questions, and whether the default graph contains the data.

        Raises:
            ServiceError: the store cannot be queried.
        """
        expected, found = {file.graph: file.triples for file in request.files()}, self.count()
        findings = [
            Finding(
                *("", 0, Severity.ERROR, "store-differs", graph),
                f"the release has {expected.get(graph, 0):,} triples, the store {found.get(graph, 0):,}.",
                "Run the command again. If the difference stays, the store changes what it receives.",
            )
            for graph in sorted(expected.keys() | found.keys())
            if expected.get(graph, 0) != found.get(graph, 0)
        ]
        names, default = [], True
        questions = choose_questions(request)
        if questions and not findings:
            store = Store()
            store.bulk_extend(request.quads())
            embedded = StoreEngine(store)
            other = with_all_graphs(self._engine, evidence=request.evidence)
            default = not other.dataset
            for question in questions:
                names.append(question.name)
                if difference := compare_answers(embedded, other, question):
                    findings.append(
                        Finding(
                            *("", 0, Severity.ERROR, "answer-differs", question.name),
                            f"{difference}.",
                            f"To repeat it: jhaan query {question.name} "
                            f"--endpoint {mask_secrets(self._target.query)}",
                        )
                    )
        return findings, names, default


def split_updates(graph: str, data: bytes, size: int = UPDATE_SIZE) -> Iterator[bytes]:
    r"""Yield SPARQL updates that replace a graph.

    Args:
        graph: the IRI of the graph.
        data: the triples as N-Triples without blank nodes, which SPARQL can contain as they are.
        size: the approximate maximum size of an update in bytes.

    >>> list(split_updates("urn:g", b"<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> <urn:d> .\n", 10))[1]
    b'INSERT DATA { GRAPH <urn:g> {\n<urn:a> <urn:b> <urn:d> .\n} }'
    """
    first, start = f"DROP SILENT GRAPH <{graph}> ;\n", 0
    while start < len(data):
        end = data.find(b"\n", start + size - 1) + 1 or len(data)
        yield f"{first}INSERT DATA {{ GRAPH <{graph}> {{\n".encode() + data[start:end] + b"} }"
        first, start = "", end


def choose_questions(request: Request) -> list[StoredQuery]:
    """Return the questions that check a load, without those about missing evidence."""
    return [
        query
        for query in load_catalogue(request.snapshot.catalogue_path)
        if query.name in QUESTIONS and (request.evidence or not query.needs_evidence)
    ]


def compare_answers(embedded: Engine, store: Engine, question: StoredQuery) -> str:
    """Compare the rows of a question with default parameters, in any order.

    Returns:
        A description of the difference; empty if there is none.
    """
    values = resolve_parameters(embedded, question, {})
    with _stating(question.name):
        ours, theirs = answer(embedded, question, values), answer(store, question, values)
    if sorted(ours.variables) != sorted(theirs.variables):
        return "the store returns other columns"
    here, there = _count_rows(ours, ours.variables), _count_rows(theirs, ours.variables)
    missing, extra = (here - there).total(), (there - here).total()
    return (
        f"{missing:,} rows are missing in the store's answer, {extra:,} are wrong" if missing + extra else ""
    )


@contextmanager
def _stating(name: str) -> Iterator[None]:
    try:
        yield
    except ServiceError as error:
        raise ServiceError(f"Question {name}: {error}") from None


def _count_rows(rows: Answer, columns: tuple[str, ...]) -> Counter[tuple[str, ...]]:
    places = [rows.variables.index(column) for column in columns]
    return Counter(tuple(comparable(row[place]) for place in places) for row in rows.rows)


def comparable(term: Term | None) -> str:
    """Return a term in a form that is the same for equal values.

    Stores choose the type and the precision of computed numbers. Virtuoso returns 1 and 0 for booleans. Several stores
    write language tags in lower case.

    >>> comparable(Literal("0.50", datatype=NamedNode(XSD + "decimal"))), comparable(Literal(True))
    ('0.5', '1')
    >>> comparable(Literal("Colour", language="en-GB"))
    '"Colour"@en-gb'
    """
    if not isinstance(term, Literal):
        return str(term)
    datatype = term.datatype.value
    if datatype == XSD + "boolean":
        return {"true": "1", "false": "0"}.get(term.value, term.value)
    if datatype in _NUMBERS:
        try:
            return f"{float(term.value):.9g}"
        except ValueError:
            return term.value
    return f'"{term.value}"@{term.language.lower()}' if term.language else str(term)
