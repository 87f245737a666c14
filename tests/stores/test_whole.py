"""The whole release in the configurations of stores that `test_load_slow.py` does not test."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_load_slow import WHOLE

from servers.matrix import SETUPS, see

pytestmark = pytest.mark.release


@pytest.mark.parametrize("name", [name for name in SETUPS if name not in WHOLE])
def test_a_store_answers_each_question_like_the_built_in_engine(name: str, tmp_path: Path) -> None:
    assert see(name, tmp_path)[1] == []
