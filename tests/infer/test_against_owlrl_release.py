"""The engine against owlrl, on many examples; see `test_against_owlrl`."""

from __future__ import annotations

import pytest
from test_against_owlrl import try_all

pytestmark = pytest.mark.release


def test_the_engine_agrees_with_owlrl() -> None:
    try_all(few=0, many=400, every=50, checks=400)
