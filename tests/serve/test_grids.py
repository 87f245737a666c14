"""The pages of attendance and of the network: each cell is what the stored questions answer and the report says."""

from __future__ import annotations

import csv
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from in_process import Site
from pages_read import forms, links, words

from html_tree import Element, read
from jhaan_kg.export.request import RULES
from jhaan_kg.namespaces import expand
from jhaan_kg.pages.attendance import EVIDENCE, ROLES

AGENCIES = ("CEPOL", "EIGE", "EMCDDA", "EUAA", "Eurojust", "Europol", "FRA", "Frontex", "eu-LISA")
SIGNS = {**EVIDENCE, **ROLES}


def answer(site: Site, path: str, **given: str) -> list[dict[str, str]]:
    """Return the rows of an answer in CSV."""
    return list(csv.DictReader(site.fetch(path, **given).text.splitlines()))


def table(shown: str) -> tuple[list[str], list[Element]]:
    """Return the headings of the columns of a page's table, and its rows below them."""
    head, *body = read(shown.encode()).all("tr")
    return [cell.text for cell in head.all("th")], body


# --- attendance ----------------------------------------------------------------------------------------------------


def test_each_cell_is_a_row_of_the_answer_with_a_name_and_a_link(site: Site) -> None:
    """What that answer must be is in `tests/expected/agencies-at-events.tsv`."""
    heads, rows = table(site.page("/attendance"))
    assert heads[1:10] == list(AGENCIES)
    names = {sign.symbol: name for name, sign in SIGNS.items()}
    assert len(names) == len(SIGNS), "symbols differ without colour"
    cells = [(row.all("th")[0], cell) for row in rows[: -len(SIGNS)] for cell in row.all("td")[:9]]
    for said, (head, cell) in zip(answer(site, "/questions/agencies-at-events.csv"), cells, strict=True):
        evidence, *roles = [names[symbol] for symbol in cell.text]
        assert evidence == said["evidence"]
        assert ("organised" in roles) == (said["organiser"] == "yes")
        when = said["when"] or "date not stated"
        assert head.text.startswith(when)
        name = f"{said['agencyLabel']}, {said['eventLabel']}, {when}: {SIGNS[evidence].words}"
        (link,) = cell.all("a")
        assert link.attributes["aria-label"] == "; ".join([name, *(ROLES[role].words for role in roles)])
        target = urlsplit(link.attributes["href"])
        asked = {name: expand(value) for name, (value,) in parse_qs(target.query).items()}
        assert target.path == "/questions/agencies-at-events"
        assert asked == {"event": said["event"], "agency": said["agency"]}


def test_sums_count_each_symbol_at_an_event_and_of_an_agency(site: Site) -> None:
    _, rows = table(site.page("/attendance"))
    events, below = rows[: -len(SIGNS)], rows[-len(SIGNS) :]
    marks = [[cell.text for cell in row.all("td")[:9]] for row in events]
    for row, own in zip(events, marks, strict=True):
        counted = [sum(sign.symbol in mark for mark in own) for sign in EVIDENCE.values()]
        assert [int(cell.text) for cell in row.all("td")[9:]] == counted
    for row, sign in zip(below, SIGNS.values(), strict=True):
        assert row.all("th")[0].text == f"{sign.symbol} {sign.counted}"
        counted = [sum(sign.symbol in mark for mark in column) for column in zip(*marks, strict=True)]
        assert [int(cell.text) for cell in row.all("td")[:9]] == counted


def test_chairs_are_those_that_the_report_states(site: Site) -> None:
    """Of the event in section 5.2.4; of the working group in section 5.2, and the organiser in 5.2.5."""
    names = [
        link.attributes.get("aria-label", "") for link in read(site.page("/attendance").encode()).all("a")
    ]
    for event, chair in (
        ("External Relations 2023", "EUAA: chaired the event; organised the event"),
        ("Training 2023", "CEPOL: chairs the working group; organised the event"),
    ):
        found = [name for name in names if f"Working Group on {event}" in name and "; chair" in name]
        assert [f"{name.partition(',')[0]}: {name.partition('; ')[2]}" for name in found] == [chair]


def test_conflicting_dates_are_marked(site: Site) -> None:
    """The timeline has 12 August and 15 November; sections 3 (31 August) and 6.3.3 (16 November) disagree."""
    _, rows = table(site.page("/attendance"))
    heads = [row.all("th")[0] for row in rows if "other passages" in row.text]
    assert [head.text.partition("Coord")[0] for head in heads] == [
        "31 August 2023 (other passages: 12 August 2023)Trio Contact Points ",
        "16 November 2023 (other passages: 15 November 2023)Seminar on Information Provision (“What”) 2023",
    ]
    target = "/questions/date-of-event?event=event2023:seminar-information-provision-what"
    assert heads[1].all("a")[0].attributes["href"] == target


@pytest.mark.parametrize(
    ("filters", "events", "agencies"),
    [
        ({"month": "june 2023"}, 7, 9),
        ({"group": "wg:data-protection", "agency": "Frontex", "month": ""}, 2, 1),
    ],
)
def test_the_table_is_narrowed_and_its_files_too(
    site: Site, filters: dict[str, str], events: int, agencies: int
) -> None:
    shown = site.page("/attendance", **filters)
    assert f"{events} events" in words(shown)
    chosen = forms(shown)
    assert all((chosen[name] not in ([""], [])) == bool(value) for name, value in filters.items())
    heads, rows = table(shown)
    assert (len(heads), len(rows)) == (1 + agencies + len(EVIDENCE), events + len(SIGNS))
    (file,) = [target for target, text in links(shown) if text == "CSV"]
    lines = answer(site, file)
    assert len(lines) == events * agencies
    labels = list(dict.fromkeys(line["event"] for line in lines))
    assert all(label in row.text for label, row in zip(labels, rows, strict=False))
    for row in rows[:events]:  # over all agencies, whatever is shown
        assert sum(int(cell.text) for cell in row.all("td")[agencies:]) == 9


def test_a_table_without_events_has_no_files(site: Site) -> None:
    shown = site.page("/attendance", kind="seminar", month="July 2023")
    assert "No event matches" in words(shown)
    assert "CSV" not in [text for _, text in links(shown)]


# --- network -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES)
def test_the_matrix_has_each_number_of_the_answer_and_no_other(site: Site, rule: str) -> None:
    """What that answer must be is in `tests/expected/who-cooperates-with-whom.tsv`."""

    def counts(type_: str) -> dict[tuple[str, str], int]:
        rows = answer(site, "/questions/who-cooperates-with-whom.csv", type=type_)
        return {(row["agencyLabel"], row["partnerLabel"]): int(row["jointActivities"]) for row in rows}

    heads, rows = table(site.page("/network", rule=rule))
    assert heads == ["Agency", *AGENCIES]
    assert [row.all("th")[0].text for row in rows] == list(AGENCIES)
    cells = {
        (one, other): cell.all("a")
        for one, row in zip(AGENCIES, rows, strict=True)
        for other, cell in zip(AGENCIES, row.all("td"), strict=True)
    }
    assert all(len(found) == (one != other) for (one, other), found in cells.items())
    shown = {pair: found[0] for pair, found in cells.items() if found}
    counted = counts(RULES[rule].type)
    assert {pair: int(link.text) for pair, link in shown.items() if link.text != "0"} == counted
    ringed = {pair for pair, link in shown.items() if link.attributes.get("class") == "ring"}
    assert ringed == set(counts("cooperation"))
    for pair, link in shown.items():
        name = f"{link.text} {RULES[rule].one if link.text == '1' else RULES[rule].many}"
        name += ", with a cooperation" if pair in ringed and rule != "cooperations" else ""
        assert link.attributes["aria-label"].endswith(f": {name}")
    levels = {int(link.text): link.parent.attributes["class"] for link in shown.values() if link.parent}
    ordered = [levels[number] for number in sorted(levels)]
    assert ordered == sorted(ordered)
    assert ordered[-1] == "level-4"


# --- both ----------------------------------------------------------------------------------------------------------


def test_both_can_be_taken_away_as_pictures(site: Site) -> None:
    """With the same numbers: the matrix has each pair twice."""
    drawn = re.findall(r">(\d+)</text>", site.fetch("/network.svg", rule="cooperations").text)
    listed = re.findall(r": (\d+) cooperation", words(site.page("/network", rule="cooperations")))
    assert sum(map(int, drawn)) == 2 * sum(map(int, listed)) > 0
    attendance = site.fetch("/attendance.svg", group="wg:training")
    assert attendance.headers["Content-Type"].partition(";")[0] == "image/svg+xml"
    assert "Meeting of the Working Group" in attendance.text
    assert attendance.text.count("●") == 7  # six agencies, and the legend
