"""An ontology with every construct that the engine covers, and random data for it."""

from __future__ import annotations

from hypothesis import strategies as st

AXIOMS = (
    ":A rdfs:subClassOf :B .",
    ":E owl:equivalentClass :F .",
    ":p rdfs:subPropertyOf :q .",
    ":w owl:equivalentProperty :q .",
    ":q rdfs:domain :C .",
    ":q rdfs:range :D .",
    ":d rdfs:domain :C ; rdfs:range xsd:string .",
    ":p owl:inverseOf :r .",
    ":s a owl:SymmetricProperty .",
    ":t a owl:TransitiveProperty .",
    ":u owl:propertyChainAxiom ( :p :q ) .",
    ":u owl:propertyChainAxiom ( :t :s :t ) .",
    ":u owl:propertyChainAxiom ( :u :q ) .",
    ":v owl:propertyChainAxiom ( [ owl:inverseOf :p ] :q ) .",
    ":v rdfs:subPropertyOf [ owl:inverseOf :t ] .",
    "[ a owl:Restriction ; owl:onProperty :q ; owl:someValuesFrom :D ] rdfs:subClassOf :G .",
    "[ a owl:Restriction ; owl:onProperty [ owl:inverseOf :t ] ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf :H .",
    "[ a owl:Restriction ; owl:onProperty :s ; owl:hasValue :a ] rdfs:subClassOf :A .",
    "[ a owl:Restriction ; owl:onProperty :d ; owl:hasValue 'x' ] rdfs:subClassOf :E .",
    ":G rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :t ; owl:hasValue :b ] .",
    ":F rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :d ; owl:hasValue 'y' ] .",
    ":H owl:equivalentClass [ a owl:Restriction ; owl:onProperty :w ; owl:hasValue :c ] .",
    "[ owl:intersectionOf ( :C :D [ owl:onProperty :q ; owl:someValuesFrom :B ] ) ] rdfs:subClassOf :I .",
    ":I owl:equivalentClass [ owl:intersectionOf ( :A :H ) ] .",
    "[ owl:unionOf ( :E [ owl:intersectionOf ( :B :G ) ] ) ] rdfs:subClassOf :J .",
    "[ a owl:Restriction ; owl:onProperty :s ; owl:someValuesFrom [ owl:unionOf ( :A :E ) ] ] rdfs:subClassOf :J .",
    ":J rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :q ; owl:allValuesFrom :A ] .",
    ":A rdfs:subClassOf [ owl:onProperty :s ; owl:allValuesFrom [ owl:intersectionOf ( :E :K ) ] ] .",
    ":t rdfs:range [ a owl:Restriction ; owl:onProperty [ owl:inverseOf :v ] ; owl:allValuesFrom :K ] .",
)
"""Every construct that entails something, with chances to meet each other."""

CHECKS = (
    ":A owl:disjointWith :B .",
    "[] a owl:AllDisjointClasses ; owl:members ( :C :D :E ) .",
    ":F rdfs:subClassOf [ owl:complementOf :G ] .",
    ":H rdfs:subClassOf owl:Nothing .",
    ":p a owl:AsymmetricProperty .",
    ":q a owl:IrreflexiveProperty .",
    ":r owl:propertyDisjointWith :s .",
    ":t a owl:ObjectProperty . :I rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :t ; owl:maxCardinality 0 ] .",
    """:u a owl:ObjectProperty .
    :J rdfs:subClassOf [ owl:onProperty :u ; owl:maxQualifiedCardinality 0 ; owl:onClass :K ] .""",
    ":A rdfs:subClassOf :C . :v rdfs:subPropertyOf :p .",
)
"""Every construct that forbids something, less those from which owlrl infers owl:sameAs, and two that lead to them."""

INDIVIDUALS = tuple(f":{name}" for name in "abce")
_memberships = st.tuples(
    st.sampled_from(INDIVIDUALS), st.just("a"), st.sampled_from([f":{name}" for name in "ABCDEFGHIJK"])
)
_links = st.tuples(
    st.sampled_from(INDIVIDUALS),
    st.sampled_from([f":{name}" for name in "pqrstuvw"]),
    st.sampled_from(INDIVIDUALS),
)
_values = st.tuples(st.sampled_from(INDIVIDUALS), st.just(":d"), st.sampled_from(["'x'", "'y'", "'z'"]))


def statements(*, with_values: bool) -> st.SearchStrategy[str]:
    """Give Turtle about few individuals, so that rules meet often."""
    kinds = (_memberships, _links, _links, _values) if with_values else (_memberships, _links, _links)
    triples = st.sets(st.one_of(*kinds), min_size=3, max_size=14)
    return triples.map(lambda found: "".join(f"{' '.join(triple)} .\n" for triple in sorted(found)))
