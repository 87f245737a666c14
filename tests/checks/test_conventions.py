"""The project's rules for its ontology: each has an ontology that breaks it and nothing else."""

from __future__ import annotations

import pytest
from checks_support import DATA, HEADER, ONTOLOGY, ontology, reused, stated, term

from jhaan_kg.checks.conventions import check_conventions
from jhaan_kg.checks.stated import QueryText
from jhaan_kg.errors import Finding


def findings(text: str = ONTOLOGY, data: str = DATA, others: str = "", query: str = "") -> list[Finding]:
    queries = [QueryText("queries/t/q.rq", query)] if query else []
    return check_conventions(stated(text, "ontology/jhaan.ttl"), reused(others), stated(data), [], queries)


def test_the_small_ontology_keeps_all_rules() -> None:
    assert findings() == []


EVENT = term("Event", "owl:Class", "event", "Something that takes place.", "; rdfs:subClassOf schema:Event")


@pytest.mark.parametrize(
    ("instead", "code", "part"),
    [
        (EVENT.replace('"event"@en', '"event"'), "term-label", "but it has 1 (without tag)"),
        (EVENT.replace('"event"@en', '"event"@en, "do"@en'), "term-label", "but it has 2 (@en, @en)"),
        (EVENT.replace('"event"@en', '"Ereignis"@de'), "term-label", "but it has 1 (@de)"),
        (EVENT.replace('rdfs:label "event"@en ;', ""), "term-label", "but it has none"),
        (EVENT.replace("skos:definition", "skos:note"), "term-definition", "but it has none"),
        (EVENT.replace("takes place.", "takes place"), "term-definition", "no sentence"),
        (EVENT.replace("Something", "something"), "term-definition", "no sentence"),
        (EVENT.replace("Something", "An event"), "term-definition", 'begins with the term itself ("event")'),
        (EVENT.replace("Something", "Event"), "term-definition", 'begins with the term itself ("event")'),
        (
            EVENT.replace("https://w3id.org/jhaan/ontology>", "https://schema.org>"),
            "term-defined-by",
            "and no other",
        ),
        (EVENT.replace("rdfs:isDefinedBy <https://w3id.org/jhaan/ontology>", ""), "term-defined-by", "needs"),
    ],
)
def test_a_faulty_term_gives_one_finding(instead: str, code: str, part: str) -> None:
    (finding,) = findings(ONTOLOGY.replace(EVENT, instead))
    assert (finding.path, finding.code, finding.subject) == ("ontology/jhaan.ttl", code, "jhaan:Event")
    assert finding.line == HEADER.count("\n") + 1
    assert part in finding.message


def test_a_definition_may_begin_with_a_longer_word() -> None:
    assert findings(ONTOLOGY.replace("Something that takes place.", "Eventful time.")) == []


@pytest.mark.parametrize(
    ("name", "types", "style"),
    [
        ("big_event", "owl:Class", "UpperCamelCase"),
        ("BigThing", "owl:ObjectProperty", "lowerCamelCase"),
        ("small-count", "owl:DatatypeProperty", "lowerCamelCase"),
        ("first", "owl:NamedIndividual, jhaan:Role", "UpperCamelCase"),
    ],
)
def test_names_have_a_style(name: str, types: str, style: str) -> None:
    use = DATA + f'<https://w3id.org/jhaan/id/x/y> jhaan:note "{name}" ; jhaan:near jhaan:{name} .'
    (finding,) = findings(ONTOLOGY + term(name, types, "word", "What it is."), use)
    assert (finding.code, finding.subject) == ("term-name", f"jhaan:{name}")
    assert style in finding.message


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        (
            "owl:versionIRI <https://w3id.org/jhaan/ontology/1.2.3> ;",
            "",
            "needs one owl:versionIRI, but it has none",
        ),
        (
            'owl:versionInfo "1.2.3" .',
            'owl:versionInfo "1.2.3", "1" .',
            "needs one owl:versionInfo, but it has 2",
        ),
        ("ontology/1.2.3>", "ontology/1.2.4>", "expected <https://w3id.org/jhaan/ontology/1.2.3>"),
        ('dcterms:title "Small ontology"@en ;', "", "needs one dcterms:title"),
        ('dcterms:description "For tests."@en ;', "", "needs one dcterms:description"),
        ('dcterms:creator "Us" ;', "", "needs one dcterms:creator"),
        ('dcterms:issued "2026-01-01"^^xsd:date ;', "", "needs one dcterms:issued"),
        ("dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;", "", "needs one dcterms:license"),
        ('"jhaan" ;', '"j" ;', 'must be the literal "jhaan"'),
        ('"https://w3id.org/jhaan/ontology#"', "<https://w3id.org/jhaan/ontology#>", "must be the literal"),
    ],
)
def test_a_faulty_header_gives_a_finding(old: str, new: str, part: str) -> None:
    text = ONTOLOGY.replace(
        'owl:versionInfo "1.2.3" ;', 'owl:versionInfo "1.2.3" .\n<https://w3id.org/jhaan/ontology>'
    )
    assert old in text
    (finding,) = [f for f in findings(text.replace(old, new)) if part in f.message]
    assert (finding.code, finding.subject) == ("ontology-header", "<https://w3id.org/jhaan/ontology>")


def test_a_missing_header_is_one_finding() -> None:
    (finding,) = [f for f in findings(ONTOLOGY.replace(HEADER, "")) if f.path == "ontology/jhaan.ttl"]
    assert (finding.code, finding.message) == ("ontology-header", "the ontology has no header.")


def test_a_term_without_use_is_found() -> None:
    (finding,) = findings(ONTOLOGY + term("Unused", "owl:Class", "unused", "Nothing."))
    assert (finding.code, finding.subject) == ("unused-term", "jhaan:Unused")


@pytest.mark.parametrize(
    ("more", "use"),
    [
        (term("Kind", "owl:Class", "kind", "Some."), "<https://w3id.org/jhaan/id/x/y> a jhaan:Kind ."),
        (term("Kind", "owl:Class", "kind", "Some.") + "jhaan:near rdfs:domain jhaan:Kind .", ""),
        (term("Kind", "owl:Class", "kind", "Some.") + "jhaan:Meeting rdfs:subClassOf jhaan:Kind .", ""),
        (term("p", "owl:ObjectProperty", "p", "Some.", "; owl:inverseOf jhaan:near"), ""),
        (
            term(
                "p", "owl:ObjectProperty", "p", "Some.", "; owl:propertyChainAxiom ( jhaan:near jhaan:role )"
            ),
            "",
        ),
        (term("p", "owl:ObjectProperty", "p", "Some.") + "jhaan:near rdfs:subPropertyOf jhaan:p .", ""),
        (
            term("p", "owl:DatatypeProperty", "p", "Some.") + 'jhaan:Role jhaan:labelTemplate "{jhaan:p}" .',
            "",
        ),
    ],
)
def test_a_term_is_used_where_data_or_axioms_give_it_an_instance(more: str, use: str) -> None:
    assert findings(ONTOLOGY + more, DATA + use) == []


def test_a_query_is_a_use() -> None:
    more = term("Kind", "owl:Class", "kind", "Some.")
    assert findings(ONTOLOGY + more, query="SELECT ?x { ?x a <https://w3id.org/jhaan/ontology#Kind> }") == []
    assert findings(ONTOLOGY + more, query="#+ evidence: ?x a jhaan:Kind .\nSELECT ?x { ?x ?y ?z }") == []
    assert len(findings(ONTOLOGY + more, query="SELECT ?x { ?x ?y ?z } # jhaan:Kind")) == 1


def test_a_reused_term_without_use_is_found() -> None:
    (finding,) = findings(others='org:Role a owl:Class ; rdfs:label "Role"@en .')
    assert (finding.path, finding.code, finding.subject) == (
        "ontology/reused-terms.ttl",
        "unused-term",
        "org:Role",
    )
    assert "jhaan_kg.reused_terms" in finding.fix


def test_the_class_of_a_reused_individual_is_used_by_it() -> None:
    others = (
        "schema:Online a owl:NamedIndividual, schema:Mode . schema:Mode a owl:Class .\n"
        "<https://w3id.org/jhaan/ontology/reused-terms> a owl:Ontology ."
    )
    use = DATA + "<https://w3id.org/jhaan/id/event/a> jhaan:near schema:Online ."
    assert findings(data=use, others=others) == []


def test_the_same_findings_in_whatever_order_the_triples_come() -> None:
    faulty = ontology(term("b_b", "owl:Class", "b", "b"), term("c_c", "owl:Class", "c", "c"))
    forward = check_conventions(faulty, reused(), stated(DATA), [], [])
    assert {(f.code, f.subject) for f in forward} == {
        (code, subject)
        for code in ("term-definition", "term-name", "unused-term")
        for subject in ("jhaan:b_b", "jhaan:c_c")
    }
    backward = check_conventions(faulty[::-1], reused(), stated(DATA)[::-1], [], [])
    assert {(f.code, f.subject, f.message) for f in forward} == {
        (f.code, f.subject, f.message) for f in backward
    }
