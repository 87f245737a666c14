"""Source files that another user may not read or write."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_sources import HEAD, write

from bad_input import as_another_user

FILE = "data/register/more.ttl"

GOOD = HEAD + 'agency:x a jhaan:Agency ; rdfs:label "x"@en .\n'

# --- another user ----------------------------------------------------------------------------------------------


@pytest.fixture
def open_tree() -> Iterator[Path]:
    """Small sources where everybody may enter, which pytest's own folders do not allow."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield write(folder / "sources")
    shutil.rmtree(folder)


def test_a_file_that_may_not_be_read(open_tree: Path) -> None:
    (open_tree / FILE).write_text(GOOD)
    (open_tree / FILE).chmod(0)
    done = as_another_user("check", cwd=open_tree)
    assert done.returncode == 1
    message = "cannot open the file: Permission denied. Check its permissions."
    assert done.stdout == f"{FILE}: error [unreadable-file] {message}\n"
