"""Commands import what they use and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from imports import QUICK, USES, imported, libraries, takes_requests_and_nothing_else

pytestmark = pytest.mark.slow


LEFT = [command for command in USES if command not in QUICK]
"""The commands that the fast tests leave out."""


@pytest.mark.parametrize("command", LEFT)
def test_any_command_imports_only_the_libraries_that_it_uses(tmp_path: Path, command: str) -> None:
    assert libraries(imported(tmp_path, command)) == USES[command]


@pytest.mark.parametrize("command", ["sparql ask.rq", "explain Eurojust"])
def test_any_endpoint_takes_requests_and_nothing_else(tmp_path: Path, command: str) -> None:
    assert takes_requests_and_nothing_else(tmp_path, command)
