"""The calendar of the real graph: every event, on the days that a reader finds, read again by icalendar."""

from __future__ import annotations

import datetime
from functools import cache

import pytest
from icalendar import Calendar, Event

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import export
from jhaan_kg.namespaces import ID
from real_sources import ROOT
from tables import read_table

pytestmark = pytest.mark.slow


@cache
def calendar() -> Calendar:
    return Calendar.from_ical(export(open_snapshot(), "ics"))


def entry(iri: str) -> Event:
    (event,) = (event for event in calendar().walk("VEVENT") if event["URL"] == f"{ID}event/{iri}")
    return event


def days(event: Event) -> str:
    """Write the days of an entry as the answers do; the entry ends on the day after the last."""
    first, last = event.decoded("DTSTART"), event.decoded("DTEND") - datetime.timedelta(days=1)
    assert type(first) is datetime.date, "whole days, no time"
    return (f"{first.day}\N{EN DASH}{last.day}" if first != last else str(first.day)) + f"{first: %B %Y}"


def test_every_event_is_there_on_its_days_and_those_without_a_day_are_named() -> None:
    """As in the answer that was read from the report."""
    _, *rows = read_table(ROOT / "tests/expected/date-of-event.tsv")
    dated = {(label, when) for label, when, day, _ in rows if day}
    assert {(str(event["SUMMARY"]), days(event)) for event in calendar().walk("VEVENT")} == dated
    described = str(calendar()["DESCRIPTION"])
    assert f"{len(dated)} events have a day. 12 have none" in described
    undated = {f"{label} ({when})".removesuffix(" (not stated)") for label, when, day, _ in rows if not day}
    assert len(undated) == 12
    assert {name for name in undated if name not in described} == set()


def test_what_an_entry_says() -> None:
    """As 5.2.7, paragraph 3, says: chaired by eu-LISA, with ten colleagues of six agencies."""
    event = entry("2023/security-officers-september")
    assert event["LOCATION"] == "eu-LISA Liaison Office; in person and online"
    assert event.categories == ["meeting"]
    lines = str(event["DESCRIPTION"]).splitlines()
    assert {
        "State: held.",
        "Working group: Informal Security Officers Network.",
        "Chair (named individually): eu-LISA.",
        "Participant (named individually): CEPOL, EMCDDA, eu-LISA, EUAA, Eurojust, FRA.",
    } <= set(lines)
    assert lines[-1] == (
        "Stated in: Contents, entry 19; Section 5.2.7, heading; Section 5.2.7, paragraph 1; "
        "Section 5.2.7, paragraph 3."
    )
