"""From text to graph: the dates, numbers, names and roles of a passage are those that the graph takes from it."""

from __future__ import annotations

import pytest
from small_proof import FIRST, case_of, report_case

from jhaan_kg.proof.completeness import MentionKind, unknown_names

DAY = "drill startDate 2023-05-03"
TITLE = "drill called Drill of the lighthouse keepers"
ALL = "Of NORA, Ada Lantern, Oslo, fog, lighthouse keepers and the Harbour Ring."
LONGER = "Of the Wind Board of Norway and the NORA school for pilots."
STRANGE = "They met the Rain Office and the RO of EU."
COMMON = 'x:c jhaan:commonWord "EU"@en .'
OFFICE = COMMON + 'body:rain a jhaan:Body ; rdfs:label "Rain Office"@en ; jhaan:wording "RO"@en .'
WIRE = "They met on the Wire."
ORGANISED = "The Storm Drill of 3 May was organised by NORA and SUND."
ATTENDED = "The Storm Drill was attended by lighthouse keepers."
AT_DRILL = f"{DAY}; p inEvent drill; "


@pytest.mark.parametrize(
    ("text", "facts", "left"),
    [
        ("The Storm Drill of 3 May.", DAY, []),
        ("The Storm Drill of 3 and 4 May.", f"{DAY}; drill endDate 2023-05-04", []),
        ("Drill of 3 May.", "drill called Drill of 3 May", []),
        ("It stopped on 3 May.", "r mentionsDay 2023-05-03", []),
        ("The Storm Drill of 4 May.", DAY, ["date 4 May"]),
        ("The Storm Drill of 3 May 2022.", DAY, ["date 3 May 2022"]),
        ("The Storm Drill of 3 and 4 May.", DAY, ["date 3 and 4 May"]),
        ("The Storm Drill of 3 May.", "drill inPeriod 2023", ["date 3 May"]),
        ("Storm of 3 May.", "r summary on 3 May", ["date 3 May"]),
        ("It stopped in 2023, on 3 May.", "r mentionsDay 2023-05-03", ["date 2023"]),
        ("They had twelve lamps.", "q value 13", ["number twelve"]),
        ("They had 12 lamps.", "r summary twelve lamps", ["number 12"]),
        ("Of the Twelve Lamps school.", "drill called Twelve Lamps school", []),
        # each value takes one number; a place in a list is no number of the text
        ("They had twelve lamps and 12 boats.", "q value 12", ["number 12"]),
        ("They had twelve lamps and 12 boats.", "q value 12; p value 12", []),
        ("The Drill of 12 had 12 lamps.", "drill called Drill of 12", ["number 12"]),
        ("They had two lamps for fog and NORA.", "fog listPosition 1; nora listPosition 2", ["number two"]),
        # bodies, persons and places; neither topics nor the network
        (ALL, "r refersTo nora, ada, oslo, keepers", []),
        (ALL, "r refersTo fog", ["name NORA", "name Ada Lantern", "name Oslo", "name lighthouse keepers"]),
        # a name is taken as a subject, but not in our own words
        ("They met NORA.", "nora listPosition 1", []),
        ("They met NORA.", "r summary NORA was met", ["name NORA"]),
        # a collective word is taken by the title that has it
        ("The Drill of the lighthouse keepers.", TITLE, []),
        ("The Drill of the lighthouse keepers, for lighthouse keepers.", TITLE, ["name lighthouse keepers"]),
        # the title of an event does not take the names in it, but the name of a body does
        ("The NORA drill.", "drill called NORA drill", ["name NORA"]),
        # names inside longer ones
        (LONGER, "r refersTo wind-board, school", ["name NORA"]),
        (LONGER, "r refersTo wind-board, nora", []),
        (LONGER, "r refersTo norway, nora", ["name Wind Board of Norway"]),
        # someone in telling words must have the role
        (ORGANISED, AT_DRILL + "p participant nora, sund; p role Organiser", []),
        (ORGANISED, AT_DRILL + "p participant nora; p role Organiser", ["name SUND", "role SUND"]),
        (ORGANISED, AT_DRILL + "p participant nora, sund; p role Participant", ["role NORA", "role SUND"]),
        ("NORA organised the Storm Drill of 3 May.", AT_DRILL + "p participant nora; p role Observer", []),
        (ATTENDED, AT_DRILL + "p group keepers; p role Organiser", ["role lighthouse keepers"]),
    ],
)
def test_what_is_not_taken(text: str, facts: str, left: list[str]) -> None:
    assert [" ".join(one) for one in case_of(text, facts).not_taken] == left


@pytest.mark.parametrize(
    ("text", "facts", "more", "left"),
    [
        # names that nobody registered
        (STRANGE, "r about fog", "", ["Rain Office", "RO", "EU"]),
        (STRANGE, "r about fog", COMMON, ["Rain Office", "RO"]),
        (STRANGE, "r refersTo body:rain", OFFICE, []),
        (STRANGE, "r about fog", OFFICE, ["Rain Office", "RO"]),
        # wordings of terms and titles are known, those of roles are not
        (WIRE, "r about fog", "", ["Wire"]),
        (WIRE, "r about fog", 'schema:OnlineEventAttendanceMode jhaan:wording "Wire"@en .', []),
        (WIRE, "r about fog", 'jhaan:Organiser jhaan:wording "Wire {who}"@en .', ["Wire"]),
    ],
)
def test_names_that_are_not_registered(text: str, facts: str, more: str, left: list[str]) -> None:
    assert [words for _, words in case_of(text, facts, more).not_taken] == left


@pytest.mark.parametrize(
    ("text", "facts", "kind", "words"),
    [
        (ALL, "r about fog", MentionKind.NAME, ["NORA", "Ada Lantern", "Oslo", "lighthouse keepers"]),
        (LONGER, "r about fog", MentionKind.NAME, ["Wind Board of Norway", "NORA"]),
        (ORGANISED, DAY, MentionKind.ROLE, ["NORA", "SUND"]),
        ("NORA organised the Storm Drill with SUND.", DAY, MentionKind.ROLE, []),
    ],
)
def test_what_is_counted(text: str, facts: str, kind: MentionKind, words: list[str]) -> None:
    assert case_of(text, facts).found(kind) == words


# ---- Which passages are read


def test_only_what_was_read_is_searched() -> None:
    two = ["# 1. Storms\n\nOf NORA.\n\nOf SUND."]
    assert report_case(two, {FIRST: "r about fog"}).not_taken == [("name", "NORA")]
    noted = "x:note jhaan:givesNoFacts <1/paragraph/2> ."
    assert report_case(two, {FIRST: "r about fog"}, noted).not_taken == [("name", "NORA"), ("name", "SUND")]


@pytest.mark.parametrize(
    ("more", "unread"),
    [("", ["1/heading", "1/paragraph/2"]), ("x:n jhaan:givesNoFacts <1/heading> .", ["1/paragraph/2"])],
)
def test_a_passage_that_states_nothing_is_noticed_in_a_section_that_was_modelled(
    more: str, unread: list[str]
) -> None:
    report = ["# 1. Storms\n\nOf NORA.\n\nIt rained.", "# 2. Fogs\n\nIt cleared up."]
    case = report_case(report, {FIRST: "r refersTo nora"}, more)
    assert [iri.rpartition("/section/")[2] for iri in case.proof.unread] == unread


SECOND = '; jhaan:secondReading "It found what the graph has elsewhere."@en'


@pytest.mark.parametrize(
    ("text", "note", "is_read_once"),
    [
        ("Of SUND.", "", True),
        ("On 4 May 2023.", "", True),
        ("Three lamps.", "", True),
        ("It rained.", "", False),
        ("Of SUND.", SECOND, False),
    ],
)
def test_a_note_on_what_holds_a_date_a_number_or_a_name_tells_of_the_second_reading(
    text: str, note: str, is_read_once: bool
) -> None:
    noted = f"x:note jhaan:givesNoFacts <1/paragraph/2> {note} ."
    case = report_case([f"# 1. Storms\n\nOf NORA.\n\n{text}"], {FIRST: "r refersTo nora"}, noted)
    assert len(case.proof.read_once) == is_read_once


@pytest.mark.parametrize(("year", "left"), [("2023", []), ("2024", [("date", "2023")])])
def test_what_only_leads_in_is_taken_by_what_it_leads_in_to(year: str, left: list[tuple[str, str]]) -> None:
    lamps = "# 1. Lamps\n\n**Table 1. Lamps**\n\nLamps of 2023\t\nNo.\tName\n1\tNORA lamp\n2\tTarn lamp"
    facts = {
        f"1/row/{number}": f"r{number} rowNumber {number}; r{number} refersTo {agency}; r{number} inPeriod {year}"
        for number, agency in ((1, "nora"), (2, "tarn"))
    }
    noted = 'x:note jhaan:givesNoFacts <1/table-header/1> . x:c jhaan:commonWord "No. Name"@en, "Lamps"@en .'
    case = report_case([lamps], facts, noted)
    assert case.found(MentionKind.DATE) == ["2023"]
    assert case.not_taken == left


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("They told the Rain Office of it.", ["Rain Office"]),
        ("Rain Office staff came.", ["Office"]),  # the first word of a sentence has a capital anyhow
        ("RO came, and so did the RO.", ["RO", "RO"]),
        ("They met the eu-MIST.", ["MIST"]),
        ("They told NORA and the Wind Board of Norway of fog.", []),
        ("They met on 3 x-rays. A storm came.", []),
        ("It rained. (Nobody came.)", []),  # a sentence may begin with a sign
    ],
)
def test_what_looks_like_a_name(text: str, names: list[str]) -> None:
    first = case_of(text).first
    spans = unknown_names(first, [(name.first, name.last) for name in first.names])
    assert [first.words.printed(*span) for span in spans] == names
