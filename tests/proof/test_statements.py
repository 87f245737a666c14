"""What passages state, what is known beside it, and what the ontology declares of finding it."""

from __future__ import annotations

from datetime import date

from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from small_proof import FIRST, case_of, node, passage_iri

from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import GRAPH, PREFIXES, REPORT_ID
from jhaan_kg.proof.statements import END, START, Fact, Statements

NORA, SUND, TARN, DRILL = map(node, ("agency:nora", "agency:sund", "agency:tarn", "event2023:drill"))
CALLED, LABEL, WORDING, PRINTED = map(node, ("jhaan:called", "rdfs:label", "jhaan:wording", "jhaan:printed"))


def test_days_of_periods_and_of_what_is_stated() -> None:
    statements = case_of("Text.").statements
    year = (date(2023, 1, 1), date(2023, 12, 31))
    assert statements.interval(node("period:2023")) == year
    assert statements.interval(DRILL) is None
    start, end = Fact(DRILL, START, Literal("2023-05-03")), Fact(DRILL, END, Literal("2023-05-04"))
    third, fourth = date(2023, 5, 3), date(2023, 5, 4)
    assert statements.intervals([start, end]) == {(third, fourth)}
    assert statements.intervals([end]) == set()
    assert statements.intervals([Fact(DRILL, START, Literal("spring"))]) == set()
    period = Fact(DRILL, node("jhaan:inPeriod"), node("period:2023"))
    assert statements.intervals([start, period]) == {(third, third), year}


SNAPSHOT = """
<g/evidence/R> {
    x:a1 a jhaan:Assertion ; rdf:subject agency:nora ; rdf:predicate jhaan:called ; rdf:object "N"@en ;
        jhaan:evidenceIn <s/1/paragraph/1>, <s/1/heading>, <t/5/heading> .
    x:a2 rdf:subject agency:sund ; rdf:predicate jhaan:called ; rdf:object "S"@en ; jhaan:evidenceIn <s/1/heading> .
    x:a3 rdf:subject agency:tarn ; rdf:predicate jhaan:called ; rdf:object "T"@en .
}
<g/evidence/lantern-2031> {
    x:a5 a jhaan:Assertion ; rdf:subject agency:tarn ; rdf:predicate jhaan:called ; rdf:object "L"@en ;
        jhaan:evidenceIn <t/6/heading> .
}
<g/evidence/context> {
    x:a4 rdf:subject agency:tarn ; rdf:predicate jhaan:called ; rdf:object "C"@en ; jhaan:evidenceIn <s/1/heading> .
}
<g/report/R/1> { agency:nora jhaan:called "N"@en . }
<g/curation/R/readings> { agency:sund jhaan:called "S"@en . }
<g/curation/R/exceptions> { x:exception jhaan:printed "Oslo"@en . }
<g/register/agencies> { agency:nora rdfs:label "NORA"@en . }
<g/inferred/R> { agency:nora jhaan:inferred agency:sund . }
<g/lexicon> { jhaan:called jhaan:grounded jhaan:ByWords . }
<g/lexicon/R> {
    agency:nora jhaan:wording "the northern one"@en .
    agency:sund jhaan:wording "the southern one"@en .
    x:word jhaan:wordingOf agency:nora ; jhaan:printed "she"@en .
}
<g/lexicon/lantern-2031> { agency:tarn jhaan:wording "the lamp"@en . }
"""


def test_of_two_reports_each_states_what_its_passages_state() -> None:
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    lantern = passage_iri("").replace(REPORT_ID, "lantern-2031")
    trig = SNAPSHOT.replace("/R", f"/{REPORT_ID}").replace("<s/", f"<{passage_iri('')}")
    trig = trig.replace("<t/", f"<{lantern}").replace("<g/", f"<{GRAPH}")
    quads = list(parse(f"{head}PREFIX x: <https://example.org/>\n{trig}", format=RdfFormat.TRIG))
    first, second = (Statements.read(Graph.of(quads), report) for report in (REPORT_ID, "lantern-2031"))
    nora, tarn = (Fact(one, CALLED, Literal(name, language="en")) for one, name in ((NORA, "N"), (TARN, "L")))
    assert first.by_passage == {passage_iri(FIRST): (nora,), passage_iri("1/heading"): (nora,)}, (
        "not curation"
    )
    assert second.by_passage == {f"{lantern}5/heading": (nora,), f"{lantern}6/heading": (tarn,)}

    assert first.graph.texts(NORA, LABEL) == ["NORA"]
    assert first.graph.texts(SUND, CALLED) == ["S"], "curation is known"
    assert first.graph.texts(NORA, node("jhaan:inferred")) == []
    word, exception = (NamedNode(f"https://example.org/{name}") for name in ("word", "exception"))
    assert [first.graph.texts(one, PRINTED) for one in (word, exception)] == [["she"], ["Oslo"]]
    assert [second.graph.texts(one, PRINTED) for one in (word, exception)] == [[], []]
    assert [second.graph.texts(one, WORDING) for one in (NORA, SUND, TARN)] == [
        ["the northern one"],
        [],
        ["the lamp"],
    ]
    assert first.graph.texts(TARN, WORDING) == [], "the first report does not tell of it"
    for statements in (first, second):
        assert statements.graph.nodes(CALLED, node("jhaan:grounded")) == [node("jhaan:ByWords")]
