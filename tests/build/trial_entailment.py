"""Premises of more of what follows in this project."""

from __future__ import annotations

from pathlib import Path

from entailments import check_sample


def test_premises_of_this_project_entail_their_triple_and_fewer_do_not(root: Path) -> None:
    check_sample(root, 150)
