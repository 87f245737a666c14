"""The report of 2023: what a reader finds that rests on the graph, with the lines of the text.

The list was read from the text. It holds for the sections in READ; the sections that are modelled later add to it.
"""

from __future__ import annotations

import pytest

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.derived import Derived, compare, derive
from jhaan_kg.derived.statements import read_passages
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import REPORT_ID, compact
from jhaan_kg.passages import Report
from jhaan_kg.reports import locator

READ = {"contents", "2", "3", "4", "6.3.3", "9.4", "10", "11.1", "11.2"}


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph.of(open_snapshot().quads(evidence=True, context=False))


@pytest.fixture(scope="module")
def derived(graph: Graph, report: Report) -> list[Derived]:
    return derive(graph, report)


def test_what_rests_on_the_graph(derived: list[Derived]) -> None:
    kinds = {"contested-value", "missing-from-timeline", "count-differs", "name-used-once"}
    found = [
        (one.line, one.kind.code, compact(one.thing or one.passages[0]))
        for one in derived
        if one.kind.code in kinds and one.passages[0].partition("/section/")[2].split("/")[0] in READ
    ]
    assert found == [
        (78, "missing-from-timeline", "event2023:security-officers-march"),
        (78, "missing-from-timeline", "event2023:security-officers-september"),
        (87, "contested-value", "event2023:seminar-information-provision-what"),
        (125, "name-used-once", "section:contents/entry/56"),
        (209, "contested-value", "event2023:trio-contact-points-august"),
    ]


def test_entries_of_the_timeline_alone(graph: Graph, report: Report, derived: list[Derived]) -> None:
    """Sections 3 and 5 to 9 tell of every other entry; while some passages are unread, nothing is claimed."""
    complete = read_passages(graph).issuperset(passage.iri for passage in report.document.leaves)
    found = [locator(one.passages[0]) for one in derived if one.kind.code == "only-in-timeline"]
    assert found == ([f"Section 4, entry {number}" for number in (4, 6, 35, 36)] if complete else [])


def test_without_curation_all_is_reported(graph: Graph, derived: list[Derived]) -> None:
    bare = Graph.of(quad for quad in graph.store if "/graph/curation/" not in str(quad.graph_name))
    assert len(compare(derived, bare, REPORT_ID)) == len(derived) > 0
