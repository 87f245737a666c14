"""Tables of test cases in YAML; a test runs once for each case."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml


def cases(file: Path, group: str = "") -> pytest.MarkDecorator:
    """Return a decorator that runs a test with each case of a file, or of one of its groups.

    The first value of a case is its name.
    """
    table = yaml.safe_load(file.read_text("utf-8"))
    chosen = table[group] if group else table
    return pytest.mark.parametrize("case", chosen, ids=[next(iter(case.values())) for case in chosen])
