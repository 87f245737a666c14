"""The engine against owlrl, on some examples; see `against_owlrl`."""

from __future__ import annotations

from against_owlrl import try_all


def test_the_engine_agrees_with_owlrl() -> None:
    try_all(few=6, many=0, every=0, checks=5)
