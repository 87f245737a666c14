"""The page of the search: the things and questions that match a text, and why each matches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.find import Finder, Hit, Lookup, Nearness, Why, check_text
from jhaan_kg.namespaces import BASE
from jhaan_kg.pages.links import Link, Urls, words
from jhaan_kg.pages.templates import page
from jhaan_kg.query.catalogue import StoredQuery

MOST_HITS: Final = 50
"""How many things are shown."""

_MOST_QUESTIONS: Final = 10
_QUERIES: Final = BASE + "query/"
"""What the IRIs of questions begin with, which are things of the graph too."""


class SearchResult(NamedTuple):
    """A thing or a question that matches.

    Attributes:
        link: to it.
        kind: what it is.
        why: how it matches.
        by: the property that matches.
        text: the value that matches; empty if it is the text of the link.
    """

    link: Link
    kind: str
    why: str
    by: str
    text: str


def search_page(text: str, finder: Finder, catalogue: Iterable[StoredQuery], root: str) -> bytes:
    """Return the page of the matches of a text; without a text, the form."""
    parts: list[tuple[str, list[SearchResult]]] = []
    instead = ""
    if text.strip():
        try:
            hits = [
                hit for hit in finder.find(check_text(text), MOST_HITS) if not hit.iri.startswith(_QUERIES)
            ]
            parts = [("Questions", _questions(text, catalogue, root)), ("Things", _things(hits, root))]
            if hits and hits[0].why <= Why.SLIP:  # somebody looks for a name
                parts.reverse()
            instead = "" if any(found for _, found in parts) else finder.instead(text)
        except JhaanError as error:
            instead = str(error)
    return page(
        "search.html",
        root=root,
        title=f"Search: {text}" if text.strip() else "Search",
        current="search",
        sought=text,
        parts=[(title, found) for title, found in parts if found],
        instead=instead,
        most=MOST_HITS,
    )


def _things(hits: Iterable[Hit], root: str) -> list[SearchResult]:
    url_of = Urls(root)
    return [
        SearchResult(
            Link(words(hit.label, NamedNode(hit.iri)), url_of(NamedNode(hit.iri))),
            hit.kind,
            str(hit.why),
            hit.found_in,
            "" if hit.text in (hit.label, hit.iri) else hit.text,
        )
        for hit in hits
    ]


def _questions(text: str, catalogue: Iterable[StoredQuery], root: str) -> list[SearchResult]:
    queries = list(catalogue)
    summaries = Lookup(query.summary for query in queries)
    descriptions = Lookup(query.description for query in queries)
    found: dict[str, SearchResult] = {}
    for lookup, by in ((summaries, "question"), (descriptions, "description")):
        for match in lookup.mentions(text):
            query = queries[match.position]
            why = "near to its words" if match.nearness == Nearness.NEAR else "has these words"
            said = query.description if by == "description" else ""
            link = Link(query.summary, f"{root}/questions/{query.name}")
            found.setdefault(query.name, SearchResult(link, "question", why, by, said))
    return list(found.values())[:_MOST_QUESTIONS]
