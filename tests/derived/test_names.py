"""Names in capitals that occur once and nobody explains."""

from __future__ import annotations

import pytest
from small_derived import graph_of, report_of

from jhaan_kg.derived.text import names_used_once

READ = "body:a jhaan:statedIn <s/1/paragraph/1> ."


def lines(sentence: str, graph: str) -> list[int]:
    return [one.line for one in names_used_once(graph_of(graph), report_of(f"# 1. One\n\n{sentence}\n"))]


def test_name_is_found_with_its_line() -> None:
    [found] = names_used_once(graph_of(READ), report_of("# 1. One\n\nA note\nby ELGE came.\n"))
    assert (found.line, found.kind.code) == (10, "name-used-once")
    assert "ELGE" in found.message


@pytest.mark.parametrize(
    "sentence",
    [
        "ELGE came. ELGE left.",  # twice
        "The edge list of gulls (ELGE) came.",
        "The common risk indicators, (ELGEs) came.",
        "APRIL is a month; April ends.",  # a word in capitals
        "It came by EU law.",  # two letters
        "Part III is done.",
    ],
)
def test_no_unknown_name(sentence: str) -> None:
    assert lines(sentence, READ) == []


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        ('graph:register { body:a rdfs:label "ELGE Committee" }', []),
        # the label of a finding speaks of a misprint and records no name
        ('graph:inferred { finding:a rdfs:label "misprint: ELGE" }', [9]),
        # what a reading explains is not clear by itself
        ('graph:register { group:a rdfs:label "ELGE, as printed" } reading:a jhaan:readingOf group:a .', [9]),
        ('body:a jhaan:called "ELGE" .', []),
        ('body:a jhaan:called "ELGE and FRA join forces" .', [9]),  # a title repeats the text
        ('priority:a jhaan:abbreviation "ELGE" .', []),
    ],
)
def test_what_counts_as_recorded(graph: str, expected: list[int]) -> None:
    graph = graph.replace("graph:register", "<https://w3id.org/jhaan/graph/register/x>")
    graph = graph.replace("graph:inferred", "<https://w3id.org/jhaan/graph/inferred/x>")
    assert lines("ELGE came.", READ + graph) == expected


def test_parts_of_a_compound() -> None:
    known = READ + 'body:a jhaan:called "FRA" . body:b jhaan:called "EIGE" .'
    assert lines("A FRA-EIGE survey.", known) == []
    assert lines("A FRA-ELGE survey.", known) == [9]


def test_unread_passage_is_left_out() -> None:
    assert lines("ELGE came.", "") == []
