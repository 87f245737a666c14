"""What is shown in the sections of the exports that make whole releases is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from export.test_pages import LONG, reader, run_section

pytestmark = pytest.mark.release


__all__ = ["reader"]


@pytest.mark.parametrize("section", LONG)
def test_what_a_section_shows_works(section: str, reader: dict[str, str], tmp_path: Path) -> None:
    run_section(section, reader, tmp_path)
