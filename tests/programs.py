"""External programs for tests, and the outcome of a test if one is missing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

TOOLS = Path(__file__).resolve().parents[1] / ".tools"
"""The folder into which `make tools` installs programs."""


def missing(what: str, hint: str) -> NoReturn:
    """Skip a test that lacks a requirement, or fail it if JHAAN_REQUIRE names the requirement."""
    required = {word.strip() for word in os.environ.get("JHAAN_REQUIRE", "").split(",")}
    if what in required:
        pytest.fail(f"JHAAN_REQUIRE names {what!r}, but it is missing: {hint}")
    pytest.skip(f"without {what} ({hint})")


def program(name: str, word: str) -> str:
    """Return the path of a program of this machine; `word` is its name in JHAAN_REQUIRE."""
    return shutil.which(name) or missing(word, f"install {name}")


def tool(name: str, word: str) -> Path:
    """Return a folder that `make tools` installs; `word` is its name in JHAAN_REQUIRE."""
    folder = TOOLS / name
    return folder if folder.is_dir() else missing(word, "make tools")
