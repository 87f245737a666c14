"""Numbers in the text that differ from the list that follows, and names that nothing explains."""

from __future__ import annotations

import pytest
from small_derived import graph_of, report_of

from jhaan_kg.derived.text import compare_lists, find_counted_lists, find_names_used_once

NOTE = "It has three agencies in that field<sup>1</sup>.\n\n<sup>1</sup> {}"


@pytest.mark.parametrize(
    ("text", "value", "items", "passages"),
    [
        (
            "Five other JHA Agencies (eu-LISA, FRA, Eurojust, Frontex and Europol) came.",
            5,
            5,
            ["paragraph/1"],
        ),
        ("Twelve people from three JHA Agencies, namely CEPOL, EIGE, and Frontex.", 3, 3, ["paragraph/1"]),
        ("Two of the nine agencies (FRA and EIGE) spoke.", 2, 2, ["paragraph/1"]),
        (
            "Two observers (LIBE Secretariat, General Secretariat of the Council of the EU).",
            2,
            2,
            ["paragraph/1"],
        ),
        (NOTE.format("FRA, EIGE and CEPOL."), 3, 3, ["paragraph/1", "footnote/1"]),
        (NOTE.format("FRA and CEPOL."), 3, 2, ["paragraph/1", "footnote/1"]),
        ("There are three priority topics:\n\n- Drugs\n- Borders", 3, 2, ["paragraph/1"]),
        ("These are the three agencies:\n\n- FRA\n- EIGE", 3, 2, ["paragraph/1"]),
    ],
)
def test_a_number_with_its_list(text: str, value: int, items: int, passages: list[str]) -> None:
    report = report_of(f"# 1. One\n\n{text}\n")
    (counted,) = find_counted_lists(report)
    assert (counted.value, len(counted.items)) == (value, items)
    assert [passage.partition("/section/1/")[2] for passage in counted.passages] == passages
    assert [difference.line for difference in compare_lists(report)] == ([] if value == items else [9])


@pytest.mark.parametrize(
    "text",
    [
        "The 9 representatives from agencies (EMCDDA, EUAA, FRA) spoke.",  # counts people
        "The nine JHA Agencies support several EU partners (third countries and others).",  # no names
        "The nine agencies met with partners (NATO and INTERPOL).",  # other bodies
        "Over two agencies (FRA, EIGE, CEPOL) came.",
        "One member, namely the European Public Prosecutor's Office, EPPO, came.",
        "Two meetings of agencies (FRA, EIGE, CEPOL) took place.",  # counts meetings
        "Two agencies came. The others (FRA, EIGE, CEPOL) did not.",
        NOTE.format("As of May, FRA left."),
        "Among others, these are over three topics:\n\n- Drugs\n- Borders",
        "Activities of the nine agencies:\n\n- Producing reports\n- Training people",  # the items are no bodies
    ],
)
def test_no_list_of_what_is_counted(text: str) -> None:
    assert not list(find_counted_lists(report_of(f"# 1. One\n\n{text}\n")))


READ = "body:a jhaan:statedIn <s/1/paragraph/1> . "
REGISTER = "<https://w3id.org/jhaan/graph/register/x>"


@pytest.mark.parametrize(
    ("text", "graph", "lines"),
    [
        ("A note\nby ELGE came.", READ, [10]),
        ("ELGE came.", "", []),  # nobody read the passage
        ("ELGE came. ELGE left.", READ, []),
        ("The edge list of gulls (ELGE) came.", READ, []),
        ("APRIL is a month; April ends.", READ, []),
        ("Part III is done.", READ, []),
        # what counts as recorded; neither the label of a finding nor of what a reading explains, nor a title
        ("ELGE came.", READ + f'{REGISTER} {{ body:a rdfs:label "ELGE Committee" }}', []),
        (
            "ELGE came.",
            READ + '<https://w3id.org/jhaan/graph/inferred/x> { finding:a rdfs:label "ELGE" }',
            [9],
        ),
        (
            "ELGE came.",
            READ
            + f'{REGISTER} {{ group:a rdfs:label "ELGE, as printed" }} reading:a jhaan:readingOf group:a .',
            [9],
        ),
        ("ELGE came.", READ + 'body:a jhaan:called "ELGE" .', []),
        ("ELGE came.", READ + 'body:a jhaan:called "ELGE and FRA join forces" .', [9]),
        ("ELGE came.", READ + 'priority:a jhaan:abbreviation "ELGE" .', []),
        # parts of a compound
        ("A FRA-EIGE survey.", READ + 'body:a jhaan:called "FRA" . body:b jhaan:called "EIGE" .', []),
        ("A FRA-ELGE survey.", READ + 'body:a jhaan:called "FRA" .', [9]),
    ],
)
def test_names_used_once(text: str, graph: str, lines: list[int]) -> None:
    found = list(find_names_used_once(graph_of(graph), report_of(f"# 1. One\n\n{text}\n")))
    assert [(one.line, one.kind.code, "ELGE" in one.message) for one in found] == [
        (line, "name-used-once", True) for line in lines
    ]
