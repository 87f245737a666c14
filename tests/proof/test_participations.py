"""Those who take part are named as whole lists, once, in their role, and where the passage tells of the event."""

from __future__ import annotations

import pytest
from small_proof import Case, case_of, report_case

DRILL = 'event2023:drill schema:startDate "2023-05-03"^^xsd:date .'
REGATTA = 'event2023:regatta schema:startDate "2023-05-05"^^xsd:date .'
AT_REGATTA = "jhaan:inEvent event2023:regatta"
TEXT = "The Storm Drill of 3 May was organised by Tarn and attended by NORA, SUND and eu-VEGA."
ATTENDED = "The Storm Drill of 3 May was attended by {}."
BOTH = "The Storm Drill of 3 May was attended by NORA. The Regatta of 5 May was attended by {}."

LEFT_OUT = "they are part of a list of which others are left out"
NOT_NAMED = "not all are named"
TWICE = "someone is named less often than used for one thing in one role"
ELSEWHERE = "they are named where the passage tells of something else"
REPRESENTED = "someone is named both as taking part and as represented by others"


def part(
    name: str, who: str, role: str = "Participant", target: str = "jhaan:inEvent event2023:drill"
) -> str:
    """Write a participation; agencies by their local names."""
    agencies = ", ".join(f"agency:{agency}" for agency in who.split())
    return f"x:{name} {target} ; jhaan:participant {agencies} ; jhaan:role jhaan:{role} . "


def who(agencies: str, target: str = "jhaan:inEvent event2023:drill") -> str:
    return part("who", agencies, target=target)


def host(agencies: str) -> str:
    return part("host", agencies, "Organiser")


def drill(text: str, *parts: str) -> Case:
    return case_of(text, " ".join([DRILL, *parts]))


def why(case: Case, name: str = "who") -> set[str]:
    """Return what is missing of the statements about a participation."""
    return {problem for statement, problem in case.refused.items() if statement.split()[0] == name}


HEAD = (
    "x:head jhaan:inEvent event2023:drill ; jhaan:participant position:head ; jhaan:role jhaan:Participant ."
)
NOBODY = "x:who jhaan:inEvent event2023:drill ; jhaan:role jhaan:Participant"
KEEPERS = "x:who jhaan:inEvent event2023:drill ; jhaan:group group:keepers ; jhaan:role jhaan:Participant ."
BEHALF = "x:who jhaan:onBehalfOf agency:sund ."
APART = "The Storm Drill of 3 May was attended by Tarn; then, on their own, NORA and SUND took part."
ORGANISED = "NORA and SUND organised the Storm Drill of 3 May. NORA and SUND took part in {}."
HEAD_CAME = ATTENDED.format("the Head of Tarn and SUND")


def test_whole_lists_in_their_roles_are_proven() -> None:
    case = drill(TEXT, host("tarn"), who("nora sund eu-vega"))
    assert case.refused == {}
    assert case.proven == {
        "drill startDate 2023-05-03",
        "host inEvent drill",
        "host participant tarn",
        "host role Organiser",
        "who inEvent drill",
        "who participant nora",
        "who participant sund",
        "who participant eu-vega",
        "who role Participant",
    }


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("NORA and SUND took part in the Storm Drill of 3 May.", [who("nora sund")]),
        # a list may be divided, as into agencies and others, if all of it is stated of the same event
        (ATTENDED.format("NORA, SUND and Tarn"), [who("nora sund"), part("others", "tarn")]),
        (APART, [part("first", "tarn"), who("nora sund")]),
        # the same list in another role, or for another event
        (ORGANISED.format("it"), [host("nora sund"), who("nora sund")]),
        (
            ORGANISED.format("the Regatta of 5 May"),
            [REGATTA, host("nora sund"), who("nora sund", AT_REGATTA)],
        ),
        (BOTH.format("SUND"), [REGATTA, who("nora"), part("others", "sund", target=AT_REGATTA)]),
        (
            BOTH.format("NORA and SUND"),
            [REGATTA, who("nora"), part("others", "nora sund", target=AT_REGATTA)],
        ),
        (ATTENDED.format("lighthouse keepers"), [KEEPERS]),
        (HEAD_CAME, [HEAD, who("sund")]),
    ],
)
def test_what_is_proven(text: str, parts: list[str]) -> None:
    assert drill(text, *parts).refused == {}


@pytest.mark.parametrize(
    ("text", "parts", "problems"),
    [
        (ATTENDED.format("NORA and SUND"), [who("nora sund eu-vega")], {NOT_NAMED}),
        (
            ATTENDED.format("NORA, SUND and Tarn"),
            [who("nora sund"), part("x", "tarn", target=AT_REGATTA)],
            {LEFT_OUT},
        ),
        (TEXT, [host("tarn"), who("nora sund eu-vega"), part("again", "nora sund eu-vega")], {TWICE}),
        (BOTH.format("SUND"), [REGATTA, who("sund"), part("o", "nora", target=AT_REGATTA)], {ELSEWHERE}),
        (ATTENDED.format("ring observers"), [KEEPERS], {NOT_NAMED}),
        # the network is no item of the list of its members
        (ATTENDED.format("the Harbour Ring, NORA and SUND"), [who("nora")], {LEFT_OUT}),
        ("The Storm Drill of 3 May took part.", [f"{NOBODY} ."], {"no one is named"}),
    ],
)
def test_what_is_missing(text: str, parts: list[str], problems: set[str]) -> None:
    assert why(drill(text, *parts)) == problems


@pytest.mark.parametrize(
    ("text", "parts", "refused"),
    [
        # one who is added from another list; two who change places
        (TEXT, [host("tarn"), who("nora sund eu-vega tarn")], {"who role Participant"}),
        (
            "The Storm Drill of 3 May was organised by NORA and attended by SUND.",
            [host("sund"), who("nora")],
            {"host role Organiser", "who role Participant"},
        ),
        # some in the role are not all
        (
            "At the Storm Drill of 3 May NORA took part, and SUND spoke.",
            [who("nora sund")],
            {"who role Participant"},
        ),
        (
            "The Storm Drill of 3 May.",
            [f"{NOBODY} ; jhaan:notStated jhaan:participant ."],
            {"who role Participant"},
        ),
        (ATTENDED.format("the Harbour Ring, NORA and SUND"), [who("nora sund")], {"who role Participant"}),
        # someone named only inside a longer name
        (HEAD_CAME, [who("tarn")], {"who role Participant"}),
    ],
)
def test_what_is_refused(text: str, parts: list[str], refused: set[str]) -> None:
    assert set(drill(text, *parts).refused) == refused


@pytest.mark.parametrize("agencies", ["nora sund", "nora sund tarn", "nora"])
def test_part_of_a_list_is_not_proven(agencies: str) -> None:
    """One is left out, or swapped for a sibling that the passage names elsewhere; the other list stays proven."""
    case = drill(TEXT, host("tarn"), who(agencies))
    assert case.refused == dict.fromkeys(
        [
            "who inEvent drill",
            "who role Participant",
            *(f"who participant {agency}" for agency in agencies.split()),
        ],
        LEFT_OUT,
    )


def test_a_role_without_its_words() -> None:
    case = drill("NORA and SUND were at the Storm Drill of 3 May.", who("nora sund"))
    assert set(case.refused) == {"who role Participant"}
    assert "pattern" in case.refused["who role Participant"]


@pytest.mark.parametrize(("agencies", "is_refused"), [("nora tarn", False), ("nora tarn sund", True)])
def test_who_is_represented_is_not_there_beside_the_others(agencies: str, is_refused: bool) -> None:
    case = drill(ATTENDED.format("NORA and Tarn for SUND"), who(agencies), BEHALF)
    assert (REPRESENTED in why(case)) == is_refused


def test_someone_of_another_list_or_event() -> None:
    """Tarn is named once, in the list of those who came first."""
    assert why(drill(APART, part("first", "tarn"), who("nora sund tarn"))) != set()
    others = part("others", "nora", target=AT_REGATTA)
    case = drill(BOTH.format("NORA and SUND"), REGATTA, who("nora sund"), others)
    assert why(case)
    assert why(case, "others")
    assert why(drill(BOTH.format("SUND"), REGATTA, who("sund"), others), "others") == {ELSEWHERE}


@pytest.mark.parametrize(
    ("text", "stated", "refused"),
    [
        ("NORA took part in it.", who("nora"), {"who inEvent drill"}),
        ("NORA took part in the Storm Drill.", who("nora"), set()),
        ("The Storm Drill.", "x:topic jhaan:inEvent event2023:drill .", set()),
        ("The storm games.", "x:topic jhaan:inEvent event2023:drill .", {"topic inEvent drill"}),
    ],
)
def test_the_event_must_be_named_too(text: str, stated: str, refused: set[str]) -> None:
    assert set(case_of(text, stated).refused) == refused


def test_a_participation_in_nothing() -> None:
    case = case_of("NORA took part.", "x:who jhaan:participant agency:nora ; jhaan:role jhaan:Participant .")
    assert why(case) == {"it does not say in what they took part"}


LEAD_IN = "The Storm Drill of 3 May was attended by NORA and SUND, who had:\n\n- lamps\n- boats"
PARAGRAPHS = "The Storm Drill of 3 May was attended by NORA.\n\nSUND and NORA met."


@pytest.mark.parametrize(
    ("text", "place", "agencies", "problems"),
    [
        (LEAD_IN, "item", "nora sund", set()),
        (LEAD_IN, "item", "nora sund tarn", {NOT_NAMED}),
        (PARAGRAPHS, "paragraph", "nora", set()),
        (PARAGRAPHS, "paragraph", "nora sund", {NOT_NAMED}),
    ],
)
def test_names_in_the_lead_in_count_and_those_in_another_paragraph_do_not(
    text: str, place: str, agencies: str, problems: set[str]
) -> None:
    case = report_case([f"# 1. Storms\n\n{text}"], f"<1/{place}/1> {{ {DRILL} {who(agencies)} }}")
    assert set(case.refused.values()) == problems


# ---- Memberships and plain lists


@pytest.mark.parametrize(
    ("members", "problems"),
    [
        ("agency:nora, agency:sund, agency:tarn", set()),
        ("agency:nora, agency:sund", {LEFT_OUT}),
        ("agency:nora, agency:sund, agency:tarn, agency:eu-vega", {NOT_NAMED}),
    ],
)
def test_members_are_whole_lists_too(members: str, problems: set[str]) -> None:
    stated = f"x:who org:organization body:ring ; org:member {members} ."
    assert set(case_of("The Harbour Ring has NORA, SUND and Tarn.", stated).refused.values()) == problems


@pytest.mark.parametrize(
    ("agencies", "refused"), [("nora sund", set()), ("nora", {"nora"}), ("nora eu-vega", {"nora", "eu-vega"})]
)
def test_values_of_a_plain_list_are_the_whole_list(agencies: str, refused: set[str]) -> None:
    values = ", ".join(f"agency:{agency}" for agency in agencies.split())
    text = "The Wind Board of Norway comprises NORA and SUND, but not Tarn."
    case = case_of(text, f"body:wind-board jhaan:comprises {values} .")
    assert set(case.refused) == {f"wind-board comprises {agency}" for agency in refused}


def test_values_of_a_property_with_a_pattern_stand_in_it() -> None:
    stated = "topic:fog jhaan:proposedBy agency:{} ."
    text = "NORA proposed fog to SUND."
    assert case_of(text, stated.format("nora")).refused == {}
    assert case_of(text, stated.format("sund")).refused == {
        "fog proposedBy sund": "no pattern of words stands around the name"
    }


def test_one_with_another_role_left_out() -> None:
    text = "SUND and NORA took part in the Storm Drill of 3 May, which was organised by SUND."
    assert drill(text, who("nora"), host("sund")).refused != {}
    text = "The Storm Drill of 3 May was organised by SUND and attended by NORA and SUND."
    assert drill(text, who("nora"), host("sund")).not_taken == [("role", "SUND")], "the search for roles"


@pytest.mark.parametrize(("agencies", "is_whole"), [("nora sund", True), ("nora", False), ("sund", False)])
def test_words_for_several_stand_for_all_of_them(agencies: str, is_whole: bool) -> None:
    text = "NORA and SUND have a boat. The Storm Drill of 3 May was attended by the pair."
    wording = (
        'x:w jhaan:wordingOf agency:nora, agency:sund ; jhaan:printed "the pair"@en ; jhaan:standsIn <1> .'
    )
    case = case_of(text, f"{DRILL} {who(agencies)} agency:nora a x:Seen . agency:sund a x:Seen .", wording)
    assert (why(case) == set()) == is_whole
    assert (case.not_taken == []) == is_whole
