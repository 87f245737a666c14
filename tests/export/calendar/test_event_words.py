"""What the graph says of an event, where our one report has no example; the rest is in the tests of the calendar."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, parse

from jhaan_kg.derived.facts import Facts
from jhaan_kg.export.calendar.event_words import EventWords
from jhaan_kg.namespaces import ID, PREFIXES

EVENT = f"{ID}event/2024/one"
LABELS = """
schema:location rdfs:label "location" . schema:endDate rdfs:label "end date" .
place:brussels rdfs:label "Brussels" . country:malta rdfs:label "Malta" . jhaan:Planned rdfs:label "planned" .
jhaan:Event rdfs:label "event" . jhaan:Meeting rdfs:label "meeting" . jhaan:Workshop rdfs:label "workshop" .
"""


def words(turtle: str) -> EventWords:
    prefixes = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
    return EventWords(Facts(parse(prefixes + LABELS + turtle, format=RdfFormat.TURTLE)))


def side(property_: str, value: str, rank: str, place: str) -> str:
    name = f"{ID}statement/{property_}/{value}".replace('"', "")
    return (
        f"<{name}> a jhaan:ContestedStatement ; jhaan:contestedSubject event2024:one ;"
        f" jhaan:contestedProperty {property_} ; jhaan:contestedValue {value} ;"
        f" jhaan:rank jhaan:{rank} ; jhaan:statedIn <{PREFIXES['section']}{place}> ."
    )


def test_each_property_on_which_the_report_contradicts_itself_is_told() -> None:
    told = words(
        "event2024:one jhaan:state jhaan:Planned ."
        + side("schema:location", "place:brussels", "OtherRank", "4/entry/1")
        + side("schema:location", "country:malta", "PreferredRank", "3/paragraph/2")
        + side("schema:endDate", '"2024-05-02"', "OtherRank", "4/entry/10")
        + side("schema:endDate", '"2024-05-04"', "OtherRank", "4/entry/9")
        + side("schema:endDate", '"2024-05-03"', "PreferredRank", "3/paragraph/2")
    )
    assert list(told.description(EVENT, passages=True)) == [
        "State: planned.",
        "Contested: the report contradicts itself on the end date. Preferred here: 2024-05-03 in 3 paragraph 2. "
        "It says elsewhere: 2024-05-02 in 4 entry 10; 2024-05-04 in 4 entry 9.",
        "Contested: the report contradicts itself on the location. Preferred here: Malta in 3 paragraph 2. "
        "It says elsewhere: Brussels in 4 entry 1.",
    ]


@pytest.mark.parametrize(
    ("mode", "place", "expected"),
    [
        ("Online", "", "online"),
        ("Online", "place:brussels", "Brussels; online"),
        ("Mixed", "", "place not told; online"),
        ("Mixed", "place:brussels", "Brussels; online"),
        ("Offline", "place:brussels", "Brussels"),
        ("Offline", "", ""),
        ("", "place:brussels, country:malta", "Malta; Brussels"),
        ("", "", ""),
    ],
)
def test_where_an_event_is(mode: str, place: str, expected: str) -> None:
    told = words(
        "event2024:one a jhaan:Event ."
        + (f"event2024:one jhaan:mode schema:{mode}EventAttendanceMode ." if mode else "")
        + (f"event2024:one schema:location {place} ." if place else "")
    )
    assert told.place(EVENT) == expected


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        ("jhaan:Event, schema:Event", ["event"]),
        ("jhaan:Event, jhaan:Workshop, jhaan:Meeting, schema:Event", ["meeting", "workshop"]),
    ],
)
def test_the_kinds_of_an_event(classes: str, expected: list[str]) -> None:
    assert words(f"event2024:one a {classes} .").kinds(EVENT) == expected
