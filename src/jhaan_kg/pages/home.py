"""The home page, the list of all questions, and the page of downloads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import GRAPH, ONTOLOGY, RDF
from jhaan_kg.near import natural
from jhaan_kg.pages.links import Link, Urls, agencies, topics
from jhaan_kg.pages.network import TITLES
from jhaan_kg.pages.templates import REPORTS, page
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.engine import Engine
from jhaan_kg.query.reports import join_words
from jhaan_kg.results.reading import graph_title

_COUNTED: Final[Mapping[str, str]] = {
    "events": f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x a <{ONTOLOGY}Event> }}",
    "cooperations": f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x a <{ONTOLOGY}Cooperation> }}",
    "passages": f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x <{ONTOLOGY}startOffset> ?at "
    f"FILTER NOT EXISTS {{ ?x a <{ONTOLOGY}Section> }} }}",
    "statements": f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x <{ONTOLOGY}evidenceIn> ?passage ; "
    f"<{RDF}subject> ?thing . ?thing <{ONTOLOGY}statedIn> ?passage }}",
    "contradictions": f"SELECT (COUNT(*) AS ?n) WHERE {{ SELECT DISTINCT ?s ?p WHERE {{ "
    f"?x <{ONTOLOGY}contestedSubject> ?s ; <{ONTOLOGY}contestedProperty> ?p }} }}",
    "gaps": f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x <{ONTOLOGY}severity> <{ONTOLOGY}Gap> }}",
}
"""The queries that count entities for the home page."""

_FIGURES: Final = (
    ("events", "questions/date-of-event"),
    ("cooperations", "questions/cooperations"),
    ("passages", "read"),
    ("statements", "read"),
)
"""The key figures, each with the path of the page that lists the counted entities."""

_NUMBERS: Final = dict(
    enumerate(["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 2)
)

_CHOSEN: Final = (
    "agency-events",
    "event-participants",
    "working-groups",
    "meetings-attended-together",
    "participation-ranking",
    "cooperations",
    "empact-co-run",
    "commitments",
    "topic-done-next-owner",
    "contradictions",
)
"""The names of the featured questions."""


_PICTURES: Final = (
    ("attendance.svg", "Attendance"),
    ("timeline.svg", "Timeline"),
    *((f"network.svg?rule={rule}", f"Network: {title}") for rule, title in TITLES.items()),
)
"""The picture files for download, with titles."""


def home_page(catalogue: Iterable[StoredQuery], engine: Engine, root: str) -> bytes:
    """Return the home page.

    It has search, key figures, featured questions, agencies, and all questions.
    """
    url_of, question_url = Urls(root), _question_url(root)
    counted = {what: _count(query, engine) for what, query in _COUNTED.items()}
    named, reports = agencies(engine), REPORTS.get()
    number = _NUMBERS.get(len(named), str(len(named))) if len(reports) == 1 else ""
    summaries = {query.name: query.summary for query in catalogue}
    return page(
        "home.html",
        root=root,
        title="Home",
        figures=[(counted[what], what, f"{root}/{path}") for what, path in _FIGURES],
        contradictions=counted["contradictions"],
        gaps=counted["gaps"],
        chosen=[Link(summaries[name], question_url(name)) for name in _CHOSEN if name in summaries],
        topics=list(topics(catalogue, question_url)),
        agencies=[Link(label, url_of(agency)) for agency, label in named],
        agencies_in_words=" ".join(filter(None, ("the", number, "EU justice and home affairs agencies"))),
        years=join_words(dict.fromkeys(report.name.rpartition("-")[2] for report in reports)),
        is_alone=len(reports) == 1,
    )


def questions_page(catalogue: Iterable[StoredQuery], root: str) -> bytes:
    """Return the list of all questions, by topic."""
    listed = list(topics(catalogue, _question_url(root)))
    number = sum(len(links) for _, links in listed)
    return page(
        "questions.html", root=root, title="Questions", current="questions", topics=listed, number=number
    )


def _question_url(root: str) -> Callable[[str], str]:
    return lambda name: f"{root}/questions/{name}"


def _count(query: str, engine: Engine) -> str:
    ((number,),) = engine.select(query).rows
    return f"{int(number.value):,}" if isinstance(number, Literal) else ""


def downloads_page(files: Iterable[tuple[str, str]], graphs: Iterable[str], root: str) -> bytes:
    """Return the page of downloads.

    Args:
        files: the name and the description of each file.
        graphs: the IRIs of the named graphs.
        root: the path prefix of the server.
    """
    url_of = Urls(root)
    ordered = sorted(graphs, key=lambda graph: (_part(graph), natural(graph)))
    return page(
        "downloads.html",
        root=root,
        title="Downloads",
        current="downloads",
        pictures=_PICTURES,
        files=[(Link(name, f"{root}/downloads/{name}"), what) for name, what in files],
        parts=[
            (
                _PARTS.get(part, part.capitalize()),
                [
                    (Link(graph_title(graph), url_of(NamedNode(graph))), f"{url_of(NamedNode(graph))}.ttl")
                    for graph in group
                ],
            )
            for part, group in groupby(ordered, key=_part)
        ],
    )


_PARTS: Final[Mapping[str, str]] = {
    "context": "External facts",
    "curation": "Curators",
    "derived": "Answer layer",
    "document": "Passages",
    "inferred": "Inferred statements",
    "lexicon": "Words of the verification",
    "queries": "Stored questions",
    "reconciled": "Conflicting values",
    "register": "Registers",
}
"""Headings for groups of named graphs, if the first segment after `…/graph/` is not clear."""


def _part(graph: str) -> str:
    """Return the first segment of a graph's IRI after `…/graph/`, which names its group."""
    return graph.removeprefix(GRAPH).partition("/")[0]
