"""The calendar of a small graph, read again by icalendar."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from hashlib import sha1
from pathlib import Path

import pytest
from icalendar import Calendar, Event
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from jhaan_kg.build import cache
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.derived.facts import Facts
from jhaan_kg.errors import JhaanError
from jhaan_kg.export import export, note
from jhaan_kg.export.calendar.event_words import START
from jhaan_kg.export.calendar.ics import Span, span_of
from jhaan_kg.namespaces import ID, PREFIXES, XSD


@pytest.fixture(scope="module")
def dated(make: Callable[..., Snapshot]) -> Snapshot:
    """The small graph, where the planned meeting has a day too."""
    winter = NamedNode(f"{ID}event/2023/winter")
    on = Literal("2023-12-05", datatype=NamedNode(XSD + "date"))
    return make({"report/jhaan-2023/7": [Triple(winter, START, on)]})


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


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def test_events_are_there_on_their_days_and_planned_ones_are_tentative(entries: dict[str, Event]) -> None:
    """An entry ends on the first day on which it is over."""
    found = {
        name: (str(one["SUMMARY"]), one.decoded("DTSTART"), one.decoded("DTEND"), str(one.get("STATUS")))
        for name, one in entries.items()
    }
    assert found == {
        "spring": ("spring meeting", day("2023-03-01"), day("2023-03-03"), "CONFIRMED"),
        "autumn": ("autumn meeting", day("2023-10-05"), day("2023-10-06"), "CONFIRMED"),
        "winter": ("winter meeting", day("2023-12-05"), day("2023-12-06"), "TENTATIVE"),
    }
    assert all(
        type(one) is datetime.date for _, *days, _ in found.values() for one in days
    )  # whole days, no time


def test_a_contested_day_is_shown_with_both_sides(entries: dict[str, Event]) -> None:
    lines = str(entries["autumn"]["DESCRIPTION"]).splitlines()
    assert lines[-1] == (
        "Contested: the report contradicts itself on the startDate. Preferred here: 2023-10-05 in 5.2 paragraph 1. "
        "It says elsewhere: 2023-10-06 in 4 entry 2."
    )
    assert entries["autumn"]["X-JHAAN-OTHER-START"].to_ical() == b"20231006"
    assert [name for name, one in entries.items() if "X-JHAAN-OTHER-START" in one] == ["autumn"]


def test_what_an_entry_says(entries: dict[str, Event]) -> None:
    spring = entries["spring"]
    assert (spring["LOCATION"], spring.categories) == ("Port", ["Event"])
    assert str(spring["DESCRIPTION"]).splitlines() == [
        "State: Held.",
        "Participant (Named): Alba, Brig.",
        "Stated in: section 5.1.",
    ]
    assert "LOCATION" not in entries["autumn"]


def test_a_part_points_to_its_whole_and_uids_stay(entries: dict[str, Event]) -> None:
    """UUIDs of version 5 in the name space of URLs, as RFC 9562 makes them (sections 5.5 and 6.6)."""
    assert entries["winter"]["RELATED-TO"] == entries["spring"]["UID"]
    assert "RELATED-TO" not in entries["autumn"]
    for one in entries.values():
        space = bytes.fromhex("6ba7b8119dad11d180b400c04fd430c8")
        digest = bytearray(sha1(space + str(one["URL"]).encode()).digest()[:16])  # noqa: S324
        digest[6], digest[8] = digest[6] & 0x0F | 0x50, digest[8] & 0x3F | 0x80
        assert str(one["UID"]).replace("-", "") == digest.hex()


def facts(*triples: str) -> Facts:
    prefixes = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
    return Facts(parse(prefixes + "\n".join(triples), format=RdfFormat.TURTLE))


def test_a_period_is_no_day() -> None:
    told = facts(
        'period:2024 dcat:startDate "2024-01-01"; dcat:endDate "2024-12-31"; rdfs:label "2024" .',
        'period:2024-03 dcat:startDate "2024-03-01"; dcat:endDate "2024-03-31"; rdfs:label "March 2024" .',
        "event2024:one jhaan:inPeriod period:2024, period:2024-03 .",
        'event2024:two jhaan:inPeriod period:2024-03 ; schema:startDate "2024-03-05" .',
        "event2024:three jhaan:state jhaan:Planned .",
    )
    days = {name: span_of(told, f"{ID}event/2024/{name}") for name in ("one", "two", "three")}
    assert days == {"one": None, "two": Span(*[datetime.date(2024, 3, 5)] * 2), "three": None}


def test_the_calendar_has_what_the_standard_demands(data: bytes, calendar: Calendar) -> None:
    assert data.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 75
    assert not calendar.errors
    for one in calendar.walk("VEVENT"):
        assert not one.errors
        assert {"UID", "DTSTAMP", "DTSTART"} <= set(one)
        assert "RRULE" not in one


def test_without_evidence_no_passage_goes_out(dated: Snapshot, data: bytes) -> None:
    bare = export(dated, "ics", evidence=False).replace(b"\r\n ", b"")
    assert b"Stated in" not in bare
    assert bare.count(b"BEGIN:VEVENT") == data.count(b"BEGIN:VEVENT")


def test_what_follows_from_what_is_stated_is_needed(world: Snapshot) -> None:
    with pytest.raises(JhaanError, match="Leave out --no-inferred"):
        export(world, "ics", inferred=False)


def test_what_the_calendar_lacks_is_said_in_it_and_by_the_command(
    run: Callable[..., tuple[int, str, str]],
    world: Snapshot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
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
