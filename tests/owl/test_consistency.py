"""The project's own checks find each clash that is seeded; see `seeds`, and `trial_consistency.py` for other judges."""

from __future__ import annotations

from owl_support import exclusive
from pyoxigraph import NamedNode, Triple
from seeds import NAMESPACE, SEEDS, named, parsed

from jhaan_kg.infer import close, compile_rules, find_contradictions
from jhaan_kg.namespaces import ONTOLOGY, OWL, RDF_TYPE, RDFS, compact


def test_each_kind_of_axiom_of_the_ontology_has_a_seed(axioms: frozenset[Triple]) -> None:
    without_effect = """owl:AnnotationProperty owl:Class owl:DatatypeProperty owl:NamedIndividual owl:ObjectProperty
        owl:Ontology owl:imports owl:members owl:versionIRI owl:versionInfo owl:deprecated
        rdfs:isDefinedBy rdfs:label"""
    kinds = {triple.predicate.value for triple in axioms}
    kinds |= {str(triple.object)[1:-1] for triple in axioms if triple.predicate == RDF_TYPE}
    used = {compact(kind) for kind in kinds if kind.startswith((OWL, RDFS))} - set(without_effect.split())
    assert used == {seed.kind for seed in SEEDS}


def test_our_checks_find_each_seeded_clash(axioms: frozenset[Triple]) -> None:
    rules = compile_rules(axioms | parsed("\n".join(seed.axioms for seed in SEEDS)))
    assert find_contradictions(rules, close(rules, [frozenset()])) == []
    clashes = find_contradictions(rules, close(rules, [parsed("\n".join(seed.triples for seed in SEEDS))]))
    leaves = {str(leaf) for clash in clashes for leaf in clash.leaves}
    found = [seed for seed in SEEDS if any(f"{NAMESPACE}{named(seed)}" in leaf for leaf in leaves)]
    assert [seed.kind for seed in SEEDS if seed not in found] == []


def test_each_main_class_excludes_the_others(axioms: frozenset[Triple]) -> None:
    def related(predicate: str) -> set[tuple[str, str]]:
        return {
            (str(triple.subject), str(triple.object))
            for triple in axioms
            if triple.predicate == NamedNode(predicate)
        }

    own = f"<{ONTOLOGY}"
    typed = related(RDF_TYPE.value)
    classes = {one for one, kind in typed if kind == f"<{OWL}Class>" and one.startswith(own)}
    subject_matter = f"{own}SubjectMatter>"
    below = {
        one
        for one, other in related(RDFS + "subClassOf")
        if other.startswith(own) and other != subject_matter
    }
    # A topic is a subject matter, and so may be a country; the terms of code lists are those of the ontology.
    code_lists = {kind for one, kind in typed if (one, f"<{OWL}NamedIndividual>") in typed}
    assert classes - below - code_lists - {subject_matter} == max(exclusive(axioms), key=len)
