"""The page of the search: things and questions that words may mean, and why each was found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.find import Finder, checked
from jhaan_kg.near import Lookup, Nearness
from jhaan_kg.pages.links import Link, Places, words
from jhaan_kg.pages.templates import page
from jhaan_kg.query.model import StoredQuery

MOST_HITS: Final = 50
"""How many things are shown."""

_MOST_QUESTIONS: Final = 10


class Found(NamedTuple):
    """A thing or a question that was found.

    Attributes:
        link: to it.
        kind: what it is.
        why: how the text is like what is said of it.
        by: what says it.
        text: what it says; empty if that is how the link is called.
    """

    link: Link
    kind: str
    why: str
    by: str
    text: str


def search_page(text: str, finder: Finder, catalogue: Iterable[StoredQuery], root: str) -> bytes:
    """Make the page of what a text may mean; without a text, the page of the search.

    Args:
        text: as somebody typed it.
        finder: searches the things.
        catalogue: the questions.
        root: what stands before the paths of the server.
    """
    things, questions, instead = list[Found](), list[Found](), ""
    if text.strip():
        try:
            things = list(_things(checked(text), finder, root))
            questions = list(_questions(text, catalogue, root))
            instead = "" if things or questions else finder.instead(text)
        except JhaanError as error:
            instead = str(error)
    return page(
        "search.html",
        root=root,
        title=f"Search: {text}" if text.strip() else "Search",
        current="search",
        sought=text,
        things=things,
        questions=questions,
        instead=instead,
        most=MOST_HITS,
    )


def _things(text: str, finder: Finder, root: str) -> Iterable[Found]:
    place = Places(root)
    for hit in finder.find(text, MOST_HITS):
        thing = NamedNode(hit.iri)
        label = words(hit.label, thing)
        said = "" if hit.text in (hit.label, hit.iri) else hit.text
        yield Found(Link(label, place(thing)), hit.kind, str(hit.why), hit.found_in, said)


def _questions(text: str, catalogue: Iterable[StoredQuery], root: str) -> Iterable[Found]:
    queries = list(catalogue)
    summaries = Lookup(query.summary for query in queries)
    descriptions = Lookup(query.description for query in queries)
    found: dict[str, Found] = {}
    for lookup, by in ((summaries, "question"), (descriptions, "description")):
        for match in lookup.mentions(text):
            query = queries[match.position]
            why = "near to its words" if match.nearness == Nearness.NEAR else "has these words"
            said = query.description if by == "description" else ""
            link = Link(query.summary, f"{root}/questions/{query.name}")
            found.setdefault(query.name, Found(link, "question", why, by, said))
    return list(found.values())[:_MOST_QUESTIONS]
