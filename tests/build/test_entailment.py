"""What follows: in which graph it stands, on which assertions it rests, and that layers never mix."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from entailments import check_premises, check_sample, derived, everything, graphs
from pyoxigraph import Literal, Triple
from tiny_sources import HEAD, assembled, date, node, section, triple

from jhaan_kg.build.entailment import Entailed, entailment
from jhaan_kg.build.reconcile import reconcile
from jhaan_kg.namespaces import ID, RDFS_LABEL


@cache
def entailed(**changes: str | None) -> Entailed:
    """Return what follows from the small sources, with some changes."""
    settled, findings = reconcile(assembled(**changes))
    assert findings == []
    return entailment(settled)


def home(found: Entailed, wanted: Triple) -> str:
    (graph,) = (name for name, triples in graphs(found).items() if wanted in triples)
    return graph


DECIDED: dict[str, str | None] = {
    "summary": section(
        '1/paragraph/1: event2023:moot schema:startDate "2021-05-04"^^xsd:date .',
        '1/paragraph/2: event2023:moot schema:startDate "2021-05-05"^^xsd:date ; jhaan:called "Moot"@en .',
    ),
    "detail": None,
    "later": None,
    "decisions": HEAD
    + "dec21:moot jhaan:onSubject event2023:moot ; jhaan:onProperty schema:startDate ; "
    + 'jhaan:prefers "2021-05-04"^^xsd:date ; jhaan:reason "Because."@en .',
}
PARTNERS = triple(
    "agency:north", "jhaan:partner", "agency:south"
)  # follows from 2021, section 2, by symmetry


@pytest.mark.parametrize(
    ("fact", "graph"),
    [
        (triple("agency:north", "rdf:type", "jhaan:Agency"), "register/things"),
        (triple("agency:north", "rdf:type", "jhaan:Body"), "inferred/fbn-2021"),
        (triple("period:may", "jhaan:startYear", Literal(2021)), "inferred/fbn-2021"),
        (triple("event2023:moot", "jhaan:startYear", Literal(2021)), "inferred/fbn-2021"),
        (PARTNERS, "inferred/fbn-2021"),
        (triple("body:fleet", "jhaan:partner", "agency:north"), "inferred/curation/fbn-2021"),
        (triple("place:port", "jhaan:within", "place:isle"), "inferred/context"),
    ],
)
def test_in_which_graph_a_triple_stands(fact: Triple, graph: str) -> None:
    chain_of_places = HEAD + "place:port jhaan:within place:quay . place:quay jhaan:within place:isle ."
    assert home(entailed(context=chain_of_places), fact) == graph


@pytest.mark.parametrize("layer", ["readings", "context", "later"])
def test_what_a_stage_entails_stays_there_when_a_later_one_states_it(layer: str) -> None:
    said = "agency:north jhaan:partner agency:south ."
    text = section(f"1/paragraph/1: {said}", report="fbn-2022") if layer == "later" else HEAD + said
    assert PARTNERS in assembled(**{layer: text}).assertions
    assert home(entailed(**{layer: text}), PARTNERS) == "inferred/fbn-2021"


def test_what_one_stage_states_and_entails_is_stated() -> None:
    text = section(
        "1/paragraph/1: agency:north jhaan:partner agency:south . agency:south jhaan:partner agency:north ."
    )
    assert home(entailed(summary=text, detail=None), PARTNERS) == "report/fbn-2021/1"


def test_without_curation_what_follows_from_the_report_is_the_same() -> None:
    without = graphs(entailed(readings=None))
    assert graphs(entailed())["inferred/fbn-2021"] == without["inferred/fbn-2021"]


def test_a_later_report_changes_no_graph_of_the_older_one() -> None:
    both = graphs(entailed())
    older = graphs(entailed(later=None, **{"data/reports/fbn-2022/document.ttl": None}))
    assert {name: triples for name, triples in both.items() if "fbn-2021" in name} == {
        name: triples for name, triples in older.items() if "fbn-2021" in name
    }


def test_what_follows_from_two_reports_together_belongs_to_the_later_one() -> None:
    found = entailed(
        summary=section("1/paragraph/1: place:quay jhaan:within place:port ."),
        detail=None,
        later=section("1/paragraph/1: place:port jhaan:within place:isle .", report="fbn-2022"),
        context=None,
    )
    assert home(found, triple("place:quay", "jhaan:within", "place:isle")) == "inferred/fbn-2022"


@pytest.mark.parametrize("changes", [{}, DECIDED], ids=["plain", "decided"])
def test_premises_entail_their_triple_and_fewer_do_not(
    changes: dict[str, str | None],
) -> None:
    built, found = assembled(**changes), entailed(**changes)
    triples = sorted((t for t in derived(found) if found.premises[t]), key=str)
    assert len(triples) > 30
    check_premises(built, found, triples)
    background = [t for t in derived(found) if not found.premises[t]]
    assert set(background) <= everything(built.without(built.assertions.keys()))


def test_leaving_the_premises_aside_gives_the_same_triples() -> None:
    stated_and_inferred = set(chain.from_iterable(entailed(**DECIDED).graphs.values()))
    assert everything(assembled(**DECIDED)) == stated_and_inferred


def test_everything_of_ours_has_one_label() -> None:
    triples = everything(assembled(**DECIDED))
    things = {
        term for t in triples for term in (t.subject, t.object) if getattr(term, "value", "").startswith(ID)
    }
    labels = Counter(t.subject for t in triples if t.predicate == RDFS_LABEL)
    assert entailed(**DECIDED).unlabelled == ()
    assert {thing: labels[thing] for thing in things} == dict.fromkeys(things, 1)


def test_labels_of_local_nodes() -> None:
    labels = {t.subject.value: t.object.value for t in everything(assembled()) if t.predicate == RDFS_LABEL}
    assert labels[ID + "participation/fbn-2021/1/moot"] == "Northern Board, Southern Board as host (the moot)"
    assert labels[ID + "reading/fbn-2021/fleet"] == "reading of the fleet"
    assert labels[ID + "report/fbn-2022/section/2.1/paragraph/4"] == "fbn-2022: Section 2.1, paragraph 4"


def test_the_label_of_a_report_node_does_not_change_with_curation_and_context() -> None:
    part = "<https://w3id.org/jhaan/id/participation/fbn-2021/1/moot>"
    more = HEAD + f"{part} jhaan:participant body:fleet ."
    found = entailed(readings=more, context=more)
    labels = [t.object.value for t in derived(found) if t.predicate == RDFS_LABEL and t.subject.value in part]
    assert labels == ["Northern Board, Southern Board as host (the moot)"]


def test_the_day_of_the_side_that_is_not_preferred_is_not_counted() -> None:
    """2021-05-04 is day 18,751; the next day is only spoken of by a statement node."""
    triples = everything(assembled(**DECIDED))
    days = {
        t.object
        for t in triples
        if t.subject == node("event2023:moot") and t.predicate == node("jhaan:startDay")
    }
    assert days == {Literal(18751)}
    assert {t.predicate for t in triples if t.object == date("2021-05-05")} == {node("jhaan:contestedValue")}


@pytest.mark.slow
def test_premises_of_this_project_entail_their_triple_and_fewer_do_not(root: Path) -> None:
    check_sample(root, 25)


@pytest.mark.release
def test_premises_of_this_project_entail_their_triple_and_fewer_do_not_before_release(root: Path) -> None:
    check_sample(root, 150)
