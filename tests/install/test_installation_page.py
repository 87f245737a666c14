"""The page on installation: a user with nothing but Python, pipx and uv runs each section.

`test_release.py` runs the sections that need the files of a release.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from installing import BIN, INSTALLATION, OF_A_RELEASE, run, shown

from pages import blocks

pytestmark = pytest.mark.slow


TOOLS = ("python3", "pipx", "uv", "uvx")
CUT_OFF = "Install without a network"


HEADINGS = dict.fromkeys(block.heading for block in blocks(INSTALLATION))
SECTIONS = {
    title: found for title in HEADINGS if (found := shown(INSTALLATION, title)) and title not in OF_A_RELEASE
}


@pytest.mark.parametrize("title", SECTIONS)
def test_a_section_of_the_page(
    title: str,
    tree: Path,
    wheel: Path,
    installed: Path,
    environment: Mapping[str, str],
    unshare: str,
    tmp_path: Path,
) -> None:
    work, tools, home = tmp_path / "work", tmp_path / "tools", Path(environment["HOME"])
    tools.mkdir()
    programs = {name: BIN / name for name in TOOLS}
    if title == "Cache":
        programs["jhaan"] = installed / "bin" / "jhaan"
        (home / ".cache" / "jhaan-kg").mkdir(parents=True)
    for name, program in programs.items():
        (tools / name).write_text(f'#!/bin/sh\nexec "{program}" "$@"\n')
        (tools / name).chmod(0o755)
    if title == "Build a wheel":
        shutil.copytree(tree, work)
    else:
        (work / "dist").mkdir(parents=True)
        shutil.copy(wheel, work / "dist")
    path = f"{home}/.local/bin:{tools}:/usr/bin:/bin"
    for number, block in enumerate(SECTIONS[title]):
        prefix = [unshare, "--map-root-user", "--net"] if title == CUT_OFF and number else []
        done = run(*prefix, "bash", "-ec", block, cwd=work, environment={**environment, "PATH": path})
        assert done.returncode == 0, f"{block}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        assert ("Frontex" in done.stdout) == ("jhaan query" in block)
    if title == "Build a wheel":
        assert [file.name for file in (work / "dist").iterdir()] == [wheel.name]
    left = [work / "env" / "bin" / "jhaan", home / ".local" / "bin" / "jhaan", home / ".cache" / "jhaan-kg"]
    kept = {CUT_OFF: left[:1] + left[2:]} | {
        f"Install with {tool}": left[2:] for tool in ("pip", "pipx", "uv")
    }
    assert [place for place in left if place.exists()] == kept.get(title, [])
