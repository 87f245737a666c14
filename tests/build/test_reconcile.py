"""Contradictions: what is one, what a decision does, and what is wrong without."""

from __future__ import annotations

from itertools import combinations
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Triple
from tiny_sources import HEAD, ONTOLOGY, REGISTER, assembled, date, node, passage, section, triple

from jhaan_kg.build.graphs import Layer
from jhaan_kg.build.reconcile import Reconciled, reconcile
from jhaan_kg.errors import Finding
from jhaan_kg.namespaces import GRAPH

Settled: TypeAlias = tuple[Reconciled, list[Finding]]


def settle(*blocks: str, decisions: str | None = None, register: str = "", **changes: str | None) -> Settled:
    """Reconcile a report of these blocks of section 1, with no other report, curation or context."""
    alone = dict.fromkeys(("detail", "later", "readings", "context"))
    return reconcile(
        assembled(
            summary=section(*blocks),
            decisions=decisions and HEAD + decisions,
            register=REGISTER + register,
            **(alone | changes),
        )
    )


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def plain(reconciled: Reconciled) -> set[Triple]:
    return set(reconciled.assembled.triples(Layer.REPORT))


def decide(
    value: str, name: str = "one", subject: str = "event2023:moot", prop: str = "schema:startDate"
) -> str:
    return (
        f"dec21:{name} jhaan:onSubject {subject} ; jhaan:onProperty {prop} ; jhaan:prefers {value} ; "
        'jhaan:reason "Because."@en ; jhaan:severity jhaan:FactsDisagree .\n'
    )


DAY_4 = '1/paragraph/1: event2023:moot schema:startDate "2021-05-04"^^xsd:date .'
DAY_5 = '1/paragraph/2: event2023:moot schema:startDate "2021-05-05"^^xsd:date .'
DAY_6 = '1/paragraph/3: event2023:moot schema:startDate "2021-05-06"^^xsd:date .'
T4, T5, T6 = (triple("event2023:moot", "schema:startDate", date(f"2021-05-0{n}")) for n in (4, 5, 6))


# --- what is a contradiction -----------------------------------------------------------------------------------


def test_two_days_contradict_each_other_and_each_side_is_named() -> None:
    _, findings = settle(DAY_4, DAY_5)
    assert codes(findings) == ["contradiction", "contradiction"]
    first, second = (section(DAY_4, DAY_5).splitlines().index(line) + 1 for line in (DAY_4[15:], DAY_5[15:]))
    assert sorted(finding.line for finding in findings) == [first, second]
    at_first = next(finding for finding in findings if finding.line == first)
    assert at_first.subject == "event2023:moot"
    assert f"data/reports/fbn-2021/1-summary.trig:{second}" in at_first.message
    assert '"2021-05-05"^^xsd:date' in at_first.message


def test_the_fix_is_a_decision_that_settles_it() -> None:
    _, findings = settle(DAY_4, DAY_5)
    text = findings[0].fix.partition("data/curation/fbn-2021/: ")[2].replace("decision:NAME", "dec21:moot")
    _, findings = settle(DAY_4, DAY_5, decisions=text + "\n")
    assert findings == []


def seats(*places: str) -> list[str]:
    """State in one passage after the other where the agency sits."""
    return [f"1/paragraph/{n}: agency:north jhaan:seat place:{p} ." for n, p in enumerate(places, 1)]


def moot(*values: str) -> list[str]:
    return [f"1/paragraph/{n}: event2023:moot {value} ." for n, value in enumerate(values, 1)]


END_TOO = ONTOLOGY + "schema:endDate jhaan:singleValued true .\n"
CHAIN = "place:quay jhaan:within place:port . place:port jhaan:within place:isle ."
CONTRADICTION = ["contradiction", "contradiction"]


@pytest.mark.parametrize(
    ("blocks", "changes", "expected"),
    [
        ([DAY_4, DAY_4.replace("paragraph/1", "paragraph/2")], {}, []),
        (["1/paragraph/1: agency:north jhaan:partner agency:south, body:fleet ."], {}, []),  # not watched
        (seats("quay", "isle"), {"register": CHAIN}, []),
        ([*seats("quay", "isle"), f"1/paragraph/3: {CHAIN}"], {}, []),
        (seats("quay", "port"), {"register": "place:quay jhaan:within place:isle ."}, CONTRADICTION),
        (seats("quay", "port"), {"context": HEAD + "place:quay jhaan:within place:port ."}, CONTRADICTION),
        (moot("jhaan:inPeriod period:may", "jhaan:inPeriod period:spring"), {}, []),
        (moot("jhaan:inPeriod period:may", "jhaan:inPeriod period:june"), {}, CONTRADICTION),
        *(
            (
                moot(f'schema:{prop} "2021-{day}"^^xsd:date', "jhaan:inPeriod period:may"),
                {"ontology": END_TOO},
                expected,
            )
            for prop, day, expected in (
                ("startDate", "05-31", []),
                ("startDate", "04-30", CONTRADICTION),
                ("startDate", "06-01", CONTRADICTION),
                ("endDate", "06-01", CONTRADICTION),
            )
        ),
        ([DAY_4, DAY_5.replace("startDate", "endDate")], {"ontology": END_TOO}, []),
        (seats("isle"), {"later": section(*seats("port"), report="fbn-2022")}, []),
        (
            ["1/paragraph/1: agency:north jhaan:seat place:isle, place:quay ."],
            {"register": "place:quay jhaan:within place:isle ."},
            ["two-values"],
        ),
    ],
)
def test_what_contradicts_each_other(blocks: list[str], changes: dict[str, str], expected: list[str]) -> None:
    settled, findings = settle(*blocks, **changes)
    assert codes(findings) == expected
    stated = {t for t, assertion in settled.assembled.assertions.items() if assertion.layer is Layer.REPORT}
    assert stated <= plain(settled), "without a decision, all values stay"


def test_a_decision_does_not_excuse_two_values_in_one_passage() -> None:
    blocks = [
        '1/paragraph/1: event2023:moot schema:startDate "2021-05-04"^^xsd:date, "2021-05-05"^^xsd:date .'
    ]
    _, findings = settle(*blocks, decisions=decide('"2021-05-04"^^xsd:date'))
    assert "two-values" in codes(findings)


# --- what a decision does --------------------------------------------------------------------------------------


def test_the_other_side_leaves_its_graph_and_both_sides_become_statements() -> None:
    again = DAY_5.replace("paragraph/2", "paragraph/3")
    settled, findings = settle(DAY_4, DAY_5, again, decisions=decide('"2021-05-04"^^xsd:date'))
    assert findings == []
    assert T4 in plain(settled)
    assert T5 not in plain(settled)
    assert {T4, T5} <= settled.assembled.assertions.keys()
    assert [graph.value for graph in settled.contested] == [GRAPH + "reconciled/fbn-2021"]
    sides = sides_of(settled)
    assert sides == {
        "2021-05-04": ({"PreferredRank"}, {passage("1/paragraph/1")}),
        "2021-05-05": ({"OtherRank"}, {passage("1/paragraph/2"), passage("1/paragraph/3")}),
    }


def sides_of(settled: Reconciled) -> dict[str, tuple[set[str], set[NamedNode]]]:
    """Give per value in dispute its rank and passages."""
    (triples,) = settled.contested.values()
    found: dict[str, tuple[set[str], set[NamedNode]]] = {}
    objects = {
        t.subject: t.object.value.rpartition("#")[2].rpartition("/")[2]
        for t in triples
        if t.predicate == node("jhaan:contestedValue")
    }
    for t in triples:
        ranks, passages = found.setdefault(objects[t.subject], (set(), set()))
        if t.predicate == node("jhaan:rank"):
            ranks.add(t.object.value.rpartition("#")[2])
        elif t.predicate == node("jhaan:statedIn"):
            passages.add(t.object)
    return found


def test_a_statement_rests_on_both_sides_and_the_decision() -> None:
    settled, _ = settle(DAY_4, DAY_5, decisions=decide('"2021-05-04"^^xsd:date'))
    (triples,) = settled.contested.values()
    decision = "https://w3id.org/jhaan/id/decision/fbn-2021/one"
    for premises in triples.values():
        assert {T4, T5} < set(premises)
        assert [p.subject.value for p in premises].count(decision) == 3
        assert len(premises) == 5
        assert all(premise in settled.assembled.assertions for premise in premises)


def test_three_sides_need_one_decision() -> None:
    settled, findings = settle(DAY_4, DAY_5, DAY_6, decisions=decide('"2021-05-05"^^xsd:date'))
    assert findings == []
    assert plain(settled) & {T4, T5, T6} == {T5}
    ranks = {value: ranks for value, (ranks, _) in sides_of(settled).items()}
    assert ranks == {
        "2021-05-04": {"OtherRank"},
        "2021-05-05": {"PreferredRank"},
        "2021-05-06": {"OtherRank"},
    }


def test_a_value_that_agrees_with_the_preferred_one_stays() -> None:
    period = "1/paragraph/3: event2023:moot jhaan:inPeriod period:may ."
    outside = '1/paragraph/2: event2023:moot schema:startDate "2021-06-10"^^xsd:date .'
    settled, findings = settle(DAY_4, outside, period, decisions=decide('"2021-05-04"^^xsd:date'))
    assert findings == []
    in_may = triple("event2023:moot", "jhaan:inPeriod", "period:may")
    assert {T4, in_may} <= plain(settled)
    assert sides_of(settled)["may"][0] == {"PreferredRank"}


def test_a_side_that_another_report_states_moves_to_that_report() -> None:
    settled, findings = settle(
        DAY_4,
        DAY_5,
        later=section(DAY_5.replace("paragraph/2", "paragraph/1"), report="fbn-2022"),
        decisions=decide('"2021-05-04"^^xsd:date'),
    )
    assert findings == []
    homes = [
        graph.value.removeprefix(GRAPH)
        for graph, triples in settled.assembled.graphs.items()
        if T5 in triples
    ]
    assert homes == ["report/fbn-2022/1"]


# --- what is wrong with decisions ------------------------------------------------------------------------------


def test_a_decision_without_contradiction() -> None:
    _, findings = settle(DAY_4, decisions=decide('"2021-05-04"^^xsd:date'))
    assert [(finding.path, finding.code) for finding in findings] == [
        ("data/curation/fbn-2021/decisions.ttl", "decision")
    ]
    assert "no passage contradicts" in findings[0].message
    assert findings[0].line == HEAD.count("\n") + 1


def test_a_decision_for_a_value_that_nobody_states_is_the_only_finding() -> None:
    _, findings = settle(DAY_4, DAY_5, decisions=decide('"2021-05-09"^^xsd:date'))
    (stale,) = findings
    assert stale.code == "decision"
    assert stale.fix == 'Prefer one of: "2021-05-04"^^xsd:date, "2021-05-05"^^xsd:date.'


def test_a_decision_on_a_thing_that_nobody_mentions() -> None:
    _, findings = settle(DAY_4, decisions=decide("place:isle", subject="agency:south", prop="jhaan:seat"))
    assert [(finding.code, finding.fix) for finding in findings] == [("decision", "Delete the decision.")]


def test_two_decisions_for_the_same_value() -> None:
    both = decide('"2021-05-04"^^xsd:date') + decide('"2021-05-04"^^xsd:date', "two")
    _, findings = settle(DAY_4, DAY_5, decisions=both)
    assert [finding.message for finding in findings] == [
        "a conflict must have one decision, "
        "but <https://w3id.org/jhaan/id/decision/fbn-2021/one> decides this one, too."
    ]


def test_two_decisions_for_different_values() -> None:
    both = decide('"2021-05-04"^^xsd:date') + decide('"2021-05-05"^^xsd:date', "two")
    _, findings = settle(DAY_4, DAY_5, decisions=both)
    assert [finding.message for finding in findings] == [
        "decisions must agree, but <https://w3id.org/jhaan/id/decision/fbn-2021/one> rejects the value preferred here."
    ]


def test_a_contradiction_that_a_decision_leaves_open() -> None:
    """The Quay lies in the Port and in the Isle, so preferring it does not decide between those two."""
    _, findings = settle(
        "1/paragraph/1: agency:north jhaan:seat place:quay .",
        "1/paragraph/2: agency:north jhaan:seat place:port .",
        "1/paragraph/3: agency:north jhaan:seat place:isle .",
        register="place:quay jhaan:within place:isle . place:quay jhaan:within place:port .",
        decisions=decide("place:quay", subject="agency:north", prop="jhaan:seat"),
    )
    assert sorted(codes(findings)) == ["contradiction", "contradiction", "decision"]


# --- whatever the report says ----------------------------------------------------------------------------------

SPANS = {"may": ("05-01", "05-31"), "spring": ("03-01", "05-31"), "june": ("06-01", "06-30")}
VALUES = [
    *(("schema:startDate", f'"2021-{day}"^^xsd:date') for day in ("04-10", "05-04", "05-05", "06-10")),
    *(("jhaan:inPeriod", f"period:{name}") for name in SPANS),
]


def days(value: str) -> tuple[str, str]:
    """The first and last day of a value."""
    day = value[6:11]
    return SPANS[value.removeprefix("period:")] if value.startswith("period:") else (day, day)


def agree(one: str, other: str) -> bool:
    (start, end), (first, last) = days(one), days(other)
    return (start <= first and last <= end) or (first <= start and end <= last)


@given(st.permutations(range(1, 5)), st.lists(st.sampled_from(VALUES), min_size=1, max_size=4), st.booleans())
def test_without_findings_no_two_values_contradict_each_other(
    places: list[int], stated: list[tuple[str, str]], decided: bool
) -> None:
    blocks = [f"1/paragraph/{n}: event2023:moot {p} {v} ." for n, (p, v) in zip(places, stated, strict=False)]
    prop, preferred = stated[0]
    settled, findings = settle(*blocks, decisions=decide(preferred, prop=prop) if decided else None)
    contradictory = any(not agree(one, other) for (_, one), (_, other) in combinations(stated, 2))
    if findings:
        assert contradictory or decided
        return
    assert contradictory is decided
    kept = {value for prop, value in stated if _triple(prop, value) in plain(settled)}
    assert all(agree(one, other) for one, other in combinations(kept, 2))
    sides = sides_of(settled) if settled.contested else {}
    for _, value in stated:
        beaten = any(not agree(value, other) for _, other in stated if other not in kept)
        expected = {"OtherRank"} if value not in kept else {"PreferredRank"} if beaten else set()
        name = value.removeprefix("period:") if value.startswith("period:") else value[1:11]
        assert sides.get(name, (set(), set()))[0] == expected


def _triple(prop: str, value: str) -> Triple:
    return triple("event2023:moot", prop, value if value.startswith("period:") else date(value[1:11]))


# --- other layers ----------------------------------------------------------------------------------------------


def test_context_gives_no_second_value() -> None:
    _, findings = settle(
        "1/paragraph/1: agency:north jhaan:seat place:isle .",
        register="place:quay jhaan:within place:isle .",
        context=HEAD + "agency:north jhaan:seat place:quay .",
    )
    assert [(finding.path, finding.code) for finding in findings] == [
        ("data/context/wikidata.ttl", "contests-report")
    ]


def test_context_may_say_what_nobody_says_or_repeat_it() -> None:
    _, findings = settle(
        "1/paragraph/1: agency:north jhaan:seat place:isle .",
        context=HEAD + "agency:north jhaan:seat place:isle . agency:south jhaan:seat place:quay .",
    )
    assert findings == []


def test_curation_contests_nothing_but_may_be_more_exact() -> None:
    blocks = ["1/paragraph/1: agency:north jhaan:seat place:isle ."]
    within = "place:quay jhaan:within place:isle ."
    exact = "agency:north jhaan:seat place:quay ."
    _, findings = settle(*blocks, register=within, decisions=exact)
    assert findings == []
    _, findings = settle(*blocks, decisions=exact)
    assert codes(findings) == ["contests-report"]
