"""What works on macOS and Windows, as far as Linux can imitate them, and clear errors for the rest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def run(
    platform: str, *arguments: object, given: str = "", where: Path | None = None
) -> subprocess.CompletedProcess[str]:
    script = Path(__file__).with_name("other_system.py")
    command = [sys.executable, script, platform, *map(str, arguments)]
    return subprocess.run(command, input=given, cwd=where, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("platform", ["darwin", "win32"])
@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ("query meetings-attended-together --agency fra --partner eige --cite", "6.3.2"),
        ("explain europol", "The Hague"),
        ("find empact", "EMPACT"),
        ("build", "triples"),
        ("sparql -", "yes"),
    ],
)
def test_commands_work(platform: str, arguments: str, part: str, root: Path) -> None:
    done = run(platform, *arguments.split(), given="ASK { ?s ?p ?o }", where=root)
    assert done.returncode == 0, done.stderr
    assert part in done.stdout + done.stderr


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_exports_are_the_same(platform: str, root: Path, tmp_path: Path) -> None:
    for name in (platform, "linux"):
        assert run(name, "export", "turtle", "-o", tmp_path / name, where=root).returncode == 0
    assert (tmp_path / platform).read_bytes() == (tmp_path / "linux").read_bytes()


@pytest.mark.parametrize(
    ("platform", "arguments", "message"),
    [
        ("darwin", "serve --port 0", "jhaan serve runs only on Linux."),
        ("win32", "serve --port 0", "jhaan serve runs only on Linux."),
        ("win32", "query empact-co-run --timeout 5", "Time limits are not supported on this system."),
        ("win32", "sparql - --timeout 5", "Time limits are not supported on this system."),
    ],
)
def test_the_rest_has_a_clear_error(platform: str, arguments: str, message: str, root: Path) -> None:
    done = run(platform, *arguments.split(), given="ASK { ?s ?p ?o }", where=root)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr
