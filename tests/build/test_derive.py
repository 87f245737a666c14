"""Generated values: day numbers, years, name nodes, and where a thing is spoken of."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, Triple
from tiny_sources import assembled, date, node, passage, section, triple

from jhaan_kg.build.derive import find_mentions, generate_values
from jhaan_kg.digests import node_for

DAY = triple("event2023:moot", "schema:startDate", date("2021-05-04"))


@pytest.mark.parametrize(
    ("prop", "day_property", "year_property"),
    [
        ("schema:startDate", "jhaan:startDay", "jhaan:startYear"),
        ("schema:endDate", "jhaan:endDay", "jhaan:endYear"),
        ("dcat:startDate", "jhaan:startDay", "jhaan:startYear"),
        ("dcat:endDate", "jhaan:endDay", "jhaan:endYear"),
    ],
)
def test_a_date_has_a_day_number_and_a_year(prop: str, day_property: str, year_property: str) -> None:
    """18,751 days lie between 1970-01-01 and 2021-05-04: 51 years of 365 days, 13 leap days and 123 days."""
    assert set(generate_values([triple("event2023:moot", prop, date("2021-05-04"))], {})) == {
        triple("event2023:moot", day_property, Literal(51 * 365 + 13 + 123)),
        triple("event2023:moot", year_property, Literal(2021)),
    }


@pytest.mark.parametrize("text", ["2021-02-30", "soon", "", "0000-01-01"])
def test_a_date_that_is_none_gives_nothing(text: str) -> None:
    assert generate_values([triple("event2023:moot", "schema:startDate", date(text))], {}) == {}


def test_a_string_in_place_of_a_date_gives_nothing() -> None:
    assert generate_values([triple("event2023:moot", "schema:startDate", Literal("2021-05-04"))], {}) == {}


def test_a_name_becomes_a_node() -> None:
    called = triple("event2023:moot", "jhaan:called", Literal("Moot", language="en"))
    name = node_for("name", called)
    made = generate_values([called], assembled().assertions)
    assert made == {
        Triple(node("event2023:moot"), node("skosxl:altLabel"), name): (called,),
        Triple(name, node("rdf:type"), node("skosxl:Label")): (called,),
        Triple(name, node("skosxl:literalForm"), Literal("Moot", language="en")): (called,),
        Triple(name, node("rdfs:label"), Literal("Moot", language="en")): (called,),
    }


def test_each_subject_and_name_knows_its_passages() -> None:
    found = find_mentions(assembled())
    called = triple("event2023:moot", "jhaan:called", Literal("Moot", language="en"))
    stated = node("jhaan:statedIn")
    assert found["fbn-2021"][Triple(node("event2023:moot"), stated, passage("1/paragraph/1"))] == (DAY,)
    assert found["fbn-2021"][Triple(node("event2023:moot"), stated, passage("2/paragraph/1"))] == (DAY,)
    assert found["fbn-2022"][
        Triple(node("event2023:moot"), stated, passage("1/paragraph/1", "fbn-2022"))
    ] == (DAY,)
    names = [t for t in found["fbn-2021"] if t.subject == node_for("name", called)]
    assert [t.object for t in names] == [passage("1/paragraph/1")]


def test_the_premise_is_the_first_assertion_of_the_subject_from_that_passage() -> None:
    text = section(
        "1/paragraph/1: agency:south jhaan:seat place:isle . "
        "agency:north jhaan:seat place:port ; jhaan:partner agency:south ."
    )
    found = find_mentions(assembled(summary=text))
    key = Triple(node("agency:north"), node("jhaan:statedIn"), passage("1/paragraph/1"))
    assert found["fbn-2021"][key] == (triple("agency:north", "jhaan:seat", "place:port"),)


def test_curation_and_context_are_stated_nowhere() -> None:
    found = find_mentions(assembled())
    assert not any(
        "/reading/" in t.subject.value or "/graph/" in t.subject.value
        for made in found.values()
        for t in made
    )
