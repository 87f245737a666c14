"""Undefined terms and terms in the wrong place."""

from __future__ import annotations

import pytest
from checks_support import DATA, ontology, reused, stated
from hypothesis import given
from hypothesis import strategies as st

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


A, WINTER = "<https://w3id.org/jhaan/id/event/a>", "<https://w3id.org/jhaan/id/event/winter>"


OTHER_EVENT, COUNT = "<http://schema.org/Event>", "wrong-datatype jhaan:count"

# What a thing states, the code and subject of the finding, and words of its message and of its fix.
IN_DATA = [
    ("jhaan:dya 1", "undefined-term jhaan:dya", "this property", "Did you mean jhaan:day?"),
    ("a jhaan:Meetng", "undefined-term jhaan:Meetng", "this class", "Did you mean jhaan:Meeting?"),
    ("jhaan:role jhaan:Char", "undefined-term jhaan:Char", "this term", "Did you mean jhaan:Chair?"),
    (f"a {OTHER_EVENT}", f"undefined-term {OTHER_EVENT}", "this class", "schema:Event?"),
    (f"org:rol {A}", "undefined-term org:rol", "this property", "jhaan_kg.reused_terms"),
    ("rdfs:lable 'x'", "undefined-term rdfs:lable", "standard defines no such property", "rdfs:label?"),
    ("<http://example.org/p> 1", "undefined-term <http://example.org/p>", "this property", "Use a term"),
    ("jhaan:count '1'^^xsd:int32", "undefined-term xsd:int32", "no such datatype", "xsd:int?"),
    (f"jhaan:Chair {A}", "wrong-use jhaan:Chair", "as a predicate, but it is an individual", ""),
    (f"jhaan:Meeting {A}", "wrong-use jhaan:Meeting", "as a predicate, but it is a class", ""),
    ("a jhaan:within", "wrong-use jhaan:within", "rdf:type, but it is an object property", ""),
    ("a jhaan:Chair", "wrong-use jhaan:Chair", "rdf:type, but it is an individual", ""),
    ("jhaan:role 'Chair'", "wrong-use jhaan:role", "its value is a literal", "datatype property"),
    (f"jhaan:count {A}", "wrong-use jhaan:count", "its value is no literal", "object property"),
    ("jhaan:role jhaan:Role", "wrong-use jhaan:Role", "is a class, but stands as a value of jhaan:role", ""),
    ("jhaan:notStated jhaan:Event", "wrong-use jhaan:Event", "jhaan:notStated, but it is a class", ""),
    ("jhaan:count '3'", COUNT, "takes xsd:integer, but the value is a literal of type xsd:string", ""),
    ("jhaan:count '3'@en", COUNT, "takes xsd:integer, but the value is tagged @en", ""),
    (f"jhaan:inEvent {WINTER}", f"undescribed-thing {WINTER}", "no source says anything", "Register it"),
    ("jhaan:labelTemplate '{jhaan:cuont}'", "undefined-term jhaan:cuont", "this property", "jhaan:count?"),
    ("jhaan:labelTemplate '{jaan:count}'", "undefined-prefix jhaan:labelTemplate", "{jaan:count}", ""),
]


@pytest.mark.parametrize(("stated", "expected", "part", "fix"), IN_DATA)
def test_a_fault_in_data_gives_one_finding(stated: str, expected: str, part: str, fix: str) -> None:
    (finding,) = findings(f"\n\n{A} {stated} .")
    assert (finding.path, f"{finding.code} {finding.subject}") == ("data/register/x.ttl", expected)
    assert finding.line == DATA.count("\n") + 3
    assert part in finding.message
    assert fix in finding.fix


def test_a_near_thing_is_suggested() -> None:
    (finding,) = findings(
        "<https://w3id.org/jhaan/id/event/summer-school> a jhaan:Event .\n"
        "<https://w3id.org/jhaan/id/part/c> jhaan:inEvent <https://w3id.org/jhaan/id/event/sumer-school> ."
    )
    assert finding.fix == "Did you mean <https://w3id.org/jhaan/id/event/summer-school>?"


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


@pytest.mark.parametrize(
    ("shape", "code", "subject"),
    [
        ("sh:targetClass jhaan:Evnt", "undefined-term", "jhaan:Evnt"),
        ("sh:property [ sh:path jhaan:dya ; sh:minCount 1 ]", "undefined-term", "jhaan:dya"),
        ("sh:property [ sh:path ( jhaan:dya rdfs:label ) ]", "undefined-term", "jhaan:dya"),
        ("sh:property [ sh:path jhaan:Event ]", "wrong-use", "jhaan:Event"),
        ("sh:targetSubjectsOf jhaan:Event", "wrong-use", "jhaan:Event"),
        ("sh:class jhaan:role", "wrong-use", "jhaan:role"),
        ("sh:datatype jhaan:Event", "wrong-use", "jhaan:Event"),
        ("sh:minLenght 3", "undefined-term", "sh:minLenght"),
        ("sh:property jhsh:Missing", "undefined-term", "jhsh:Missing"),
        ("sh:sparql [ sh:select 'SELECT $this { $this jhaan:dya ?x }' ]", "undefined-term", "jhaan:dya"),
        ("sh:sparql [ sh:select 'SELECT $this { $this a jhaan:role }' ]", "wrong-use", "jhaan:role"),
    ],
)
def test_faults_in_shapes_are_found(shape: str, code: str, subject: str) -> None:
    (finding,) = findings(shapes=f"jhsh:S a sh:NodeShape ; {shape} .")
    assert (finding.path, finding.line, finding.code, finding.subject) == ("shapes/x.ttl", 1, code, subject)


PREFIX = "PREFIX jhaan: <https://w3id.org/jhaan/ontology#>\n"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("?x a jhaan:Evnt", "undefined-term jhaan:Evnt"),
        ("?x jhaan:dya ?y", "undefined-term jhaan:dya"),
        ("?x jhaan:within+/jhaan:nera ?y", "undefined-term jhaan:nera"),
        ("?x jhaan:Event ?y", "wrong-use jhaan:Event"),
        ("?x jhaan:within/^jhaan:Event ?y", "wrong-use jhaan:Event"),
        ("OPTIONAL { ?x jhaan:dya ?y }", "undefined-term jhaan:dya"),
        ("{ ?x jhaan:day ?y } UNION { ?x jhaan:within/^jhaan:dya* ?y }", "undefined-term jhaan:dya"),
        ("?x jhaan:day ?y MINUS { ?x !(jhaan:dya|^jhaan:day) ?y }", "undefined-term jhaan:dya"),
        ("{ SELECT ?x { ?x jhaan:count true } }", "wrong-datatype jhaan:count"),
        ("?x a jhaan:role", "wrong-use jhaan:role"),
        ("?x jhaan:role 'Chair'", "wrong-use jhaan:role"),
        ("?x jhaan:count '3'", "wrong-datatype jhaan:count"),
        ("?x jhaan:role ?r FILTER(?r = jhaan:Char)", "undefined-term jhaan:Char"),
        ("?x jhaan:role ?r FILTER NOT EXISTS { ?x jhaan:day ?d ; jhaan:Event ?r }", "wrong-use jhaan:Event"),
        (f"?x ?y {WINTER}", f"undescribed-thing {WINTER}"),
    ],
)
def test_faults_in_queries_are_found(pattern: str, expected: str) -> None:
    (finding,) = findings(queries=f"{HEADER}{PREFIX}SELECT ?x {{\n {pattern} }}")
    assert (finding.path, finding.line) == ("queries/t/q.rq", 5)
    assert f"{finding.code} {finding.subject}" == expected


@given(st.text())
def test_any_text_of_a_query_can_be_looked_at(text: str) -> None:
    findings(queries=HEADER + text)


PARAMETER = "#+ parameters:\n#+   - name: x\n#+     type: jhaan:Evnt\n#+     description: d\n"


@pytest.mark.parametrize(
    ("query", "line", "expected"),
    [
        ("SELECT ?x { ?x jhaan:role ?r }", 3, "undefined-prefix jhaan:role"),
        (
            "#+ base: ?x jhaan:dya ?y .\n#+ absence: None.\nSELECT ?x { ?x ?y ?z }",
            3,
            "undefined-term jhaan:dya",
        ),
        ("#+ evidence: ?x jhaan:dya ?y .\nSELECT ?x { ?x ?y ?z }", 3, "undefined-term jhaan:dya"),
        (PARAMETER + "SELECT ?x { ?x ?y ?z }", 5, "undefined-term jhaan:Evnt"),
    ],
)
def test_faults_in_headers_and_prefixes_are_found(query: str, line: int, expected: str) -> None:
    (finding,) = findings(queries=HEADER + query)
    assert (finding.line, f"{finding.code} {finding.subject}") == (line, expected)


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
