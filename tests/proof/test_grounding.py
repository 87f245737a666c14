"""From graph to text: each way of finding a value has a case that is found and the nearest one that is not."""

from __future__ import annotations

import pytest
from small_proof import Case, case_of, report_case

from jhaan_kg.proof.grounding import Ground

DRILL = 'event2023:drill schema:startDate "2023-05-03"^^xsd:date .'


def refused(paragraph: str, triples: str, more: str = "") -> set[str]:
    return set(case_of(paragraph, triples, more).refused)


def on(first: str, last: str = "", event: str = "event2023:drill") -> str:
    """Write the days of an event."""
    end = f' ; schema:endDate "{last}"^^xsd:date' if last else ""
    return f'{event} schema:startDate "{first}"^^xsd:date{end} .'


IN_OSLO = "event2023:drill schema:location place:oslo ."
IN_NORWAY = "event2023:drill schema:location country:norway ."
IN_2023 = "event2023:drill jhaan:inPeriod period:2023 ."
IN_2024 = "event2023:drill jhaan:inPeriod period:2024 ."
TWO_DAYS = "The Storm Drill took place on 3 May. The Regatta took place on 5 May."
FOG_12 = "topic:fog jhaan:rowNumber 12 ."
BLOW = "The Big Blow\u2019s storm \u2013 on \u201cFjords\u201d \u2013 came."
AT_SPRING = "x:i jhaan:atEvent event2023:spring-oslo ."
SPRING_ON_3_MAY = AT_SPRING + on("2023-05-03", event="event2023:spring-oslo")
AT_DRILL = "x:i jhaan:atEvent event2023:drill ."
FOR_BOATS = 'event2023:regatta jhaan:wording "Storm Drill for boats"@en .'
MASTER = 'position:master a jhaan:Position ; rdfs:label "Harbour Master"@en .'
IN_NORA = "position:master jhaan:positionIn agency:nora ."
TWO_MODES = "The Storm Drill was online. The Regatta in Oslo was hybrid."
REGATTA = 'event2023:regatta jhaan:called "Regatta"@en .'
TWO_NAMES = "The Storm Drill and the Regatta."
HYBRID = "The Storm Drill was hybrid, all else online."
MODE = "schema:{}EventAttendanceMode"
BESIDE = '; jhaan:formatWording "hybrid"@en'
MIXED, ONLINE = "drill mode MixedEventAttendanceMode", "drill mode OnlineEventAttendanceMode"
NAMED = "They named NORA, SUND and fog."


def called(words: str) -> str:
    return f'event2023:drill jhaan:called "{words}"@en .'


def listed(**positions: int) -> str:
    """Write the places of things in a list; agencies by their local names."""
    things = {"fog": "topic:fog"}
    return "".join(
        f"{things.get(name, f'agency:{name}')} jhaan:listPosition {at} . " for name, at in positions.items()
    )


@pytest.mark.parametrize(
    ("paragraph", "triples", "expected"),
    [
        # a period is found by exactly its days
        ("The Storm Drill of 2023.", IN_2023, set()),
        ("The Storm Drill of earlier in the year.", IN_2023, set()),
        ("The Storm Drill of 2024.", IN_2023, {"drill inPeriod 2023"}),
        ("The Storm Drill of May 2023.", IN_2023, {"drill inPeriod 2023"}),
        ("The Storm Drill of 2023.", IN_2024, {"drill inPeriod 2024"}),
        # a quarter or a year names no event
        ("The games of 2023 in Oslo.", IN_2023 + IN_OSLO, {"drill inPeriod 2023", "drill location oslo"}),
        # the dates of two events; a span of two dates that are apart
        (TWO_DAYS, on("2023-05-03") + on("2023-05-05", event="event2023:regatta"), set()),
        (
            TWO_DAYS,
            on("2023-05-05") + on("2023-05-03", event="event2023:regatta"),
            {"drill startDate 2023-05-05", "regatta startDate 2023-05-03"},
        ),
        (
            TWO_DAYS,
            on("2023-05-03", "2023-05-05"),
            {"drill startDate 2023-05-03", "drill endDate 2023-05-05"},
        ),
        # numbers
        ("No. 12: fog.", FOG_12, set()),
        ("No. twelve: fog.", FOG_12, set()),
        ("No. 12: fog.", "topic:fog jhaan:rowNumber 2 .", {"fog rowNumber 2"}),
        ("12 May: fog.", FOG_12, {"fog rowNumber 12"}),
        # words as printed; the first letter of a name may be small or a capital
        (BLOW, called("Big Blow's storm"), set()),
        (BLOW, called("Big Blow\u2019s storm - on"), set()),
        (BLOW, called("big Blow's"), set()),
        (BLOW, called("Big blow"), {"drill called Big blow"}),
        (BLOW, called("Big storm"), {"drill called Big storm"}),
        (BLOW, called("Big Blows"), {"drill called Big Blows"}),
        (BLOW, called(""), {"drill called "}),
        # names: labels and recorded wordings
        ("The Storm Drill in Oslo.", IN_OSLO, set()),
        ("The Storm Drill in the north.", IN_OSLO, {"drill location oslo"}),
        ("The Storm Drill in Norway.", IN_OSLO, {"drill location oslo"}),
        ("The Storm Drill in Oslos.", IN_OSLO, {"drill location oslo"}),
        # a name that two events share does not say which is meant, unless the passage states something of it
        ("At the Spring Meeting of 3 May.", AT_SPRING, {"i atEvent spring-oslo"}),
        ("At the meeting in Oslo.", AT_SPRING, set()),
        ("At the Spring Meeting of 3 May.", SPRING_ON_3_MAY, set()),
        ("At the Spring Meeting of 4 May.", SPRING_ON_3_MAY, {"spring-oslo startDate 2023-05-03"}),
        # a name inside the longer name of another event
        ("At the Night Storm Drill.", AT_DRILL, {"i atEvent drill"}),
        ("At the Night Storm Drill and the Storm Drill.", AT_DRILL, set()),
        ("At the Night Storm Drill.", "x:i jhaan:atEvent event2023:night-drill .", set()),
        # a place in a list of those who took part is no location
        ("The Storm Drill in Norway.", IN_NORWAY, set()),
        ("The Storm Drill with NORA and Norway.", IN_NORWAY, {"drill location norway"}),
        # the mode, the place or the name of another event of the passage
        (TWO_MODES, "event2023:drill jhaan:mode schema:MixedEventAttendanceMode .", {MIXED}),
        (TWO_MODES, IN_OSLO, {"drill location oslo"}),
        (TWO_NAMES, called("Storm Drill") + REGATTA, set()),
        (TWO_NAMES, called("Regatta") + REGATTA, {"drill called Regatta", "regatta called Regatta"}),
        # a mode is what the words beside it say; without such words those of the passage count
        (HYBRID, f"event2023:drill jhaan:mode {MODE.format('Mixed')} {BESIDE} .", set()),
        (HYBRID, f"event2023:drill jhaan:mode {MODE.format('Online')} {BESIDE} .", {ONLINE}),
        (HYBRID, f"event2023:drill jhaan:mode {MODE.format('Online')} .", set()),
        (HYBRID, f"event2023:drill jhaan:mode {MODE.format('Offline')} .", {ONLINE.replace("On", "Off")}),
        # own words with a long dash
        (
            "Fog, 2022\u20132024.",
            'x:r jhaan:about topic:fog ; jhaan:summary "Fog in 2022\u20132024."@en .',
            set(),
        ),
        # a position must be beside its body, at most four words away, or have it in its name
        ("The Head of Tarn met at NORA.", "position:head jhaan:positionIn agency:tarn .", set()),
        # the order of mention
        (NAMED, listed(nora=1, sund=2, fog=3), set()),
        (NAMED, listed(nora=2, sund=1, fog=3), {"nora listPosition 2", "sund listPosition 1"}),
        (NAMED, listed(nora=1, tarn=2), {"tarn listPosition 2"}),
    ],
)
def test_a_value_in_a_paragraph(paragraph: str, triples: str, expected: set[str]) -> None:
    assert refused(paragraph, triples) == expected


@pytest.mark.parametrize(
    ("paragraph", "triples", "more", "expected"),
    [
        ("The Storm Drill in the north.", IN_OSLO, 'place:oslo jhaan:wording "the north"@en .', set()),
        ("At the Storm Drill for boats.", AT_DRILL, FOR_BOATS, {"i atEvent drill"}),
        ("At the Storm Drill for all.", AT_DRILL, FOR_BOATS, set()),
        ("The Harbour Master, NORA and all.", IN_NORA, MASTER, set()),
        ("The Harbour Master met the people who work at NORA.", IN_NORA, MASTER, {"master positionIn nora"}),
    ],
)
def test_a_value_with_names_of_the_lexicon(
    paragraph: str, triples: str, more: str, expected: set[str]
) -> None:
    assert refused(paragraph, triples, more) == expected


# ---- Dates


@pytest.mark.parametrize("text", ["3 May 2023", "3 May", "May 3, 2023", "3rd May"])
def test_a_day_that_stands_there(text: str) -> None:
    assert refused(f"The Storm Drill took place on {text}.", on("2023-05-03")) == set()


@pytest.mark.parametrize("day", ["2023-05-02", "2023-05-04", "2022-05-03", "2023-06-03"])
@pytest.mark.parametrize("text", ["3 May 2023", "3 May", "May 3, 2023"])
def test_another_day(text: str, day: str) -> None:
    case = case_of(f"The Storm Drill took place on {text}.", on(day))
    assert case.refused == {f"drill startDate {day}": "no such date stands there"}


def test_the_sides_of_a_span() -> None:
    text = "The Storm Drill took place on 3-5 May."
    assert refused(text, on("2023-05-03", "2023-05-05")) == set()
    for first, last in (("03", "04"), ("05", "05"), ("03", "03"), ("03", "")):
        days = on(f"2023-05-{first}", last and f"2023-05-{last}")
        assert len(refused(text, days)) == days.count("schema:"), "the span is found as a whole or not at all"


def test_a_date_in_another_passage_does_not_count() -> None:
    case = report_case(
        ["# 1. Storms\n\nThe Storm Drill.\n\nIt was on 3 May."], f"<1/paragraph/1> {{ {DRILL} }}"
    )
    assert set(case.refused) == {"drill startDate 2023-05-03"}


# ---- Names


def test_the_subject_must_be_named() -> None:
    stated = "event2023:drill schema:location place:oslo ."
    case = case_of("The storm games in Oslo.", stated)
    assert case.refused == {"drill location oslo": "the passage does not name what it would be said of"}
    assert refused("The games of 3 May in Oslo.", stated + DRILL) == set(), "its date stands for an event"
    assert refused("The games of 4 May in Oslo.", stated + DRILL) != set()


def test_an_event_may_be_named_by_the_heading_but_a_body_may_not() -> None:
    def under(heading: str, triples: str) -> set[str]:
        return set(
            report_case([f"# 1. {heading}\n\nIt was in Oslo."], f"<1/paragraph/1> {{ {triples} }}").refused
        )

    drill, body = (
        "event2023:drill schema:location place:oslo .",
        "body:fog-board schema:location place:oslo .",
    )
    assert under("Storm Drill", drill) == set()
    assert under("Regatta", drill) == {"drill location oslo"}
    assert under("Fog Board", body) == {"fog-board location oslo"}
    assert refused("The Fog Board was in Oslo.", body) == set()


def test_a_name_must_have_a_thing() -> None:
    case = case_of("The Storm Drill in Oslo.", 'event2023:drill schema:location "Oslo"@en .')
    assert case.refused == {"drill location Oslo": "a name is looked for, but the value is no thing"}


def test_a_node_of_ours_needs_no_name_where_the_passage_tells_of_it() -> None:
    stated = "x:i jhaan:rowNumber 12 ; jhaan:refersTo x:j ."
    case = case_of("12 lamps.", f"{stated} x:j jhaan:rowNumber 12 .")
    assert case.refused == {}
    assert case.claim("i refersTo j").ground is Ground.DECLARED, "nothing in the words shows the link"
    assert refused("12 lamps.", stated) == {"i refersTo j"}


def test_words_may_stand_for_a_thing_in_some_passages_only() -> None:
    report = ["# 1. Storms\n\nIn the storm city.\n\nIn the storm city.", "# 2. Fogs\n\nIn the storm city."]
    stated = "".join(
        f"<{place}> {{ x:r jhaan:refersTo place:oslo . }}"
        for place in ("1/paragraph/1", "1/paragraph/2", "2/paragraph/1")
    )

    def refused_in(where: str) -> list[str]:
        wording = f'x:w jhaan:wordingOf place:oslo ; jhaan:printed "storm city"@en {where} .'
        case = report_case(report, stated, wording)
        return [claim.passage.rpartition("/section/")[2] for claim in case.proof.not_proven]

    assert refused_in("") == []
    assert refused_in("; jhaan:standsIn <1/paragraph/2>") == ["1/paragraph/1", "2/paragraph/1"]
    assert refused_in("; jhaan:standsIn <1>") == ["2/paragraph/1"]
    assert refused_in("; jhaan:standsIn <1/paragraph/1>, <2>") == ["1/paragraph/2"]


def test_a_note_is_read_with_the_sentence_that_has_its_mark() -> None:
    def noted(text: str) -> dict[str, str]:
        stated = "<1/footnote/1> { event2023:drill schema:location place:oslo . }"
        return report_case([f"# 1. Storms\n\n{text}\n\n<sup>1</sup> Held in Oslo."], stated).refused

    assert noted("The Storm Drill came.<sup>1</sup> The Regatta followed.") == {}
    assert set(noted("The Storm Drill came. The Regatta followed.<sup>1</sup>")) == {"drill location oslo"}


# ---- Wordings, order, passages


def test_the_order_of_items_in_words_of_ours() -> None:
    def items(*positions: int) -> str:
        return "".join(
            f'x:item{at} jhaan:atEvent event2023:drill ; jhaan:listPosition {at} ; jhaan:summary "a matter"@en . '
            for at in positions
        )

    assert refused("The Storm Drill had rain, then hail.", items(1, 2)) == set()
    aims = 'x:aim jhaan:about topic:fog ; jhaan:listPosition 1 ; jhaan:summary "more light"@en .'
    assert refused("They aimed at more light.", aims) == set(), "a remark may have nothing that words show"
    trig = f"<1/item/2> {{{{ {items(1)} }}}}".replace("{{", "{").replace("}}", "}")
    told = report_case(["# 1. Storm Drill\n\nThe Storm Drill had:\n\n- rain\n- hail"], trig)
    assert set(told.refused) == {"item1 listPosition 1"}, "a list item has a number that shows"
    within = f"<1/item/2> {{ {items(1, 2)} }}"
    text = "# 1. Storm Drill\n\nThe Storm Drill had:\n\n- rain\n- hail, then snow"
    assert set(report_case([text], within).refused) == set(), "several are a list within the item"


def test_the_number_of_an_item() -> None:
    def item(position: int) -> set[str]:
        trig = f"<1/item/2> {{ topic:fog jhaan:listPosition {position} . }}"
        return set(report_case(["# 1. Storms\n\nThey named:\n\n- rain\n- fog"], trig).refused)

    assert item(2) == set()
    assert item(1) == {"fog listPosition 1"}


def test_the_passage_itself() -> None:
    trig = "<1/paragraph/1> {{ event2023:drill jhaan:timelineEntry <1/paragraph/{}> . }}"
    sections = ["# 1. Storms\n\nThe Storm Drill.\n\nThe Storm Drill again."]
    assert report_case(sections, trig.format(1)).refused == {}
    assert report_case(sections, trig.format(2)).refused == {
        "drill timelineEntry 2": "the value is another passage"
    }


# ---- Statements without form in a text


def test_a_property_of_which_nothing_is_declared() -> None:
    case = case_of("The Storm Drill.", 'event2023:drill jhaan:edition "Storm"@en .')
    assert case.claim("drill edition Storm").ground is Ground.UNDECLARED
    assert set(case.refused) == {"drill edition Storm"}


def test_what_has_no_form_needs_the_company_of_what_is_proven() -> None:
    stated = DRILL + "event2023:drill jhaan:basis jhaan:Named ."
    assert case_of("The Storm Drill of 3 May.", stated).claim("drill basis Named").ground is Ground.DECLARED
    alone = case_of("The Storm Drill of 4 May.", stated)
    assert alone.refused["drill basis Named"] == "the passage proves nothing else of what it is about"


def test_what_has_no_form_is_refused_in_a_passage_that_proves_nothing_of_it() -> None:
    trig = f"<1/paragraph/1> {{ {DRILL} }} <1/paragraph/2> {{ event2023:drill jhaan:basis jhaan:Named . }}"
    case = report_case(["# 1. Storms\n\nThe Storm Drill of 3 May.\n\nNothing of it."], trig)
    assert set(case.refused) == {"drill basis Named"}


def test_a_remark_stands_alone_but_all_of_it_in_the_same_passages() -> None:
    def remark(place: str) -> Case:
        trig = (
            '<1/paragraph/1> {{ x:r jhaan:about topic:fog . }} <{}> {{ x:r jhaan:summary "It rained."@en . }}'
        )
        return report_case(["# 1. Storms\n\nIt rained.\n\nIt snowed."], trig.format(place))

    assert remark("1/paragraph/1").refused == {}
    assert set(remark("1/paragraph/2").refused) == {"r about fog", "r summary It rained."}


# ---- Our own words


@pytest.mark.parametrize(
    "words",
    [
        "On 3 May 12 lamps burnt at NORA in Oslo.",
        "Twelve lamps of NORA, on May 3, 2023.",
        "There was no wind, and Nobody cared.",  # who is unknown is no name
        "The ring's drills.",
    ],
)
def test_own_words_with_what_stands_there(words: str) -> None:
    assert (
        refused(
            "3 May: NORA in Oslo, twelve lamps.", f'x:r jhaan:about topic:fog ; jhaan:summary "{words}"@en .'
        )
        == set()
    )


@pytest.mark.parametrize(
    ("words", "invented"),
    [
        ("On 4 May lamps burnt.", "4 May"),
        ("In 2023 lamps burnt.", "2023"),
        ("13 lamps burnt.", "13"),
        ("Three lamps burnt.", "Three"),
        ("On 3 May 3 lamps burnt.", "3"),
        ("SUND burnt lamps.", "SUND"),
        ("It burnt in Norway.", "Norway"),
        ("Ada Lantern's lamps.", "Ada Lantern"),
        ("The Wind Board of Norway burnt lamps.", "Wind Board of Norway"),
    ],
)
def test_own_words_with_something_invented(words: str, invented: str) -> None:
    case = case_of(
        "3 May: NORA in Oslo, twelve lamps.", f'x:r jhaan:about topic:fog ; jhaan:summary "{words}"@en .'
    )
    (problem,) = case.refused.values()
    assert f"“{invented}”" in problem


GROUNDED = """
jhaan:ofBody jhaan:grounded jhaan:ByName .
jhaan:onBehalfOf jhaan:grounded jhaan:ByName .
org:subOrganizationOf jhaan:grounded jhaan:ByName .
"""
THINGS = """
system:beacon a jhaan:Thing ; rdfs:label "Beacon"@en .
system:nora-log a jhaan:Thing ; rdfs:label "NORA log"@en ; jhaan:wording "log"@en .
position:master a jhaan:Position ; rdfs:label "Harbour Master"@en ; jhaan:positionIn agency:nora .
"""


def problem(text: str, stated: str, claim: str) -> str | None:
    """Return what speaks against a statement; None if nothing does."""
    return case_of(text, stated, GROUNDED + THINGS).refused.get(claim)


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ("NORA opened its Beacon.", False),
        ("SUND runs the Beacon of NORA.", False),
        ("NORA met SUND, which opened the Beacon.", True),
        ("NORA came. SUND opened the Beacon.", True),
        ("The Beacon was opened by SUND for NORA.", True),
    ],
)
def test_no_other_agency_stands_between_a_thing_and_the_one_whose_it_is(text: str, is_wrong: bool) -> None:
    found = problem(text, "system:beacon jhaan:ofBody agency:nora .", "beacon ofBody nora")
    assert found == ("another agency is named between the two" if is_wrong else None)


def test_what_is_called_after_an_agency_is_of_that_one() -> None:
    text = "SUND and NORA use the log."
    assert problem(text, "system:nora-log jhaan:ofBody agency:nora .", "nora-log ofBody nora") is None
    found = problem(text, "system:nora-log jhaan:ofBody agency:sund .", "nora-log ofBody sund")
    assert found == "it is called after another agency"


def test_who_is_referred_to_is_named_in_our_own_words_if_they_name_anyone() -> None:
    def refers(summary: str) -> str | None:
        stated = (
            f'x:a jhaan:refersTo agency:nora ; jhaan:about event2023:drill ; jhaan:summary "{summary}"@en .'
        )
        return problem("At the Storm Drill NORA spoke with SUND.", stated, "a refersTo nora")

    assert refers("NORA spoke.") is None
    assert refers("They spoke.") is None
    assert refers("SUND listened.") == "our own words on it name another agency"


def test_a_position_acts_on_behalf_of_the_body_that_it_is_in() -> None:
    def acts(agency: str) -> str | None:
        stated = f"""x:a jhaan:inEvent event2023:drill ; jhaan:participant position:master ;
            jhaan:role jhaan:Participant ; jhaan:onBehalfOf agency:{agency} ."""
        text = "The Harbour Master of NORA took part in the Storm Drill with SUND."
        return problem(text, stated, f"a onBehalfOf {agency}")

    assert acts("nora") is None
    assert acts("sund") == "those named hold positions in other bodies"
