"""Measures of networks, on links of which each measure can be worked out by hand."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.query.engine import Answer
from jhaan_kg.query.measures import MEASURES, Measured, measure

LINKS = ("rule", "agency", "agencyLabel", "partner", "partnerLabel", "activity", "activityLabel")

# Two triangles that one link joins; the links of a triangle are of two kinds each.
TRIANGLES = [*("a b 1", "b c 1", "a c 1", "a b 2"), "c d 3", *("d e 4", "e f 4", "d f 4", "e f 5")]


def node(name: str) -> NamedNode:
    return NamedNode(f"http://example.org/{name}")


def links(pairs: Iterable[str], rule: str = "direct", start: str = "", end: str = "") -> Answer:
    """Return a list of links, each in both directions, from words such as `a b 1`."""
    ends = (node(start), Literal(start), node(end), Literal(end)) if start else ()
    rows = []
    for pair in pairs:
        one, other, activity = pair.split()
        for agency, partner in ((one, other), (other, one)):
            row = (Literal(rule), node(agency), Literal(agency), node(partner), Literal(partner))
            rows.append((*ends, *row, node(activity), Literal(f"work {activity}")))
    return Answer(("start", "startLabel", "end", "endLabel")[: len(ends)] + LINKS, tuple(rows))


def columns(found: Measured, *names: str) -> list[tuple[str, ...]]:
    indices = [found.answer.variables.index(name) for name in names]
    return [
        tuple("" if row[index] is None else row[index].value for index in indices)
        for row in found.answer.rows
    ]


def test_the_most_central_have_most_links_and_stand_between_others() -> None:
    found = measure("centrality", links(TRIANGLES))
    # Of the ten pairs of others, c and d stand between six each: those of one side with the other.
    assert columns(found, "rank", "agencyLabel", "partners", "activities", "betweenness") == [
        ("1", "a", "2", "2", "0.0"),
        ("1", "b", "2", "2", "0.0"),
        ("1", "c", "3", "2", "0.6"),
        ("1", "d", "3", "2", "0.6"),
        ("1", "e", "2", "2", "0.0"),
        ("1", "f", "2", "2", "0.0"),
    ]


def test_a_rank_rests_on_all_links_of_its_rule() -> None:
    both = links(["a b 1", "b c 2"]).rows + links(["a b 3"], "meeting").rows
    found = measure("centrality", Answer(LINKS, both))
    assert [rule for (rule,) in columns(found, "rule")] == ["direct"] * 3 + ["meeting"] * 2
    assert found.rests_on == ((0, 1, 2, 3),) * 3 + ((4, 5),) * 2


def test_sets_are_joined_more_inside_than_outside() -> None:
    found = measure("communities", links(TRIANGLES))
    assert columns(found, "cluster", "agencyLabel", "activitiesInside", "activitiesOutside") == [
        ("1", "a", "2", "0"),
        ("1", "b", "2", "0"),
        ("1", "c", "1", "1"),
        ("2", "d", "1", "1"),
        ("2", "e", "2", "0"),
        ("2", "f", "2", "0"),
    ]
    # Of 9 units of weight 8 lie inside: 8/9 - 2 * (9/18)^2
    assert columns(found, "modularity")[0] == ("0.389",)


def test_the_shortest_way_is_told_step_by_step() -> None:
    found = measure("shortest-path", links(["a b 1", "b d 2", "a c 3", "c d 4", "c d 5"], start="a", end="d"))
    assert columns(found, "step", "agencyLabel", "partnerLabel", "connection") == [
        ("1", "a", "b", "work 1"),
        ("2", "b", "d", "work 2"),
    ]
    assert found.rests_on == ((0, 1, 2, 3), (0, 1, 2, 3))


@pytest.mark.parametrize("pairs", [["a b 1", "c d 2"], ["a b 1"]])
def test_no_way_is_said(pairs: list[str]) -> None:
    found = measure("shortest-path", links(pairs, start="a", end="d"))
    assert columns(found, "step", "connection") == [("", "no connection")]
    assert found.rests_on == (tuple(range(2 * len(pairs))),)


def test_agencies_of_two_networks_are_measured_apart() -> None:
    found = links(["a b 1", "b c 2", "x y 3"])
    lists = {"a": "a", "b": "a", "c": "a", "x": "x", "y": "x"}
    rows = [
        (*row, Literal(str(node(lists[row[2].value])))) for row in found.rows if isinstance(row[2], Literal)
    ]
    apart = Answer((*found.variables, "report"), tuple(rows))
    ranked = [("1", "b"), ("2", "a"), ("2", "c")]
    assert columns(measure("centrality", apart), "rank", "agencyLabel") == [*ranked, ("1", "x"), ("1", "y")]
    together = [("1", "b"), *((str(2), name) for name in "acxy")]
    assert columns(measure("centrality", found), "rank", "agencyLabel") == together
    # The first network is one cluster, with b's two links inside; the number of the second goes on.
    clusters = columns(measure("communities", apart), "cluster", "agencyLabel")
    assert clusters == [("1", "a"), ("1", "b"), ("1", "c"), ("2", "x"), ("2", "y")]
    assert measure("periphery", apart).rests_on == ((0, 1, 2, 3),) * 3 + ((4, 5),) * 2


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_without_links_there_are_no_rows(name: str) -> None:
    every = ("start", "startLabel", "end", "endLabel", *LINKS, "event", "ofTrio", "byPresidency")
    assert measure(name, Answer(every, ())).answer.rows == ()


def test_what_can_not_be_measured_is_said() -> None:
    with pytest.raises(JhaanError, match='Unknown measure "fame"'):
        measure("fame", links(["a b 1"]))
    with pytest.raises(JhaanError, match="needs the columns start, startLabel, end, endLabel"):
        measure("shortest-path", links(["a b 1"]))
