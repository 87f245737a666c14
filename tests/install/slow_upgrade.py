"""An upgrade renews the cache: what is asked of a version is answered from that version's graph."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from installing import ask, build, install

from jhaan_kg import __version__
from jhaan_kg.build.cache import KEPT_STORES

ASKED = ("query", "empact-co-run", "--format", "csv")


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
        assert ask(venv, "--version", cwd=tmp_path, environment=environment).stdout == f"jhaan {version}\n"
        done = ask(venv, *ASKED, cwd=tmp_path, environment=environment)
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


def test_the_cache_does_not_grow_from_version_to_version(
    installed: Path, tmp_path: Path, environment: Mapping[str, str]
) -> None:
    """The stores of versions that are long gone make place for that of the present one."""
    folder = Path(environment["HOME"]) / ".cache" / "jhaan-kg" / "stores"
    for age in range(1, KEPT_STORES + 3):
        (folder / f"version-{age}").mkdir(parents=True)
        os.utime(folder / f"version-{age}", (1_700_000_000 - age,) * 2)
    assert ask(installed, *ASKED, cwd=tmp_path, environment=environment).returncode == 0
    kept = {path.name for path in folder.iterdir()}
    assert len(kept) == KEPT_STORES
    assert {name for name in kept if name.startswith("version-")} == {
        f"version-{age}" for age in range(1, KEPT_STORES)
    }
