"""Those who take part are named as whole lists, once, in their role, and where the passage tells of the event."""

from __future__ import annotations

import pytest
from small_proof import Case, case_of, report_case

DRILL = 'event2023:drill schema:startDate "2023-05-03"^^xsd:date .'
REGATTA = 'event2023:regatta schema:startDate "2023-05-05"^^xsd:date .'
TEXT = "The Storm Drill of 3 May was organised by Tarn and attended by NORA, SUND and eu-VEGA."


def part(
    name: str, who: str, role: str = "Participant", target: str = "jhaan:inEvent event2023:drill"
) -> str:
    """Write a participation; agencies by their local names."""
    agencies = ", ".join(f"agency:{agency}" for agency in who.split())
    return f"x:{name} {target} ; jhaan:participant {agencies} ; jhaan:role jhaan:{role} . "


def drill(text: str, *parts: str) -> Case:
    return case_of(text, " ".join([DRILL, *parts]))


def why(case: Case, name: str = "who") -> set[str]:
    """Return what is missing of the statements about a participation."""
    return {problem for statement, problem in case.refused.items() if statement.split()[0] == name}


ORGANISER = part("host", "tarn", "Organiser")


def test_whole_lists_in_their_roles_are_proven() -> None:
    case = drill(TEXT, ORGANISER, part("who", "nora sund eu-vega"))
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
    ("who", "problem"),
    [
        ("nora sund", "left out"),  # one is left out
        ("nora sund tarn", "left out"),  # one is swapped for a sibling that the passage names elsewhere
        ("nora", "left out"),
    ],
)
def test_part_of_a_list_is_not(who: str, problem: str) -> None:
    case = drill(TEXT, ORGANISER, part("who", who))
    (found,) = why(case)
    assert problem in found
    assert why(case, "host") == set(), "the other list stays proven"
    assert {one for one in case.refused if one.startswith("who")} == {
        "who inEvent drill",
        "who role Participant",
        *(f"who participant {agency}" for agency in who.split()),
    }


def test_one_who_is_not_named() -> None:
    case = drill("The Storm Drill of 3 May was attended by NORA and SUND.", part("who", "nora sund eu-vega"))
    assert why(case) == {"not all are named"}


def test_one_who_is_added_from_another_list_is_not_in_the_role() -> None:
    case = drill(TEXT, ORGANISER, part("who", "nora sund eu-vega tarn"))
    assert set(case.refused) == {"who role Participant"}


def test_two_who_change_places_are_not_in_their_roles() -> None:
    text = "The Storm Drill of 3 May was organised by NORA and attended by SUND."
    case = drill(text, part("host", "sund", "Organiser"), part("who", "nora"))
    assert set(case.refused) == {"host role Organiser", "who role Participant"}


def test_a_role_without_its_words() -> None:
    text = "NORA and SUND were at the Storm Drill of 3 May."
    case = drill(text, part("who", "nora sund"))
    assert set(case.refused) == {"who role Participant"}
    assert "pattern" in case.refused["who role Participant"]
    assert drill(text.replace("were at", "took part in"), part("who", "nora sund")).refused == {}


def test_some_in_the_role_are_not_all() -> None:
    text = "At the Storm Drill of 3 May NORA took part, and SUND spoke."
    assert set(drill(text, part("who", "nora sund")).refused) == {"who role Participant"}


def test_parts_of_a_list_may_be_stated_apart() -> None:
    """A list may be divided, as into agencies and others, if all of it is stated of the same event."""
    text = "The Storm Drill of 3 May was attended by NORA, SUND and Tarn."
    assert drill(text, part("who", "nora sund"), part("others", "tarn")).refused == {}
    apart = case_of(
        text,
        f"{DRILL} {part('who', 'nora sund')} {part('x', 'tarn', target='jhaan:inEvent event2023:regatta')}",
    )
    assert "left out" in "".join(why(apart))


def test_the_same_list_twice() -> None:
    case = drill(TEXT, ORGANISER, part("who", "nora sund eu-vega"), part("again", "nora sund eu-vega"))
    assert (
        why(case) == why(case, "again") == {"someone is named less often than used for one thing in one role"}
    )
    assert why(case, "host") == set()


def test_who_is_represented_is_not_there_beside_the_others() -> None:
    text = "The Storm Drill of 3 May was attended by NORA and Tarn for SUND."
    problem = "someone is named both as taking part and as represented by others"
    behalf = "x:who jhaan:onBehalfOf agency:sund ."
    assert problem not in why(drill(text, part("who", "nora tarn"), behalf))
    assert problem in why(drill(text, part("who", "nora tarn sund"), behalf))


def test_someone_of_another_list() -> None:
    """Tarn is named once, in the list of those who came first."""
    text = "The Storm Drill of 3 May was attended by Tarn; then, on their own, NORA and SUND took part."
    assert drill(text, part("first", "tarn"), part("who", "nora sund")).refused == {}
    assert why(drill(text, part("first", "tarn"), part("who", "nora sund tarn"))) != set()


def test_the_same_list_in_another_role_or_for_another_event() -> None:
    host = part("host", "nora sund", "Organiser")
    text = "NORA and SUND organised the Storm Drill of 3 May. NORA and SUND took part in {}."
    assert drill(text.format("it"), host, part("who", "nora sund")).refused == {}
    other = part("who", "nora sund", target="jhaan:inEvent event2023:regatta")
    assert drill(text.format("the Regatta of 5 May"), REGATTA, host, other).refused == {}


def test_each_event_has_those_who_stand_by_it() -> None:
    text = "The Storm Drill of 3 May was attended by NORA. The Regatta of 5 May was attended by SUND."
    other = "jhaan:inEvent event2023:regatta"
    right = case_of(text, f"{DRILL} {REGATTA} {part('who', 'nora')} {part('others', 'sund', target=other)}")
    assert right.refused == {}
    wrong = case_of(text, f"{DRILL} {REGATTA} {part('who', 'sund')} {part('others', 'nora', target=other)}")
    assert why(wrong) == why(wrong, "others") == {"they are named where the passage tells of something else"}


def test_someone_named_at_both_events() -> None:
    text = (
        "The Storm Drill of 3 May was attended by NORA. The Regatta of 5 May was attended by NORA and SUND."
    )
    other = "jhaan:inEvent event2023:regatta"
    right = case_of(
        text, f"{DRILL} {REGATTA} {part('who', 'nora')} {part('others', 'nora sund', target=other)}"
    )
    assert right.refused == {}
    wrong = case_of(
        text, f"{DRILL} {REGATTA} {part('who', 'nora sund')} {part('others', 'nora', target=other)}"
    )
    assert why(wrong)
    assert why(wrong, "others")


def test_no_one_and_nothing() -> None:
    assert why(
        case_of("NORA took part.", "x:who jhaan:participant agency:nora ; jhaan:role jhaan:Participant .")
    ) == {"it does not say in what they took part"}
    nobody = "x:who jhaan:inEvent event2023:drill ; jhaan:role jhaan:Participant"
    assert why(drill("The Storm Drill of 3 May took part.", f"{nobody} .")) == {"no one is named"}
    unnamed = drill("The Storm Drill of 3 May.", f"{nobody} ; jhaan:notStated jhaan:participant .")
    assert set(unnamed.refused) == {"who role Participant"}
    assert "no one is named" not in why(unnamed)


def test_the_event_must_be_named_too() -> None:
    assert set(case_of("NORA took part in it.", part("who", "nora")).refused) == {"who inEvent drill"}
    assert case_of("NORA took part in the Storm Drill.", part("who", "nora")).refused == {}
    topic = "x:topic jhaan:inEvent event2023:drill ."
    assert case_of("The Storm Drill.", topic).refused == {}
    assert set(case_of("The storm games.", topic).refused) == {"topic inEvent drill"}


def test_groups_are_named_too() -> None:
    stated = (
        "x:who jhaan:inEvent event2023:drill ; jhaan:group group:keepers ; jhaan:role jhaan:Participant ."
    )
    text = "The Storm Drill of 3 May was attended by {}."
    assert drill(text.format("lighthouse keepers"), stated).refused == {}
    assert why(drill(text.format("ring observers"), stated)) == {"not all are named"}


def test_the_network_is_no_item_of_its_members_list() -> None:
    text = "The Storm Drill of 3 May was attended by the Harbour Ring, NORA and SUND."
    assert set(drill(text, part("who", "nora sund")).refused) == {"who role Participant"}
    assert why(drill(text, part("who", "nora"))) == {"they are part of a list of which others are left out"}


def test_names_in_the_lead_in_count() -> None:
    text = (
        "# 1. Storms\n\nThe Storm Drill of 3 May was attended by NORA and SUND, who had:\n\n- lamps\n- boats"
    )

    def of_item(who: str) -> Case:
        return report_case([text], f"<1/item/1> {{ {DRILL} {part('who', who)} }}")

    assert of_item("nora sund").refused == {}
    assert why(of_item("nora sund tarn")) == {"not all are named"}


def test_names_in_another_paragraph_do_not_count() -> None:
    text = "# 1. Storms\n\nThe Storm Drill of 3 May was attended by NORA.\n\nSUND and NORA met."

    def of_paragraph(who: str) -> Case:
        return report_case([text], f"<1/paragraph/1> {{ {DRILL} {part('who', who)} }}")

    assert of_paragraph("nora").refused == {}
    assert why(of_paragraph("nora sund")) == {"not all are named"}


def test_someone_named_only_inside_a_longer_name_is_there_alone() -> None:
    text = "The Storm Drill of 3 May was attended by the Head of Tarn and SUND."
    assert set(drill(text, part("who", "tarn")).refused) == {"who role Participant"}
    head = "x:head jhaan:inEvent event2023:drill ; jhaan:participant position:head ; jhaan:role jhaan:Participant ."
    assert drill(text, head, part("who", "sund")).refused == {}
    assert "left out" in "".join(why(drill(text, head), "head"))


# ---- Memberships and plain lists


MEMBERS = "x:who org:organization body:ring ; org:member {} ."


def test_members_are_whole_lists_too() -> None:
    text = "The Harbour Ring has NORA, SUND and Tarn."
    nora, sund, tarn = "agency:nora", "agency:sund", "agency:tarn"
    assert case_of(text, MEMBERS.format(f"{nora}, {sund}, {tarn}")).refused == {}
    left_out = case_of(text, MEMBERS.format(f"{nora}, {sund}"))
    assert why(left_out) == {"they are part of a list of which others are left out"}
    added = case_of(text, MEMBERS.format(f"{nora}, {sund}, {tarn}, agency:eu-vega"))
    assert why(added) == {"not all are named"}


def test_values_of_a_plain_list_are_the_whole_list() -> None:
    text = "The Wind Board of Norway comprises NORA and SUND, but not Tarn."

    def comprises(*who: str) -> set[str]:
        return set(case_of(text, f"body:wind-board jhaan:comprises {', '.join(who)} .").refused)

    assert comprises("agency:nora", "agency:sund") == set()
    assert comprises("agency:nora") == {"wind-board comprises nora"}
    assert comprises("agency:nora", "agency:eu-vega") == {
        "wind-board comprises nora",
        "wind-board comprises eu-vega",
    }


def test_values_of_a_property_with_a_pattern_stand_in_it() -> None:
    stated = "topic:fog jhaan:proposedBy agency:{} ."
    text = "NORA proposed fog to SUND."
    assert case_of(text, stated.format("nora")).refused == {}
    assert case_of(text, stated.format("sund")).refused == {
        "fog proposedBy sund": "no pattern of words stands around the name"
    }


def test_one_with_another_role_left_out() -> None:
    text = "SUND and NORA took part in the Storm Drill of 3 May, which was organised by SUND."
    assert drill(text, part("who", "nora"), part("host", "sund", "Organiser")).refused != {}


def test_one_with_another_role_left_out_of_telling_words_is_missed_by_the_search_for_roles() -> None:
    text = "The Storm Drill of 3 May was organised by SUND and attended by NORA and SUND."
    case = drill(text, part("who", "nora"), part("host", "sund", "Organiser"))
    assert case.not_taken == [("role", "SUND")]


@pytest.mark.parametrize(("who", "is_whole"), [("nora sund", True), ("nora", False), ("sund", False)])
def test_words_for_several_stand_for_all_of_them(who: str, is_whole: bool) -> None:
    text = "NORA and SUND have a boat. The Storm Drill of 3 May was attended by the pair."
    wording = (
        'x:w jhaan:wordingOf agency:nora, agency:sund ; jhaan:printed "the pair"@en ; jhaan:standsIn <1> .'
    )
    case = case_of(text, f"{DRILL} {part('who', who)} agency:nora a x:Seen . agency:sund a x:Seen .", wording)
    assert (why(case) == set()) == is_whole
    assert (case.not_taken == []) == is_whole
