"""Installed as a tool with an environment of its own, as uv does it; the page on installing does it with pipx too."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from installing import BIN


@pytest.fixture
def own(environment: Mapping[str, str], tmp_path: Path) -> dict[str, str]:
    return {**environment, "UV_TOOL_DIR": str(tmp_path / "tools"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin")}


def test_uv_tool_install(wheel: Path, own: Mapping[str, str], tmp_path: Path) -> None:
    subprocess.run([BIN / "uv", "tool", "install", "--quiet", wheel], cwd=tmp_path, env=own, check=True)
    assert [path.name for path in (tmp_path / "bin").iterdir()] == ["jhaan"]
    done = subprocess.run(
        [tmp_path / "bin" / "jhaan", "query", "empact-co-run"],
        cwd=tmp_path,
        env=own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Frontex" in done.stdout
    subprocess.run([BIN / "uv", "tool", "uninstall", "--quiet", "jhaan-kg"], env=own, check=True)
    assert list((tmp_path / "bin").iterdir()) == []


def test_uvx_with_an_extra(wheel: Path, own: Mapping[str, str], tmp_path: Path) -> None:
    command = [
        BIN / "uvx",
        "--quiet",
        "--from",
        f"{wheel}[tables]",
        "jhaan",
        "query",
        "most-central-agencies",
    ]
    done = subprocess.run(command, cwd=tmp_path, env=own, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Europol" in done.stdout
