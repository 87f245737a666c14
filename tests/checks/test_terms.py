"""Undefined terms and terms in the wrong place."""

from __future__ import annotations

import pytest
from checks_support import DATA, ontology, reused, stated

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


@pytest.mark.parametrize(
    ("data", "code", "subject", "part", "fix"),
    [
        (f"{A} jhaan:dya 1 .", "undefined-term", "jhaan:dya", "this property", "Did you mean jhaan:day?"),
        (
            f"{A} a jhaan:Meetng .",
            "undefined-term",
            "jhaan:Meetng",
            "this class",
            "Did you mean jhaan:Meeting?",
        ),
        (
            f"{A} jhaan:role jhaan:Char .",
            "undefined-term",
            "jhaan:Char",
            "this term",
            "Did you mean jhaan:Chair?",
        ),
        (
            f"{A} a <http://schema.org/Event> .",
            "undefined-term",
            "<http://schema.org/Event>",
            "this class",
            "schema:Event?",
        ),
        (f"{A} org:rol {A} .", "undefined-term", "org:rol", "this property", "jhaan_kg.reused_terms"),
        (
            f"{A} rdfs:lable 'x' .",
            "undefined-term",
            "rdfs:lable",
            "standard defines no such property",
            "rdfs:label?",
        ),
        (
            f"{A} <http://example.org/p> 1 .",
            "undefined-term",
            "<http://example.org/p>",
            "this property",
            "Use a term",
        ),
        (f"{A} jhaan:count '1'^^xsd:int32 .", "undefined-term", "xsd:int32", "no such datatype", "xsd:int?"),
        (f"{A} jhaan:Chair {A} .", "wrong-use", "jhaan:Chair", "as a predicate, but it is an individual", ""),
        (f"{A} jhaan:Meeting {A} .", "wrong-use", "jhaan:Meeting", "as a predicate, but it is a class", ""),
        (f"{A} a jhaan:within .", "wrong-use", "jhaan:within", "rdf:type, but it is an object property", ""),
        (f"{A} a jhaan:Chair .", "wrong-use", "jhaan:Chair", "rdf:type, but it is an individual", ""),
        (
            f"{A} jhaan:role 'Chair' .",
            "wrong-use",
            "jhaan:role",
            "its value is a literal",
            "datatype property",
        ),
        (f"{A} jhaan:count {A} .", "wrong-use", "jhaan:count", "its value is no literal", "object property"),
        (
            f"{A} jhaan:role jhaan:Role .",
            "wrong-use",
            "jhaan:Role",
            "is a class, but stands as a value of jhaan:role",
            "",
        ),
        (
            f"{A} jhaan:notStated jhaan:Event .",
            "wrong-use",
            "jhaan:Event",
            "jhaan:notStated, but it is a class",
            "",
        ),
        (
            f"{A} jhaan:count '3' .",
            "wrong-datatype",
            "jhaan:count",
            "takes xsd:integer, but the value is a literal of type xsd:string",
            "",
        ),
        (
            f"{A} jhaan:count '3'@en .",
            "wrong-datatype",
            "jhaan:count",
            "takes xsd:integer, but the value is tagged @en",
            "",
        ),
        (
            f"{A} jhaan:inEvent <https://w3id.org/jhaan/id/event/winter> .",
            "undescribed-thing",
            "<https://w3id.org/jhaan/id/event/winter>",
            "no source says anything",
            "Register it",
        ),
        (
            f"{A} jhaan:labelTemplate '{{jhaan:cuont}}' .",
            "undefined-term",
            "jhaan:cuont",
            "this property",
            "jhaan:count?",
        ),
        (
            f"{A} jhaan:labelTemplate '{{jaan:count}}' .",
            "undefined-prefix",
            "jhaan:labelTemplate",
            "{jaan:count}",
            "",
        ),
    ],
)
def test_a_fault_in_data_gives_one_finding(data: str, code: str, subject: str, part: str, fix: str) -> None:
    (finding,) = findings("\n\n" + data)
    assert (finding.path, finding.code, finding.subject) == ("data/register/x.ttl", code, subject)
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
    ("query", "line", "code", "subject"),
    [
        (HEADER + PREFIX + "SELECT ?x {\n ?x a jhaan:Evnt }", 5, "undefined-term", "jhaan:Evnt"),
        (HEADER + PREFIX + "SELECT ?x { ?x jhaan:dya ?y }", 4, "undefined-term", "jhaan:dya"),
        (HEADER + PREFIX + "SELECT ?x { ?x jhaan:within+/jhaan:nera ?y }", 4, "undefined-term", "jhaan:nera"),
        (HEADER + PREFIX + "SELECT ?x { ?x jhaan:Event ?y }", 4, "wrong-use", "jhaan:Event"),
        (HEADER + PREFIX + "SELECT ?x { ?x jhaan:within/^jhaan:Event ?y }", 4, "wrong-use", "jhaan:Event"),
        (HEADER + PREFIX + "SELECT ?x { ?x a jhaan:role }", 4, "wrong-use", "jhaan:role"),
        (HEADER + PREFIX + "SELECT ?x { ?x jhaan:role 'Chair' }", 4, "wrong-use", "jhaan:role"),
        (HEADER + PREFIX + "SELECT ?x { ?x jhaan:count '3' }", 4, "wrong-datatype", "jhaan:count"),
        (
            HEADER + PREFIX + "SELECT ?x { ?x jhaan:role ?r FILTER(?r = jhaan:Char) }",
            4,
            "undefined-term",
            "jhaan:Char",
        ),
        (
            HEADER
            + PREFIX
            + "SELECT ?x { ?x jhaan:role ?r FILTER NOT EXISTS { ?x jhaan:day ?d ; jhaan:Event ?r } }",
            4,
            "wrong-use",
            "jhaan:Event",
        ),
        (HEADER + "SELECT ?x { ?x jhaan:role ?r }", 3, "undefined-prefix", "jhaan:role"),
        (HEADER + "#+ evidence: ?x jhaan:dya ?y .\nSELECT ?x { ?x ?y ?z }", 3, "undefined-term", "jhaan:dya"),
        (
            HEADER
            + "#+ parameters:\n#+   - name: x\n#+     type: jhaan:Evnt\n#+     description: d\nSELECT ?x { ?x ?y ?z }",
            5,
            "undefined-term",
            "jhaan:Evnt",
        ),
        (
            HEADER + "SELECT ?x { ?x ?y <https://w3id.org/jhaan/id/event/z> }",
            3,
            "undescribed-thing",
            "<https://w3id.org/jhaan/id/event/z>",
        ),
    ],
)
def test_faults_in_queries_are_found(query: str, line: int, code: str, subject: str) -> None:
    (finding,) = findings(queries=query)
    assert (finding.path, finding.line, finding.code, finding.subject) == (
        "queries/t/q.rq",
        line,
        code,
        subject,
    )


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
