"""The page of every thing in the graph: it is there, each of its links has a name, and none leads to nothing.

Of the evidence, which is most of the graph, each twentieth is fetched; `make test-pages` fetches all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest
import requests
from pages_read import links
from pyoxigraph import NamedNode
from serving import Serving

from jhaan_kg.build.cache import open_snapshot

BASE = "https://w3id.org/jhaan/"
EACH = int(os.environ.get("JHAAN_PAGES", "20"))
SHARES = 4
"""Into how many tests the work is divided, which may run side by side."""

pytestmark = pytest.mark.slow


@cache
def paths() -> list[str]:
    """Give the paths of all things, and of all named graphs."""
    snapshot = open_snapshot()
    subjects = {quad.subject for quad in snapshot.quads(evidence=True, context=True)}
    things = {node.value for node in subjects if isinstance(node, NamedNode) and node.value.startswith(BASE)}
    return sorted({iri.removeprefix(BASE).partition("#")[0] for iri in {*things, *snapshot.graph_names}})


def is_evidence(path: str) -> bool:
    return path.startswith(("id/assertion/", "id/derivation/"))


def chosen() -> list[str]:
    evidence = [path for path in paths() if is_evidence(path)]
    return [*(path for path in paths() if not is_evidence(path)), *evidence[::EACH]]


def test_most_of_the_graph_is_evidence() -> None:
    """Else the other tests would fetch less than they seem to."""
    assert len(paths()) > 25_000
    assert sum(not is_evidence(path) for path in paths()) > 2_500


class Checked:
    """Fetches pages, and what they link to once.

    Attributes:
        known: paths that are known to be there.
    """

    def __init__(self, session: requests.Session, url: str, known: set[str]) -> None:
        self.known = known
        self._session, self._url = session, url
        self._parts: dict[str, set[str]] = {}

    def faults(self, path: str) -> Iterator[str]:
        """Give what is wrong with a page."""
        reply = self._get(f"/{path}", "text/html")
        if reply.status_code != 200 or "text/html" not in reply.headers["Content-Type"]:
            yield f"{path}: {reply.status_code} {reply.headers['Content-Type']}"
            return
        for target, text in links(reply.text):
            if not text.strip() or "://" in text or text.startswith("<"):
                yield f"{path}: {target} is called {text!r}"
            where, _, fragment = target.partition("#")
            if target.startswith("#") or where == f"/{path}":
                if fragment and fragment not in parts(reply.text):
                    yield f"{path}: {target} is not in this page"
            elif target.startswith("/"):
                if not self._is_there(where):
                    yield f"{path}: {target} is not there"
                elif fragment and fragment not in self._parts_of(where):
                    yield f"{path}: {where} has no part {fragment}"
            elif not re.match(r"https?://", target):
                yield f"{path}: {target} is no address"

    def _is_there(self, where: str) -> bool:
        if where not in self.known and self._get(where, "*/*").status_code == 200:
            self.known.add(where)
        return where in self.known

    def _parts_of(self, where: str) -> set[str]:
        if where not in self._parts:
            self._parts[where] = parts(self._get(where, "text/html").text)
        return self._parts[where]

    def _get(self, path: str, accept: str) -> requests.Response:
        return self._session.get(self._url + path, headers={"Accept": accept}, timeout=60)


def parts(page: str) -> set[str]:
    """Give the fragments by which a page can be entered."""
    return set(re.findall(r'id="([^"]+)"', page))


@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_is_there_and_its_links_lead_somewhere(server: Serving, share: int) -> None:
    own = chosen()[share::SHARES]
    suffixed = (f"/{path}{suffix}" for path in own for suffix in (".ttl", ".jsonld", ".nt", ".rdf"))
    known = {*(f"/{path}" for path in paths()), *suffixed}
    with requests.Session() as session, ThreadPoolExecutor(2) as fetching:
        checked = Checked(session, server.url, known)
        found = fetching.map(lambda path: list(checked.faults(path)), own)
        assert [fault for of_page in found for fault in of_page] == []
