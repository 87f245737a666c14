"""What the wheel and the sdist hold: all that is needed and nothing else, the same bytes wherever they are built."""

from __future__ import annotations

import email
import re
import tarfile
import zipfile
from pathlib import Path

import pytest

from jhaan_kg import __version__

pytestmark = pytest.mark.slow


pytest.importorskip("hatchling")
INFORMATION = f"jhaan_kg-{__version__}.dist-info"


def files(folder: Path, pattern: str = "*") -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob(pattern) if path.is_file()}


def test_the_wheel_holds_the_package_and_the_graph_with_its_sources_of_meaning(
    tree: Path, wheel: Path
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert len(set(names)) == len(names)
    snapshot = {name for name in names if name.startswith("jhaan_kg/_bundle/snapshot/")}
    graphs = {
        name for name in snapshot if re.fullmatch(r"jhaan_kg/_bundle/snapshot/graphs/[a-z0-9._-]+\.nq", name)
    }
    assert snapshot - graphs == {
        f"jhaan_kg/_bundle/snapshot/{name}.json" for name in ("manifest", "catalogue")
    }
    # one graph at least for each file that states something; the ontology has one too
    stating = files(tree / "data" / "reports", "*.trig") | files(tree / "data" / "register")
    assert len(graphs) > len(stating) > 20
    expected = {f"jhaan_kg/{name}" for name in files(tree / "src" / "jhaan_kg")}
    expected |= {
        f"jhaan_kg/_bundle/{folder}/{name}"
        for folder in ("ontology", "shapes", "queries")
        for name in files(tree / folder)
    }
    information = "METADATA WHEEL RECORD entry_points.txt licenses/LICENSE licenses/LICENSE-DATA"
    expected |= {f"{INFORMATION}/{name}" for name in information.split()}
    assert set(names) - snapshot == expected
    assert "jhaan_kg/py.typed" in expected


def test_the_wheel_names_licences_versions_and_extras(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        metadata = email.message_from_bytes(archive.read(f"{INFORMATION}/METADATA"))
        scripts = archive.read(f"{INFORMATION}/entry_points.txt").decode()
    assert metadata["License-Expression"] == "Apache-2.0 AND CC-BY-4.0"
    assert metadata.get_all("License-File") == ["LICENSE", "LICENSE-DATA"]
    assert metadata["Requires-Python"] == ">=3.11"
    assert {"all", "server", "site", "tables"} <= set(metadata.get_all("Provides-Extra") or ())
    assert scripts.split() == ["[console_scripts]", "jhaan", "=", "jhaan_kg.cli:script"]


def test_the_sdist_holds_what_the_wheel_is_built_from(tree: Path, sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}
    expected = {
        f"{folder}/{name}"
        for folder in ("src", "ontology", "shapes", "queries", "data")
        for name in files(tree / folder)
    }
    expected |= {"pyproject.toml", "hatch_build.py", "README.md", "CHANGELOG.md", "CITATION.cff"}
    assert names == expected | {"LICENSE", "LICENSE-DATA", "PKG-INFO", ".gitignore"}
