"""External programs for tests, and the outcome of a test if one is missing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

TOOLS = Path(__file__).resolve().parents[1] / ".tools"
"""What `make tools` installs."""


def missing(what: str, hint: str) -> NoReturn:
    """Skip a test for want of something, or fail it where JHAAN_REQUIRE says that it must be there."""
    required = {word.strip() for word in os.environ.get("JHAAN_REQUIRE", "").split(",")}
    if what in required:
        pytest.fail(f"JHAAN_REQUIRE names {what!r}, but it is missing: {hint}")
    pytest.skip(f"without {what} ({hint})")


def program(name: str, word: str) -> str:
    """Find a program that the machine has, which JHAAN_REQUIRE calls by a word."""
    return shutil.which(name) or missing(word, f"install {name}")


def tool(name: str, word: str) -> Path:
    """Find a folder of what `make tools` installs, which JHAAN_REQUIRE calls by a word."""
    folder = TOOLS / name
    return folder if folder.is_dir() else missing(word, "make tools")
