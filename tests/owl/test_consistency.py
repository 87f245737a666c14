"""The project's own checks find each clash that is seeded; see `seeds`, and `slow_consistency.py` for other judges."""

from __future__ import annotations

from pyoxigraph import Triple
from seeds import NAMESPACE, SEEDS, named, parsed

from jhaan_kg.infer import close, compile_rules, contradictions
from jhaan_kg.namespaces import OWL, RDF_TYPE, RDFS


def test_each_kind_of_axiom_of_the_ontology_has_a_seed(axioms: frozenset[Triple]) -> None:
    declarations = {
        OWL + name
        for name in (
            "AnnotationProperty",
            "Class",
            "DatatypeProperty",
            "NamedIndividual",
            "ObjectProperty",
            "Ontology",
        )
    }
    metadata = {
        OWL + "members",
        OWL + "versionIRI",
        OWL + "versionInfo",
        OWL + "deprecated",
        RDFS + "isDefinedBy",
        RDFS + "label",
    }
    kinds = {triple.predicate.value for triple in axioms} | {
        triple.object.value
        for triple in axioms
        if triple.predicate == RDF_TYPE and hasattr(triple.object, "value")
    }
    used = {kind for kind in kinds if kind.startswith((OWL, RDFS))} - declarations - metadata
    seeded = {seed.kind.replace("owl:", OWL).replace("rdfs:", RDFS) for seed in SEEDS}
    assert used == seeded


def test_our_checks_find_each_seeded_clash(axioms: frozenset[Triple]) -> None:
    rules = compile_rules(axioms | parsed("\n".join(seed.axioms for seed in SEEDS)))
    assert contradictions(rules, close(rules, [frozenset()])) == []
    clashes = contradictions(rules, close(rules, [parsed("\n".join(seed.triples for seed in SEEDS))]))
    leaves = {str(leaf) for clash in clashes for leaf in clash.leaves}
    found = [seed for seed in SEEDS if any(f"{NAMESPACE}{named(seed)}" in leaf for leaf in leaves)]
    assert [seed.kind for seed in SEEDS if seed not in found] == []
