"""Positions in a list are those that a reader of the passage counts."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from jhaan_kg.build.read import Statement
from jhaan_kg.checks.sections import check_positions
from jhaan_kg.namespaces import PREFIXES

FIRST = "1/paragraph/1"


def found(**blocks: str) -> list[str]:
    """Return what is found in blocks, by their passages: the last part of the subject, and the message."""
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    statements = [
        Statement(quad.triple, "x.trig", 1, NamedNode(f"{PREFIXES['section']}{passage.replace('_', '/')}"))
        for passage, text in blocks.items()
        for quad in parse(f"{prefixes}PREFIX x: <urn:x:>\n{text}", format=RdfFormat.TURTLE)
    ]
    return [
        f"{one.subject.rpartition(':')[2].rstrip('>')}: {one.message}" for one in check_positions(statements)
    ]


def item(name: str, position: int, subject: str = "jhaan:atEvent x:meeting") -> str:
    return f"x:{name} {subject} ; jhaan:listPosition {position} . "


@pytest.mark.parametrize("first", [1, 2])
def test_each_passage_counts_from_one(first: int) -> None:
    two = item("a", first) + item("b", first + 1)
    assert (found(**{"1_paragraph_1": two, "1_paragraph_2": two}) == []) == (first == 1)


def test_a_position_that_two_have_or_none_has_is_found() -> None:
    twice = found(**{"1_paragraph_1": item("a", 1) + item("b", 1) + item("c", 2)})
    assert "a: 1 paragraph 1 lists 2 up to position 1." in twice
    gap = found(**{"1_paragraph_1": item("a", 1) + item("b", 3)})
    assert gap == ["b: 1 paragraph 1 lists 2 up to position 3."]


def test_each_subject_and_each_kind_of_list_counts_for_itself() -> None:
    lists = (
        item("a", 1)
        + item("b", 1, "jhaan:outcomeOf x:meeting")
        + item("c", 1, "jhaan:atEvent x:seminar")
        + item("d", 2, "jhaan:about x:topic ; jhaan:about x:group")
        + item("e", 1, "jhaan:about x:group")
    )
    assert found(**{"1_paragraph_1": lists}) == []


def test_the_number_of_a_list_item_is_left_to_the_text() -> None:
    assert found(**{"1_item_2": item("a", 2)}) == []


def test_a_list_within_a_list_item_counts_from_one() -> None:
    assert found(**{"1_item_2": item("a", 1) + item("b", 2)}) == []
    assert found(**{"1_item_2": item("a", 2) + item("b", 3)}) != []


def test_commitments_of_one_body_are_a_list() -> None:
    promise = "jhaan:committedBy x:body"
    assert found(**{"1_paragraph_1": item("a", 1, promise) + item("b", 3, promise)}) == [
        "b: 1 paragraph 1 lists 2 up to position 3."
    ]
