"""Premises in the whole graph of this project."""

from __future__ import annotations

import random
from pathlib import Path

from entailments import check_premises, derived

from jhaan_kg.build.assemble import assemble
from jhaan_kg.build.entailment import entailment
from jhaan_kg.build.read import read_sources
from jhaan_kg.build.reconcile import reconcile


def test_premises_of_this_project_entail_their_triple_and_fewer_do_not(root: Path) -> None:
    built = assemble(read_sources(root))
    settled, findings = reconcile(built)
    assert findings == []
    assert settled.contested
    found = entailment(settled)
    sample = random.Random(2023).sample(sorted(derived(found), key=str), 150)
    check_premises(built, found, sample)
