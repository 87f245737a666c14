"""`make release`: what it refuses, what it writes, and how it packs folders; `test_release.py` makes a real one."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

WHEEL = "jhaan_kg-7.8.9-py3-none-any.whl"


@pytest.fixture
def tool(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The program as a module, for a checkout that is empty."""
    spec = importlib.util.spec_from_file_location("release", root / ".ci" / "release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path / "checkout")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return module


def build(tool: ModuleType, *contents: Mapping[str, str]) -> None:
    """Make a release whose first and second build have the given files."""
    left = list(contents)

    def written(_commit: str, folder: Path, _settings: object) -> Path:
        for name, text in left.pop(0).items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)
        return folder

    tool.build = written
    tool.release("0123456789abcdef")


FILES = {WHEEL: "wheel", "SHA256SUMS": "sums", "jhaan-kg-7.8.9-site/index.html": "page"}


def test_equal_builds_become_the_files_of_the_version(tool: ModuleType, tmp_path: Path) -> None:
    build(tool, FILES, FILES)
    place = tmp_path / "checkout" / "dist" / "7.8.9"
    assert {file.name: file.read_text() for file in place.iterdir()} == {WHEEL: "wheel", "SHA256SUMS": "sums"}
    assert list(tmp_path.iterdir()) == [tmp_path / "checkout"]


def test_a_release_that_exists_stays_as_it_is(tool: ModuleType, tmp_path: Path) -> None:
    build(tool, FILES, FILES)
    signature = tmp_path / "checkout" / "dist" / "7.8.9" / "SHA256SUMS.sig"
    signature.write_text("signature")
    build(tool, FILES, FILES)
    with pytest.raises(SystemExit, match="has another build of this version: SHA256SUMS"):
        build(tool, {**FILES, "SHA256SUMS": "smus"}, {**FILES, "SHA256SUMS": "smus"})
    assert signature.read_text() == "signature"
    assert signature.with_name("SHA256SUMS").read_text() == "sums"


def test_builds_that_differ_are_kept_and_their_files_named(tool: ModuleType, tmp_path: Path) -> None:
    changed = {**FILES, "SHA256SUMS": "smus", "jhaan-kg-7.8.9-site/index.html": "Page", "more": ""}
    with pytest.raises(SystemExit) as ended:
        build(tool, FILES, changed)
    (kept,) = tmp_path.iterdir()
    assert ended.value.code == (
        "The two builds differ: SHA256SUMS, jhaan-kg-7.8.9-site/index.html, more. No release was written. "
        f"Compare {kept / 'build 1'} with {kept / 'build 2'}."
    )


def test_a_program_that_fails_leaves_nothing(tool: ModuleType, tmp_path: Path) -> None:
    def failing(*_: object) -> None:
        tool.run(sys.executable, "-c", "raise SystemExit(3)", cwd=tmp_path)

    tool.clean_head, tool.build = lambda: "0123456789abcdef", failing
    with pytest.raises(
        SystemExit, match=r"^No release was written: .*raise SystemExit\(3\) failed, see above.$"
    ):
        tool.main([])
    assert list(tmp_path.iterdir()) == []


def test_a_changed_working_tree_is_refused(root: Path, tmp_path: Path) -> None:
    program = tmp_path / ".ci" / "release.py"
    program.parent.mkdir()
    program.write_bytes((root / ".ci" / "release.py").read_bytes())
    git = ["git", "-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]

    def check() -> tuple[int, str]:
        done = subprocess.run([sys.executable, program, "check"], capture_output=True, text=True)
        return done.returncode, done.stderr

    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "first"]):
        subprocess.run([*git, *words], cwd=tmp_path, check=True)
    assert check() == (0, "")
    (tmp_path / "a note").touch()
    with program.open("a") as file:
        file.write("# changed\n")
    assert check() == (
        1,
        "The working tree has changes: .ci/release.py, a note. Commit or remove them, then make the release again.\n",
    )


def test_an_archive_depends_on_paths_and_contents_alone(tool: ModuleType, tmp_path: Path) -> None:
    packed = []
    for place, names in (("one", ["b.txt", "a/b.txt", "a.txt"]), ("other", ["a.txt", "a/b.txt", "b.txt"])):
        folder = tmp_path / place / "data"
        (folder / "a").mkdir(parents=True)
        for number, name in enumerate(names):
            (folder / name).write_text(name)
            (folder / name).chmod(0o600 if place == "one" else 0o755)
            os.utime(folder / name, (1_700_000_000 + number,) * 2)
        tool.pack(folder, "2031-05-06")
        packed.append((tmp_path / place / "data.tar.gz").read_bytes())
    assert packed[0] == packed[1]
    assert packed[0][4:8] == bytes(4), "gzip has no time"
    with tarfile.open(tmp_path / "one" / "data.tar.gz") as archive:
        members = archive.getmembers()
        texts = {member.name: archive.extractfile(member).read().decode() for member in members}  # type: ignore[union-attr]
    assert texts == {"data/a.txt": "a.txt", "data/a/b.txt": "a/b.txt", "data/b.txt": "b.txt"}
    day = int(datetime(2031, 5, 6, tzinfo=UTC).timestamp())
    assert {(m.mtime, m.mode, m.uid, m.gid, m.uname, m.gname) for m in members} == {
        (day, 0o644, 0, 0, "", "")
    }
