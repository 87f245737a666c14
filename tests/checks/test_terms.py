"""Undefined terms and terms in the wrong place."""

from __future__ import annotations

from pathlib import Path

from checks_support import DATA, ontology, reused, stated
from hypothesis import given
from hypothesis import strategies as st

from case_tables import cases
from jhaan_kg.checks.stated import SourceText
from jhaan_kg.checks.terms import check_terms
from jhaan_kg.errors import Finding

HEADER = "#+ summary: What?\n#+ description: All.\n"


def findings(data: str = "", shapes: str = "", queries: str = "", axioms: str = "") -> list[Finding]:
    texts = [SourceText("queries/t/q.rq", queries)] if queries else []
    shapes_statements = stated(shapes, "shapes/x.ttl")
    return check_terms([*ontology(axioms), *reused()], stated(DATA + data), shapes_statements, texts)


def test_the_small_ontology_and_its_data_are_clean() -> None:
    assert findings() == []


A = "<https://w3id.org/jhaan/id/event/a>"
PREFIX = "PREFIX jhaan: <https://w3id.org/jhaan/ontology#>\n"
TERMS = Path(__file__).with_name("terms.yaml")


@cases(TERMS, "data")
def test_a_fault_in_data_gives_one_finding(case: dict[str, str]) -> None:
    assert list(map(str, findings(f"\n\n{A} {case['stated']} ."))) == [case["finding"]]


@cases(TERMS, "shapes")
def test_a_fault_in_a_shape_gives_one_finding(case: dict[str, str]) -> None:
    found = findings(shapes=f"jhsh:S a sh:NodeShape ; {case['shape']} .")
    assert list(map(str, found)) == [case["finding"]]


@cases(TERMS, "patterns")
def test_a_fault_in_a_pattern_gives_one_finding(case: dict[str, str]) -> None:
    found = findings(queries=f"{HEADER}{PREFIX}SELECT ?x {{\n {case['pattern']} }}")
    assert list(map(str, found)) == [case["finding"]]


@cases(TERMS, "queries")
def test_a_fault_in_a_header_or_prefix_gives_one_finding(case: dict[str, str]) -> None:
    assert list(map(str, findings(queries=HEADER + case["query"]))) == [case["finding"]]


def test_a_near_thing_is_suggested() -> None:
    (finding,) = findings(
        "<https://w3id.org/jhaan/id/event/summer-school> a jhaan:Event .\n"
        "<https://w3id.org/jhaan/id/part/c> jhaan:inEvent <https://w3id.org/jhaan/id/event/sumer-school> ."
    )
    assert finding.fix.startswith("Did you mean <https://w3id.org/jhaan/id/event/summer-school>?")


def test_a_term_that_is_wrong_on_several_lines_is_one_finding() -> None:
    (finding,) = findings(f"{A} jhaan:dya 1 ;\n jhaan:dya 2 ;\n jhaan:dya 3 .")
    assert finding.line == DATA.count("\n") + 1
    assert finding.fix.endswith("The same in 2 more lines of this file.")


def test_faults_in_the_ontology_are_found() -> None:
    found = findings(
        axioms="jhaan:Meeting rdfs:subClassOf jhaan:Evnt .\njhaan:role rdfs:subPropertyOf jhaan:Event ."
    )
    assert [(f.path, f.code, f.subject) for f in found] == [
        ("ontology/jhaan.ttl", "undefined-term", "jhaan:Evnt"),
        ("ontology/jhaan.ttl", "wrong-use", "jhaan:Event"),
    ]


@given(st.text())
def test_any_text_of_a_query_can_be_looked_at(text: str) -> None:
    findings(queries=HEADER + text)


def test_a_clean_query_gives_nothing() -> None:
    query = (
        HEADER
        + PREFIX
        + (
            "# jhaan:Nonsense in a comment\n"
            "SELECT ?x (COUNT(?y) AS ?n) { ?x a jhaan:Meeting ; jhaan:within*/jhaan:near ?y ; jhaan:count 3 . "
            'FILTER(STR(?y) != "jhaan:Nonsense") } GROUP BY ?x'
        )
    )
    assert findings(queries=query) == []
