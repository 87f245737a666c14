"""The project's own checks find each clash that is seeded; see `seeds`, and `slow_consistency.py` for other judges."""

from __future__ import annotations

from owl_support import exclusive
from pyoxigraph import NamedNode, Triple
from seeds import NAMESPACE, SEEDS, named, parsed

from jhaan_kg.infer import close, compile_rules, find_contradictions
from jhaan_kg.namespaces import ONTOLOGY, OWL, RDF_TYPE, RDFS


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
        OWL + "imports",
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


def test_a_thing_of_two_main_classes_is_a_contradiction(axioms: frozenset[Triple]) -> None:
    pairs = (
        "Body LegalAct",
        "LegalAct Programme",
        "Event Group",
        "InformationSystem Product",
        "Place Period",
    )
    rules = compile_rules(axioms)
    things = [
        f"x:pair{number} a jhaan:{pair.replace(' ', ', jhaan:')} ." for number, pair in enumerate(pairs)
    ]
    clashes = find_contradictions(rules, close(rules, [parsed("\n".join(things))]))
    assert {str(clash.triples[0].subject) for clash in clashes} == {
        f"<{NAMESPACE}pair{number}>" for number in range(len(pairs))
    }
