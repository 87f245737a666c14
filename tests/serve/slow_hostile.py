"""Some hostile requests at once; `trial_hostile.py` sends thousands."""

from __future__ import annotations

from pathlib import Path

from siege import besiege


def test_a_server_outlives_all_that(tmp_path: Path) -> None:
    besiege(tmp_path, 250, 200)
