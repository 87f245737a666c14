"""Ontology and data are consistent, as owlrl and HermiT judge them; `trial_consistency.py` asks for more.

owlrl applies the rules of OWL 2 RL, HermiT the semantics of OWL 2 DL.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from owl_support import data, hermit_is_consistent, owlrl_errors
from pyoxigraph import Triple
from seeds import NAMESPACE, SEEDS, Seed, everything, named, parsed


def test_hermit_finds_ontology_and_data_consistent(
    root: Path, axioms: frozenset[Triple], java: str, tmp_path: Path
) -> None:
    assert hermit_is_consistent(axioms | data(root), java, tmp_path)


@pytest.mark.parametrize("seed", SEEDS[::6], ids=lambda seed: seed.kind)
def test_hermit_finds_some_seeded_clashes(
    seed: Seed, axioms: frozenset[Triple], java: str, tmp_path: Path
) -> None:
    assert not hermit_is_consistent(axioms | parsed(seed.triples + seed.axioms), java, tmp_path)


def test_owlrl_finds_each_seeded_clash(axioms: frozenset[Triple]) -> None:
    errors = "\n".join(owlrl_errors(axioms | everything()))
    assert [seed.kind for seed in SEEDS if f"{NAMESPACE}{named(seed)}" not in errors] == []
