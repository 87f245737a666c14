"""Facts that several answers and exports show are the same in all of them, for every agency and every event."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import Any

import pytest

import expected_rows
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import Request
from jhaan_kg.export.calendar import write as calendar
from jhaan_kg.export.framed import write as framed
from jhaan_kg.namespaces import ID
from jhaan_kg.pages.loaded import Loaded

Pair = tuple[str, str]
"""An agency and an event, by the ends of their IRIs."""


def rows(loaded: Loaded, name: str, **parameters: str) -> list[dict[str, str]]:
    """Return the bound values of each row; IRIs by their ends."""
    found = expected_rows.rows(loaded, name, **parameters)
    return [{column: value.removeprefix(ID) for column, value in row.items() if value} for row in found]


def pairs(found: list[dict[str, str]], agent: str, event: str = "event") -> set[Pair]:
    return {(row[agent], row[event]) for row in found if row[agent].startswith("agency/")}


@pytest.fixture(scope="module")
def everything(loaded: Loaded) -> list[dict[str, str]]:
    """Who did what at which event, by the question about one event."""
    return rows(loaded, "event-participants", event="all")


def test_attendance_is_the_same_in_all_questions(loaded: Loaded, everything: list[dict[str, str]]) -> None:
    held = rows(loaded, "agencies-at-events")
    of_agency = rows(loaded, "agency-events", agency="all")
    of_events = {(row["agency"], row["event"]): row["status"] for row in held}
    assert len(of_events) == len(held) == 9 * len({row["event"] for row in held})
    for status in ("took part", "may have taken part", "did not take part"):
        shown = {pair for pair, found in of_events.items() if found == status}
        assert shown
        assert shown == pairs([row for row in everything if row["relation"] == status], "body")
        if status != "did not take part":
            relation = status if status.endswith("part in") else f"{status} in"
            assert shown == pairs([row for row in of_agency if row["relation"] == relation], "agency")


def test_organisers_and_chairs_are_the_same_in_all_questions(
    loaded: Loaded, everything: list[dict[str, str]]
) -> None:
    counted = {(row["agency"], row["role"]): int(row["events"]) for row in rows(loaded, "organisers")}
    for role, relation in {"organiser": "organised", "chair": "chaired", "host": "hosted"}.items():
        shown: dict[str, set[str]] = defaultdict(set)
        for agency, event in pairs([row for row in everything if row["relation"] == relation], "body"):
            shown[agency].add(event)
        agencies = {agency: number for (agency, which), number in counted.items() if which == role and number}
        assert {agency: len(events) for agency, events in shown.items()} == agencies
    organised = pairs([row for row in everything if row["relation"] == "organised"], "body")
    table = rows(loaded, "agencies-at-events")
    assert pairs([row for row in table if row.get("organiser") == "yes"], "agency") == organised


def test_meetings_of_pairs_are_counted_from_the_same_attendance(loaded: Loaded) -> None:
    together: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows(loaded, "meetings-attended-together", countingRule="named or all agencies"):
        together[row["agency"], row["partner"]].add(row["event"])
    attended = pairs(
        [row for row in rows(loaded, "agencies-at-events") if row["status"] == "took part"], "agency"
    )
    for (agency, partner), events in together.items():
        assert {(agency, event) for event in events} <= attended
        assert {(partner, event) for event in events} <= attended
    counted = rows(loaded, "who-cooperates-with-whom", type="meeting, named or all agencies")
    assert {(row["agency"], row["partner"]): int(row["jointActivities"]) for row in counted} == {
        pair: len(events) for pair, events in together.items()
    }


def test_an_event_has_one_date(loaded: Loaded, everything: list[dict[str, str]]) -> None:
    when = {row["event"]: row["when"] for row in rows(loaded, "date-of-event", event="all")}
    for name in ("agencies-at-events", "agency-events", "official-timeline", "meetings-attended-together"):
        given = {"agency": "all"} if name == "agency-events" else {}
        shown = {(row["event"], row["when"]) for row in rows(loaded, name, **given) if "when" in row}
        assert shown <= set(when.items()), name
    assert {(row["event"], row["when"]) for row in everything if "when" in row} <= set(when.items())


def test_exports_show_the_same(loaded: Loaded, everything: list[dict[str, str]]) -> None:
    snapshot = open_snapshot()
    document: Any = json.loads(framed(Request(snapshot, "jsonld-framed", frame="event")))
    keys = {
        "participants": "took part",
        "possibleParticipants": "may have taken part",
        "organisers": "organised",
    }
    for key, relation in keys.items():
        shown = {
            (agent["id"].removeprefix(ID), event["id"].removeprefix(ID))
            for event in document["@graph"]
            for agent in event.get(key, [])
        }
        asked = {(row["body"], row["event"]) for row in everything if row["relation"] == relation}
        assert {pair for pair in shown if pair[0].startswith("agency/")} == {
            pair for pair in asked if pair[0].startswith("agency/")
        }
    days = set(re.findall(r"DTSTART;VALUE=DATE:(\d{8})", calendar(Request(snapshot, "ics")).decode()))
    used = {
        row["preferredDate"].replace("-", "")
        for row in rows(loaded, "official-timeline")
        if "preferredDate" in row
    }
    assert used <= days
