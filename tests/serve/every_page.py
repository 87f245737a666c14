"""The pages of all entities, and checks of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from pages_read import links
from pyoxigraph import NamedNode

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.graphs import LEXICON
from jhaan_kg.namespaces import BASE

Get = Callable[[str, str], tuple[int, str, str]]
"""Function that requests a path with a media type, and returns status, content type and text."""


@cache
def paths() -> list[str]:
    """Return the paths of all entities, and of all named graphs. The words of the lexicon have no pages."""
    snapshot = open_snapshot()
    quads = snapshot.quads(evidence=True, context=True)
    subjects = {quad.subject for quad in quads if not str(quad.graph_name).startswith(f"<{LEXICON}")}
    things = {node.value for node in subjects if isinstance(node, NamedNode) and node.value.startswith(BASE)}
    return sorted({iri.removeprefix(BASE).partition("#")[0] for iri in {*things, *snapshot.graph_names}})


def is_evidence(path: str) -> bool:
    """Whether a path is that of an assertion or a derivation, as most are."""
    return path.startswith(("id/assertion/", "id/derivation/"))


class Checked:
    """Checker of pages, which requests each linked path only once.

    Attributes:
        known: paths that are known to exist.
    """

    def __init__(self, get: Get) -> None:
        suffixed = (f"/{path}{suffix}" for path in paths() for suffix in (".ttl", ".jsonld", ".nt", ".rdf"))
        self.known = {*(f"/{path}" for path in paths()), *suffixed}
        self._get = get
        self._parts: dict[str, set[str]] = {}

    def faults(self, path: str) -> Iterator[str]:
        """Yield the faults of a page."""
        status, media, page = self._get(f"/{path}", "text/html")
        if status != 200 or "text/html" not in media:
            yield f"{path}: {status} {media}"
            return
        for target, text in links(page):
            if not text.strip() or "://" in text or text.startswith("<"):
                yield f"{path}: {target} is called {text!r}"
            where, _, fragment = target.partition("#")
            if target.startswith("#") or where == f"/{path}":
                if fragment and fragment not in parts(page):
                    yield f"{path}: {target} is not in this page"
            elif target.startswith("/"):
                if not self._is_there(where):
                    yield f"{path}: {target} is not there"
                elif fragment and fragment not in self._parts_of(where):
                    yield f"{path}: {where} has no part {fragment}"
            elif not re.match(r"https?://", target):
                yield f"{path}: {target} is no address"

    def _is_there(self, where: str) -> bool:
        if where not in self.known and self._get(where, "*/*")[0] == 200:
            self.known.add(where)
        return where in self.known

    def _parts_of(self, where: str) -> set[str]:
        if where not in self._parts:
            self._parts[where] = parts(self._get(where, "text/html")[2])
        return self._parts[where]


def parts(page: str) -> set[str]:
    """Return the fragment identifiers of a page."""
    return set(re.findall(r'id="([^"]+)"', page))
