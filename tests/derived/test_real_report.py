"""The report of 2023: what a reader finds, with the lines of its text.

The lists were read from the text. Those that rest on the graph hold for the sections in READ; the sections that are
modelled later add to them.
"""

from __future__ import annotations

import pytest
from pyoxigraph import Quad

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.derived import Derived, compare, derive
from jhaan_kg.derived.facts import Facts
from jhaan_kg.derived.lists import counted_lists, list_differences
from jhaan_kg.derived.numbering import numbering_faults
from jhaan_kg.derived.source import Source
from jhaan_kg.namespaces import REPORT_ID, compact
from jhaan_kg.passages import locator, split

READ = {"contents", "2", "3", "4", "6.3.3", "9.4", "10", "11.1", "11.2"}


@pytest.fixture(scope="module")
def source(report_text: str) -> Source:
    return Source(split(report_text), report_text)


@pytest.fixture(scope="module")
def quads() -> list[Quad]:
    return list(open_snapshot().quads(evidence=True, context=False))


@pytest.fixture(scope="module")
def derived(quads: list[Quad], source: Source) -> list[Derived]:
    return derive(quads, source.document, source.text)


def test_numberings(source: Source) -> None:
    found = sorted((one.line, one.kind.code, locator(one.passages[-1])) for one in numbering_faults(source))
    assert found == [
        (215, "heading-lost", "section 4"),
        (797, "heading-differs", "9.12 heading"),
        (827, "heading-lost", "section 11"),
        (827, "heading-lost", "section 11.1"),
        (841, "number-repeated", "11.1 footnote 1"),
        (843, "note-without-mark", "11.1 footnote 2"),
        (843, "number-repeated", "11.1 footnote 2"),
        (845, "note-without-mark", "11.1 footnote 3"),
        (847, "note-without-mark", "11.1 footnote 4"),
        (849, "note-without-mark", "11.1 footnote 5"),
        (851, "note-without-mark", "11.1 footnote 6"),
        (853, "note-without-mark", "11.1 footnote 7"),
        (929, "number-repeated", "11.2 figure 6"),
    ]


def test_numbers_and_lists_of_the_text_agree(source: Source) -> None:
    found = sorted((one.line, one.value, one.items[0], one.items[-1]) for one in counted_lists(source))
    assert found == [
        (167, 5, "DG HOME", "General Secretariat of the Council of the EU"),
        (167, 9, "CEPOL", "Frontex"),
        (509, 5, "eu-LISA", "Europol"),
        (539, 4, "6.2 item 1", "6.2 item 4"),
        (589, 6, "CEPOL", "Frontex"),
        (623, 6, "CEPOL", "Frontex"),
        (645, 6, "CEPOL", "Frontex"),
        (814, 4, "10 item 1", "10 item 4"),
    ]
    assert not list(list_differences(source))


def test_a_name_taken_from_a_list_of_the_text(report_text: str) -> None:
    shorter = report_text.replace("(CEPOL, EIGE, EUAA, eu-LISA, FRA and Frontex)", "(CEPOL, EIGE and FRA)")
    [found] = list_differences(Source(split(shorter), shorter))
    assert (found.line, "counts 6, but the list has 3" in found.message) == (623, True)


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


def test_entries_of_the_timeline_alone(quads: list[Quad], source: Source, derived: list[Derived]) -> None:
    """Sections 3 and 5 to 9 tell of every other entry; while some passages are unread, nothing is claimed."""
    read = Facts(quads).read_passages
    complete = all(passage.iri in read for passage in source.document.leaves)
    found = [locator(one.passages[0]) for one in derived if one.kind.code == "only-in-timeline"]
    assert found == (["4 entry 4", "4 entry 6", "4 entry 35", "4 entry 36"] if complete else [])


def test_curation_has_all_that_is_derived(quads: list[Quad], derived: list[Derived]) -> None:
    assert [str(finding) for finding in compare(derived, quads, REPORT_ID)] == []


def test_without_curation_all_is_reported(quads: list[Quad], derived: list[Derived]) -> None:
    bare = [quad for quad in quads if "/graph/curation/" not in str(quad.graph_name)]
    assert len(compare(derived, bare, REPORT_ID)) == len(derived) > 0
