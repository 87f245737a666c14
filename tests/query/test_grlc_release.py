"""grlc reads each stored query."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_grlc import check

pytestmark = pytest.mark.release


def test_grlc_reads_stored_queries(root: Path, tmp_path: Path) -> None:
    check(sorted((root / "queries").rglob("*.rq")), root, tmp_path)
