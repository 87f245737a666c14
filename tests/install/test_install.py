"""Wheels are the same wherever they are built, an upgrade renews the cache, and the server is installed as shown."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from installing import BIN, build, clean_copy, install, run

from jhaan_kg import __version__

pytestmark = pytest.mark.release


ASKED = ("query", "empact-co-run", "--format", "csv")


def test_an_sdist_gives_the_same_wheel(root: Path, sdist: Path, wheel: Path, tmp_path: Path) -> None:
    """Built as an installer does it: apart from all that is installed here, with what pyproject.toml asks for."""
    command = [BIN / "uv", "build", "--quiet", "--wheel", "--out-dir", tmp_path, sdist]
    command += ["--build-constraints", root / "requirements" / "dev.txt", "--require-hashes"]
    subprocess.run(command, check=True)
    (built,) = tmp_path.glob("*.whl")
    assert built.read_bytes() == wheel.read_bytes()


def test_what_only_lies_in_the_tree_changes_neither_wheel_nor_sdist(
    root: Path, wheel: Path, sdist: Path, tmp_path: Path
) -> None:
    tree = tmp_path / "tree"
    clean_copy(root, tree)
    for name in (
        "src/jhaan_kg/__pycache__/errors.cpython-311.pyc",
        "queries/.empact-co-run.rq.swp",
        "shapes/.DS_Store",
        "data/.DS_Store",
        ".venv/lib/module.py",
        "dist/jhaan_kg-0.0.1.tar.gz",
        "notes.txt",
    ):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("not for users")
    assert build(tree, "wheel", tmp_path / "wheel").read_bytes() == wheel.read_bytes()
    shutil.rmtree(tmp_path / "wheel")
    assert build(tree, "sdist", tmp_path / "sdist").read_bytes() == sdist.read_bytes()


@pytest.fixture(scope="module")
def newer(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a later version, for which Frontex has another label."""
    later = tmp_path_factory.mktemp("newer") / "tree"
    shutil.copytree(tree, later)
    for name, old, new in (
        ("src/jhaan_kg/__init__.py", f'__version__ = "{__version__}"', '__version__ = "99.0.0"'),
        (
            "data/register/agencies.ttl",
            'rdfs:label "Frontex"@en',
            'rdfs:label "Frontex of the later version"@en',
        ),
    ):
        text = (later / name).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (later / name).write_text(text.replace(old, new), encoding="utf-8")
    return build(later, "wheel", later.parent / "wheel")


def stores(environment: Mapping[str, str]) -> dict[str, float]:
    """The stores of the cache, each with the time when it was made."""
    folder = Path(environment["HOME"]) / ".cache" / "jhaan-kg" / "stores"
    return {path.name: path.stat().st_mtime for path in folder.iterdir()}


def test_each_version_answers_from_its_own_graph(
    wheel: Path, newer: Path, pins: Path, tmp_path: Path, environment: Mapping[str, str]
) -> None:
    venv = tmp_path / "venv"

    def answer(version: str) -> str:
        jhaan = venv / "bin" / "jhaan"
        assert run(jhaan, "--version", cwd=tmp_path, environment=environment).stdout == f"jhaan {version}\n"
        done = run(jhaan, *ASKED, cwd=tmp_path, environment=environment)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    install(wheel, venv, pins)
    old = answer(__version__)
    of_old = stores(environment)
    assert "Frontex" in old
    assert len(of_old) == 1

    install(newer, venv, pins)
    assert answer("99.0.0") == re.sub(r"\bFrontex\b", "Frontex of the later version", old)
    of_both = stores(environment)
    assert len(of_both) == 2

    install(wheel, venv, pins)  # back again: the store that it made is used as it is
    assert answer(__version__) == old
    assert stores(environment) == of_both
    assert of_old.items() <= of_both.items()
