"""Each command imports what it uses and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from imports import USES, imported, libraries


@pytest.mark.parametrize("command", USES)
def test_a_command_imports_only_the_libraries_that_it_uses(tmp_path: Path, command: str) -> None:
    assert libraries(imported(tmp_path, command)) == USES[command]
