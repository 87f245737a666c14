"""An ontology with every construct that inference covers, and random data for it."""

from __future__ import annotations

from hypothesis import strategies as st

AXIOMS = (
    ":A rdfs:subClassOf :B .",
    ":B rdfs:subClassOf :E .",
    ":E rdfs:subClassOf :F . :F rdfs:subClassOf :E .",
    ":p rdfs:subPropertyOf :q .",
    ":w rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :w .",
    ":q rdfs:domain :C .",
    ":q rdfs:range :D .",
    ":d rdfs:domain :C ; rdfs:range xsd:string .",
    ":d rdfs:subPropertyOf :e .",
    ":p owl:inverseOf :r .",
    ":s a owl:SymmetricProperty .",
    ":t a owl:TransitiveProperty .",
    ":u owl:propertyChainAxiom ( :p :q ) .",
    ":u owl:propertyChainAxiom ( :t :s ) .",
    ":u owl:propertyChainAxiom ( :u :q ) .",
    ":v owl:propertyChainAxiom ( :r :q ) .",
    ":v rdfs:subPropertyOf :t .",
    ":u rdfs:domain :G ; rdfs:range :A .",
    ":t rdfs:range :H .",
    ":s owl:propertyChainAxiom ( :v :r ) .",
    ":f owl:propertyChainAxiom ( :w :d ) .",
)
"""Every construct that entails something, in axioms that can interact."""

CHECKS = (
    ":A owl:disjointWith :B .",
    "[] a owl:AllDisjointClasses ; owl:members ( :C :D :E ) .",
    ":p a owl:AsymmetricProperty .",
    ":r owl:propertyDisjointWith :s .",
    ":A rdfs:subClassOf :C . :v rdfs:subPropertyOf :p .",
)
"""Every construct that forbids something, and two axioms that can trigger them.

Functional properties are left out, since owlrl infers `owl:sameAs` from them.
"""

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
    """Return a strategy for Turtle about few individuals, so that rules often interact."""
    kinds = (_memberships, _links, _links, _values) if with_values else (_memberships, _links, _links)
    triples = st.sets(st.one_of(*kinds), min_size=3, max_size=14)
    return triples.map(lambda found: "".join(f"{' '.join(triple)} .\n" for triple in sorted(found)))
