"""The page of every entity: it is there, each of its links has a name, and none leads to nothing."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest
import requests
from pages_read import links, unnamed
from pyoxigraph import NamedNode
from serving import Serving

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.graphs import LEXICON
from jhaan_kg.namespaces import BASE

pytestmark = pytest.mark.release


SHARES = 4
"""Into how many tests the work is divided, which may run side by side."""


@pytest.fixture(scope="module")
def paths() -> list[str]:
    """The paths of all entities, and of all named graphs. The words of the lexicon have no pages."""
    snapshot = open_snapshot()
    quads = snapshot.quads(evidence=True, context=True)
    subjects = {quad.subject for quad in quads if not str(quad.graph_name).startswith(f"<{LEXICON}")}
    iris = {node.value for node in subjects if isinstance(node, NamedNode)} | set(snapshot.graph_names)
    found = sorted({iri.replace(BASE, "/").partition("#")[0] for iri in iris if iri.startswith(BASE)})
    assert len(found) > 25_000
    return found


@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_is_there_and_its_links_lead_somewhere(
    server: Serving, paths: list[str], share: int
) -> None:
    parts: dict[str, set[str]] = {}
    known = {path + suffix for path in paths for suffix in ("", ".ttl", ".jsonld", ".nt", ".rdf")}

    def get(path: str, accept: str) -> requests.Response:
        return session.get(server.url + path, headers={"Accept": accept}, timeout=60)

    @cache
    def is_there(path: str) -> bool:
        return path in known or get(path, "*/*").status_code == 200

    def parts_of(path: str) -> set[str]:
        if path not in parts:
            parts[path] = set(re.findall(r'id="([^"]+)"', get(path, "text/html").text))
        return parts[path]

    def check(path: str) -> None:
        reply = get(path, "text/html")
        assert reply.status_code == 200, path
        parts[path] = set(re.findall(r'id="([^"]+)"', reply.text))
        assert unnamed(reply.text) == [], path
        for target, _ in links(reply.text):
            where, _, fragment = target.partition("#")
            if target.startswith(("/", "#")):
                assert is_there(where or path), (path, target)
                assert not fragment or fragment in parts_of(where or path), (path, target)
            else:
                assert target.startswith(("http://", "https://")), (path, target)

    with requests.Session() as session, ThreadPoolExecutor(2) as fetching:
        list(fetching.map(check, paths[share::SHARES]))
