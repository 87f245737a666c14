"""The page of a request that has no answer: what is wrong, and where to go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jhaan_kg.pages.templates import page

_TITLES: Final[Mapping[int, str]] = {
    400: "That can't be answered",
    403: "That is not allowed",
    404: "Not found",
    406: "Not in this form",
    413: "That is too much",
    500: "This should not happen",
    503: "Not just now",
    504: "That takes too long",
}


def refused_page(status: int, message: str, root: str, *, query: str = "", back: str = "") -> bytes:
    """Make the page.

    Args:
        status: the status code of HTTP.
        message: what is wrong, and what to do, in words.
        root: what stands before the paths of the server.
        query: the SPARQL that was asked; empty if it was none.
        back: where the question is that was asked wrongly; empty if there is none.
    """
    title = _TITLES.get(status, "That can't be done")
    return page("refused.html", root=root, title=title, message=message.strip(), query=query, back=back)
