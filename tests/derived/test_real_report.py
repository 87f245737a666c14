"""What a reader finds in the text of the report of 2023, with its lines; the slow tests read the graph."""

from __future__ import annotations

import pytest

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.derived import Derived, compare, derive
from jhaan_kg.derived.numbering import check_numbering
from jhaan_kg.derived.statements import read_passages
from jhaan_kg.derived.text import compare_lists, find_counted_lists
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import REPORT_ID, compact
from jhaan_kg.passages import Report
from jhaan_kg.reports import locator


def test_numberings(report: Report) -> None:
    found = sorted((one.line, one.kind.code, locator(one.passages[-1])) for one in check_numbering(report))
    assert found == [
        (215, "heading-lost", "Section 4"),
        (797, "heading-differs", "Section 9.12, heading"),
        (827, "heading-lost", "Section 11"),
        (827, "heading-lost", "Section 11.1"),
        (841, "number-repeated", "Section 11.1, footnote 1"),
        (843, "note-without-mark", "Section 11.1, footnote 2"),
        (843, "number-repeated", "Section 11.1, footnote 2"),
        (845, "note-without-mark", "Section 11.1, footnote 3"),
        (847, "note-without-mark", "Section 11.1, footnote 4"),
        (849, "note-without-mark", "Section 11.1, footnote 5"),
        (851, "note-without-mark", "Section 11.1, footnote 6"),
        (853, "note-without-mark", "Section 11.1, footnote 7"),
        (929, "number-repeated", "Section 11.2, figure 6"),
    ]


def test_numbers_and_lists_of_the_text_agree(report: Report) -> None:
    found = sorted((one.line, one.value, one.items[0], one.items[-1]) for one in find_counted_lists(report))
    assert found == [
        (167, 5, "DG HOME", "General Secretariat of the Council of the EU"),
        (167, 9, "CEPOL", "Frontex"),
        (509, 5, "eu-LISA", "Europol"),
        (539, 4, "Section 6.2, item 1", "Section 6.2, item 4"),
        (589, 6, "CEPOL", "Frontex"),
        (623, 6, "CEPOL", "Frontex"),
        (645, 6, "CEPOL", "Frontex"),
        (814, 4, "Section 10, item 1", "Section 10, item 4"),
    ]
    assert not list(compare_lists(report))


READ = {"contents", "2", "3", "4", "6.3.3", "9.4", "10", "11.1", "11.2"}


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph.of(open_snapshot().quads(evidence=True, context=False))


@pytest.fixture(scope="module")
def derived(graph: Graph, report: Report) -> list[Derived]:
    return derive(graph, report)


@pytest.mark.slow
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


@pytest.mark.slow
def test_entries_of_the_timeline_alone(graph: Graph, report: Report, derived: list[Derived]) -> None:
    """Sections 3 and 5 to 9 tell of every other entry; while some passages are unread, nothing is claimed."""
    complete = read_passages(graph).issuperset(passage.iri for passage in report.document.leaves)
    found = [locator(one.passages[0]) for one in derived if one.kind.code == "only-in-timeline"]
    assert found == ([f"Section 4, entry {number}" for number in (4, 6, 35, 36)] if complete else [])


@pytest.mark.slow
def test_without_curation_all_is_reported(graph: Graph, derived: list[Derived]) -> None:
    bare = Graph.of(quad for quad in graph.store if "/graph/curation/" not in str(quad.graph_name))
    assert len(compare(derived, bare, REPORT_ID)) == len(derived) > 0
