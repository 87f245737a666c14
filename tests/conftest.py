"""Shared code of all tests: collection of files, the graph in memory, and requirements that may be missing.

Tests without a marker always run, those marked `slow` in CI, and those marked `release` before a release.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

import programs

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot
    from jhaan_kg.pages.loaded import Loaded

# There is no deadline, since the time of an example depends on the machine.
settings.register_profile("fast", max_examples=5, deadline=None, derandomize=True)
settings.register_profile("ci", max_examples=100, deadline=None)
settings.load_profile("fast")

# A shell may start background processes that ignore Ctrl-C. The commands run by the tests would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parents[1]


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Ignore the helper modules of tests, since collecting their doctests would import them."""
    is_helper = collection_path.suffix == ".py" and not collection_path.name.startswith("test_")
    return True if is_helper and ROOT / "tests" in collection_path.parents else None


def pytest_collection_finish() -> None:
    """Exclude the collected tests from garbage collection, which would take a tenth of the time of a run."""
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the reasons for skipped tests in one line."""
    reasons = Counter(
        report.longrepr[2].removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", ())
        if isinstance(report.longrepr, tuple)
    )
    if reasons:
        said = "; ".join(f"{count} {reason}" for reason, count in reasons.most_common())
        terminalreporter.write_line(f"Skipped: {said}")


@pytest.fixture(scope="session")
def loaded() -> Loaded:
    """The graph of this checkout in memory, with its evidence, as loaded by the server."""
    from jhaan_kg.build.cache import open_snapshot
    from jhaan_kg.pages.loaded import load

    return load(open_snapshot())


@pytest.fixture(scope="session")
def small_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A graph of a few meetings."""
    import small_graph

    return small_graph.snapshot(tmp_path_factory.mktemp("small") / "snapshot", small_graph.graphs())


@pytest.fixture(scope="session")
def missing() -> Callable[[str, str], None]:
    """Function that skips a test that lacks a requirement, or fails it if JHAAN_REQUIRE names the requirement."""
    return programs.missing


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def report_path() -> Path:
    """The file of the report's text, from JHAAN_REPORT."""
    path = Path(os.environ.get("JHAAN_REPORT", ""))
    if not path.is_file():
        programs.missing("report", "set JHAAN_REPORT")
    return path


@pytest.fixture(scope="session")
def report_text(report_path: Path) -> str:
    """The report's text, with unchanged line ends."""
    return report_path.read_bytes().decode("utf-8")


@pytest.fixture(scope="session")
def vocab_dir() -> Path:
    """The folder of the reused vocabularies, from JHAAN_VOCAB."""
    path = Path(os.environ.get("JHAAN_VOCAB", ""))
    if not os.environ.get("JHAAN_VOCAB") or not path.is_dir():
        programs.missing("vocab", "set JHAAN_VOCAB")
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
    """The command of Apache Jena's parser, which `make tools` installs."""
    return [java, "-cp", f"{programs.tool('jena', 'riot')}/*", "riotcmd.riot"]


@pytest.fixture(scope="session")
def node() -> Callable[..., str]:
    """Function that runs a script of tests/tools with Node.js, and returns its output."""
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
    """Function that runs a command in this process, and returns exit code, standard output and standard error."""
    from jhaan_kg.cli import main

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        out, err = capfd.readouterr()
        assert "Internal error" not in err
        return code, out, err

    return run


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that each user may enter and read, which those of pytest are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 4 kB, which only root can create."""
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
