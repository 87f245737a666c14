"""The graph from Python."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

import jhaan_kg
from jhaan_kg.errors import JhaanError
from jhaan_kg.knowledge_graph import KnowledgeGraph, Resource

EUROPOL = "https://w3id.org/jhaan/id/agency/europol"
AUGUST = "Trio contact points coordination meeting, August 2023"


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return KnowledgeGraph.open()


def test_a_thing_and_its_label_are_one_value(graph: KnowledgeGraph) -> None:
    table = graph.query("participation-rate", agency="europol", meetings="with those of the Trio")
    assert table.columns[:3] == ("counting", "meetings", "agency")
    (row,) = table.rows
    assert row["agency"] == Resource(EUROPOL, "Europol")
    assert str(row["agency"]) == "Europol"
    assert (row["attended"], row["base"], row["rate"]) == (13, 22, Decimal("59.1"))
    assert table.cited is None


def test_days_are_days(graph: KnowledgeGraph) -> None:
    (row,) = graph.query("date-of-event", event="JHAAN Heads of Agencies meeting 2023").rows
    assert row["start"] == datetime.date(2023, 11, 21)


def test_rows_cite_their_passages(graph: KnowledgeGraph) -> None:
    table = graph.query("contradictions", thing=AUGUST, cite=True)
    assert [str(row["value"]) for row in table.rows] == ["2023-08-31", "2023-08-12"]
    assert table.cited is not None
    places = {source.locator for cited in table.cited for source in cited.sources}
    assert {"3 paragraph 9", "4 entry 18"} <= places
    assert all(
        source.iri.startswith("https://w3id.org/jhaan/id/") for c in table.cited for source in c.sources
    )


def test_a_parameter_takes_texts_resources_values_and_nothing(graph: KnowledgeGraph) -> None:
    europol = Resource(EUROPOL, "Europol")
    by_name = graph.query("agency-profile", agency="Europol").rows
    assert graph.query("agency-profile", agency=europol).rows == by_name
    assert graph.query("agency-profile", agency=[europol]).rows == by_name
    both = graph.query("meetings-attended-together", agency="cepol", partner=["fra", "euaa"]).rows
    assert {str(row["partner"]) for row in both} == {"FRA", "EUAA"}
    usual = graph.query("priorities-that-continue").rows
    assert len(graph.query("priorities-that-continue", period=None).rows) > len(usual)


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("agency-profil", {}, "There is no stored query"),
        ("agency-profile", {"agent": "europol"}, "has no parameter"),
        ("agency-profile", {"agency": "europool"}, "Did you mean"),
    ],
)
def test_what_is_not_there_is_said(
    name: str, parameters: dict[str, str], message: str, graph: KnowledgeGraph
) -> None:
    with pytest.raises(JhaanError, match=message):
        graph.query(name, **parameters)


def test_the_package_gives_it() -> None:
    assert jhaan_kg.KnowledgeGraph is KnowledgeGraph
    with pytest.raises(AttributeError):
        jhaan_kg.KnowledgeGraf  # noqa: B018
