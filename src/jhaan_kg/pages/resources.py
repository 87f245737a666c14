"""The resources of the website: pages, stored questions, and entities.

Each resource has a path, with a suffix for each format. For the same graph, its bytes are the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple
from urllib.parse import urlencode, urlsplit

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.export.formats import FORMATS
from jhaan_kg.export.rdf import document, find_linked, rdfxml
from jhaan_kg.namespaces import BASE, RDF_TYPE, compact
from jhaan_kg.near import did_you_mean
from jhaan_kg.pages.attendance import FIELDS, attendance_file, attendance_page
from jhaan_kg.pages.findings import contradictions_page, gaps_page, proof_page
from jhaan_kg.pages.home import downloads_page, home_page, questions_page
from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.pages.network import network_file, network_page
from jhaan_kg.pages.question import FROM, MOST_ROWS, question_page
from jhaan_kg.pages.report import reports_page, section_page
from jhaan_kg.pages.representation import (
    HTML,
    SVG,
    HttpStatusError,
    Representation,
    Suffixes,
    is_iri,
    parse_parameters,
)
from jhaan_kg.pages.search import search_page
from jhaan_kg.pages.sparql import BEGINNING, sparql_page
from jhaan_kg.pages.thing import pair_page, thing_page
from jhaan_kg.pages.timeline import timeline_file, timeline_page
from jhaan_kg.pictures.drawing import need_picture, picture_of
from jhaan_kg.query.catalogue import Catalogue, StoredQuery
from jhaan_kg.query.cite import cite
from jhaan_kg.query.engine import answer, bind
from jhaan_kg.query.found import sum_up
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.query.reports import note_reports
from jhaan_kg.results import render
from jhaan_kg.results.cells import explain_absence
from jhaan_kg.results.graphs import render_graph
from jhaan_kg.views import view_of

THINGS: Final = ("id", "ontology", "graph", "query", "prefixes")
"""The first segments of the paths of entities, as in the IRIs of the entities."""

QUESTIONS: Final = "questions"
"""The first segment of the paths of stored questions."""

DOWNLOADS: Final[Mapping[str, str]] = {
    "jhaan.xlsx": "xlsx",
    "jhaan.ics": "ics",
    "jhaan.ttl": "turtle",
    "jhaan.nt": "ntriples",
    "jhaan.jsonld": "jsonld",
    "jhaan.rdf": "rdfxml",
    "jhaan.nq": "nquads",
    "jhaan.trig": "trig",
    "jhaan.gexf": "gexf",
    "jhaan.graphml": "graphml",
}
"""The export format of each file below the path `downloads`."""

_HTML: Final = Suffixes({".html": HTML})
_PICTURE: Final = ".svg"

# --- pages -----------------------------------------------------------------------------------------------------------


class PageRequest(NamedTuple):
    """A request for a page.

    Attributes:
        loaded: the graph.
        address: the address of the server for clients, without a slash at the end.
        fields: the values of the page's fields, by name.
        below: the rest of the path, after the name of the page.
    """

    loaded: Loaded
    address: str
    fields: Mapping[str, str]
    below: str

    @property
    def root(self) -> str:
        """The path prefix under which a proxy serves the server; empty at the root of the host."""
        return urlsplit(self.address).path

    def field(self, name: str) -> str:
        return self.fields.get(name, "")


class Page(NamedTuple):
    """The definition of a page.

    Attributes:
        make: function that returns the page in bytes.
        fields: the names of its parameters.
        has_parts: whether there are pages below its path.
        draw: function that returns the picture of the page as SVG; None if the page has none.
    """

    make: Callable[[PageRequest], bytes]
    fields: tuple[str, ...] = ()
    has_parts: bool = False
    draw: Callable[[PageRequest], str] | None = None


def render_page(path: str, query_string: bytes, accept: str, loaded: Loaded, address: str) -> Representation:
    """Return a page, or its picture.

    Args:
        path: a path in PAGES, or a path below a page with `has_parts`.
        query_string: the values of the page's fields, each at most once.
        accept: the header Accept.
        loaded: the graph.
        address: the address of the server for clients, without a slash at the end.

    Raises:
        HttpStatusError: the page does not exist (404), has no such field (400), or the client does not accept its
            media type (406).
    """
    drawn = path.removesuffix(_PICTURE)
    draw = PAGES[drawn].draw if drawn != path and drawn in PAGES else None
    whole, suffix = (drawn, "") if draw else _HTML.split(path)
    name, slash, below = whole.partition("/")
    page = PAGES.get(name)
    if page is None or (slash and not page.has_parts):
        raise _no_page(whole)
    media = SVG if draw else _HTML.choose(suffix, accept)[0]
    parameters = parse_parameters(query_string)
    for field, texts in parameters.items():
        if field not in page.fields:
            hint = did_you_mean(field[:100], page.fields)
            raise HttpStatusError(400, f'Unknown parameter "{field[:100]}" of this page.{hint}')
        if len(texts) > 1:
            raise HttpStatusError(400, f"{field} must have one value, not {len(texts)}.")
    request = PageRequest(loaded, address, {field: texts[0] for field, texts in parameters.items()}, below)
    if draw:
        return Representation(SVG, path, draw(request).encode())
    return Representation(media, f"{whole}.html" if whole else "", page.make(request))


def _read(request: PageRequest) -> bytes:
    """Return the tree of all reports, or the section in `request.below`: the report id, `/`, and the section name."""
    reports, engine = request.loaded.reports, request.loaded.engine
    if not request.below:
        return reports_page(reports.values(), request.loaded.stated, engine, request.root)
    report, _, name = request.below.partition("/")
    if report in reports:
        document = reports[report].document
        section = document.by_iri.get(f"{document.report}/section/{name}")
        if section in document.sections:
            return section_page(reports[report], section, engine, request.root)
    raise _no_page(f"read/{request.below}")


def _sparql(request: PageRequest) -> bytes:
    """Return the query form, filled with the stored question chosen as an example, if any."""
    name, catalogue = request.field("example"), request.loaded.catalogue
    query = find_question(name, catalogue).text if name else BEGINNING
    return sparql_page(query, None, catalogue, request.address)


def _downloads(request: PageRequest) -> bytes:
    files = [(name, FORMATS[form].what) for name, form in DOWNLOADS.items()]
    return downloads_page(files, request.loaded.graphs, request.root)


PAGES: Final[Mapping[str, Page]] = {
    "": Page(lambda it: home_page(it.loaded.catalogue, it.loaded.engine, it.root)),
    "search": Page(lambda it: search_page(it.field("q"), it.loaded.search, it.root), ("q",)),
    "read": Page(_read, has_parts=True),
    "attendance": Page(
        lambda it: attendance_page(it.loaded.engine, it.loaded.catalogue, it.fields, it.root),
        tuple(FIELDS),
        draw=lambda it: attendance_file(it.loaded.engine, it.loaded.catalogue, it.fields),
    ),
    "network": Page(
        lambda it: network_page(it.loaded.engine, it.loaded.catalogue, it.field("rule"), it.root),
        ("rule",),
        draw=lambda it: network_file(it.loaded.engine, it.loaded.catalogue, it.field("rule")),
    ),
    "pair": Page(
        lambda it: pair_page(it.field("one"), it.field("other"), it.loaded.engine, it.root), ("one", "other")
    ),
    "timeline": Page(
        lambda it: timeline_page(it.field("year"), it.loaded.engine, it.root),
        ("year",),
        draw=lambda it: timeline_file(it.field("year"), it.loaded.engine),
    ),
    "contradictions": Page(lambda it: contradictions_page(it.loaded.engine, it.loaded.reports, it.root)),
    "gaps": Page(lambda it: gaps_page(it.loaded.catalogue, it.loaded.engine, it.root)),
    "proof": Page(
        lambda it: proof_page(it.loaded.engine, it.loaded.reports.values(), it.loaded.accounts, it.root)
    ),
    "downloads": Page(_downloads),
    "sparql": Page(_sparql, ("example",)),
}
"""The pages by the first segment of their paths."""


def _no_page(path: str) -> HttpStatusError:
    return HttpStatusError(404, f'Unknown page "{path[:100]}". For an overview, see /')


# --- stored questions -------------------------------------------------------------------------------------------------

CITE: Final = "cite"
IRIS: Final = "iris"
"""Parameters of all questions; no question has parameters with these names.

In files, CITE adds passages and IRIS adds IRIs. On pages, CITE adds the words of the passages.
"""

_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

ANSWERS: Final = Suffixes(
    {
        ".json": "application/json",
        ".html": HTML,
        ".csv": "text/csv",
        ".tsv": "text/tab-separated-values",
        ".xml": "application/sparql-results+xml",
        ".md": "text/markdown",
        ".xlsx": _WORKBOOK,
        _PICTURE: SVG,
    }
)
"""The formats of answers, default first."""


def answer_question(
    path: str, query_string: bytes, accept: str, loaded: Loaded, address: str
) -> Representation:
    """Return the answer to a stored question, or the list of questions.

    A file is identical to the output of `jhaan query NAME --format FORMAT`. Parameters with empty values are ignored,
    because HTML forms also send empty fields.

    Args:
        path: `questions/NAME` with an optional suffix of ANSWERS; `questions` for the list, which is always a page.
        query_string: parameters of the question, CITE, IRIS and FROM (the first row of a page).
        accept: the header Accept; ignored if the path has a suffix.
        loaded: the graph.
        address: the address of the server for clients, without a slash at the end.

    Raises:
        HttpStatusError: the question does not exist (404), a parameter or value is not valid (400), or the client
            accepts none of the formats (406).
    """
    name, suffix = ANSWERS.split(path)
    name = name.removeprefix(QUESTIONS).removeprefix("/")
    if not name:
        media, suffix = _HTML.choose(suffix, accept)
        return Representation(
            media,
            f"{QUESTIONS}{suffix}",
            questions_page(loaded.catalogue, urlsplit(address).path),
        )
    query = find_question(name, loaded.catalogue)
    media, suffix = ANSWERS.choose(suffix, accept)
    parameters = {
        key: [text for text in texts if text] for key, texts in parse_parameters(query_string).items()
    }
    cites = _parse_flag(CITE, parameters.pop(CITE, []) or ["no"])
    iris = _parse_flag(IRIS, parameters.pop(IRIS, []) or ["yes"])
    first = _parse_start(parameters.pop(FROM, []))
    content = _render_answer(query, parameters, media, loaded, address, cites=cites, iris=iris, first=first)
    return Representation(media, f"{QUESTIONS}/{name}{suffix}", content)


def find_question(name: str, catalogue: Catalogue) -> StoredQuery:
    """Return the question with a name.

    Raises:
        HttpStatusError: the question does not exist (404).
    """
    query = {each.name: each for each in catalogue}.get(name)
    if query is None:
        hint = did_you_mean(name[:100], [each.name for each in catalogue])
        raise HttpStatusError(404, f'Unknown question "{name[:100]}".{hint} List of questions: /{QUESTIONS}')
    return query


def _render_answer(
    query: StoredQuery,
    parameters: Mapping[str, list[str]],
    media: str,
    loaded: Loaded,
    address: str,
    *,
    cites: bool,
    iris: bool,
    first: int,
) -> bytes:
    engine = loaded.engine
    try:
        # Check the names of all parameters, since those with empty values are removed next.
        names = [*(parameter.name for parameter in query.parameters), *parameters]
        resolve_parameters(engine, query, dict.fromkeys(names, ()))
        parameters = {key: texts for key, texts in parameters.items() if texts}
        values = resolve_parameters(engine, query, parameters)
    except JhaanError as error:
        raise HttpStatusError(400, str(error)) from None
    result = answer(engine, query, values)
    if media == HTML:
        # Citation takes most of the time, so only the shown rows are cited. A measure needs all rows.
        shown = result if query.measure else result._replace(rows=result.rows[first : first + MOST_ROWS])
        citations = cite(engine, query, values, shown, loaded.quotation if cites else None)
        return question_page(
            query,
            parameters,
            values,
            result,
            citations[first:] if query.measure else citations,
            sparql=bind(query.text, values),
            engine=engine,
            address=address,
            first=first,
            offers_words=bool(loaded.texts) and not cites,
        )
    if media == SVG:
        try:
            return need_picture(query, picture_of(query, engine, values, result)).svg.encode()
        except JhaanError as error:
            raise HttpStatusError(404, str(error)) from None
    absence = explain_absence(query.absence) if query.absence and not cites else ""
    form = next(suffix for suffix, of in ANSWERS.items() if of == media)[1:]
    return render(
        result,
        form,
        citations=cite(engine, query, values, result) if cites else None,
        title=query.summary,
        found=sum_up(query, values, result),
        note="\n".join(filter(None, (note_reports(engine), absence))),
        iris=iris,
    )


def _parse_start(texts: list[str]) -> int:
    """Return the index of the first row to show, from its number, which starts at 1."""
    if not texts:
        return 0
    if texts[0].isascii() and texts[0].isdecimal() and int(texts[0][:9]) > 0:
        return int(texts[0][:9]) - 1
    raise HttpStatusError(400, f'{FROM} must be the number of a row, from 1, not "{texts[0][:100]}".')


def _parse_flag(name: str, texts: list[str]) -> bool:
    if texts in (["no"], ["yes"]):
        return texts == ["yes"]
    raise HttpStatusError(400, f'{name} must be "yes" or "no", not "{texts[0][:100]}".')


# --- entities ---------------------------------------------------------------------------------------------------------

_VIEW: Final = "application/json"

SUFFIXES: Final = Suffixes(
    {
        ".ttl": "text/turtle",
        ".jsonld": "application/ld+json",
        ".nt": "application/n-triples",
        ".rdf": "application/rdf+xml",
        ".json": _VIEW,
        ".html": HTML,
    }
)
"""The formats of the description of an entity, default first.

JSON contains the data of the HTML page.
"""

_RDF: Final = {media: suffix for suffix, media in SUFFIXES.items() if media not in (HTML, _VIEW)}


class ResolvedThing(NamedTuple):
    """An entity that a path identifies, with the format of its description.

    Attributes:
        iri: the IRI of the entity.
        media: the media type of its description.
        suffix: the suffix of this media type.
    """

    iri: str
    media: str
    suffix: str


def resolve_thing(path: str, accept: str, loaded: Loaded) -> ResolvedThing:
    """Return the entity that a path identifies.

    Args:
        path: the path of the IRI below https://w3id.org/jhaan/, with an optional suffix of SUFFIXES.
        accept: the header Accept; ignored if the path has a suffix.
        loaded: the graph.

    Raises:
        HttpStatusError: the graph has no such entity (404), or the client accepts none of the formats (406).
    """
    name, suffix = SUFFIXES.split(path)
    iri = BASE + name
    iri = loaded.versions.get(iri, iri)
    if not (iri in loaded.graphs or (is_iri(iri) and loaded.statements_about(iri))):
        raise HttpStatusError(404, f"No entry found for {iri[:200]}. For an overview, see /")
    media, suffix = SUFFIXES.choose(suffix, accept)
    return ResolvedThing(iri, media, suffix)


def describe_thing(iri: str, media: str, loaded: Loaded, root: str = "") -> bytes:
    """Return the description of an entity, with the labels of linked entities.

    Args:
        iri: the IRI of the entity.
        media: one of the values of SUFFIXES.
        loaded: the graph.
        root: the path prefix of the server.

    Returns:
        The same bytes for the same graph.
    """
    triples = loaded.statements_about(iri)
    labels = {thing: list(loaded.labels(thing)) for thing in find_linked(triples)}
    if media == "application/ld+json":
        return document(triples, labels)
    if media == _VIEW:
        view = view_of(loaded.engine, NamedNode(iri))  # a downloaded file contains no quotations
        return (json.dumps(view.as_json(), ensure_ascii=False, indent=1) + "\n").encode()
    if media == HTML:
        return _thing_page(NamedNode(iri), triples, document(triples, labels), loaded, root)
    if len({triple.subject for triple in triples}) == 1:
        triples = [*triples, *chain.from_iterable(labels.values())]
    if media == "application/rdf+xml":
        return rdfxml(triples)
    return render_graph(triples, "ttl" if media == "text/turtle" else "ntriples")


def _questions_about(
    thing: NamedNode, triples: Sequence[Triple], loaded: Loaded
) -> Iterator[tuple[str, str]]:
    """Yield the questions that accept an entity as a parameter, those of its profile first."""
    types = {triple.object for triple in triples if (triple.subject, triple.predicate) == (thing, RDF_TYPE)}
    for query in sorted(loaded.catalogue, key=lambda query: (not query.profile, query.summary)):
        for parameter in query.parameters:
            is_allowed = not parameter.enumeration or thing.value in parameter.enumeration
            if is_allowed and parameter.class_iri and NamedNode(parameter.class_iri) in types:
                sent = urlencode({parameter.name: compact(thing.value)})
                yield query.summary, f"{QUESTIONS}/{query.name}?{sent}"
                break


def _thing_page(
    thing: NamedNode, triples: Sequence[Triple], document: bytes, loaded: Loaded, root: str
) -> bytes:
    parts = [triple for triple in triples if triple.subject != thing]
    terms = {term for triple in parts for term in triple if isinstance(term, NamedNode)}
    term_labels = ((term, label.object) for term in terms for label in loaded.labels(term))
    labels = {term: label.value for term, label in term_labels if isinstance(label, Literal)}
    return thing_page(
        view_of(loaded.engine, thing, loaded.quotation),
        root,
        _questions_about(thing, triples, loaded),
        _RDF,
        document,
        parts,
        labels,
    )
