"""Each axiom on its own: what follows from it, by the rules of OWL 2 Profiles; and what is refused."""

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
    "annotated axioms": """[] a owl:Axiom ; owl:annotatedSource :A ; owl:annotatedProperty rdfs:subClassOf ;
        owl:annotatedTarget :B ; rdfs:comment 'why' .""",
    "owl:Thing above": ":A rdfs:subClassOf owl:Thing . :p rdfs:range owl:Thing ; rdfs:domain rdfs:Resource .",
    "itself above": ":A rdfs:subClassOf :A . :p rdfs:subPropertyOf :p .",
    "owl:Nothing below": "owl:Nothing rdfs:subClassOf :A .",
}


@pytest.mark.parametrize("ontology", WITHOUT_EFFECT.values(), ids=WITHOUT_EFFECT)
def test_has_no_effect(ontology: str) -> None:
    data = turtle(":a a :A , :B ; :p :b ; :d 'x' ; :n :c .")
    rules = compile_rules(turtle(ontology))
    assert rules.rules == ()
    assert rules.ignored == ()
    assert close(rules, [turtle(ontology) | data]).inferred(0) == ()


def test_annotation_properties_are_never_reasoned_over() -> None:
    ontology = """:n a owl:AnnotationProperty ; rdfs:subPropertyOf rdfs:label ; rdfs:domain :A ; rdfs:range :B .
        rdfs:seeAlso rdfs:range :C ."""
    rules = compile_rules(turtle(ontology))
    assert close(rules, [turtle(":a :n :b ; rdfs:seeAlso :c .")]).inferred(0) == ()
    assert rules.ignored == (
        "<http://example.org/n> rdfs:domain <http://example.org/A>",
        "<http://example.org/n> rdfs:range <http://example.org/B>",
        "<http://example.org/n> rdfs:subPropertyOf rdfs:label",
        "rdfs:seeAlso rdfs:range <http://example.org/C>",
    )


def test_ranges_that_are_datatypes_are_noted_and_type_nothing() -> None:
    ontology = ":d rdfs:range xsd:date . :e rdfs:range :code . :code a rdfs:Datatype . :f rdfs:range rdf:langString ."
    rules = compile_rules(turtle(ontology))
    assert close(rules, [turtle(":a :d '2023-01-01'^^xsd:date ; :e :b ; :f 'x'@en .")]).inferred(0) == ()
    assert len(rules.ignored) == 3


# The ontology, the term and the construct that the message must name.
REFUSALS = {
    "key": (":A owl:hasKey ( :p ) .", ":A", "owl:hasKey"),
    "sameAs": (":a owl:sameAs :b .", ":a", "owl:sameAs"),
    "enumeration": (
        ":A owl:equivalentClass [ owl:oneOf ( :a :b ) ] .",
        ":A",
        "owl:oneOf",
    ),
    "functional datatype property": (
        ":d a owl:DatatypeProperty , owl:FunctionalProperty .",
        ":d",
        "owl:FunctionalProperty",
    ),
    "functional property of unknown kind": (":d a owl:FunctionalProperty .", ":d", "owl:FunctionalProperty"),
    "reflexive property": (":p a owl:ReflexiveProperty .", ":p", "owl:ReflexiveProperty"),
    "different individuals": (
        ":all a owl:AllDifferent ; owl:distinctMembers ( :a :b ) .",
        ":all",
        "owl:AllDifferent|owl:distinctMembers",
    ),
    "negative assertion": (
        """:no a owl:NegativePropertyAssertion ;
        owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetIndividual :b .""",
        ":no",
        "owl:NegativePropertyAssertion|owl:sourceIndividual|owl:assertionProperty|owl:targetIndividual",
    ),
    "disjoint union": (":A owl:disjointUnionOf ( :B :C ) .", ":A", "owl:disjointUnionOf"),
    "minimal cardinality": (
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:minCardinality 1 ] .",
        ":A",
        "owl:minCardinality",
    ),
    "exact cardinality": (
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:cardinality 1 ] .",
        ":A",
        "owl:cardinality",
    ),
    "maximal cardinality above 1": (
        ":p a owl:ObjectProperty . :A rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 2 ] .",
        ":A",
        "owl:maxCardinality",
    ),
    "maximal cardinality of a datatype property": (
        ":d a owl:DatatypeProperty . :A rdfs:subClassOf [ owl:onProperty :d ; owl:maxCardinality 1 ] .",
        ":A",
        "owl:maxCardinality",
    ),
    "maximal cardinality on the left": (
        ":p a owl:ObjectProperty . [ owl:onProperty :p ; owl:maxCardinality 1 ] rdfs:subClassOf :A .",
        ":p",
        "owl:maxCardinality",
    ),
    "restriction to oneself": (
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:hasSelf true ] .",
        ":A",
        "owl:hasSelf",
    ),
    "existence on the right": (
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom :B ] .",
        ":A",
        "owl:someValuesFrom",
    ),
    "existence by equivalence": (
        ":A owl:equivalentClass [ owl:onProperty :p ; owl:someValuesFrom :B ] .",
        ":A",
        "owl:someValuesFrom",
    ),
    "existence of a datatype": (
        "[ owl:onProperty :d ; owl:someValuesFrom xsd:date ] rdfs:subClassOf :A .",
        ":d",
        "xsd:date",
    ),
    "datatypes only": (
        ":A rdfs:subClassOf [ owl:onProperty :d ; owl:allValuesFrom xsd:date ] .",
        ":A",
        "xsd:date",
    ),
    "data range": (
        ":d rdfs:range [ a rdfs:Datatype ; owl:onDatatype xsd:integer ; owl:withRestrictions ( ) ] .",
        ":d",
        "owl:onDatatype|owl:withRestrictions|blank node",
    ),
    "union on the right": (":A rdfs:subClassOf [ owl:unionOf ( :B :C ) ] .", ":A", "owl:unionOf"),
    "universal restriction on the left": (
        "[ owl:onProperty :p ; owl:allValuesFrom :B ] rdfs:subClassOf :A .",
        ":p",
        "owl:allValuesFrom",
    ),
    "complement on the left": (
        ":X rdfs:subClassOf :Y . [ owl:complementOf :B ] rdfs:subClassOf :A .",
        "owl:complementOf :B",
        "owl:complementOf",
    ),
    "complement deep inside": (
        ":A owl:disjointWith [ owl:intersectionOf ( :B [ owl:complementOf :C ] ) ] .",
        ":A",
        "owl:complementOf",
    ),
    "constructor on a named class": (":A owl:intersectionOf ( :B :C ) .", ":A", "owl:intersectionOf"),
    "two constructors": (
        ":A rdfs:subClassOf [ owl:intersectionOf ( :B :C ) ; owl:complementOf :D ] .",
        ":A",
        "owl:complementOf, owl:intersectionOf",
    ),
    "owl:Thing below": ("owl:Thing rdfs:subClassOf :A .", "owl:Thing", "owl:Thing"),
    "a class of the language": (":A rdfs:subClassOf owl:Class .", ":A", "owl:Class"),
    "a property of the language": (":p rdfs:subPropertyOf rdfs:subClassOf .", ":p", "rdfs:subPropertyOf"),
    "annotation property above": (
        ":p a owl:ObjectProperty ; rdfs:subPropertyOf rdfs:label .",
        ":p",
        "rdfs:subPropertyOf",
    ),
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
    "broken list": (":p owl:propertyChainAxiom [ rdf:first :q ] .", ":p", "rdf:rest"),
    "list that ends elsewhere": (
        ":p owl:propertyChainAxiom [ rdf:first :q ; rdf:rest :end ] .",
        ":end",
        "rdf:first",
    ),
    "list without end": (
        ":p owl:propertyChainAxiom _:l . _:l rdf:first :q ; rdf:rest _:l .",
        ":q",
        "rdf:nil",
    ),
    "class within itself": (
        ":A rdfs:subClassOf _:x . _:x owl:intersectionOf ( :B _:x ) .",
        ":A",
        "contains itself",
    ),
    "literal for a class": (":A rdfs:subClassOf 'B' .", ":A", '"B"'),
    "literal for a property": (":p rdfs:subPropertyOf 'q' .", ":p", '"q"'),
    "inverse with a literal": (
        ":A rdfs:subClassOf [ owl:onProperty [ owl:inverseOf :p ] ; owl:hasValue 1 ] .",
        ":A",
        "owl:hasValue",
    ),
    "anonymous property that isn't an inverse": (
        ":p rdfs:subPropertyOf [ :q :r ] .",
        ":p",
        "rdfs:subPropertyOf",
    ),
    "restriction without property": (":A rdfs:subClassOf [ owl:hasValue :v ] .", ":A", "owl:onProperty"),
    "unknown name of OWL": (":p owl:inversOf :q .", ":p", "owl:inversOf"),
    "unknown class of RDF Schema": (":A a rdfs:Container .", ":A", "rdfs:Container"),
}


@pytest.mark.parametrize(("ontology", "term", "construct"), REFUSALS.values(), ids=REFUSALS)
def test_refuses(ontology: str, term: str, construct: str) -> None:
    with pytest.raises(JhaanError) as caught:
        compile_rules(turtle(ontology))
    message = str(caught.value).replace("<http://example.org/", ":").replace(">", "")
    assert term in message
    assert any(name in message for name in construct.split("|"))


def test_rules_don_t_depend_on_the_order_of_triples_nor_on_names_of_blank_nodes() -> None:
    text = """:A rdfs:subClassOf [ owl:onProperty :p ; owl:allValuesFrom [ owl:intersectionOf ( :B :C ) ] ] .
        :p owl:inverseOf :q ."""
    one, other = turtle(text), turtle(text)
    assert one != other  # blank nodes have new names in each parse
    assert compile_rules(one).rules == compile_rules(sorted(other, key=str, reverse=True)).rules


def test_one_rule_for_what_several_axioms_say() -> None:
    rules = compile_rules(turtle(":p owl:inverseOf :q . :q owl:inverseOf :p ."))
    assert [rule.name for rule in rules.rules] == ["prp-inv1", "prp-inv2"]


def test_rule_names_its_axiom_as_turtle_has_it() -> None:
    (rule,) = compile_rules(
        turtle("[ owl:onProperty :p ; owl:someValuesFrom :A ] rdfs:subClassOf :B .")
    ).rules
    assert rule.name == "cax-sco"
    assert rule.axiom == (
        "[ owl:onProperty <http://example.org/p> ; owl:someValuesFrom <http://example.org/A> ] "
        "rdfs:subClassOf <http://example.org/B>"
    )
