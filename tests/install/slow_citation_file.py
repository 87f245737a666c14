"""CITATION.cff is valid."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = ("tool", "run", "--from", "cffconvert==2.0.0", "cffconvert", "--validate", "--infile")
"""The validator needs an older jsonschema than the project, so it runs in an environment of its own."""


def validate(file: Path) -> subprocess.CompletedProcess[str]:
    uv = Path(sys.executable).with_name("uv")
    return subprocess.run([uv, *COMMAND, file], capture_output=True, text=True, check=False)


def test_it_is_valid(root: Path) -> None:
    done = validate(root / "CITATION.cff")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("old", "new"), [("type: software", "type: graph"), ("Apache-2.0", "Apache 2")])
def test_errors_are_found(root: Path, tmp_path: Path, old: str, new: str) -> None:
    text = (root / "CITATION.cff").read_text("utf-8")
    assert old in text
    (tmp_path / "CITATION.cff").write_text(text.replace(old, new), "utf-8")
    assert validate(tmp_path / "CITATION.cff").returncode != 0
