"""The project's own checks find each clash that is seeded; see `seeds`; other judges try them before a release."""

from __future__ import annotations

from pathlib import Path

import pytest
from owl_support import data, exclusive, hermit_is_consistent, owlrl_errors, vocabularies
from pyoxigraph import NamedNode, Triple
from seeds import NAMESPACE, SEEDS, Seed, everything, named, parsed

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


@pytest.fixture(scope="module")
def merged(root: Path, vocab_dir: Path, axioms: frozenset[Triple]) -> frozenset[Triple]:
    return axioms | data(root) | vocabularies(vocab_dir)


@pytest.mark.release
def test_owlrl_finds_ontology_and_data_consistent(merged: frozenset[Triple]) -> None:
    assert owlrl_errors(merged) == []


@pytest.mark.release
def test_hermit_finds_ontology_and_data_consistent(
    merged: frozenset[Triple], java: str, tmp_path: Path
) -> None:
    assert hermit_is_consistent(merged, java, tmp_path)


@pytest.mark.release
@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.kind)
def test_hermit_finds_each_seeded_clash(
    seed: Seed, axioms: frozenset[Triple], java: str, tmp_path: Path
) -> None:
    assert not hermit_is_consistent(axioms | parsed(seed.triples + seed.axioms), java, tmp_path)


@pytest.mark.release
@pytest.mark.parametrize("seed", [seed for seed in SEEDS if seed.axioms], ids=lambda seed: seed.kind)
def test_the_axioms_of_a_seed_are_no_clash_by_themselves(
    seed: Seed, axioms: frozenset[Triple], java: str, tmp_path: Path
) -> None:
    assert hermit_is_consistent(axioms | parsed(seed.axioms), java, tmp_path)


@pytest.mark.release
def test_owlrl_finds_each_seeded_clash(axioms: frozenset[Triple]) -> None:
    errors = "\n".join(owlrl_errors(axioms | everything()))
    assert [seed.kind for seed in SEEDS if f"{NAMESPACE}{named(seed)}" not in errors] == []
