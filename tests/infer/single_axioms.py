"""What follows from each kind of axiom, worked out by hand."""

from __future__ import annotations

from typing import Final

ENTAILMENTS: Final = {
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
"""For each rule: an ontology, data, and what follows."""
