"""What the page of the exports shows is run, section by section, with the programs of the readers at hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jhaan_kg.build.cache import cache_folder
from pages import EXPORTS, ROOT, blocks

pytestmark = pytest.mark.slow


BIN = Path(sys.executable).parent
RUNS = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"], "js": ["node", "-e"]}
"""What runs a block of each language; blocks of other languages are for reading."""


@pytest.fixture
def reader(
    tmp_path: Path,
    serdi: str,  # noqa: ARG001 - that it is there
    soffice: str,  # noqa: ARG001
    riot: list[str],
    node: Callable[..., str],  # noqa: ARG001
) -> dict[str, str]:
    """The environment of a reader who has the programs that the page names."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "riot").write_text(f'#!/bin/sh\nexec {riot[0]} -cp "{riot[2]}" {riot[3]} "$@"\n')
    (programs / "riot").chmod(0o755)
    (tmp_path / "home").mkdir()
    return {
        **os.environ,
        "PATH": os.pathsep.join([str(programs), str(BIN), os.environ["PATH"]]),
        "NODE_PATH": str(ROOT / ".tools" / "node" / "node_modules"),
        "JHAAN_CACHE": str(cache_folder()),
        "HOME": str(tmp_path / "home"),
    }


def run_section(section: str, reader: dict[str, str], tmp_path: Path) -> None:
    """Run what a section shows. A block of text shows what the block before it prints; lines with … stand for any."""
    work = tmp_path / "work"
    work.mkdir()
    printed = ""
    for block in blocks(EXPORTS):
        if block.heading != section:
            continue
        if block.language == "text":
            lines = printed.splitlines()
            missing = [line for line in block.text.splitlines() if line != "…" and line not in lines]
            assert not missing, f"{missing} is not in:\n{printed}"
        if block.language not in RUNS:
            continue
        done = subprocess.run(
            [*RUNS[block.language], block.text],
            cwd=work,
            env=reader,
            capture_output=True,
            text=True,
            check=False,
        )
        printed = done.stdout
        assert done.returncode == 0, f"{block.text}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        assert "Traceback" not in done.stderr
    shutil.rmtree(work)


LONG = ["Release"]
"""Sections that make whole releases, each of which takes minutes; `test_pages_release.py` runs them."""

SECTIONS = list(dict.fromkeys(block.heading for block in blocks(EXPORTS)))


def test_long_sections_are_there() -> None:
    assert set(LONG) < set(SECTIONS)


@pytest.mark.parametrize("section", [section for section in SECTIONS if section not in LONG])
def test_what_a_section_shows_works(section: str, reader: dict[str, str], tmp_path: Path) -> None:
    run_section(section, reader, tmp_path)
