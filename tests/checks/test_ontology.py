"""The rules for the ontology: each has an ontology that breaks it and nothing else."""

from __future__ import annotations

import pytest
from checks_support import ONTOLOGY, reused, stated, term

from jhaan_kg.checks.ontology import check_ontology
from jhaan_kg.errors import Finding

LINES = ONTOLOGY.splitlines(keepends=True)
HEADER, EVENT = "".join(LINES[:5]), LINES[5]
LABEL, DEFINITION, DEFINED_BY = (
    f"The rule is jhsh:TermShape-{name}." for name in ("label", "definition", "isDefinedBy")
)


def findings(text: str = ONTOLOGY) -> list[Finding]:
    return list(check_ontology(stated(text, "ontology/jhaan.ttl"), reused()))


def test_the_small_ontology_keeps_all_rules() -> None:
    assert findings() == []


@pytest.mark.parametrize(
    ("instead", "rule"),
    [
        (EVENT.replace('"event"@en', '"event"'), LABEL),
        (EVENT.replace('"event"@en', '"event"@en, "do"@en'), LABEL),
        (EVENT.replace('"event"@en', '"Ereignis"@de'), LABEL),
        (EVENT.replace('rdfs:label "event"@en ;', ""), LABEL),
        (EVENT.replace("skos:definition", "skos:note"), DEFINITION),
        (EVENT.replace("takes place.", "takes place"), DEFINITION),
        (EVENT.replace("Something", "something"), DEFINITION),
        (EVENT.replace("https://w3id.org/jhaan/ontology>", "https://schema.org>"), DEFINED_BY),
        (EVENT.replace("rdfs:isDefinedBy <https://w3id.org/jhaan/ontology>", ""), DEFINED_BY),
        (EVENT.replace("Something", "An event"), "Define it in other words."),
        (EVENT.replace("Something", "Event"), "Define it in other words."),
        (
            EVENT + "jhaan:Event jhaan:near jhaan:Place .",
            "Describe terms and the ontology by annotation properties only.",
        ),
        (EVENT + "jhaan:Event a owl:ObjectProperty .", "Use two names."),
        (EVENT + "jhaan:Event a jhaan:Role .", "Declare it as owl:NamedIndividual."),
    ],
)
def test_a_faulty_term_is_found_with_its_line(instead: str, rule: str) -> None:
    found = [
        finding
        for finding in findings(ONTOLOGY.replace(EVENT, instead))
        if "lowerCamel" not in finding.message
    ]
    assert {(finding.path, finding.subject, finding.fix) for finding in found} == {
        ("ontology/jhaan.ttl", "jhaan:Event", rule)
    }
    first = HEADER.count("\n") + 1
    assert all(finding.line in (first, first + 1) for finding in found)


def test_a_definition_may_begin_with_a_longer_word() -> None:
    assert findings(ONTOLOGY.replace("Something that takes place.", "Eventful time.")) == []


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("big_event", "owl:Class"),
        ("BigThing", "owl:ObjectProperty"),
        ("small-count", "owl:DatatypeProperty"),
        ("first", "owl:NamedIndividual, jhaan:Role"),
    ],
)
def test_names_have_a_style(name: str, types: str) -> None:
    (finding,) = findings(ONTOLOGY + term(name, types, "word", "What it is."))
    assert (finding.code, finding.subject) == ("ontology-style", f"jhaan:{name}")
    assert ("lowerCamelCase" if "Property" in types else "UpperCamelCase") in finding.message


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("owl:versionIRI <https://w3id.org/jhaan/ontology/1.2.3> ;", "", "versionIRI"),
        ('owl:versionInfo "1.2.3" ;', 'owl:versionInfo "1.2.3", "1" ;', "versionInfo"),
        ("ontology/1.2.3>", "ontology/1.2.4>", "sameVersion"),
        ('dcterms:title "Small ontology"@en ;', "", "title"),
        ('dcterms:description "For tests."@en ;', "", "description"),
        ('dcterms:creator "Us" ;', "", "creator"),
        ('dcterms:issued "2026-01-01"^^xsd:date ;', "", "issued"),
        ("dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;", "", "license"),
        ('"jhaan" ;', '"j" ;', "prefix"),
        ('"https://w3id.org/jhaan/ontology#"', "<https://w3id.org/jhaan/ontology#>", "namespace"),
    ],
)
def test_a_faulty_header_is_found(old: str, new: str, rule: str) -> None:
    assert old in ONTOLOGY
    found = findings(ONTOLOGY.replace(old, new))
    assert {finding.subject for finding in found} == {"<https://w3id.org/jhaan/ontology>"}
    assert f"The rule is jhsh:OntologyShape-{rule}." in {finding.fix for finding in found}


def test_a_missing_header_is_found() -> None:
    found = findings(ONTOLOGY.replace(HEADER, ""))
    assert {(finding.path, finding.line) for finding in found} == {("ontology/jhaan.ttl", 1)}
    assert any("must have a header" in finding.message for finding in found)


@pytest.mark.parametrize(
    ("axiom", "subject", "part"),
    [
        ("jhaan:near a owl:ReflexiveProperty .", "jhaan:near", "owl:ReflexiveProperty"),
        ("jhaan:count a owl:FunctionalProperty .", "jhaan:count", "only an owl:ObjectProperty"),
        ("jhaan:Place rdfs:subClassOf [ owl:complementOf jhaan:Role ] .", "jhaan:Place", "owl:complementOf"),
    ],
)
def test_an_axiom_that_inference_does_not_cover_is_found_with_its_place(
    axiom: str, subject: str, part: str
) -> None:
    found = [finding for finding in findings(ONTOLOGY + axiom) if part in finding.message]
    assert [(finding.code, finding.path, finding.subject) for finding in found] == [
        ("axiom-not-covered", "ontology/jhaan.ttl", subject)
    ]
    assert found[0].line > HEADER.count("\n")
