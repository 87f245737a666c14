"""The calendar of a small graph, read again by icalendar, and its lines as RFC 5545 wants them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from jhaan_kg.build import cache
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export, note
from jhaan_kg.export.calendar import Events
from jhaan_kg.export.formats import plain_text
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import ID, PREFIXES, RDF_TYPE, RDFS_LABEL, SCHEMA, XSD, jhaan


@pytest.fixture(scope="module")
def dated(make: Callable[..., Snapshot]) -> Snapshot:
    """The small graph, where the planned meeting has a day beside its period."""
    winter = NamedNode(f"{ID}event/2023/winter")
    on = Literal("2023-12-05", datatype=NamedNode(XSD + "date"))
    return make({"report/jhaan-2023/7": [Triple(winter, NamedNode(SCHEMA + "startDate"), on)]})


@pytest.fixture(scope="module")
def data(dated: Snapshot) -> bytes:
    return export(dated, "ics")


@pytest.fixture(scope="module")
def calendar(data: bytes) -> Calendar:
    return Calendar.from_ical(data)


@pytest.fixture(scope="module")
def entries(calendar: Calendar) -> dict[str, Event]:
    """The entries, by the ends of the IRIs of their events."""
    return {str(entry["URL"]).rpartition("/")[2]: entry for entry in calendar.walk("VEVENT")}


def test_events_are_there_on_their_days_and_planned_ones_are_tentative(entries: dict[str, Event]) -> None:
    """An entry ends on the first day on which it is over."""
    shown = {
        name: (str(entry["SUMMARY"]), entry.decoded("DTSTART"), entry.decoded("DTEND"), str(entry["STATUS"]))
        for name, entry in entries.items()
    }
    assert shown == {
        "spring": ("spring meeting", date(2023, 3, 1), date(2023, 3, 3), "CONFIRMED"),
        "autumn": ("autumn meeting", date(2023, 10, 5), date(2023, 10, 6), "CONFIRMED"),
        "winter": ("winter meeting", date(2023, 12, 5), date(2023, 12, 6), "TENTATIVE"),
    }
    assert {type(day) for _, *days, _ in shown.values() for day in days} == {date}  # whole days, no time


def test_a_contested_day_is_shown_with_both_sides(entries: dict[str, Event]) -> None:
    lines = str(entries["autumn"]["DESCRIPTION"]).splitlines()
    assert sorted(line for line in lines if line.startswith("Conflicting")) == [
        "Conflicting startDate: 2023-10-05 (PreferredRank), stated in Section 5.2, paragraph 1.",
        "Conflicting startDate: 2023-10-06 (OtherRank), stated in Section 4, entry 2.",
    ]


def test_what_an_entry_says(entries: dict[str, Event]) -> None:
    spring = entries["spring"]
    assert (spring["LOCATION"], entries["winter"].categories) == ("Port", ["Meeting"])
    assert str(spring["DESCRIPTION"]).splitlines() == [
        "State: Held.",
        "Participant (Named): Alba, Brig.",
        "Stated in: Section 5.1.",
    ]
    assert "LOCATION" not in entries["autumn"]


def test_uids_stay(entries: dict[str, Event]) -> None:
    """A later release then updates an entry, instead of adding another one."""
    for entry in entries.values():
        assert str(entry["UID"]) == str(uuid5(NAMESPACE_URL, str(entry["URL"])))


def test_the_calendar_has_what_the_standard_demands(data: bytes, calendar: Calendar) -> None:
    assert data.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 75
    assert not calendar.errors
    for entry in calendar.walk("VEVENT"):
        assert not entry.errors
        assert {"UID", "DTSTAMP", "DTSTART"} <= set(entry)


def test_without_evidence_no_passage_goes_out(dated: Snapshot, data: bytes) -> None:
    bare = export(dated, "ics", evidence=False).replace(b"\r\n ", b"")
    assert b"Stated in" not in bare
    assert bare.count(b"BEGIN:VEVENT") == data.count(b"BEGIN:VEVENT")


def test_what_the_calendar_lacks_is_said_in_it_and_by_the_command(
    run: Callable[..., tuple[int, str, str]], world: Snapshot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lacks = (
        "2 events have a day. 2 have none and are not in the calendar: "
        "some meeting; winter meeting (December 2023)."
    )
    data = export(world, "ics")
    calendar = Calendar.from_ical(data)
    assert b"winter meeting" not in data.partition(b"BEGIN:VEVENT")[2]
    assert str(calendar["DESCRIPTION"]).endswith(lacks)
    assert "X-WR-CALDESC" in calendar
    assert note(world, "ics") == lacks
    assert note(world, "ntriples") == ""
    monkeypatch.setattr(cache, "open_snapshot", lambda: world)
    code, out, err = run("export", "ics", "-o", str(tmp_path / "events.ics"))
    assert (code, out) == (0, "")
    assert lacks in err
    assert (tmp_path / "events.ics").read_bytes() == data


# --- what our one report has no example of ---------------------------------------------------------------------

EVENT = NamedNode(f"{ID}event/2024/one")
LABELS = """
place:brussels rdfs:label "Brussels" . country:malta rdfs:label "Malta" . jhaan:Event rdfs:label "event" .
jhaan:Meeting rdfs:label "meeting" . jhaan:Workshop rdfs:label "workshop" .
"""


def events_of(turtle: str) -> Events:
    prefixes = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
    return Events(Graph.of(parse(prefixes + LABELS + turtle, format=RdfFormat.TURTLE)))


@pytest.mark.parametrize(
    ("mode", "place", "expected"),
    [
        ("Online", "place:brussels", "Brussels; online"),
        ("Mixed", "place:brussels", "Brussels; in person and online"),
        ("Offline", "place:brussels", "Brussels"),
        ("", "place:brussels, country:malta", "Malta, Brussels"),
        ("", "", ""),
    ],
)
def test_where_an_event_is(mode: str, place: str, expected: str) -> None:
    events = events_of(
        "event2024:one a jhaan:Event ."
        + (f"event2024:one jhaan:mode schema:{mode}EventAttendanceMode ." if mode else "")
        + (f"event2024:one schema:location {place} ." if place else "")
    )
    assert events.place(EVENT) == expected


ODD = st.text(st.sampled_from("aä€😀\u0301\u200d\u2028\x85\x00\x0b\x7f\r\n\t ,;:\\\"'n")) | st.text()


@pytest.mark.parametrize(
    "label",
    ["xé" * 300, 'one; two, \\n "three"\nfour\r\x0b'],
)
def test_any_label_comes_back_in_lines_as_long_as_they_may_be(
    label: str, make: Callable[..., Snapshot]
) -> None:
    winter = NamedNode(f"{ID}event/2023/odd")
    triples = [
        Triple(winter, RDF_TYPE, jhaan("Event")),
        Triple(winter, RDFS_LABEL, Literal(label, language="en")),
        Triple(
            winter, NamedNode(SCHEMA + "startDate"), Literal("2023-12-05", datatype=NamedNode(XSD + "date"))
        ),
    ]
    data = export(make({"report/jhaan-2023/7": triples}), "ics")
    assert plain_text(label) in {str(event["SUMMARY"]) for event in Calendar.from_ical(data).walk("VEVENT")}
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 75  # octets (RFC 5545, section 3.1)


@given(ODD)
def test_plain_text_has_no_control_characters_but_tabs_and_line_feeds(value: str) -> None:
    plain = plain_text(value)
    assert {character for character in plain if ord(character) < 32 or ord(character) == 127} <= {"\t", "\n"}
    assert plain_text(plain) == plain
    assert len(plain) == len(value) - value.count("\r\n")
