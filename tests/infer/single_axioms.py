"""What follows from each kind of axiom, worked out by hand."""

from __future__ import annotations

from typing import Final

ENTAILMENTS: Final = {
    "cax-sco": (":A rdfs:subClassOf :B .", ":a a :A . :b a :B .", ":a a :B ."),
    "prp-dom": (":p rdfs:domain :A .", ":a :p :b .", ":a a :A ."),
    "prp-dom of a literal's holder": (":d rdfs:domain :A .", ":a :d 'x' .", ":a a :A ."),
    "prp-rng": (":p rdfs:range :A .", ":a :p :b .", ":b a :A ."),
    "prp-spo1": (":p rdfs:subPropertyOf :q .", ":a :p :b . :c :q :d .", ":a :q :b ."),
    "prp-spo1 with literals": (":d rdfs:subPropertyOf :e .", ":a :d 'x'@en .", ":a :e 'x'@en ."),
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
    "prp-spo2 into itself": (
        ":p owl:propertyChainAxiom ( :p :q ) .",
        ":a :p :b . :b :q :c . :c :q :d .",
        ":a :p :c , :d .",
    ),
    "classes of RDF": (":A rdfs:subClassOf rdf:Statement .", ":a a :A .", ":a a rdf:Statement ."),
    "a chain to literals": (":r owl:propertyChainAxiom ( :p :d ) .", ":a :p :b . :b :d 'x' .", ":a :r 'x' ."),
    "classes above each other": (
        ":A rdfs:subClassOf :B . :B rdfs:subClassOf :A .",
        ":a a :A . :b a :B .",
        ":a a :B . :b a :A .",
    ),
}
"""For each rule: an ontology, data, and what follows."""
