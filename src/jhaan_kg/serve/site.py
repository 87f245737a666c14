"""The pages of which there is one each: home, search, the report, what it contradicts and lacks, proof, downloads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from jhaan_kg.near import did_you_mean
from jhaan_kg.pages.home import home_page
from jhaan_kg.pages.search import search_page
from jhaan_kg.serve.formats import HTML, Suffixes
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.made import Made
from jhaan_kg.serve.refusal import RefusalError
from jhaan_kg.serve.request import parameters

_HTML: Final = Suffixes({".html": HTML})


class Page(NamedTuple):
    """A page.

    Attributes:
        make: makes it of the graph, of what its fields have, and of what stands before the paths of the server.
        fields: the parameters that it takes.
    """

    make: Callable[[Loaded, Mapping[str, str], str], bytes]
    fields: tuple[str, ...] = ()


PAGES: Final[Mapping[str, Page]] = {
    "": Page(lambda loaded, _, root: home_page(loaded.catalogue, loaded.engine, root)),
    "search": Page(
        lambda loaded, given, root: search_page(given.get("q", ""), loaded.finder, loaded.catalogue, root),
        ("q",),
    ),
}
"""The pages by their paths."""


def shown(path: str, query_string: bytes, accept: str | None, loaded: Loaded, address: str) -> Made:
    """Make one of the pages.

    Args:
        path: one of PAGES.
        query_string: values of its fields, each at most once.
        accept: the header Accept.
        loaded: the graph.
        address: where clients reach the server, without a slash at the end.

    Raises:
        RefusalError: there is no such page (404), or it has no such field (400), or the client takes no pages (406).
    """
    name, suffix = _HTML.parted(path)
    if name not in PAGES:
        raise RefusalError(404, f"There is no page {name[:100]!r}. What is where is said at /")
    page = PAGES[name]
    media, _ = _HTML.chosen(suffix, accept)
    given = parameters(query_string)
    for field, texts in given.items():
        if field not in page.fields:
            raise RefusalError(
                400, f"This page has no field {field[:100]!r}.{did_you_mean(field[:100], page.fields)}"
            )
        if len(texts) > 1:
            raise RefusalError(400, f"{field}: one value was expected, and {len(texts)} came.")
    values = {field: texts[0] for field, texts in given.items()}
    return Made(media, name, page.make(loaded, values, urlsplit(address).path))
