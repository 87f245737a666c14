"""A static site, parsed: broken links, and functions that need a server."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from functools import cache
from urllib.parse import unquote, urlsplit

from html_tree import read

LINKS = ("href", "src", "action")


def broken_links(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield the file and target of each link that is not relative, or whose file or anchor does not exist."""

    @cache
    def parts(page: str) -> set[str]:
        return {element.attributes.get("id", "") for element in read(files[page]).walk()}

    for page in filter(is_page, files):
        targets = (each.attributes.get(name) for each in read(files[page]).walk() for name in LINKS)
        for target in {target for target in targets if target is not None}:
            url = urlsplit(target)
            if url.scheme in ("http", "https"):
                continue
            path = unquote(url.path)
            file = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
            if (
                url.scheme
                or path.startswith("/")
                or file not in files
                or (url.fragment and unquote(url.fragment) not in parts(file))
            ):
                yield page, target


def forms(files: Mapping[str, bytes]) -> list[str]:
    """Return the pages that contain elements of forms."""
    return [
        page for page in filter(is_page, files) if any(mark in files[page] for mark in (b"<form", b"<input"))
    ]


def is_page(path: str) -> bool:
    return path.endswith(".html")
