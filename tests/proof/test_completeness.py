"""From text to graph: the dates, numbers, names and roles of a passage are those that the graph takes from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_proof import FIRST, case_of, report_case

from jhaan_kg.proof.completeness import MentionKind, unknown_names
from jhaan_kg.proof.passage import PassageText

DRILL = 'event2023:drill schema:startDate "2023-05-03"^^xsd:date .'
REMARK = "x:r jhaan:about topic:fog ; jhaan:refersTo {} ."


# ---- Dates, numbers, names


@pytest.mark.parametrize(
    ("text", "stated", "is_taken"),
    [
        ("3 May 2023", DRILL, True),
        ("3 May", DRILL, True),
        ("3 and 4 May", DRILL.replace(" .", ' ; schema:endDate "2023-05-04"^^xsd:date .'), True),
        ("2023", "event2023:drill jhaan:inPeriod period:2023 .", True),
        ("3 May", 'event2023:drill jhaan:called "Drill of 3 May"@en .', True),
        ("4 May", DRILL, False),
        ("3 May 2022", DRILL, False),
        ("3 and 4 May", DRILL, False),
        ("May", DRILL, False),
        ("3 May", "event2023:drill jhaan:inPeriod period:2023 .", False),
        ("3 May", 'event2023:drill jhaan:called "Drill"@en .', False),
        ("3 May", 'x:r jhaan:summary "on 3 May"@en .', False),
    ],
)
def test_dates(text: str, stated: str, is_taken: bool) -> None:
    case = case_of(f"The Storm Drill, Drill of {text}.", stated)
    assert case.found(MentionKind.DATE) == [text]
    assert (("date", text) not in case.not_taken) == is_taken


MENTIONED = 'x:r jhaan:mentionsDay "2023-05-03"^^xsd:date .'
EVERYONE = "agency:nora, person:ada, place:oslo, group:keepers"
ALL = "Of NORA, Ada Lantern, Oslo, fog, lighthouse keepers and the Harbour Ring."
KEEPERS = 'event2023:drill jhaan:called "Drill of the lighthouse keepers"@en .'
LONGER = "Of the Wind Board of Norway and the NORA school for pilots."
STRANGE = "They met the Rain Office and the RO of EU."
COMMON = 'x:c jhaan:commonWord "EU"@en .'
OFFICE = COMMON + 'body:rain a jhaan:Body ; rdfs:label "Rain Office"@en ; jhaan:wording "RO"@en .'
WIRE = "They met on the Wire."
FOG = REMARK.format("topic:fog")


@pytest.mark.parametrize(
    ("text", "stated", "more", "left"),
    [
        ("It stopped on 3 May.", MENTIONED, "", []),
        ("It stopped in 2023, to be exact on 3 May.", MENTIONED, "", ["date 2023"]),
        ("They had twelve lamps.", "x:q jhaan:value 12 .", "", []),
        ("They had twelve lamps.", "x:q jhaan:value 13 .", "", ["number twelve"]),
        ("They had 12 lamps and 7 boats.", "x:q jhaan:value 12 .", "", ["number 7"]),
        ("They had 12 lamps.", 'x:r jhaan:summary "twelve lamps"@en .', "", ["number 12"]),
        ("Of the Twelve Lamps school.", 'event2023:drill jhaan:called "Twelve Lamps school"@en .', "", []),
        # each value takes one number
        ("They had twelve lamps and 12 boats.", "x:q jhaan:value 12 .", "", ["number 12"]),
        ("They had twelve lamps and 12 boats.", "x:q jhaan:value 12 . x:p jhaan:value 12 .", "", []),
        (
            "The Drill of 12 had 12 lamps.",
            'event2023:drill jhaan:called "Drill of 12"@en .',
            "",
            ["number 12"],
        ),
        # a place in a list is no number of the text
        (
            "They had two lamps for fog and NORA.",
            "topic:fog jhaan:listPosition 1 . agency:nora jhaan:listPosition 2 .",
            "",
            ["number two"],
        ),
        # bodies, persons and places; neither topics nor the network
        (ALL, REMARK.format(EVERYONE), "", []),
        (ALL, REMARK.format("person:ada, place:oslo, group:keepers"), "", ["name NORA"]),
        (ALL, REMARK.format("agency:nora, place:oslo, group:keepers"), "", ["name Ada Lantern"]),
        (ALL, REMARK.format("agency:nora, person:ada, group:keepers"), "", ["name Oslo"]),
        (ALL, REMARK.format("agency:nora, person:ada, place:oslo"), "", ["name lighthouse keepers"]),
        # a name is taken as a subject, but not in our own words
        ("They met NORA.", "agency:nora jhaan:listPosition 1 .", "", []),
        ("They met NORA.", 'x:r jhaan:summary "NORA was met"@en .', "", ["name NORA"]),
        # a collective word is taken by the title that has it
        ("The Drill of the lighthouse keepers.", KEEPERS, "", []),
        (
            "The Drill of the lighthouse keepers, for lighthouse keepers.",
            KEEPERS,
            "",
            ["name lighthouse keepers"],
        ),
        # the title of an event does not take the names in it, but the name of a body does
        ("The NORA drill.", 'event2023:drill jhaan:called "NORA drill"@en .', "", ["name NORA"]),
        ("The NORA drill.", 'body:fog-board jhaan:called "NORA drill"@en .', "", []),
        # names inside longer ones
        (LONGER, REMARK.format("body:wind-board, cooperation:school"), "", ["name NORA"]),
        (LONGER, REMARK.format("body:wind-board, agency:nora"), "", []),
        (LONGER, REMARK.format("country:norway, agency:nora"), "", ["name Wind Board of Norway"]),
        # names that nobody registered
        (STRANGE, FOG, "", ["name Rain Office", "name RO", "name EU"]),
        (STRANGE, FOG, COMMON, ["name Rain Office", "name RO"]),
        (STRANGE, REMARK.format("body:rain"), OFFICE, []),
        (STRANGE, FOG, OFFICE, ["name Rain Office", "name RO"]),
        # wordings of terms and titles are known, those of roles are not
        (WIRE, FOG, "", ["name Wire"]),
        (WIRE, FOG, 'schema:OnlineEventAttendanceMode jhaan:wording "Wire"@en .', []),
        (WIRE, 'topic:fog jhaan:called "the Wire"@en .', "", []),
        (WIRE, FOG, 'jhaan:Organiser jhaan:wording "Wire {who}"@en .', ["name Wire"]),
    ],
)
def test_what_is_not_taken(text: str, stated: str, more: str, left: list[str]) -> None:
    assert [" ".join(one) for one in case_of(text, stated, more).not_taken] == left


@pytest.mark.parametrize(
    ("text", "stated", "names"),
    [
        (ALL, REMARK.format(EVERYONE), ["NORA", "Ada Lantern", "Oslo", "lighthouse keepers"]),
        (LONGER, REMARK.format("cooperation:school"), ["Wind Board of Norway", "NORA"]),
    ],
)
def test_names_that_are_counted(text: str, stated: str, names: list[str]) -> None:
    assert case_of(text, stated).found(MentionKind.NAME) == names


@pytest.mark.parametrize(
    ("more", "number"), [("", 1), ('body:r a jhaan:Body ; rdfs:label "RO of EU"@en .', 0)]
)
def test_common_words_are_counted(more: str, number: int) -> None:
    assert case_of(STRANGE, FOG, COMMON + more).proof.common == number


# ---- Roles

ORGANISED = "The Storm Drill of 3 May was organised by NORA and SUND."
ATTENDED = "The Storm Drill was attended by lighthouse keepers."


@pytest.mark.parametrize(
    ("text", "who", "role", "left"),
    [
        (ORGANISED, "participant agency:nora, agency:sund", "Organiser", []),
        (ORGANISED, "participant agency:nora", "Organiser", ["SUND"]),
        (ORGANISED, "participant agency:nora, agency:sund", "Participant", ["NORA", "SUND"]),
        (ATTENDED, "group group:keepers", "Participant", []),
        (ATTENDED, "group group:observers", "Participant", ["lighthouse keepers"]),
        (ATTENDED, "group group:keepers", "Organiser", ["lighthouse keepers"]),
    ],
)
def test_someone_in_telling_words_must_have_the_role(text: str, who: str, role: str, left: list[str]) -> None:
    part = f"x:p jhaan:inEvent event2023:drill ; jhaan:{who} ; jhaan:role jhaan:{role} ."
    assert [words for kind, words in case_of(text, f"{DRILL} {part}").not_taken if kind == "role"] == left


@pytest.mark.parametrize(
    ("text", "roles"),
    [(ORGANISED, ["NORA", "SUND"]), ("NORA organised the Storm Drill of 3 May with SUND.", [])],
)
def test_only_telling_words_ask_for_a_role(text: str, roles: list[str]) -> None:
    assert case_of(text, DRILL).found(MentionKind.ROLE) == roles


# ---- Which passages are read


LAMPS = "# 1. Lamps\n\n**Table 1. Lamps**\n\nLamps of 2023\t\nNo.\tName\n1\tNORA lamp\n2\tTarn lamp"
ROWS = """
<1/row/1> { x:a jhaan:rowNumber 1 ; jhaan:refersTo agency:nora ; jhaan:inPeriod period:2023 . }
<1/row/2> { x:b jhaan:rowNumber 2 ; jhaan:refersTo agency:tarn ; jhaan:inPeriod period:2023 . }
"""


def test_only_what_was_read_is_searched() -> None:
    two = ["# 1. Storms\n\nOf NORA.\n\nOf SUND."]
    stated = f"<{FIRST}> {{ {REMARK.format('topic:fog')} }}"
    assert report_case(two, stated).not_taken == [("name", "NORA")]
    noted = "x:note jhaan:givesNoFacts <1/paragraph/2> ."
    assert report_case(two, stated, noted).not_taken == [("name", "NORA"), ("name", "SUND")]


def test_a_passage_that_states_nothing_is_noticed_in_a_section_that_was_modelled() -> None:
    report = ["# 1. Storms\n\nOf NORA.\n\nIt rained.", "# 2. Fogs\n\nIt cleared up."]

    def unread(more: str = "") -> list[str]:
        case = report_case(report, f"<{FIRST}> {{ {REMARK.format('agency:nora')} }}", more)
        return [iri.rpartition("/section/")[2] for iri in case.proof.unread]

    assert unread() == ["1/heading", "1/paragraph/2"]
    assert unread("x:n jhaan:givesNoFacts <1/heading> .") == ["1/paragraph/2"]


@pytest.mark.parametrize(
    ("text", "is_read_once"),
    [
        ("Of SUND.", True),
        ("On 4 May 2023.", True),
        ("Three lamps.", True),
        ("Part 3b.", True),
        ("It rained.", False),
    ],
)
def test_a_note_on_what_holds_a_date_a_number_or_a_name_tells_of_the_second_reading(
    text: str, is_read_once: bool
) -> None:
    def read_once(more: str) -> list[str]:
        noted = f"x:note jhaan:givesNoFacts <1/paragraph/2> {more} ."
        case = report_case(
            [f"# 1. Storms\n\nOf NORA.\n\n{text}"], f"<{FIRST}> {{ {REMARK.format('agency:nora')} }}", noted
        )
        return [iri.rpartition("/section/")[2] for iri in case.proof.read_once]

    assert read_once("") == ["1/paragraph/2"] * is_read_once
    assert read_once('; jhaan:secondReading "It found what the graph has elsewhere."@en') == []


def test_what_only_leads_in_is_taken_by_what_it_leads_in_to() -> None:
    noted = 'x:note jhaan:givesNoFacts <1/table-header/1> . x:c jhaan:commonWord "No. Name"@en, "Lamps"@en .'
    case = report_case([LAMPS], ROWS, noted)
    assert case.found(MentionKind.DATE) == ["2023"]
    assert case.not_taken == []
    assert report_case([LAMPS], ROWS.replace("period:2023", "period:2024"), noted).not_taken == [
        ("date", "2023")
    ]


def test_a_lead_in_is_not_counted_once_more() -> None:
    stated = "<1/item/1> { x:a jhaan:refersTo agency:nora . }"
    case = report_case(["# 1. Storms\n\nOf SUND, on 3 May:\n\n- NORA\n- Tarn"], stated)
    assert [one.words for one in case.proof.mentions] == ["NORA"]


def spans(text: PassageText, known: list[tuple[int, int]]) -> list[str]:
    return [" ".join(text.words.tokens[first:last]) for first, last in unknown_names(text, known)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("They told the Rain Office of it.", ["Rain Office"]),
        ("Rain Office staff came.", ["Office"]),  # the first word of a sentence has a capital anyhow
        ("RO came, and so did the RO.", ["RO", "RO"]),
        ("They met the eu-MIST.", ["MIST"]),
        ("They met Rain and Hail.", ["Rain", "Hail"]),
        ("They met NORA Rain.", ["Rain"]),
        ("They told NORA and the Wind Board of Norway of fog.", []),
        ("It rained. Then it hailed! It stopped.", []),
        ("They met on 3 x-rays.", []),
        ("It rained. (Nobody came.)", []),  # a sentence may begin with a sign
        ('They said: yes. "Nobody came."', []),
    ],
)
def test_what_looks_like_a_name(text: str, names: list[str]) -> None:
    first = case_of(text).first
    assert spans(first, [(name.first, name.last) for name in first.names]) == names


@given(
    st.lists(st.sampled_from(["rain", "Rain", "RO", ".", "a"]), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 7), st.integers(1, 3)), max_size=3),
)
def test_unknown_names_are_apart_from_known_ones(words: list[str], known: list[tuple[int, int]]) -> None:
    first = case_of(" ".join(["so", *words])).first
    taken = [(start, start + size) for start, size in known]
    tokens = first.words.tokens
    found = list(unknown_names(first, taken))
    inside = {index for start, end in found for index in range(start, end)}
    assert all(tokens[index][0].isupper() for index in inside)
    assert not inside & {index for start, end in taken for index in range(start, end)}
    acronyms = {index for index, word in enumerate(tokens) if word == "RO"}
    assert acronyms <= inside | {index for start, end in taken for index in range(start, end)}
