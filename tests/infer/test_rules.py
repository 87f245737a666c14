"""Each axiom on its own: what follows from it, by the rules of OWL 2 Profiles; and what is not covered."""

from __future__ import annotations

import pytest
from owlrl_oracle import turtle
from single_axioms import ENTAILMENTS

from jhaan_kg.errors import JhaanError
from jhaan_kg.infer import close, compile_rules


@pytest.mark.parametrize(("ontology", "data", "expected"), ENTAILMENTS.values(), ids=ENTAILMENTS)
def test_entails(ontology: str, data: str, expected: str) -> None:
    closure = close(compile_rules(turtle(ontology)), [turtle(data)])
    assert set(closure.inferred(0)) == turtle(expected)


WITHOUT_EFFECT = {
    "declarations": """:A a owl:Class . :p a owl:ObjectProperty . :d a owl:DatatypeProperty . :a a owl:NamedIndividual .
        <http://example.org/> a owl:Ontology ; owl:versionInfo "1" ; owl:imports <http://example.com/> .""",
    "annotations": ":n a owl:AnnotationProperty . :A :n 'note' ; rdfs:label 'A' ; rdfs:comment 'c' ; rdfs:seeAlso :B .",
    "axioms on annotation properties": """:n a owl:AnnotationProperty ; rdfs:subPropertyOf rdfs:label ;
        rdfs:domain :A ; rdfs:range :B .""",
    "ranges that are datatypes": """:d rdfs:range xsd:date . :e rdfs:range :code . :code a rdfs:Datatype .
        :f rdfs:range rdf:langString .""",
    "itself above": ":A rdfs:subClassOf :A . :p rdfs:subPropertyOf :p .",
}


@pytest.mark.parametrize("ontology", WITHOUT_EFFECT.values(), ids=WITHOUT_EFFECT)
def test_has_no_effect(ontology: str) -> None:
    data = turtle(":a a :A , :B ; :p :b ; :d 'x' ; :n :c ; :e :b ; :f 'x'@en .")
    assert close(compile_rules(turtle(ontology)), [turtle(ontology) | data]).inferred(0) == ()


# The ontology, the term and the construct that the message names.
NOT_COVERED = {
    "key": (":A owl:hasKey ( :p ) .", ":A", "owl:hasKey"),
    "sameAs": (":a owl:sameAs :b .", ":a", "owl:sameAs"),
    "equivalent classes": (":A owl:equivalentClass :B .", ":A", "owl:equivalentClass"),
    "restriction": (
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] .",
        ":A",
        "owl:Restriction|owl:onProperty",
    ),
    "restriction below": (
        "[ owl:onProperty :p ; owl:allValuesFrom :B ] rdfs:subClassOf :A .",
        "",
        "owl:allValuesFrom",
    ),
    "union": (":A rdfs:subClassOf [ owl:unionOf ( :B :C ) ] .", ":A", "owl:unionOf"),
    "anonymous class": (":A rdfs:subClassOf [ rdfs:label 'B' ] .", ":A", "rdfs:subClassOf"),
    "anonymous inverse": (":p rdfs:subPropertyOf [ owl:inverseOf :q ] .", ":p", "owl:inverseOf"),
    "data range": (
        ":d rdfs:range [ a rdfs:Datatype ; owl:onDatatype xsd:integer ] .",
        ":d",
        "owl:onDatatype",
    ),
    "functional datatype property": (
        ":d a owl:DatatypeProperty , owl:FunctionalProperty .",
        ":d",
        "owl:FunctionalProperty",
    ),
    "functional property of unknown kind": (":d a owl:FunctionalProperty .", ":d", "owl:FunctionalProperty"),
    "reflexive property": (":p a owl:ReflexiveProperty .", ":p", "owl:ReflexiveProperty"),
    "different individuals": (":all a owl:AllDifferent .", ":all", "owl:AllDifferent"),
    "owl:Thing below": ("owl:Thing rdfs:subClassOf :A .", "owl:Thing", "rdfs:subClassOf"),
    "a class of the language": (":A rdfs:subClassOf owl:Class .", ":A", "owl:Class"),
    "a property of the language": (":p rdfs:subPropertyOf rdf:type .", ":p", "rdf:type"),
    "annotation property above": (":p rdfs:subPropertyOf rdfs:label .", ":p", "rdfs:label"),
    "annotation property in a chain": (
        ":n a owl:AnnotationProperty . :p owl:propertyChainAxiom ( :q :n ) .",
        ":p",
        "owl:propertyChainAxiom",
    ),
    "transitive annotation property": (
        ":n a owl:AnnotationProperty , owl:TransitiveProperty .",
        ":n",
        "owl:TransitiveProperty",
    ),
    "two kinds of property": (
        ":n a owl:AnnotationProperty , owl:ObjectProperty ; rdfs:domain :A .",
        ":n",
        "owl:AnnotationProperty",
    ),
    "chain of one": (":p owl:propertyChainAxiom ( :q ) .", ":p", "owl:propertyChainAxiom"),
    "chain of three": (":p owl:propertyChainAxiom ( :q :r :s ) .", ":p", "owl:propertyChainAxiom"),
    "list that ends elsewhere": (
        ":p owl:propertyChainAxiom [ rdf:first :q ; rdf:rest :end ] .",
        ":end",
        "rdf:first",
    ),
    "no list": ("[] a owl:AllDisjointClasses .", "", "owl:members"),
    "literal for a class": (":A rdfs:subClassOf 'B' .", ":A", "rdfs:subClassOf"),
    "unknown name of OWL": (":p owl:inversOf :q .", ":p", "owl:inversOf"),
    "unknown class of RDF Schema": (":A a rdfs:Container .", ":A", "rdfs:Container"),
}


@pytest.mark.parametrize(("ontology", "term", "construct"), NOT_COVERED.values(), ids=NOT_COVERED)
def test_what_is_not_covered_is_an_error(ontology: str, term: str, construct: str) -> None:
    with pytest.raises(JhaanError) as caught:
        compile_rules(turtle(ontology))
    message = str(caught.value).partition("Covered are")[0]
    assert term in message.replace("<http://example.org/", ":").replace(">", "")
    assert any(name in message for name in construct.split("|"))


def test_rules_don_t_depend_on_the_order_of_triples_nor_on_names_of_blank_nodes() -> None:
    text = (
        "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) . :p owl:inverseOf :q . :q owl:inverseOf :r ."
    )
    one, other = compile_rules(turtle(text)), compile_rules(sorted(turtle(text), key=str, reverse=True))
    assert (one.rules, one.checks) == (other.rules, other.checks)


def test_rule_names_its_axiom_as_turtle_has_it() -> None:
    (rule,) = compile_rules(turtle(":p rdfs:range :A .")).rules
    assert (rule.name, rule.axiom) == ("prp-rng", "<http://example.org/p> rdfs:range <http://example.org/A>")
