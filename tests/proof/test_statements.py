"""What passages state, what is known beside it, and what the ontology declares of finding it."""

from __future__ import annotations

from datetime import date

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse
from small_proof import FIRST, case_of, node, passage_iri

from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import GRAPH, PREFIXES, REPORT_ID, SCHEMA
from jhaan_kg.proof.statements import END, START, Fact, Statements, fact_of

NORA, DRILL = node("agency:nora"), node("event2023:drill")
CALLED = node("jhaan:called")


def test_facts_by_passage_and_by_subject() -> None:
    one, two = (Fact(NORA, CALLED, Literal(name)) for name in ("N", "NORA"))
    background = [Triple(DRILL, CALLED, Literal("D")), Triple(DRILL, CALLED, NORA)]
    statements = Statements.of([(one, ["a", "b"]), (two, ["b"])], background)
    assert statements.by_passage == {"a": (one,), "b": (one, two)}
    assert statements.values(NORA, CALLED) == ["N", "NORA"]
    assert statements.values(DRILL, CALLED) == ["D"]
    assert statements.things(DRILL, CALLED) == [NORA]
    assert statements.values(DRILL, START) == []


def test_kinds_with_those_above() -> None:
    statements = case_of(
        "Text.", "", "event2023:drill a schema:Event . jhaan:Exercise rdfs:subClassOf schema:Event ."
    ).statements
    assert statements.kinds(DRILL) == {"Exercise", "Event", f"{SCHEMA}Event"}
    assert statements.is_a(DRILL, "Event")
    assert statements.is_a(DRILL, "Body", "Exercise")
    assert not statements.is_a(DRILL, "Body")
    assert statements.is_a(NORA, "Body")
    assert not statements.is_a(node("event2023:unheard-of"), "Event")


def test_classes_above_each_other_end() -> None:
    circle = "jhaan:Event rdfs:subClassOf jhaan:Exercise ."
    assert case_of("Text.", "", circle).statements.kinds(DRILL) == {"Exercise", "Event"}


def test_days_of_periods_and_of_what_is_stated() -> None:
    statements = case_of("Text.").statements
    year = (date(2023, 1, 1), date(2023, 12, 31))
    assert statements.interval(node("period:2023")) == year
    assert statements.interval(DRILL) is None
    start, end = Fact(DRILL, START, Literal("2023-05-03")), Fact(DRILL, END, Literal("2023-05-04"))
    third, fourth = date(2023, 5, 3), date(2023, 5, 4)
    assert statements.intervals([start]) == {(third, third)}
    assert statements.intervals([start, end]) == {(third, fourth)}
    assert statements.intervals([end]) == set()
    assert statements.intervals([Fact(DRILL, START, Literal("spring"))]) == set()
    period = Fact(DRILL, node("jhaan:inPeriod"), node("period:2023"))
    assert statements.intervals([start, period]) == {(third, third), year}


def test_triples_with_blank_nodes_are_no_facts() -> None:
    assert fact_of(Triple(NORA, CALLED, Literal("N"))) == Fact(NORA, CALLED, Literal("N"))
    assert fact_of(Triple(BlankNode(), CALLED, Literal("N"))) is None
    assert fact_of(Triple(NORA, CALLED, BlankNode())) is None


SNAPSHOT = """
<g/evidence/R> {
    x:a1 a jhaan:Assertion ; rdf:subject agency:nora ; rdf:predicate jhaan:called ; rdf:object "N"@en ;
        jhaan:evidenceIn <s/1/paragraph/1>, <s/1/heading> .
    x:a2 rdf:subject agency:sund ; rdf:predicate jhaan:called ; rdf:object "S"@en ; jhaan:evidenceIn <s/1/heading> .
    x:a3 rdf:subject agency:tarn ; rdf:predicate jhaan:called ; rdf:object "T"@en .
}
<g/report/R/1> { agency:nora jhaan:called "N"@en . }
<g/curation/R/readings> { agency:sund jhaan:called "S"@en . }
<g/register/agencies> { agency:nora rdfs:label "NORA"@en . }
<g/inferred/R> { agency:nora jhaan:inferred agency:sund . }
<g/evidence/context> {
    x:a4 rdf:subject agency:tarn ; rdf:predicate jhaan:called ; rdf:object "C"@en ; jhaan:evidenceIn <s/1/heading> .
}
"""


@pytest.fixture(scope="module")
def read() -> Statements:
    """What the snapshot above states."""
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    trig = (
        SNAPSHOT.replace("/R", f"/{REPORT_ID}")
        .replace("<s/", f"<{passage_iri('')}")
        .replace("<g/", f"<{GRAPH}")
    )
    quads: list[Quad] = list(parse(f"{head}PREFIX x: <https://example.org/>\n{trig}", format=RdfFormat.TRIG))
    return Statements.read(Graph.of(quads), REPORT_ID)


def test_a_passage_states_what_its_evidence_says_and_curation_does_not(read: Statements) -> None:
    told_of_nora = Fact(NORA, CALLED, Literal("N", language="en"))
    assert read.by_passage == {passage_iri(FIRST): (told_of_nora,), passage_iri("1/heading"): (told_of_nora,)}


def test_what_is_inferred_is_not_known(read: Statements) -> None:
    assert read.values(NORA, node("rdfs:label")) == ["NORA"]
    assert read.values(node("agency:sund"), CALLED) == ["S"], "curation is known"
    assert read.values(NORA, node("jhaan:inferred")) == []


TWO_REPORTS = """
<g/evidence/R> {
    x:a1 a jhaan:Assertion ; rdf:subject agency:nora ; rdf:predicate jhaan:called ; rdf:object "N"@en ;
        jhaan:evidenceIn <s/1/paragraph/1>, <t/5/heading> .
}
<g/evidence/lantern-2031> {
    x:a2 a jhaan:Assertion ; rdf:subject agency:sund ; rdf:predicate jhaan:called ; rdf:object "S"@en ;
        jhaan:evidenceIn <t/6/heading> .
}
<g/lexicon> { jhaan:called jhaan:grounded jhaan:ByWords . }
<g/lexicon/R> {
    agency:nora jhaan:wording "the northern one"@en .
    agency:tarn jhaan:wording "the first one"@en .
    x:word jhaan:wordingOf agency:nora ; jhaan:printed "she"@en .
}
<g/curation/R/exceptions> { x:exception jhaan:printed "Oslo"@en . }
<g/lexicon/lantern-2031> { agency:sund jhaan:wording "the lamp"@en . }
"""


def test_of_two_reports_each_states_what_its_passages_state() -> None:
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    lantern = passage_iri("").replace(REPORT_ID, "lantern-2031")
    trig = TWO_REPORTS.replace("/R", f"/{REPORT_ID}").replace("<s/", f"<{passage_iri('')}")
    trig = trig.replace("<t/", f"<{lantern}").replace("<g/", f"<{GRAPH}")
    quads: list[Quad] = list(parse(f"{head}PREFIX x: <https://example.org/>\n{trig}", format=RdfFormat.TRIG))
    first, second = (
        Statements.read(Graph.of(quads), REPORT_ID),
        Statements.read(Graph.of(quads), "lantern-2031"),
    )
    nora, sund = (
        Fact(NORA, CALLED, Literal("N", language="en")),
        Fact(node("agency:sund"), CALLED, Literal("S", language="en")),
    )
    assert first.by_passage == {passage_iri(FIRST): (nora,)}
    assert second.by_passage == {f"{lantern}5/heading": (nora,), f"{lantern}6/heading": (sund,)}
    wording, printed = node("jhaan:wording"), node("jhaan:printed")
    assert second.values(NORA, wording) == ["the northern one"], "the second report tells of it too"
    assert second.values(node("agency:tarn"), wording) == [], "the second report does not tell of it"
    assert second.values(NamedNode("https://example.org/exception"), printed) == []
    assert second.values(NamedNode("https://example.org/word"), printed) == []
    assert first.values(node("agency:sund"), wording) == []
    assert second.values(node("agency:sund"), wording) == ["the lamp"]
    grounded = node("jhaan:grounded")
    by_words = [node("jhaan:ByWords")]
    assert first.things(CALLED, grounded) == second.things(CALLED, grounded) == by_words
