"""The pages of attendance and of the network: each cell is what the stored questions answer and the report says."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

import pytest
from in_process import Site
from pages_read import forms, links, words

from html_tree import Element, read
from jhaan_kg.export.request import RULES
from jhaan_kg.namespaces import expand
from jhaan_kg.pages.attendance import EVIDENCE, ROLES, AttendanceGrid, attendance_grid
from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.pages.network import network_matrix

AGENCIES = ("CEPOL", "EIGE", "EMCDDA", "EUAA", "Eurojust", "Europol", "FRA", "Frontex", "eu-LISA")
NAMED, ALL, MAY_HAVE, ABSENT, UNKNOWN = EVIDENCE


def answer(site: Site, question: str, **given: str) -> list[dict[str, str]]:
    """Return the rows of a question's answer."""
    return list(csv.DictReader(site.fetch(f"/questions/{question}.csv", **given).text.splitlines()))


def table(shown: str) -> tuple[list[str], list[Element]]:
    """Return the headings of the columns of a page's table, and its rows below them."""
    (found,) = read(shown.encode()).all("table")
    assert len(found.all("caption")) == 1
    head, *body = found.all("tr")
    assert {cell.attributes["scope"] for cell in head.all("th")} == {"col"}
    for row in body:
        assert [cell.attributes["scope"] for cell in row.all("th")] == ["row"]
    return [cell.text for cell in head.all("th")], body


# --- attendance ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def grid(loaded: Loaded) -> AttendanceGrid:
    return attendance_grid(loaded.engine, loaded.catalogue, {})


def marks_of(grid: AttendanceGrid, label: str) -> dict[str, set[str]]:
    """Return the agencies with each kind of evidence, and in each role, at an event."""
    (event,) = (each for each in grid.events if each.label == label)
    found: dict[str, set[str]] = {}
    for mark in event.marks:
        for name in (mark.evidence, *mark.roles):
            found.setdefault(name, set()).add(mark.label)
    return found


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (  # 5.2.5 and, on the chair, 5.2
            "Meeting of the Working Group on Training 2023",
            {
                NAMED: {"CEPOL", "EMCDDA", "EUAA", "eu-LISA", "Europol", "Frontex"},
                UNKNOWN: {"EIGE", "Eurojust", "FRA"},
                "chairs group": {"CEPOL"},
                "organised": {"CEPOL"},
            },
        ),
        (  # 6.1.1: the EUAA organised it, and five others took part
            "Digitalisation conference 2023",
            {
                NAMED: {"eu-LISA", "FRA", "Eurojust", "Frontex", "Europol"},
                ABSENT: {"CEPOL", "EIGE", "EMCDDA"},
                UNKNOWN: {"EUAA"},
                "organised": {"EUAA"},
            },
        ),
        (  # 6.5.4: six agencies by name; the EUAA presented
            "Exchange on Single Programming Documents (SPD) good practices 2023",
            {
                NAMED: {"CEPOL", "EMCDDA", "EUAA", "eu-LISA", "Eurojust", "Europol", "Frontex"},
                ABSENT: {"EIGE", "FRA"},
                "organised": {"EUAA"},
            },
        ),
        (  # 5.2.4
            "Meeting of the Working Group on External Relations 2023",
            {NAMED: set(AGENCIES), "chaired": {"EUAA"}, "organised": {"EUAA"}},
        ),
    ],
)
def test_the_grid_has_what_the_report_says(
    grid: AttendanceGrid, event: str, expected: Mapping[str, set[str]]
) -> None:
    assert marks_of(grid, event) == expected


def test_the_grid_has_each_row_of_the_answer_and_no_other(grid: AttendanceGrid, site: Site) -> None:
    rows = answer(site, "agencies-at-events")
    assert tuple(grid.agencies.values()) == AGENCIES
    shown = [
        (event.iri, event.label, expand(mark.agency), mark.evidence, "organised" in mark.roles)
        for event in grid.events
        for mark in event.marks
    ]
    assert len(shown) == 9 * len(grid.events)
    assert shown == [
        (row["event"], row["eventLabel"], row["agency"], row["evidence"], row["organiser"] == "yes")
        for row in rows
    ]
    dates = {row["event"]: row["when"] for row in rows}
    assert {event.when for event in grid.events if not dates[event.iri]} == {"date not stated"}
    assert all(event.when == dates[event.iri] for event in grid.events if dates[event.iri])


def test_conflicting_dates_are_marked(grid: AttendanceGrid, site: Site) -> None:
    """The timeline has 12 August and 15 November; sections 3 (31 August) and 6.3.3 (16 November) disagree."""
    assert {event.label: event.other_dates for event in grid.events if event.other_dates} == {
        "Trio Contact Points Coordination Meeting, August 2023": ("12 August 2023",),
        "Seminar on Information Provision (“What”) 2023": ("15 November 2023",),
    }
    marked = {text: target for target, text in links(site.page("/attendance")) if "other passages" in text}
    assert len(marked) == 2
    cells = [
        cell.text for cell in read(site.page(marked["(other passages: 15 November 2023)"]).encode()).all("td")
    ]
    assert cells.index("not preferred") == cells.index("15 November 2023") + 1


def test_the_page_has_the_grid_with_a_name_for_each_mark(grid: AttendanceGrid, site: Site) -> None:
    heads, rows = table(site.page("/attendance"))
    assert heads[1:10] == list(AGENCIES)
    signs = {**EVIDENCE, **ROLES}
    for event, row in zip(grid.events, rows, strict=False):
        assert row.all("th")[0].text.startswith(event.when)
        cells = row.all("td")
        for mark, cell in zip(event.marks, cells, strict=False):
            (link,) = cell.all("a")
            assert cell.text == "".join(signs[each].symbol for each in (mark.evidence, *mark.roles))
            name = f"{mark.label}, {event.label}, {event.when}: {signs[mark.evidence].words}"
            assert link.attributes["aria-label"] == "; ".join(
                [name, *(ROLES[each].words for each in mark.roles)]
            )
            asked = parse_qs(urlsplit(link.attributes["href"]).query)
            assert [expand(asked["event"][0]), asked["agency"]] == [event.iri, [mark.agency]]
        assert [int(cell.text) for cell in cells[9:]] == [event.sums.get(kind, 0) for kind in EVIDENCE]
    below = rows[len(grid.events) :]
    assert [row.all("th")[0].text for row in below] == [
        f"{each.symbol} {each.counted}" for each in signs.values()
    ]
    for name, row in zip(signs, below, strict=True):
        assert [int(cell.text) for cell in row.all("td")[:-1]] == [sums[name] for sums in grid.sums.values()]


def test_signs_differ_without_colour() -> None:
    symbols = [each.symbol for each in (*EVIDENCE.values(), *ROLES.values())]
    assert len(set(symbols)) == len(symbols)


def test_a_mark_leads_to_its_passages(site: Site) -> None:
    event = "Exchange on Single Programming Documents (SPD) good practices 2023, 24 November 2023"
    (link,) = (
        each
        for each in read(site.page("/attendance").encode()).all("a")
        if each.attributes.get("aria-label", "").startswith(f"FRA, {event}: did not take part")
    )
    shown = site.page(link.attributes["href"])
    assert "/id/report/jhaan-2023/section/6.5.4/paragraph/1" in {target for target, _ in links(shown)}
    assert "complete list without the agency" in words(shown)


@pytest.mark.parametrize(
    ("filters", "events", "agencies"),
    [
        ({"month": "june 2023"}, 7, 9),
        ({"kind": "seminar", "agency": "Frontex"}, 2, 1),
        ({"group": "wg:data-protection", "agency": "agency:fra"}, 2, 1),
        ({"kind": "seminar", "month": "June 2023", "group": "", "agency": ""}, 1, 9),
        ({"kind": "seminar", "month": "July 2023"}, 0, 9),
    ],
)
def test_the_table_is_narrowed_and_its_files_too(
    site: Site, filters: dict[str, str], events: int, agencies: int
) -> None:
    shown = site.page("/attendance", **filters)
    assert f"{events} event" in words(shown)
    chosen = forms(shown)
    assert all(bool(filters.get(name)) == bool(chosen[name] != [""] and chosen[name]) for name in filters)
    files = [target for target, text in links(shown) if text == "CSV"]
    if not events:
        assert files == []
        assert "No event matches" in words(shown)
        return
    heads, rows = table(shown)
    assert len(heads) == 1 + agencies + 5
    assert len(rows) == events + len(EVIDENCE) + len(ROLES)
    lines = list(csv.DictReader(site.fetch(files[0]).text.splitlines()))
    assert len(lines) == events * agencies
    labels = list(dict.fromkeys(line["event"] for line in lines))
    assert all(label in row.text for label, row in zip(labels, rows, strict=False))
    for row in rows[:events]:  # over all agencies, whatever is shown
        assert sum(int(cell.text) for cell in row.all("td")[agencies:]) == 9


# --- network -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES)
def test_the_matrix_has_each_number_of_the_answer_and_no_other(site: Site, loaded: Loaded, rule: str) -> None:
    def counts(type_: str) -> dict[tuple[str, str], int]:
        rows = answer(site, "who-cooperates-with-whom", type=type_)
        return {(row["agencyLabel"], row["partnerLabel"]): int(row["jointActivities"]) for row in rows}

    expected, rings = counts(RULES[rule].type), counts("cooperation")
    shown = site.page("/network", rule=rule)
    heads, rows = table(shown)
    assert heads == ["Agency", *AGENCIES]
    assert [row.all("th")[0].text for row in rows] == list(AGENCIES)
    found: dict[tuple[str, str], int] = {}
    ringed = set()
    for one, row in zip(AGENCIES, rows, strict=True):
        for other, cell in zip(AGENCIES, row.all("td"), strict=True):
            if one == other:
                assert cell.all("a") == []
                continue
            (link,) = cell.all("a")
            if link.text != "0":
                found[one, other] = int(link.text)
            if link.attributes.get("class") == "ring":
                ringed.add((one, other))
            name = link.attributes["aria-label"].partition(": ")[2]
            assert name.startswith(f"{link.text} {RULES[rule].one if link.text == '1' else RULES[rule].many}")
            if rule != "cooperations":
                assert name.endswith(", with a cooperation") == ((one, other) in ringed)
    assert found == expected
    assert ringed == set(rings)
    matrix = network_matrix(loaded.engine, loaded.catalogue, rule)
    assert len(matrix.pairs) == 9 * 8 / 2
    levels = [matrix.level(pair) for pair in sorted(matrix.pairs, key=lambda pair: pair.activities)]
    assert levels == sorted(levels)
    assert levels[-1] == 4
    assert RULES[rule].words in words(shown)


def test_the_network_has_what_the_report_says(loaded: Loaded) -> None:
    """Chapter 9 has EIGE with FRA (9.5) and with Eurojust (9.12), and with no other agency."""
    matrix = network_matrix(loaded.engine, loaded.catalogue, "meetings")
    names = {matrix.names(pair): matrix.words(pair) for pair in matrix.pairs}
    assert names["EUAA and FRA"] == "8 meetings, with a cooperation"
    assert names["EIGE and EUAA"] == "2 meetings"
    assert {name for name, said in names.items() if "EIGE" in name and "cooperation" in said} == {
        "EIGE and FRA",
        "EIGE and Eurojust",
    }


# --- both ----------------------------------------------------------------------------------------------------------


def test_both_can_be_taken_away_as_pictures(site: Site) -> None:
    """With the same numbers: the matrix has each pair twice."""
    picture = site.fetch("/network.svg", rule="cooperations")
    assert picture.headers["Content-Type"].partition(";")[0] == "image/svg+xml"
    drawn = [int(number) for number in re.findall(r">(\d+)</text>", picture.text)]
    listed = [
        int(n) for n in re.findall(r": (\d+) cooperation", words(site.page("/network", rule="cooperations")))
    ]
    assert sum(drawn) == 2 * sum(listed) > 0
    attendance = site.fetch("/attendance.svg", group="wg:training")
    assert "Meeting of the Working Group" in attendance.text
    assert attendance.text.count("●") == 7  # six agencies, and the legend
    assert "Licence: CC BY 4.0." in " ".join(re.findall(r">([^<]*)</text>", attendance.text))
    assert len(site.fetch("/attendance.svg").content) < 60_000
