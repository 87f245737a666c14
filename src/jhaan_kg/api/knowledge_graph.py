"""The graph from Python: open it, ask it, explain it, export it."""

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
from jhaan_kg.near import suggest
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
"""For how many questions with their values the SPARQL is kept."""

_PARTS: Final = ("inferred", "context", "evidence")
"""The options of an export for which False is not the same as nothing."""

Given: TypeAlias = Value | Iterable[Value]
"""What may be given for a parameter: one value, several, or None to leave it open."""


class ExportOptions(TypedDict, total=False):
    """What an export may contain, and its form.

    Attributes:
        inferred: whether to keep what follows from what is stated; True if it is not given.
        context: whether to keep facts from outside the report; None for what the graph was opened with.
        evidence: whether to keep the evidence; None for what the format usually does.
        gzip: whether to compress the file.
        by_reference: whether JSON-LD names the published context and leaves it out.
        frame: whose things go into a framed document, or its schema (the command's `--class`).
        counting: what joins two agencies in a network.
    """

    inferred: bool
    context: bool | None
    evidence: bool | None
    gzip: bool
    by_reference: bool
    frame: str | None
    counting: str | None


class KnowledgeGraph:
    """The graph of the report.

    Threads may share one: any number of them may ask, explain and export at once. The views `graph` and `dataset` are
    objects of rdflib, which makes no such promise.

    >>> with KnowledgeGraph.open() as graph:
    ...     table = graph.query("renamings", agency="emcdda", cite=True)
    >>> table.columns[:2]
    ('agency', 'status')
    """

    def __init__(self, backend: Backend, *, context: bool = True, report: str | Path | None = None) -> None:
        """Ask what has been opened; use `open`.

        Args:
            backend: where answers come from.
            context: whether it knows facts from outside the report.
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
            source: None for the graph that the command works with: that of the checkout around, or the one that the
                package brings along. A path for that of another snapshot or checkout. An address that begins with
                http:// or https:// for an endpoint of SPARQL 1.1 that holds the graph; it answers the
                questions of this installation, and is asked for the first time when a question needs it. Names,
                passwords and tokens for it are taken from the environment or a netrc file (`docs/endpoints.md`).
            context: whether facts from outside the report are asked too; an endpoint has what was loaded.
            timeout: after how many seconds a query of your own is given up, or any answer of an endpoint; None for no
                limit, and for one of a minute with an endpoint.
            report: the file with the report's text, for quotations; None for the one that the environment variable
                JHAAN_REPORT names, or that `jhaan text add` has copied.

        Raises:
            JhaanError: there is none, or the sources of the checkout have faults.
        """
        return cls(open_backend(source, context=context, timeout=timeout), context=context, report=report)

    def close(self) -> None:
        """Let go of what is open. Questions that are being answered are answered; later ones raise a JhaanError."""
        self._backend_if_open = None
        with self._views_lock:
            self._views.clear()
            self._search = None

    def __enter__(self) -> KnowledgeGraph:
        """Return the graph, to be closed at the end of the block."""
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
        """Ask a stored question.

        Args:
            name: of the question.
            cite: whether to say what each row rests on.
            quote: whether to do so with the words of the passages, for which the report's text is needed.
            **parameters: values of its parameters, as texts that name a thing, as resources, or as values of
                Python; None leaves one open that has a usual value.

        Raises:
            JhaanError: there is no such question, parameter or value; or the report's text is missing.
            ServiceError: the endpoint can't be reached, or refuses.
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
            from jhaan_kg.pictures.question import picture_of

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
            table.contested  # noqa: B018 - an endpoint may change or be gone later
        return table

    def sparql(self, text: str, *, evidence: bool = False) -> Table | bool | rdflib.Graph:
        """Answer a query of your own, in SPARQL 1.1.

        The default graph is the union of the named graphs. The prefixes of the project (`jhaan:`, `agency:`, `rdfs:`
        and so on) need no declaration. A query can change nothing and call no other service.

        It is answered by a process of its own, which the first such query starts, because some queries make the engine
        abort its process. So you can interrupt a query. An endpoint answers for itself.

        Args:
            text: the query.
            evidence: whether assertions and derivations are asked too. An endpoint that asks the union of all its
                graphs by default asks them in any case.

        Returns:
            A table for SELECT; a column `x` and its label `xLabel` are one column `x`. True or False for ASK. A graph
            of rdflib for CONSTRUCT and DESCRIBE.

        Raises:
            JhaanError: the query can't be read, is refused, or makes the engine give up.
            ServiceError: it took longer than the graph's timeout; the endpoint can't be reached, or refuses.

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
        """Explain what is known of a thing, which passages state it, and where they contradict each other.

        Args:
            thing: an IRI, a CURIE, a name, or a resource of an answer.
            property: an IRI, a CURIE or the local name of a property, to say only what it says; None for all.

        Returns:
            Text for people, lines ended by line feeds.

        Raises:
            JhaanError: nothing, or more than one thing, is called so; or the thing has no such property.
            ServiceError: the endpoint can't be reached, or refuses.

        >>> with KnowledgeGraph.open() as graph:
        ...     print(graph.explain("Europol", "type").splitlines()[0])
        Europol  agency:europol
        """
        from jhaan_kg.explain import explain

        engine = self._backend.engine(evidence=True)
        return explain(engine, thing.iri if isinstance(thing, Resource) else thing, property)

    def view(self, entity: str | Resource, other: str | Resource | None = None) -> View:
        """Return the view of an entity, or of two agencies: what readers expect first, with its sources.

        Args:
            entity: an IRI, a CURIE, a name, or a resource of an answer.
            other: another agency, for what both did together.

        Returns:
            Lines by parts, as data; `as_html`, `as_json` and notebooks show them.

        Raises:
            JhaanError: nothing, or more than one entity, has this name.
            ServiceError: the endpoint can't be reached, or refuses.

        >>> with KnowledgeGraph.open() as graph:
        ...     print(graph.view("Frontex", "Europol").title)
        Frontex and Europol
        """
        from jhaan_kg.explain import find_view

        names = [each.iri if isinstance(each, Resource) else each for each in (entity, other) if each]
        return find_view(self._backend.engine(evidence=True), *names)

    def find(self, text: str, limit: int | None = 20) -> list[Hit]:
        """Find entities, questions, sections and passages by words, typing errors forgiven.

        With the report's text, its own words are searched too.

        Args:
            text: words, "phrases", -excluded words, a name, the number of a section, a day, a CURIE or an IRI.
            limit: how many hits to give at most; None for all.

        Returns:
            What was found, the best first.

        Raises:
            JhaanError: the text has no letter and no digit or is too long, or the limit is below 1.
            ServiceError: the endpoint can't be reached, or refuses.

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
        """Write the graph, the same bytes as `jhaan export`.

        Args:
            format: one of those that `jhaan export --help` lists.
            path: the file to write, or the folder where the format is a folder of files; it is whole or untouched.
                Without it the bytes of a file are given back.
            **options: those of the command that the format has.

        Returns:
            The bytes, texts in UTF-8, or None if something was written.

        Raises:
            JhaanError: there is no such format, or not so; it can't be written; or the graph is an endpoint.
        """
        from jhaan_kg.export import FORMATS, export, export_files
        from jhaan_kg.files import write_folder

        snapshot = self._backend.snapshot(
            "An export", "Open the graph of this installation: KnowledgeGraph.open().export(…)"
        )
        if format not in FORMATS:
            raise JhaanError(f'Unknown format "{format}".{suggest(format, FORMATS)}')
        wanted: dict[str, Any] = {"context": self._context}
        wanted |= {
            name: value for name, value in options.items() if value or (value is False and name in _PARTS)
        }
        if FORMATS[format].folder:
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
        """The flat graph as a graph of rdflib: all that is stated and follows, without evidence.

        It is made when it is first asked for, which takes some seconds, and is the same object from then on. Literals
        are as they were written (rdflib would make `1.5` of `1.50`), and the prefixes of the project are bound. What
        you change in it stays in it. It is rdflib's own object: its queries are not guarded as those of `sparql` are.

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
        """What quotes passages, from the text that was found when it was first needed."""
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
    """Make a graph of rdflib with the prefixes of the project.

    Raises:
        JhaanError: a triple is about a triple, which rdflib has no term for.

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
    term = cache(to_rdflib)  # most terms occur many times, and a term of rdflib is slow to make
    try:
        graph.addN((term(s), term(p), term(o), graph) for s, p, o in triples)
    except TypeError:
        raise JhaanError(
            "The answer contains triples about triples, which rdflib does not support. "
            "Select their subjects, predicates and objects instead."
        ) from None
    return graph


def dataset_view(quads: Iterable[Quad]) -> rdflib.Dataset:
    """Make a dataset of rdflib whose default graph is the union of the named ones."""
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
