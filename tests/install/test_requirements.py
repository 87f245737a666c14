"""The lists of pinned versions and the page on installation agree with pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest


def named(root: Path, *extras: str) -> dict[str, str]:
    """What pyproject.toml names for use, and for these extras or all, each with its lower bound."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    listed = [project["dependencies"], *(optional[extra] for extra in extras or optional)]
    found = re.findall(r"^([\w-]+)[>=]=([\d.]+)", "\n".join(chain(*listed)), re.MULTILINE)
    return {name.lower(): bound for name, bound in found}


def pinned(file: Path) -> dict[str, set[str]]:
    """What a list pins; some libraries have several versions, each for some Pythons."""
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", file.read_text(encoding="utf-8"), re.MULTILINE):
        versions.setdefault(name, set()).add(version)
    return versions


@pytest.mark.parametrize(
    ("file", "extras", "least"),
    [
        ("dev.txt", (), 40),
        ("oldest.txt", (), 40),
        ("runtime.txt", ("server",), 15),
        ("all.txt", ("tables", "server", "pictures", "site"), 18),
    ],
)
def test_a_list_pins_all_that_is_named(root: Path, file: str, extras: tuple[str, ...], least: int) -> None:
    """`make demo` installs runtime.txt, and the README goes on with `jhaan serve`."""
    names = named(root, *extras)
    assert len(names) >= least
    missing = names.keys() - pinned(root / "requirements" / file).keys()
    assert missing == set(), "write the lists again: make requirements"


def test_users_get_the_versions_of_the_tests(root: Path) -> None:
    """The SBOM of a release lists all.txt; the tests run with dev.txt."""
    tested = pinned(root / "requirements" / "dev.txt")
    listed = pinned(root / "requirements" / "all.txt")
    assert {name: tested.get(name) for name in listed} == listed, "write the lists again: make requirements"


def test_the_oldest_versions_are_the_lower_bounds(root: Path) -> None:
    """A bound that no choice of versions can reach would promise what is never tried."""
    oldest = pinned(root / "requirements" / "oldest.txt")
    wrong = {
        name: (bound, oldest[name])
        for name, bound in named(root).items()
        if not any(re.fullmatch(rf"{re.escape(bound)}(\.\d+)*", version) for version in oldest[name])
    }
    assert wrong == {}


def test_the_page_names_what_the_package_says_of_itself(root: Path) -> None:
    page = (root / "docs" / "installation.md").read_text(encoding="utf-8")
    project = (root / "pyproject.toml").read_text(encoding="utf-8")
    versions = re.findall(r"Python :: (3\.\d+)", project)
    assert f"CPython {', '.join(versions[:-1])} or {versions[-1]}" in page
    extras = re.findall(
        r"^(\w+) = \[",
        project.partition("[project.optional-dependencies]\n")[2].partition("\n[")[0],
        re.MULTILINE,
    )
    assert re.findall(r"^\| `([a-z]+)` \|", page, re.MULTILINE) == [
        name for name in extras if name not in ("dev", "build")
    ]
