"""Ten thousand hostile requests beside a thousand connections that say nothing: it takes minutes."""

from __future__ import annotations

from pathlib import Path

import pytest
from siege import besiege


def test_a_server_outlives_all_that(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    account = besiege(tmp_path, 10_000, 1_000)
    with capsys.disabled():
        print(f"\n{account}")  # noqa: T201
