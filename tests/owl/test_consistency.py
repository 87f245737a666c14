"""Consistency of ontology and data, by three judges: owlrl, HermiT and the project's own checks.

owlrl applies the rules of OWL 2 RL, HermiT the semantics of OWL 2 DL. A judge that never finds anything would be
useless, so for each kind of axiom that the ontology uses a clash is seeded, and each judge must find it.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from owl_support import data, hermit_is_consistent, ontology, owlrl_errors, turtle, vocabularies
from pyoxigraph import Triple

from jhaan_kg.infer import close, compile_rules, contradictions
from jhaan_kg.namespaces import OWL, RDF_TYPE, RDFS

NAMESPACE = "https://w3id.org/jhaan/id/seed/"


class Seed(NamedTuple):
    """Some triples that contradict one axiom of the ontology.

    Attributes:
        kind: the kind of axiom, by its property or class.
        triples: the triples, in Turtle; the names of its things begin alike, with a word of the kind's own.
        axioms: axioms that turn what follows from the tested axiom into a contradiction, where it is none by itself.
    """

    kind: str
    triples: str
    axioms: str = ""


def never(prop: str, value: str) -> str:
    """Give an axiom that nothing has a value of a property."""
    return (
        f"[] a owl:Restriction ; owl:onProperty {prop} ; owl:hasValue {value} ; rdfs:subClassOf owl:Nothing ."
    )


SEEDS = (
    Seed("rdfs:subClassOf", "x:subclass a jhaan:Meeting, jhaan:Place ."),
    Seed("owl:disjointWith", "x:disjoint a jhaan:Agency, jhaan:Network ."),
    Seed("owl:AllDisjointClasses", "x:alldisjoint a jhaan:Event, jhaan:Survey ."),
    Seed("rdfs:domain", "x:domain jhaan:state jhaan:Held ; a jhaan:Place ."),
    Seed("rdfs:range", "x:range-part jhaan:inEvent x:range . x:range a jhaan:Place ."),
    Seed(
        "rdfs:subPropertyOf",
        "x:subproperty-part jhaan:participant x:subproperty .",
        never("jhaan:party", "x:subproperty"),
    ),
    Seed(
        "owl:inverseOf",
        "x:inverse jhaan:takesPartIn x:inverse-event .",
        never("jhaan:hasParticipation", "x:inverse"),
    ),
    Seed(
        "owl:propertyChainAxiom",
        "x:chain-reading jhaan:readingOf x:chain-group ; jhaan:readAs x:chain . "
        "x:chain-part jhaan:group x:chain-group ; jhaan:takesPartIn x:chain-event .",
        never("jhaan:hasParty", "x:chain"),
    ),
    Seed(
        "owl:TransitiveProperty",
        "x:transitive-a jhaan:within x:transitive-b . x:transitive-b jhaan:within x:transitive-c . "
        "x:transitive-a a x:Wide .",
        "x:Narrow a owl:Class ; owl:disjointWith x:Wide . x:Wide a owl:Class . "
        "[] a owl:Restriction ; owl:onProperty jhaan:within ; owl:hasValue x:transitive-c ; rdfs:subClassOf x:Narrow .",
    ),
    Seed(
        "owl:AsymmetricProperty",
        "x:asymmetric jhaan:precedes x:asymmetric-b . x:asymmetric-b jhaan:precedes x:asymmetric .",
    ),
    Seed("owl:propertyDisjointWith", "x:apart jhaan:participant x:apart-a ; jhaan:group x:apart-a ."),
    Seed(
        "owl:FunctionalProperty",
        "x:functional org:member x:functional-a, x:functional-b . x:functional-a owl:differentFrom x:functional-b .",
    ),
)


def parsed(text: str) -> frozenset[Triple]:
    return turtle(f"@prefix x: <{NAMESPACE}> .\n{text}")


def named(seed: Seed) -> str:
    """Give what the names of a seed's things begin with."""
    return seed.triples.split()[0].removeprefix("x:").partition("-")[0]


@pytest.fixture(scope="session")
def axioms(root: Path) -> frozenset[Triple]:
    return ontology(root)


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


@pytest.mark.slow
def test_owlrl_finds_ontology_and_data_consistent(root: Path, vocab_dir: Path) -> None:
    assert owlrl_errors(ontology(root) | data(root) | vocabularies(vocab_dir)) == []


@pytest.mark.slow
def test_hermit_finds_ontology_and_data_consistent(
    root: Path, vocab_dir: Path, java: str, tmp_path: Path
) -> None:
    assert hermit_is_consistent(ontology(root) | data(root) | vocabularies(vocab_dir), java, tmp_path)


def test_our_checks_find_ontology_and_data_consistent(root: Path, axioms: frozenset[Triple]) -> None:
    rules = compile_rules(axioms)
    assert contradictions(rules, close(rules, [data(root)])) == []


@pytest.mark.slow
def test_owlrl_finds_each_seeded_clash(axioms: frozenset[Triple]) -> None:
    everything = parsed("\n".join(seed.triples + seed.axioms for seed in SEEDS))
    errors = "\n".join(owlrl_errors(axioms | everything))
    assert [seed.kind for seed in SEEDS if f"{NAMESPACE}{named(seed)}" not in errors] == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.kind)
def test_hermit_finds_each_seeded_clash(
    seed: Seed, axioms: frozenset[Triple], java: str, tmp_path: Path
) -> None:
    assert not hermit_is_consistent(axioms | parsed(seed.triples + seed.axioms), java, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [seed for seed in SEEDS if seed.axioms], ids=lambda seed: seed.kind)
def test_the_axioms_of_a_seed_are_no_clash_by_themselves(
    seed: Seed, axioms: frozenset[Triple], java: str, tmp_path: Path
) -> None:
    assert hermit_is_consistent(axioms | parsed(seed.axioms), java, tmp_path)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.kind)
def test_our_checks_find_each_seeded_clash(seed: Seed, axioms: frozenset[Triple]) -> None:
    rules = compile_rules(axioms | parsed(seed.axioms))
    clashes = contradictions(rules, close(rules, [parsed(seed.triples)]))
    assert any(f"{NAMESPACE}{named(seed)}" in str(leaf) for clash in clashes for leaf in clash.leaves)
    assert contradictions(rules, close(rules, [frozenset()])) == []
