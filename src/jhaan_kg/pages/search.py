"""The search page: results, best first, with highlighted words."""

from __future__ import annotations

from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.find import Hit, Search
from jhaan_kg.namespaces import BASE
from jhaan_kg.pages.links import Urls, reader_url
from jhaan_kg.pages.templates import page

MOST_HITS: Final = 50
"""The maximum number of results."""

_QUERIES: Final = BASE + "query/"


class SearchResult(NamedTuple):
    """A search result with a link.

    Attributes:
        hit: the search result.
        href: the link to the page of the found entity.
    """

    hit: Hit
    href: str


def search_page(text: str, search: Search, root: str) -> bytes:
    """Return the page of search results for a text; without a text, only the form."""
    found: list[SearchResult] = []
    notes: list[str] = []
    if text.strip():
        try:
            hits, notes = search.find(text, MOST_HITS)
            found = [SearchResult(hit, _address(hit.iri, root)) for hit in hits]
            if not hits:
                notes = ["No matches. Try another word or part of it.", *notes]
        except JhaanError as error:
            notes = [str(error)]
    return page(
        "search.html",
        root=root,
        title=f"Search: {text}" if text.strip() else "Search",
        current="search",
        sought=text,
        found=found,
        notes=notes,
        most=MOST_HITS,
    )


def _address(iri: str, root: str) -> str:
    if iri.startswith(_QUERIES):
        return f"{root}/questions/{iri.removeprefix(_QUERIES)}"
    return reader_url(iri, root) or Urls(root)(NamedNode(iri))
