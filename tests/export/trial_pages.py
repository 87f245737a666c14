"""What is shown on the pages of the exports that make whole releases is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from export.slow_pages import LONG, reader, run_page
from pages import EXPORTS

__all__ = ["reader"]


@pytest.mark.parametrize("page", [page for page in EXPORTS if page.name in LONG], ids=lambda page: page.name)
def test_what_a_page_shows_works(page: Path, reader: dict[str, str], tmp_path: Path) -> None:
    run_page(page, reader, tmp_path)
