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


def not_taken(paragraph: str, triples: str, more: str = "") -> list[tuple[str, str]]:
    return case_of(paragraph, triples, more).not_taken


# ---- Dates


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("3 May 2023", DRILL),
        ("3 May", DRILL),
        ("3 and 4 May", DRILL.replace(" .", ' ; schema:endDate "2023-05-04"^^xsd:date .')),
        ("2023", "event2023:drill jhaan:inPeriod period:2023 ."),
        ("3 May", 'event2023:drill jhaan:called "Drill of 3 May"@en .'),
    ],
)
def test_dates_that_are_taken(text: str, stated: str) -> None:
    case = case_of(f"The Storm Drill, Drill of {text}.", stated)
    assert case.found(MentionKind.DATE) == [text]
    assert ("date", text) not in case.not_taken


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("4 May", DRILL),
        ("3 May 2022", DRILL),
        ("3 and 4 May", DRILL),
        ("May", DRILL),
        ("3 May", "event2023:drill jhaan:inPeriod period:2023 ."),
        ("3 May", 'event2023:drill jhaan:called "Drill"@en .'),
        ("3 May", 'x:r jhaan:summary "on 3 May"@en .'),
    ],
)
def test_dates_that_are_not(text: str, stated: str) -> None:
    assert ("date", text) in not_taken(f"The Storm Drill, Drill of {text}.", stated)


def test_a_day_that_is_mentioned() -> None:
    assert not_taken("It stopped on 3 May.", 'x:r jhaan:mentionsDay "2023-05-03"^^xsd:date .') == []


def test_a_mentioned_day_is_not_its_year() -> None:
    stated = 'x:r jhaan:mentionsDay "2023-05-03"^^xsd:date .'
    assert ("date", "2023") in not_taken("It stopped in 2023, to be exact on 3 May.", stated)


# ---- Numbers


def test_numbers() -> None:
    lamps = "x:q jhaan:value {} ."
    assert not_taken("They had twelve lamps.", lamps.format(12)) == []
    assert not_taken("They had twelve lamps.", lamps.format(13)) == [("number", "twelve")]
    assert not_taken("They had 12 lamps and 7 boats.", lamps.format(12)) == [("number", "7")]
    assert not_taken("They had 12 lamps.", 'x:r jhaan:summary "twelve lamps"@en .') == [("number", "12")]
    assert (
        not_taken("Of the Twelve Lamps school.", 'event2023:drill jhaan:called "Twelve Lamps school"@en .')
        == []
    )


def test_each_value_takes_one_number() -> None:
    text = "They had twelve lamps and 12 boats."
    assert not_taken(text, "x:q jhaan:value 12 .") == [("number", "12")]
    assert not_taken(text, "x:q jhaan:value 12 . x:p jhaan:value 12 .") == []


def test_a_number_in_the_name_of_a_thing_is_not_taken_elsewhere() -> None:
    stated = 'event2023:drill jhaan:called "Drill of 12"@en .'
    assert not_taken("The Drill of 12 had 12 lamps.", stated) == [("number", "12")]


def test_a_place_in_a_list_is_no_number_of_the_text() -> None:
    stated = "topic:fog jhaan:listPosition 1 . agency:nora jhaan:listPosition 2 ."
    assert not_taken("They had two lamps for fog and NORA.", stated) == [("number", "two")]


# ---- Names


def test_bodies_persons_and_places_are_counted() -> None:
    text = "Of NORA, Ada Lantern, Oslo, fog, lighthouse keepers and the Harbour Ring."
    everyone = "agency:nora, person:ada, place:oslo, group:keepers"
    assert case_of(text, REMARK.format(everyone)).found(MentionKind.NAME) == [
        "NORA",
        "Ada Lantern",
        "Oslo",
        "lighthouse keepers",
    ], "neither topics nor the network"
    assert not_taken(text, REMARK.format(everyone)) == []
    for missing, name in {
        "agency:nora": "NORA",
        "person:ada": "Ada Lantern",
        "place:oslo": "Oslo",
        "group:keepers": "lighthouse keepers",
    }.items():
        assert not_taken(text, REMARK.format(everyone.replace(missing, "agency:sund"))) == [("name", name)]


def test_a_name_is_taken_as_subject_but_not_in_our_words() -> None:
    assert not_taken("They met NORA.", "agency:nora jhaan:listPosition 1 .") == []
    assert not_taken("They met NORA.", 'x:r jhaan:summary "NORA was met"@en .') == [("name", "NORA")]


def test_a_collective_word_in_a_title_is_taken_by_the_title() -> None:
    called = 'event2023:drill jhaan:called "Drill of the lighthouse keepers"@en .'
    assert not_taken("The Drill of the lighthouse keepers.", called) == []
    assert not_taken("The Drill of the lighthouse keepers, for lighthouse keepers.", called) == [
        ("name", "lighthouse keepers")
    ]


def test_the_title_of_an_event_does_not_take_the_names_in_it_but_another_name_does() -> None:
    assert not_taken("The NORA drill.", 'event2023:drill jhaan:called "NORA drill"@en .') == [
        ("name", "NORA")
    ]
    assert not_taken("The NORA drill.", 'body:fog-board jhaan:called "NORA drill"@en .') == []


def test_names_inside_longer_ones() -> None:
    text = "Of the Wind Board of Norway and the NORA school for pilots."
    assert case_of(text, REMARK.format("cooperation:school")).found(MentionKind.NAME) == [
        "Wind Board of Norway",
        "NORA",
    ]
    assert not_taken(text, REMARK.format("body:wind-board, cooperation:school")) == [("name", "NORA")]
    assert not_taken(text, REMARK.format("body:wind-board, agency:nora")) == []
    assert not_taken(text, REMARK.format("country:norway, agency:nora")) == [("name", "Wind Board of Norway")]


def test_names_that_nobody_registered() -> None:
    text = "They met the Rain Office and the RO of EU."
    fog = REMARK.format("topic:fog")
    assert not_taken(text, fog) == [("name", "Rain Office"), ("name", "RO"), ("name", "EU")]
    common = 'x:c jhaan:commonWord "EU"@en .'
    assert not_taken(text, fog, common) == [("name", "Rain Office"), ("name", "RO")]
    assert case_of(text, fog, common).proof.common == 1
    assert (
        case_of(text, fog, common + 'body:rain a jhaan:Body ; rdfs:label "RO of EU"@en .').proof.common == 0
    )
    office = 'body:rain a jhaan:Body ; rdfs:label "Rain Office"@en ; jhaan:wording "RO"@en .'
    assert not_taken(text, REMARK.format("body:rain"), common + office) == []
    assert not_taken(text, fog, common + office) == [("name", "Rain Office"), ("name", "RO")]


def test_wordings_of_terms_and_titles_are_known() -> None:
    online = 'schema:OnlineEventAttendanceMode jhaan:wording "Wire"@en .'
    fog = REMARK.format("topic:fog")
    assert not_taken("They met on the Wire.", fog) == [("name", "Wire")]
    assert not_taken("They met on the Wire.", fog, online) == []
    assert not_taken("They met on the Wire.", 'topic:fog jhaan:called "the Wire"@en .') == []
    role = 'jhaan:Organiser jhaan:wording "Wire {who}"@en .'
    assert not_taken("They met on the Wire.", fog, role) == [("name", "Wire")]


# ---- Roles


def test_someone_in_telling_words_must_have_the_role() -> None:
    text = "The Storm Drill of 3 May was organised by NORA and SUND."

    def roles(who: str, role: str = "Organiser") -> list[str]:
        part = f"x:p jhaan:inEvent event2023:drill ; jhaan:participant {who} ; jhaan:role jhaan:{role} ."
        return [words for kind, words in not_taken(text, f"{DRILL} {part}") if kind == "role"]

    assert roles("agency:nora, agency:sund") == []
    assert roles("agency:nora") == ["SUND"]
    assert roles("agency:nora, agency:sund", "Participant") == ["NORA", "SUND"]
    assert case_of(text, DRILL).found(MentionKind.ROLE) == ["NORA", "SUND"]


def test_words_that_do_not_tell_a_role_ask_for_none() -> None:
    assert case_of("NORA organised the Storm Drill of 3 May with SUND.", DRILL).found(MentionKind.ROLE) == []


def test_a_group_may_have_the_role() -> None:
    part = "x:p jhaan:inEvent event2023:drill ; jhaan:group group:keepers ; jhaan:role jhaan:Participant ."
    text = "The Storm Drill was attended by lighthouse keepers."
    assert not_taken(text, part) == []
    assert not_taken(text, part.replace("group:keepers", "group:observers")) == [
        ("name", "lighthouse keepers"),
        ("role", "lighthouse keepers"),
    ]
    assert not_taken(text, part.replace("jhaan:Participant", "jhaan:Organiser")) == [
        ("role", "lighthouse keepers")
    ]


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


def unknown(text: str) -> list[str]:
    first = case_of(text).first
    return spans(first, [(name.first, name.last) for name in first.names])


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
    ],
)
def test_what_looks_like_a_name(text: str, names: list[str]) -> None:
    assert unknown(text) == names


@pytest.mark.parametrize("text", ["It rained. (Nobody came.)", 'They said: yes. "Nobody came."'])
def test_a_sentence_may_begin_with_a_sign(text: str) -> None:
    assert unknown(text) == []


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
