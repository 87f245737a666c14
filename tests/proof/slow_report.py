"""The proof on the report of 2023 with what its graph states, passage by passage."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from pyoxigraph import Literal, NamedNode
from small_proof import node, passage_iri, short

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import ID, PREFIXES, REPORT_ID
from jhaan_kg.passages import Report, split
from jhaan_kg.proof.completeness import Completeness, MentionKind
from jhaan_kg.proof.grounding import Ground, Grounding
from jhaan_kg.proof.lexicon import Lexicon
from jhaan_kg.proof.participations import PARTICIPANT, ROLE
from jhaan_kg.proof.passage import PassageReader, PassageText
from jhaan_kg.proof.statements import START, Fact, Statements


@pytest.fixture(scope="module")
def report_stated() -> Statements:
    """What the passages of the report state."""
    return Statements.read(Graph.of(open_snapshot().quads(evidence=True, context=False)), REPORT_ID)


@pytest.fixture(scope="module")
def report_passages(report_stated: Statements, report_text: str) -> Mapping[str, PassageText]:
    """The passages of the report by their place in it, such as `3/paragraph/9`."""
    report = Report(split(report_text), report_text)
    read = PassageReader(report, Lexicon.of(report_stated), 2023).read_all()
    return {iri.removeprefix(PREFIXES["section"]): passage for iri, passage in read.items()}


def test_the_report_states_what_its_passages_say(report_stated: Statements) -> None:
    """Section 9.4, paragraph 1: Frontex and Europol are engaged in 11 plans; its heading names Eurojust too."""
    values = {
        place: {short(fact.object) for fact in report_stated.by_passage[passage_iri(f"9.4/{place}")]}
        for place in ("heading", "paragraph/1")
    }
    assert {"frontex", "europol", "11", "EngagedInPlans"} <= values["paragraph/1"]
    assert "eurojust" in values["heading"] - values["paragraph/1"]


SEMINAR = node("event2023:seminar-information-provision-what")
ATTENDEES = NamedNode(f"{ID}participation/jhaan-2023/6.3.3/attendees")


def grounds(stated: Statements, passage: PassageText, facts: list[Fact]) -> Mapping[Fact, Ground]:
    grounding = Grounding(stated, Lexicon.of(stated), 2023)
    return {claim.fact: claim.ground for claim in grounding.claims(passage, facts)}


@pytest.mark.parametrize(
    ("instead", "is_proven"),
    [
        ("europol", True),
        ("eurojust", False),  # not named there
        ("euaa", False),  # named there as the organiser
        ("fra", False),  # named already, so that Europol is left out
    ],
)
def test_the_attendees_of_a_seminar(
    instead: str, is_proven: bool, report_stated: Statements, report_passages: Mapping[str, PassageText]
) -> None:
    """CEPOL, eu-LISA, Europol, FRA and Frontex, with the Commission, participated in the second seminar."""
    passage = report_passages["6.3.3/paragraph/1"]
    europol, other = node("agency:europol"), node(f"agency:{instead}")
    facts = [
        fact._replace(object=other) if (fact.subject, fact.object) == (ATTENDEES, europol) else fact
        for fact in report_stated.by_passage[passage.passage.iri]
    ]
    found = grounds(report_stated, passage, facts)
    of_interest = [one for one in found if one.subject == ATTENDEES and one.predicate in (PARTICIPANT, ROLE)]
    assert len([one for one in facts if one in of_interest]) == 7, "six participants and their role"
    assert all(found[one] is Ground.PROVEN for one in of_interest) == is_proven


@pytest.mark.parametrize(
    ("place", "day"), [("6.3.3/paragraph/1", "16"), ("6.3.3/heading", "16"), ("3/paragraph/4", "15")]
)
def test_the_two_days_of_a_seminar(
    place: str, day: str, report_stated: Statements, report_passages: Mapping[str, PassageText]
) -> None:
    """Section 6.3.3 puts the second seminar on 16 November, the summary on 15 November."""
    facts = [Fact(SEMINAR, START, Literal(f"2023-11-{one}")) for one in ("14", "15", "16", "17")]
    proven = [
        fact.object.value
        for fact in facts
        if grounds(report_stated, report_passages[place], [fact])[fact] is Ground.PROVEN
    ]
    assert proven == [f"2023-11-{day}"]


def test_what_stands_in_a_passage_of_the_report(
    report_stated: Statements, report_passages: Mapping[str, PassageText]
) -> None:
    """Section 9.4, paragraph 1, in the order of its words.

    Frontex and Europol engage in plans and are partners in that, each in words of both roles; together they lead.
    """
    passage = report_passages["9.4/paragraph/1"]
    facts = report_stated.by_passage[passage.passage.iri]
    completeness = Completeness(report_stated)
    found = list(completeness.mentions(passage, facts))
    words = {kind: [one.words for one in found if one.kind is kind] for kind in MentionKind}
    assert words[MentionKind.DATE] == ["2023", "2023", "2023"]
    assert words[MentionKind.NUMBER] == ["11", "11", "7"]
    assert words[MentionKind.NAME] == ["Frontex", "Europol", "Frontex", "Europol", "Frontex"]
    assert words[MentionKind.ROLE] == ["Frontex", "Frontex", "Europol", "Europol", "Frontex", "Europol"]
    assert all(one.taken for one in found)
    without = [fact for fact in facts if fact.object != node("agency:europol")]
    missed = {(one.kind, one.words) for one in completeness.mentions(passage, without) if not one.taken}
    assert missed == {(MentionKind.NAME, "Europol"), (MentionKind.ROLE, "Europol")}
