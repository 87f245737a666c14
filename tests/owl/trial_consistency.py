"""Ontology and data are consistent with the vocabularies that they build on, and HermiT finds all that is seeded."""

from __future__ import annotations

from pathlib import Path

import pytest
from owl_support import data, hermit_is_consistent, owlrl_errors, vocabularies
from pyoxigraph import Triple
from seeds import NAMESPACE, SEEDS, Seed, everything, named, parsed


@pytest.fixture(scope="module")
def merged(root: Path, vocab_dir: Path, axioms: frozenset[Triple]) -> frozenset[Triple]:
    return axioms | data(root) | vocabularies(vocab_dir)


def test_owlrl_finds_ontology_and_data_consistent(merged: frozenset[Triple]) -> None:
    assert owlrl_errors(merged) == []


def test_hermit_finds_ontology_and_data_consistent(
    merged: frozenset[Triple], java: str, tmp_path: Path
) -> None:
    assert hermit_is_consistent(merged, java, tmp_path)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.kind)
def test_hermit_finds_each_seeded_clash(
    seed: Seed, axioms: frozenset[Triple], java: str, tmp_path: Path
) -> None:
    assert not hermit_is_consistent(axioms | parsed(seed.triples + seed.axioms), java, tmp_path)


@pytest.mark.parametrize("seed", [seed for seed in SEEDS if seed.axioms], ids=lambda seed: seed.kind)
def test_the_axioms_of_a_seed_are_no_clash_by_themselves(
    seed: Seed, axioms: frozenset[Triple], java: str, tmp_path: Path
) -> None:
    assert hermit_is_consistent(axioms | parsed(seed.axioms), java, tmp_path)


def test_owlrl_finds_each_seeded_clash(axioms: frozenset[Triple]) -> None:
    errors = "\n".join(owlrl_errors(axioms | everything()))
    assert [seed.kind for seed in SEEDS if f"{NAMESPACE}{named(seed)}" not in errors] == []
