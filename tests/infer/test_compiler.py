"""Each axiom on its own: what follows from it, by the rules of OWL 2 Profiles; and what is refused."""

from __future__ import annotations

import pytest
from owlrl_oracle import owlrl_entailments, turtle

from jhaan_kg.errors import JhaanError
from jhaan_kg.infer import close, compile_rules

# The rule, an ontology, data, and what follows by hand.
ENTAILMENTS = {
    "cax-sco": (":A rdfs:subClassOf :B .", ":a a :A . :b a :B .", ":a a :B ."),
    "cax-eqc": (":A owl:equivalentClass :B .", ":a a :A . :b a :B .", ":a a :B . :b a :A ."),
    "prp-dom": (":p rdfs:domain :A .", ":a :p :b .", ":a a :A ."),
    "prp-dom of a literal's holder": (":d rdfs:domain :A .", ":a :d 'x' .", ":a a :A ."),
    "prp-rng": (":p rdfs:range :A .", ":a :p :b .", ":b a :A ."),
    "prp-spo1": (":p rdfs:subPropertyOf :q .", ":a :p :b . :c :q :d .", ":a :q :b ."),
    "prp-spo1 with literals": (":d rdfs:subPropertyOf :e .", ":a :d 'x'@en .", ":a :e 'x'@en ."),
    "prp-spo1 to an inverse": (":p rdfs:subPropertyOf [ owl:inverseOf :q ] .", ":a :p :b .", ":b :q :a ."),
    "prp-eqp": (":p owl:equivalentProperty :q .", ":a :p :b . :c :q :d .", ":a :q :b . :c :p :d ."),
    "prp-inv": (":p owl:inverseOf :q .", ":a :p :b . :c :q :d .", ":b :q :a . :d :p :c ."),
    "prp-symp": (":p a owl:SymmetricProperty .", ":a :p :b .", ":b :p :a ."),
    "prp-trp": (
        ":p a owl:TransitiveProperty .",
        ":a :p :b . :b :p :c . :c :p :d .",
        ":a :p :c , :d . :b :p :d .",
    ),
    "prp-trp in a circle": (
        ":p a owl:TransitiveProperty .",
        ":a :p :b . :b :p :a .",
        ":a :p :a . :b :p :b .",
    ),
    "prp-spo2 of two": (
        ":r owl:propertyChainAxiom ( :p :q ) .",
        ":a :p :b . :b :q :c . :c :p :d . :x :q :y .",
        ":a :r :c .",
    ),
    "prp-spo2 of three": (
        ":r owl:propertyChainAxiom ( :p :q :s ) .",
        ":a :p :b . :b :q :c , :d . :c :s :e . :d :s :f . :p :s :q .",
        ":a :r :e , :f .",
    ),
    "prp-spo2 of four": (
        ":r owl:propertyChainAxiom ( :p :p :q :q ) .",
        ":a :p :b . :b :p :c . :c :q :d . :d :q :e .",
        ":a :r :e .",
    ),
    "prp-spo2 with an inverse": (
        ":r owl:propertyChainAxiom ( [ owl:inverseOf :p ] :q ) .",
        ":b :p :a . :b :q :c .",
        ":a :r :c .",
    ),
    "prp-spo2 into itself": (
        ":p owl:propertyChainAxiom ( :p :q ) .",
        ":a :p :b . :b :q :c . :c :q :d .",
        ":a :p :c , :d .",
    ),
    "cls-svf1": (
        "[ owl:onProperty :p ; owl:someValuesFrom :A ] rdfs:subClassOf :B .",
        ":a :p :b , :c . :b a :A . :d :p :c .",
        ":a a :B .",
    ),
    "cls-svf1 of an inverse": (
        "[ owl:onProperty [ owl:inverseOf :p ] ; owl:someValuesFrom :A ] rdfs:subClassOf :B .",
        ":b :p :a . :b a :A .",
        ":a a :B .",
    ),
    "cls-svf2": (
        "[ owl:onProperty :p ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf :B .",
        ":a :p :b .",
        ":a a :B .",
    ),
    "cls-avf": (
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:allValuesFrom :B ] .",
        ":a a :A ; :p :b . :c :p :d .",
        ":b a :B .",
    ),
    "cls-hv1": (":A rdfs:subClassOf [ owl:onProperty :p ; owl:hasValue :v ] .", ":a a :A .", ":a :p :v ."),
    "cls-hv1 with a literal": (
        ":A rdfs:subClassOf [ owl:onProperty :d ; owl:hasValue 7 ] .",
        ":a a :A .",
        ":a :d 7 .",
    ),
    "cls-hv1 of an inverse": (
        ":A rdfs:subClassOf [ owl:onProperty [ owl:inverseOf :p ] ; owl:hasValue :v ] .",
        ":a a :A .",
        ":v :p :a .",
    ),
    "cls-hv2": (
        "[ owl:onProperty :p ; owl:hasValue :v ] rdfs:subClassOf :A .",
        ":a :p :v . :b :p :w .",
        ":a a :A .",
    ),
    "cls-hv2 with a literal": (
        "[ owl:onProperty :d ; owl:hasValue 'v' ] rdfs:subClassOf :A .",
        ":a :d 'v' . :b :d 'v'@en .",
        ":a a :A .",
    ),
    "cls-int1": (
        "[ owl:intersectionOf ( :A :B :C ) ] rdfs:subClassOf :D .",
        ":a a :A , :B , :C . :b a :A , :C .",
        ":a a :D .",
    ),
    "cls-int2": (":A rdfs:subClassOf [ owl:intersectionOf ( :B :C ) ] .", ":a a :A .", ":a a :B , :C ."),
    "cls-int by equivalence": (
        ":A owl:equivalentClass [ owl:intersectionOf ( :B :C ) ] .",
        ":a a :A . :b a :B , :C .",
        ":a a :B , :C . :b a :A .",
    ),
    "cls-uni": (
        "[ owl:unionOf ( :A :B ) ] rdfs:subClassOf :C .",
        ":a a :A . :b a :B . :c a :D .",
        ":a a :C . :b a :C .",
    ),
    "cls-uni within cls-svf1": (
        "[ owl:onProperty :p ; owl:someValuesFrom [ owl:unionOf ( :A :B ) ] ] rdfs:subClassOf :C .",
        ":a :p :x . :b :p :y . :x a :A . :y a :B .",
        ":a a :C . :b a :C .",
    ),
    "cls-avf within cls-avf": (
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:allValuesFrom [ owl:onProperty :q ; owl:allValuesFrom :B ] ] .",
        ":a a :A ; :p :b . :b :q :c .",
        ":c a :B .",
    ),
    "a domain that is an expression": (
        ":p rdfs:domain [ owl:intersectionOf ( :A :B ) ] .",
        ":a :p :b .",
        ":a a :A , :B .",
    ),
    "classes of RDF": (":A rdfs:subClassOf rdf:Statement .", ":a a :A .", ":a a rdf:Statement ."),
}


@pytest.mark.parametrize(("ontology", "data", "expected"), ENTAILMENTS.values(), ids=ENTAILMENTS)
def test_entails(ontology: str, data: str, expected: str) -> None:
    closure = close(compile_rules(turtle(ontology)), [turtle(data)])
    assert set(closure.inferred(0)) == turtle(expected)
    assert owlrl_entailments(turtle(ontology), turtle(data)) == turtle(expected)


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
