"""What tests share: the report's text, the reused vocabularies and programs that a bare machine may lack."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import programs

# How long an example takes is a matter of the machine and of what else it does.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

# What a shell starts in the background may ignore Ctrl-C, and so would the commands that the tests run.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def missing() -> Callable[[str, str], None]:
    """Skips a test for want of what is named, with a hint, or fails it where that must be there."""
    return programs.missing


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def report_path() -> Path:
    """The report's text, where JHAAN_REPORT points."""
    path = Path(os.environ.get("JHAAN_REPORT", ""))
    if not path.is_file():
        programs.missing("report", "set JHAAN_REPORT to the text of the report")
    return path


@pytest.fixture(scope="session")
def report_text(report_path: Path) -> str:
    """The report's text as a string, line ends kept."""
    return report_path.read_bytes().decode("utf-8")


@pytest.fixture(scope="session")
def vocab_dir() -> Path:
    """The folder of the reused vocabularies in full, where JHAAN_VOCAB points."""
    path = Path(os.environ.get("JHAAN_VOCAB", ""))
    if not os.environ.get("JHAAN_VOCAB") or not path.is_dir():
        programs.missing("vocab", "set JHAAN_VOCAB to the folder of vocabulary files")
    return path


@pytest.fixture(scope="session")
def java() -> str:
    """The Java launcher, which HermiT needs."""
    return programs.program("java", "java")


@pytest.fixture(scope="session")
def serdi() -> str:
    """The RDF parser of the serd library."""
    return programs.program("serdi", "serdi")


@pytest.fixture(scope="session")
def soffice() -> str:
    """The office suite LibreOffice."""
    return programs.program("soffice", "libreoffice")


@pytest.fixture(scope="session")
def apache() -> str:
    """The web server Apache."""
    return programs.program("apache2", "apache")


@pytest.fixture(scope="session")
def riot(java: str) -> list[str]:
    """The command of Apache Jena's parser; `make tools` brings it."""
    return [java, "-cp", f"{programs.tool('jena', 'riot')}/*", "riotcmd.riot"]


@pytest.fixture(scope="session")
def node() -> Callable[..., str]:
    """Runs a script of tests/tools with JavaScript libraries at hand: it gives what the script prints."""
    interpreter, modules = programs.program("node", "node"), programs.tool("node", "node") / "node_modules"

    def run(script: str, *arguments: str | Path) -> str:
        done = subprocess.run(
            [interpreter, ROOT / "tests" / "tools" / script, *arguments],
            env={**os.environ, "NODE_PATH": str(modules)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command in this process: it gives the exit code, standard output and standard error."""
    from jhaan_kg.cli import main

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        out, err = capfd.readouterr()
        assert "should not happen" not in err
        return code, out, err

    return run


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 4 kB; only root can make one."""
    folder = Path(tempfile.mkdtemp())
    mount = ["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(folder)]
    if (
        shutil.which("mount") is None
        or subprocess.run(mount, capture_output=True, check=False).returncode != 0
    ):
        folder.rmdir()
        pytest.skip("mounting a disk takes root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()
