"""Pages of `jhaan serve`, time and size: questions, sections and entities, against the page that queries no graph.

One client fetches each page, one after the other; its quickest round decides which pages are slow. The peer is the
form for SPARQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

import requests
from asking import jhaan, served
from pyoxigraph import NamedNode
from timing import Row, elapsed, in_turn, run

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.namespaces import BASE
from jhaan_kg.pages.resources import PAGES
from jhaan_kg.query.catalogue import load_catalogue
from jhaan_kg.report_text import open_reports

ENTITIES = 500
SHOWN = 3
PEER = "sparql"


def paths(things: int) -> list[str]:
    """Return the paths of the fetched pages, with about the given number of entities."""
    snapshot = open_snapshot()
    subjects = {
        quad.subject.value.partition("#")[0]
        for quad in snapshot.quads(evidence=False, context=True)
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(BASE)
    }
    drawn = sorted(subjects)[:: max(1, len(subjects) // things)]
    sections = [
        f"read/{name}/{section.iri.rpartition('/section/')[2]}"
        for name, report in open_reports(snapshot).items()
        for section in report.document.sections
    ]
    questions = [f"questions/{query.name}" for query in load_catalogue(snapshot.catalogue_path)]
    alone = ["", PEER, "questions", "ontology", *PAGES, "search?q=frontx"]
    return [*alone, *questions, *sections, *(iri.removeprefix(BASE) for iri in drawn)]


def pages(rounds: int) -> Iterator[Row]:
    sizes: dict[str, float] = {}
    with served(*jhaan()) as server, requests.Session() as session:

        def fetch(path: str) -> None:
            address = f"http://127.0.0.1:{server.port}/{path}"
            reply = session.get(address, headers={"Accept": "text/html"}, timeout=60)
            reply.raise_for_status()
            sizes[path] = len(reply.content) / 1000

        names = dict.fromkeys(paths(ENTITIES))
        values = in_turn(rounds, {path: elapsed(lambda path=path: fetch(path)) for path in names}, warm=False)  # type: ignore[misc]
    peer = values[PEER]
    medians = [median(each) for each in zip(*values.values(), strict=True)]
    yield Row(f"median of {len(values)} pages", "ms", medians, f"/{PEER}", peer, "≤ 150 ms")
    for path in sorted(values, key=lambda path: -min(values[path]))[:SHOWN]:
        yield Row(f"`/{path}`, one of the slowest", "ms", values[path], f"/{PEER}", peer, "≤ 150 ms")
    for path in sorted(sizes, key=lambda path: -sizes[path])[:SHOWN]:
        yield Row(f"`/{path}`, one of the longest", "kB", [sizes[path]], goal="≤ 150 kB")


if __name__ == "__main__":
    run(3, pages)
