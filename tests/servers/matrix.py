"""The table of `docs/store-compatibility.md`: results of all questions in each store and configuration.

`make stores` tests all of them and regenerates the table. `make stores STORES="NAME …"` tests the named ones and
keeps the other rows.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from enum import Enum
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple
from unittest.mock import patch

import requests

from jhaan_kg import __version__
from jhaan_kg.build.cache import open_snapshot, store_for
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import ServiceError
from jhaan_kg.export import Request
from jhaan_kg.query.catalogue import load_catalogue
from jhaan_kg.query.endpoint import EndpointEngine
from jhaan_kg.query.engine import StoreEngine, answer
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.stores.compare.answers import RowsComparison, compare_rows
from jhaan_kg.stores.compare.questions import Comparison, QuestionComparison, Verdict, compare
from jhaan_kg.stores.kinds import KINDS
from jhaan_kg.stores.load.loading import Loading
from jhaan_kg.stores.load.store import open_store
from servers import Server, blazegraph, fuseki, oxigraph, rdf4j, virtuoso
from servers.comunica import comunica

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "store-compatibility.md"
ALL: Final = "all"
NOTHING: Final = "not tested"
SECONDS: Final = 900.0
"""The time limit for an answer of a store, in seconds."""

MOST_SAID: Final = 300
"""The maximum number of characters shown of a store's message."""

FLAT_GRAPH: Final = "http://example.org/flat"
FOREIGN: Final = (
    "GRAPH <http://example.org/theirs> { <http://example.org/s> <http://example.org/p> 'of somebody else' }"
)


class Way(Enum):
    """The part of a release that is loaded."""

    DATASET = "dataset"
    FLAT = "flat"


BOTH: Final = (Way.DATASET, Way.FLAT)


class Setup(NamedTuple):
    """A configuration of a store.

    Attributes:
        how: the configuration, in words.
        start: function that starts the store in a folder.
        ways: the parts of a release that are loaded, each in a separate run.
    """

    how: str
    start: Callable[[Path], AbstractContextManager[Server]]
    ways: tuple[Way, ...] = (Way.DATASET,)


SETUPS: Final = {
    "fuseki": Setup("in memory", partial(fuseki, tdb2=False, union=False), BOTH),
    "fuseki-union": Setup("TDB2 in memory, union", partial(fuseki, tdb2=False, union=True)),
    "fuseki-tdb2": Setup("TDB2", partial(fuseki, tdb2=True, union=False), BOTH),
    "fuseki-tdb2-union": Setup("TDB2, union", partial(fuseki, tdb2=True, union=True)),
    "rdf4j": Setup("in memory", rdf4j, BOTH),
    "rdf4j-native": Setup("native", partial(rdf4j, sail="native"), BOTH),
    "rdf4j-rdfs": Setup("in memory, RDFS inference, 2 GB", partial(rdf4j, sail="rdfs", heap="2g")),
    "virtuoso": Setup("Debian default", virtuoso, BOTH),
    "oxigraph": Setup("on disk", oxigraph, BOTH),
    "oxigraph-union": Setup("on disk, union", partial(oxigraph, union=True)),
    "blazegraph": Setup("quads", blazegraph, BOTH),
}
TRIALS: Final = [(name, way) for name, setup in SETUPS.items() for way in setup.ways]

COLUMNS: Final = (
    *("Store", "Version", "Configuration", "Loaded", "Same answers", "Same sources", "Same with Comunica"),
    *("Quads per second", "Relative time", "Tested", "jhaan-kg"),
)
VARYING: Final = tuple(map(COLUMNS.index, ("Quads per second", "Relative time", "Tested", "jhaan-kg")))
"""The columns that differ from run to run."""


def see(name: str, way: Way, folder: Path) -> tuple[tuple[str, ...], list[str]]:
    """Start a store in an empty folder, load the release, and compare all answers; see `look`."""
    setup = SETUPS[name]
    with setup.start(folder) as server, patch.dict(os.environ, server.secrets):
        return look(server, setup.how, way)


def look(
    server: Server, how: str, way: Way, *, with_comunica: bool = True
) -> tuple[tuple[str, ...], list[str]]:
    """Load the release into an empty store, and compare the answers to all stored questions.

    Returns:
        The row of the table, and a line for each question that differs.
    """
    snapshot, store = open_snapshot(), EndpointEngine(server.query, timeout=SECONDS)
    if way is Way.DATASET:
        server.change(f"INSERT DATA {{ {FOREIGN} }}")
    quads, seconds = fill(server, snapshot, way)
    comparison = compare(snapshot, store, lambda _: None)
    by_comunica, unlike = _by_comunica(server, comparison, snapshot) if with_comunica else (NOTHING, [])
    if way is Way.DATASET:
        assert store.ask(f"ASK {{ {FOREIGN} }}"), "a graph of somebody else was harmed"
        holds = comparison.holdings
        assert (holds.evidence, holds.context, holds.differ) == (True, True, False)
    asked = [question for question in comparison.questions if question.verdict is not Verdict.SKIPPED]
    cited = [question for question in asked if question.citation_verdict is not Verdict.SKIPPED]
    ratio = median(one.seconds.store / one.seconds.embedded for one in asked if one.seconds)
    row = (
        *(KINDS[server.kind].title, server.version, how, way.value),
        _alike(asked, lambda one: one.verdict in (Verdict.SAME, Verdict.REWRITTEN)),
        _alike(cited, lambda one: one.citation_verdict is Verdict.SAME),
        by_comunica,
        *(f"{quads / seconds:,.0f}", f"{ratio:.1f}", f"{date.today():%-d %B %Y}", __version__),
    )
    differing = [f"{one.name} ({one.way.value}): {_what(one)}" for one in asked if one.differs]
    return row, differing + unlike


def fill(server: Server, snapshot: Snapshot, way: Way) -> tuple[int, float]:
    """Load the release; return the number of its quads, and the seconds that sending them took."""
    kind = KINDS[server.kind]
    request = Request(snapshot, "nquads", inferred=True, context=True, evidence=way is Way.DATASET)
    if way is Way.FLAT and not kind.own_default:
        return _put(server, request)
    loading = Loading(open_store(server.url, server.kind, SECONDS), request)
    plan = loading.plan() if way is Way.DATASET else loading.plan_default_graph()
    begun = time.perf_counter()
    loading.carry_out(plan)
    seconds = time.perf_counter() - begun
    assert loading.differences(plan) == []
    return sum(content.triples for content in plan.contents), seconds


def _put(server: Server, request: Request) -> tuple[int, float]:
    """Put the flat graph into a named graph of a store without a separate default graph."""
    lines = [f"{quad.triple} .\n" for quad in request.quads()]
    body = "".join(lines).encode()
    begun = time.perf_counter()
    requests.put(
        f"{server.url}/sparql-graph-crud-auth",
        body,
        params={"graph": FLAT_GRAPH},
        headers={"Content-Type": "application/n-triples"},
        auth=server.auth,
        timeout=SECONDS,
    ).raise_for_status()
    return len(lines), time.perf_counter() - begun


def _by_comunica(server: Server, comparison: Comparison, snapshot: Snapshot) -> tuple[str, list[str]]:
    """Compare all answers with default parameters through Comunica, which always queries the default graph.

    Returns:
        The number of identical answers, and a line for each different one.
    """
    if comparison.holdings.asked != "its default graph":
        return NOTHING, []
    evidence = comparison.holdings.evidence
    embedded = StoreEngine(store_for(snapshot, evidence=evidence, context=True))
    asked = [
        query for query in load_catalogue(snapshot.catalogue_path) if evidence or not query.needs_evidence
    ]
    differing = []
    with comunica(server.query) as client:
        for query in asked:
            values = resolve_parameters(embedded, query, {})
            ours = answer(embedded, query, values)
            try:
                found = compare_rows(ours, answer(client, query, values))
            except ServiceError as error:
                differing.append(f"{query.name} (Comunica): {str(error)[:MOST_SAID]}")
            else:
                if found.differ:
                    differing.append(f"{query.name} (Comunica): {_rows_of(found)}")
    return _of(len(asked) - len(differing), len(asked)), differing


def _alike(questions: Sequence[QuestionComparison], alike: Callable[[QuestionComparison], bool]) -> str:
    """Return the number of questions whose answers are the same with all tested parameters."""
    names = {one.name for one in questions}
    different = {one.name for one in questions if not alike(one)}
    return _of(len(names) - len(different), len(names)) if names else NOTHING


def _of(some: int, whole: int) -> str:
    return ALL if some == whole else f"{some} of {whole}"


def _what(question: QuestionComparison) -> str:
    if question.rows and question.rows.differ:
        return _rows_of(question.rows)
    return question.problem[:MOST_SAID] or "other citations"


def _rows_of(found: RowsComparison) -> str:
    return f"{len(found.only_embedded)} rows missing, {len(found.only_store)} more"


def rows(page: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Read the rows of the table from its page, by store, configuration and loaded part."""
    cells = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in page.splitlines()
        if line.startswith("| ")
    ]
    matrix = [row for row in cells if len(row) == len(COLUMNS)][1:]
    return {key(row): row for row in matrix}


def key(row: Sequence[str]) -> tuple[str, ...]:
    """Return the cells that identify a row: store, configuration and loaded part."""
    return row[0], row[2], row[3]


def steady(row: Iterable[str]) -> tuple[str, ...]:
    """Return a row without the columns that differ from run to run."""
    return tuple(cell for at, cell in enumerate(row) if at not in VARYING)


def write(found: Iterable[tuple[str, ...]]) -> None:
    """Write rows into the table of the page, in the order of SETUPS; keep its other rows."""
    page = PAGE.read_text(encoding="utf-8")
    known = rows(page) | {key(row): row for row in found}
    order = {(SETUPS[name].how, way.value): at for at, (name, way) in enumerate(TRIALS)}
    titles = [KINDS[name.partition("-")[0]].title for name in SETUPS]
    matrix = sorted(known.values(), key=lambda row: (titles.index(row[0]), order[row[2], row[3]]))
    head, _, rest = page.partition("| " + " | ".join(COLUMNS) + " |\n")
    tail = rest.partition("\n\n")[2]
    line, *lines = [f"| {' | '.join(row)} |" for row in [COLUMNS, *matrix]]
    table = "\n".join([line, "|" + "---|" * len(COLUMNS), *lines])
    PAGE.write_text(f"{head}{table}\n\n{tail}", encoding="utf-8")


def main(names: Sequence[str]) -> None:
    """Test the named stores, or all, and write the page."""
    for name, way in TRIALS:
        if names and name not in names:
            continue
        with tempfile.TemporaryDirectory(prefix="jhaan-store-") as folder:
            row, differing = see(name, way, Path(folder))
        print("\n  ".join([" | ".join(row), *differing]), flush=True)  # noqa: T201
        write([row])


if __name__ == "__main__":
    main(sys.argv[1:])
