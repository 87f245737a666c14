"""Numbers in the text that differ from the list that follows, and names that nothing explains."""

from __future__ import annotations

import pytest
from small_derived import graph_of, report_of

from jhaan_kg.derived.text import compare_lists, find_counted_lists, find_names_used_once


@pytest.mark.parametrize(
    ("sentence", "value", "items"),
    [
        ("Five other JHA Agencies (eu-LISA, FRA, Eurojust, Frontex and Europol) came.", 5, 5),
        ("Six agencies took part in it (CEPOL, EIGE, EUAA, FRA and Frontex).", 6, 5),
        ("Twelve people from three JHA Agencies, namely CEPOL, EIGE, and Frontex joined the event.", 3, 3),
        ("Colleagues from 4 JHA Agencies namely CEPOL, EIGE and Frontex to exchange views.", 4, 3),
        ("Two of the nine agencies (FRA and EIGE) spoke.", 2, 2),
        ("It has two observers (LIBE Secretariat, General Secretariat of the Council of the EU).", 2, 2),
    ],
)
def test_names_after_a_number(sentence: str, value: int, items: int) -> None:
    report = report_of(f"# 1. One\n\n{sentence}\n")
    assert [(found.value, len(found.items)) for found in find_counted_lists(report)] == [(value, items)]
    assert [found.line for found in compare_lists(report)] == ([] if value == items else [9])


@pytest.mark.parametrize(
    "sentence",
    [
        "The 9 representatives from agencies (EMCDDA, EUAA, FRA) spoke.",  # counts people
        "The nine JHA Agencies support several EU partners (third countries and others).",  # no names
        "The nine agencies met with partners (NATO and INTERPOL).",  # other bodies
        "Over two agencies (FRA, EIGE, CEPOL) came.",
        "At least two agencies (FRA, EIGE, CEPOL) came.",
        "One member, namely the European Public Prosecutor's Office, EPPO, came.",
        "The nine agencies (JHAAN) came.",  # an abbreviation
        "Two meetings of agencies (FRA, EIGE, CEPOL) took place.",  # counts meetings
        "Two agencies came. The others (FRA, EIGE, CEPOL) did not.",
        "In 2023 agencies (FRA, EIGE, CEPOL) met.",
    ],
)
def test_no_list_of_what_is_counted(sentence: str) -> None:
    assert not list(find_counted_lists(report_of(f"# 1. One\n\n{sentence}\n")))


@pytest.mark.parametrize(("names", "lines"), [("FRA, EIGE and CEPOL.", []), ("FRA and CEPOL.", [9])])
def test_list_in_a_note(names: str, lines: list[int]) -> None:
    report = report_of(
        f"# 1. One\n\nIt has three agencies in that field<sup>1</sup>.\n\n<sup>1</sup> {names}\n"
    )
    assert [found.line for found in compare_lists(report)] == lines
    [found] = find_counted_lists(report)
    assert [passage.partition("/section/")[2] for passage in found.passages] == [
        "1/paragraph/1",
        "1/footnote/1",
    ]


def test_note_that_is_no_list() -> None:
    report = report_of(
        "# 1. One\n\nIt has three agencies<sup>1</sup>.\n\n<sup>1</sup> As of May, FRA left.\n"
    )
    assert not list(find_counted_lists(report))


@pytest.mark.parametrize(("lead_in", "lines"), [("two priority topics", []), ("three priority topics", [9])])
def test_list_of_items(lead_in: str, lines: list[int]) -> None:
    report = report_of(f"# 1. One\n\nThere are {lead_in}:\n\n- Drugs\n- Borders\n")
    assert [found.line for found in compare_lists(report)] == lines
    [found] = find_counted_lists(report)
    assert found.items == ("1 item 1", "1 item 2")


def test_items_after_a_number_that_is_not_exact() -> None:
    report = report_of("# 1. One\n\nAmong others, these are over three topics:\n\n- Drugs\n- Borders\n")
    assert not list(find_counted_lists(report))


def test_items_are_not_the_bodies_that_act() -> None:
    report = report_of(
        "# 1. One\n\nActivities of the nine agencies:\n\n- Producing reports\n- Training people\n"
    )
    assert not list(find_counted_lists(report))


def test_items_that_are_bodies() -> None:
    report = report_of("# 1. One\n\nThese are the three agencies:\n\n- FRA\n- EIGE\n")
    assert [found.line for found in compare_lists(report)] == [9]


READ = "body:a jhaan:statedIn <s/1/paragraph/1> ."


def lines(sentence: str, graph: str) -> list[int]:
    return [one.line for one in find_names_used_once(graph_of(graph), report_of(f"# 1. One\n\n{sentence}\n"))]


def test_name_is_found_with_its_line() -> None:
    [found] = find_names_used_once(graph_of(READ), report_of("# 1. One\n\nA note\nby ELGE came.\n"))
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
