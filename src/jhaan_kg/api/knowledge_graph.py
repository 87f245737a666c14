"""The knowledge graph of the Python API."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypedDict, TypeVar, Unpack, cast, overload

from jhaan_kg.api.backends import Backend, open_backend
from jhaan_kg.api.table import Table, save
from jhaan_kg.api.values import Resource, Value
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.graphs import graph_name
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.query.adhoc import guard
from jhaan_kg.query.catalogue import load_catalogue
from jhaan_kg.query.engine import answer, bind
from jhaan_kg.query.names import UNBOUND, resolve_parameters

if TYPE_CHECKING:
    import rdflib
    from pyoxigraph import Quad, Triple

    from jhaan_kg.find import Hit, Search
    from jhaan_kg.pictures.drawing import Picture
    from jhaan_kg.query.catalogue import StoredQuery
    from jhaan_kg.query.cite import Quote
    from jhaan_kg.views import View

_MOST_BOUND: Final = 1000
"""The number of queries whose SPARQL text, with the values of parameters, is cached."""

_PARTS: Final = ("inferred", "context", "evidence")
"""The options of an export for which False differs from None."""

Given: TypeAlias = Value | Iterable[Value]
"""The value of a parameter: one value, several, or None for any."""


class ExportOptions(TypedDict, total=False):
    """Options of an export: its contents and its form.

    Attributes:
        inferred: whether to keep inferred statements; True by default.
        context: whether to keep external facts; None for the choice made in `open`.
        evidence: whether to keep the evidence; None for the default of the format.
        gzip: whether to compress the file.
        by_reference: whether JSON-LD names the published context and leaves it out.
        frame: the class of the entities in a framed document or its schema (the command's `--class`).
        counting: what connects two agencies in a network.
    """

    inferred: bool
    context: bool | None
    evidence: bool | None
    gzip: bool
    by_reference: bool
    frame: str | None
    counting: str | None


class KnowledgeGraph:
    """The knowledge graph of the report.

    It is thread-safe. The views `graph` and `dataset` are objects of rdflib, which are not.

    >>> with KnowledgeGraph.open() as graph:
    ...     table = graph.query("renamings", agency="emcdda", cite=True)
    >>> table.columns[:2]
    ('agency', 'nameStatus')
    """

    def __init__(self, backend: Backend, *, context: bool = True, report: str | Path | None = None) -> None:
        """Create the graph from a backend; use `open`.

        Args:
            backend: the source of answers.
            context: whether it contains external facts.
            report: the file with the report's text.

        Raises:
            JhaanError: its stored questions can't be read.
        """
        self._backend_if_open: Backend | None = backend
        self._context: Final = context
        self._report: Final = report
        self._quote_if_open: Quote | None = None
        self._catalogue: Final = load_catalogue(backend.catalogue_path)
        self._bound: dict[tuple[object, ...], StoredQuery] = {}
        self._views: dict[str, Any] = {}
        self._search: Search | None = None
        self._views_lock: Final = Lock()

    @classmethod
    def open(
        cls,
        source: str | Path | None = None,
        *,
        context: bool = True,
        timeout: float | None = None,
        report: str | Path | None = None,
    ) -> KnowledgeGraph:
        """Open a graph.

        Args:
            source: None for the graph that `jhaan` uses: that of the surrounding checkout, or the one in the package.
                A path to another snapshot or checkout. An address that begins with http:// or https:// for a SPARQL
                1.1 endpoint with the graph; it gets the stored queries of this installation, and the first request is
                sent when a question needs it. Names, passwords and tokens are taken from the environment or a netrc
                file (`docs/triple-stores.md`).
            context: whether to include external facts; an endpoint has what was loaded.
            timeout: the time limit in seconds for your own queries and for all answers of an endpoint; None for no
                limit, or a minute with an endpoint.
            report: the file with the report's text, for quotations; None for the file in the environment variable
                JHAAN_REPORT, or the copy made by `jhaan text add`.

        Raises:
            JhaanError: there is no graph, or the sources of the checkout have faults.
        """
        return cls(open_backend(source, context=context, timeout=timeout), context=context, report=report)

    def close(self) -> None:
        """Close the graph. Running questions are still answered; later ones raise a JhaanError."""
        self._backend_if_open = None
        with self._views_lock:
            self._views.clear()
            self._search = None

    def __enter__(self) -> KnowledgeGraph:
        """Return the graph, which is closed at the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the graph."""
        self.close()

    @property
    def questions(self) -> dict[str, str]:
        """The stored questions, by name."""
        return {query.name: query.summary for query in self._catalogue}

    def query(self, name: str, /, *, cite: bool = False, quote: bool = False, **parameters: Given) -> Table:
        """Answer a stored question.

        Args:
            name: the name of the question.
            cite: whether to add the sources of each row.
            quote: whether to add the words of the passages too, which requires the report's text.
            **parameters: values of its parameters: names of entities, resources, or Python values; None means any
                value instead of the default.

        Raises:
            JhaanError: there is no such question, parameter or value; or the report's text is missing.
            ServiceError: the endpoint cannot be reached, or rejects the query.
        """
        from jhaan_kg.query.cite import cite as cite_rows
        from jhaan_kg.query.cite import find_contested_rows

        backend = self._backend
        stored = self._catalogue.get(name)
        words = self._quote if quote else None
        engine = backend.engine(evidence=cite or quote or stored.needs_evidence)
        texts = {key: tuple(_texts(given)) for key, given in parameters.items()}
        known = self._bound.get((name, *texts.items()))
        bound = known or stored._replace(text=bind(stored.text, resolve_parameters(engine, stored, texts)))
        if backend.is_fixed and known is None:
            if len(self._bound) >= _MOST_BOUND:
                self._bound.clear()
            self._bound[name, *texts.items()] = bound
        found = answer(engine, bound, {})

        def draw() -> Picture | None:
            from jhaan_kg.pictures.drawing import picture_of

            return picture_of(stored, engine, resolve_parameters(engine, stored, texts), found)

        if cite or quote:
            citations = cite_rows(engine, bound, {}, found, words)
            return Table(
                found,
                title=stored.summary,
                absence=stored.absence,
                citations=citations,
                contested=[index for index, row in enumerate(citations) if row.contested],
                quotes=quote,
                draw=draw,
            )
        table = Table(
            found,
            title=stored.summary,
            absence=stored.absence,
            contested=lambda: find_contested_rows(engine, bound, {}, found),
            draw=draw,
        )
        if not backend.is_fixed:
            table.contested  # noqa: B018 - computed now, since the endpoint may have changed later
        return table

    def sparql(self, text: str, *, evidence: bool = False) -> Table | bool | rdflib.Graph:
        """Answer your own SPARQL 1.1 query.

        The default graph is the union of the named graphs. The prefixes of the project (`jhaan:`, `agency:`, `rdfs:`
        and so on) need no declaration. Queries are read-only, and `SERVICE` is disabled.

        A separate process answers, since some queries make the engine abort. The first query starts this process. You
        can interrupt a query. An endpoint answers directly.

        Args:
            text: the query.
            evidence: whether to include assertions and derivations. An endpoint whose default graph is the union of
                all graphs always includes them.

        Returns:
            A table for SELECT; a column `x` and its label `xLabel` are one column `x`. True or False for ASK. A graph
            of rdflib for CONSTRUCT and DESCRIBE.

        Raises:
            JhaanError: the query cannot be parsed, is not allowed, or makes the engine abort.
            ServiceError: the query exceeded the time limit; or the endpoint cannot be reached, or rejects the query.

        >>> with KnowledgeGraph.open() as graph:
        ...     graph.sparql("ASK { agency:europol a jhaan:Agency }")
        True
        """
        form = guard(_valid(text))
        engine = self._backend.guarded_engine(evidence=evidence)
        if form == "ASK":
            return engine.ask(text)
        if form == "SELECT":
            return Table(engine.select(text))
        return graph_view(engine.construct(text))

    def explain(self, thing: str | Resource, property: str | None = None) -> str:
        """Return a description of an entity: statements, passages, and contradictions.

        Args:
            thing: an IRI, a CURIE, a name, or a resource of an answer.
            property: an IRI, a CURIE or the local name of a property, to list only its values; None for all.

        Returns:
            Text for people, lines ended by line feeds.

        Raises:
            JhaanError: no entity, or more than one, has this name; or it has no such property.
            ServiceError: the endpoint cannot be reached, or rejects the query.

        >>> with KnowledgeGraph.open() as graph:
        ...     print(graph.explain("Europol", "type").splitlines()[0])
        Europol  agency:europol
        """
        from jhaan_kg.explain import explain

        engine = self._backend.engine(evidence=True)
        return explain(engine, thing.iri if isinstance(thing, Resource) else thing, property)

    def view(self, entity: str | Resource, other: str | Resource | None = None) -> View:
        """Return a view of an entity, or of two agencies.

        The most relevant facts are first, with sources.

        Args:
            entity: an IRI, a CURIE, a name, or a resource of an answer.
            other: another agency, for joint activities.

        Returns:
            Lines grouped in parts; `as_html`, `as_json` and notebooks show them.

        Raises:
            JhaanError: nothing, or more than one entity, has this name.
            ServiceError: the endpoint cannot be reached, or rejects the query.

        >>> with KnowledgeGraph.open() as graph:
        ...     print(graph.view("Frontex", "Europol").title)
        Frontex and Europol
        """
        from jhaan_kg.explain import find_view

        names = [each.iri if isinstance(each, Resource) else each for each in (entity, other) if each]
        return find_view(self._backend.engine(evidence=True), *names)

    def find(self, text: str, limit: int | None = 20) -> list[Hit]:
        """Search entities, questions, sections and passages by words; typos are tolerated.

        If the report's text is available, its words are searched too.

        Args:
            text: words, "phrases", -excluded words, a name, the number of a section, a day, a CURIE or an IRI.
            limit: the maximum number of hits; None for all.

        Returns:
            The hits, best first.

        Raises:
            JhaanError: the text has no letter and no digit or is too long, or the limit is below 1.
            ServiceError: the endpoint cannot be reached, or rejects the query.

        >>> with KnowledgeGraph.open() as graph:
        ...     graph.find("Eurojst")[0].label
        'Eurojust'
        """
        backend = self._backend
        with self._views_lock:
            if self._search is None:
                from jhaan_kg.find import Search, search_texts

                texts = search_texts([Path(self._report)] if self._report else ())
                self._search = Search(backend.index(), texts)
            search = self._search
        return search.find(text, limit).hits

    @overload
    def export(self, format: str, **options: Unpack[ExportOptions]) -> bytes: ...

    @overload
    def export(self, format: str, path: str | Path, **options: Unpack[ExportOptions]) -> None: ...

    def export(
        self, format: str, path: str | Path | None = None, **options: Unpack[ExportOptions]
    ) -> bytes | None:
        """Write the graph, with the same bytes as `jhaan export`.

        Args:
            format: a format listed by `jhaan export --help`.
            path: the file to write, or the folder if the format consists of several files; on an error it is
                unchanged. Without a path, the bytes of a file are returned.
            **options: the options of the command for this format.

        Returns:
            The bytes, text in UTF-8, or None if a file or folder was written.

        Raises:
            JhaanError: the format or an option is unknown; the file cannot be written; or the graph is an endpoint.
        """
        from jhaan_kg.export import export, export_files
        from jhaan_kg.export.formats import find_format
        from jhaan_kg.files import write_folder

        snapshot = self._backend.snapshot(
            "An export", "Open the graph of this installation: KnowledgeGraph.open().export(…)"
        )
        form = find_format(format)
        wanted: dict[str, Any] = {"context": self._context}
        wanted |= {
            name: value for name, value in options.items() if value or (value is False and name in _PARTS)
        }
        if form.folder:
            if path is None:
                raise JhaanError(f"Format {format} needs an output folder: export({format!r}, FOLDER)")
            write_folder(Path(path), export_files(snapshot, format, **wanted))
            return None
        data = export(snapshot, format, **wanted)
        if path is None:
            return data
        save(Path(path), data)
        return None

    @property
    def graph(self) -> rdflib.Graph:
        """The flat graph as a graph of rdflib.

        It contains all stated and inferred statements, without evidence.

        It is created at first use, which takes some seconds; later uses return the same object. Literals keep their
        lexical form (rdflib would turn `1.50` into `1.5`), and the prefixes of the project are bound. Your changes
        affect only this object. Its queries run in rdflib, without the safeguards of `sparql`.

        Raises:
            JhaanError: the graph is an endpoint.
        """
        view = self._view("graph", lambda quads: graph_view(quad.triple for quad in quads), evidence=False)
        return cast("rdflib.Graph", view)

    @property
    def dataset(self) -> rdflib.Dataset:
        """The dataset with its named graphs and its evidence, as a dataset of rdflib; see `graph`.

        Its default graph is the union of its named graphs.

        Raises:
            JhaanError: the graph is an endpoint.
        """
        return cast("rdflib.Dataset", self._view("dataset", dataset_view, evidence=True))

    def _view(self, name: str, make: Callable[[Iterator[Quad]], Any], *, evidence: bool) -> Any:
        snapshot = self._backend.snapshot(
            f"A view of the whole {name} in rdflib",
            "Ask it with .query() or .sparql(), or open the graph of this installation: KnowledgeGraph.open()",
        )
        with self._views_lock:
            if name not in self._views:
                self._views[name] = make(snapshot.quads(evidence=evidence, context=self._context))
            return self._views[name]

    @property
    def _quote(self) -> Quote:
        """The function that quotes passages; it looks for the text at first use."""
        if self._quote_if_open is None:
            from jhaan_kg.report_text import open_quotations

            backend = self._backend  # an endpoint has the passages of this installation
            snapshot = backend.snapshot("", "") if backend.is_fixed else open_snapshot()
            self._quote_if_open = open_quotations(snapshot, [Path(self._report)] if self._report else ())
        return self._quote_if_open

    @property
    def _backend(self) -> Backend:
        backend = self._backend_if_open
        if backend is None:
            raise JhaanError("This graph is closed. Open it again: KnowledgeGraph.open()")
        return backend


def _texts(given: Given) -> list[str]:
    if given is None:
        return [UNBOUND]
    if isinstance(given, Resource):
        return [given.iri]
    if isinstance(given, str):
        return [given]
    if isinstance(given, bool):
        return [str(given).lower()]
    if isinstance(given, int | float | Decimal | datetime.date):
        return [str(given)]
    return [text for value in given for text in _texts(value)]


def _valid(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise JhaanError(f"The query is not valid Unicode at character {error.start + 1}.") from None
    return text


# --- rdflib ------------------------------------------------------------------------------------------------------


def graph_view(triples: Iterable[Triple]) -> rdflib.Graph:
    """Return a graph of rdflib with the prefixes of the project.

    Raises:
        JhaanError: a triple contains a triple, for which rdflib has no term.

    >>> from pyoxigraph import NamedNode, Triple
    >>> node = NamedNode("https://w3id.org/jhaan/id/agency/fra")
    >>> print(graph_view([Triple(node, node, node)]).serialize().strip())
    @prefix agency: <https://w3id.org/jhaan/id/agency/> .
    <BLANKLINE>
    agency:fra agency:fra agency:fra .
    """
    import rdflib

    from jhaan_kg.rdflib_terms import to_rdflib

    graph = _with_prefixes(rdflib.Graph(bind_namespaces="none"))
    term = cache(to_rdflib)  # most terms occur many times, and creating a term of rdflib is slow
    try:
        graph.addN((term(s), term(p), term(o), graph) for s, p, o in triples)
    except TypeError:
        raise JhaanError(
            "The answer contains triples about triples, which rdflib does not support. "
            "Select their subjects, predicates and objects instead."
        ) from None
    return graph


def dataset_view(quads: Iterable[Quad]) -> rdflib.Dataset:
    """Return a dataset of rdflib whose default graph is the union of the named ones."""
    import rdflib

    from jhaan_kg.rdflib_terms import to_rdflib

    dataset = _with_prefixes(rdflib.Dataset(default_union=True))
    term = cache(to_rdflib)
    named = cache(dataset.graph)
    dataset.addN(
        (term(quad.subject), term(quad.predicate), term(quad.object), named(rdflib.URIRef(graph_name(quad))))
        for quad in quads
    )
    return dataset


_AnyGraph = TypeVar("_AnyGraph", bound="rdflib.Graph")


def _with_prefixes(graph: _AnyGraph) -> _AnyGraph:
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, override=True, replace=True)
    return graph
