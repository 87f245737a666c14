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
    done = as_another_user("format", FILE, cwd=open_tree)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"Cannot format {FILE}: cannot open the file: Permission denied." in done.stderr


def test_a_file_that_may_not_be_written_stays(open_tree: Path) -> None:
    """Although a new file could take its place, where only the file is protected."""
    (open_tree / "data/register").chmod(0o777)
    (open_tree / FILE).write_text(GOOD)
    (open_tree / FILE).chmod(0o444)
    done = as_another_user("format", FILE, cwd=open_tree)
    assert done.returncode == 2
    assert done.stderr == f"jhaan: Cannot write {FILE}: Permission denied. The file is unchanged.\n"
    assert (open_tree / FILE).read_text() == GOOD
    assert len(list((open_tree / "data/register").iterdir())) == 2
