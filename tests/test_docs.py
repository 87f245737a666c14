"""What the documentation shows is run, what it says is so, and what there is stands in it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import requests

from jhaan_kg.build.cache import cache_folder, open_snapshot
from jhaan_kg.cli import COMMANDS, overview
from jhaan_kg.query.catalogue import load_catalogue
from pages import EXPORTS, PAGES, ROOT, anchors, blocks, commands, links, prose

BIN = Path(sys.executable).parent
FIRST_STEPS = ROOT / "docs" / "first-steps.md"
AS_A_WHOLE = {"first-steps.md": "test_first_steps below", "installing.md": "tests/install"}
"""Pages whose commands are run one after the other, and by what."""

QUERIES = {
    "query.rq": "SELECT ?a { ?a a jhaan:Agency }",
    "construct.rq": "CONSTRUCT { ?a a jhaan:Agency } WHERE { ?a a jhaan:Agency }",
}
"""Files that the examples take for granted."""

SECONDS = 900
"""After how many seconds a command that is shown has no end."""

SERVERS = r"(JHAAN_SERVE_OPTIONS='[^']*' )?jhaan serve(?! --help)( .*)?"
NOT_RUN = {
    SERVERS: "they go on until they are ended; see below",
    r"jhaan load http\S+( .*)?": "needs a store; tests/stores/load has some",
    r"jhaan compare http\S+( .*)?": "needs a store; tests/stores/compare has some",
    r"jhaan export release .*": "tests/export/test_pages.py has it, and it takes a minute",
    r"make \S+": "CI runs it; see below",
    r"jhaan .*https?://(localhost|example\.org)\S*.*": "tests/test_endpoint_commands.py and tests/stores have stores",
    r"\. \.venv/bin/activate": "the tests run in an environment of their own",
}
"""Commands that no test here runs, and why."""


def is_run(command: str) -> bool:
    return not any(re.fullmatch(pattern, command) for pattern in NOT_RUN)


# A command that is shown several times is run once.
SHOWN = {
    command: page.name
    for page in reversed(PAGES)
    if page.name not in AS_A_WHOLE
    for command in commands(page)
}
SHOWN |= {
    re.split(r" {2,}", line.strip())[0]: "jhaan"
    for line in overview().partition("Start with:")[2].splitlines()
    if line.startswith("  ")
}
RUN = [
    pytest.param(
        page,
        command,
        id=f"{page}: {command}",
        # fast tests ask all questions for their page, and about coverage; the examples of the help are many
        marks=[pytest.mark.slow]
        if command.startswith(("jhaan check", "jhaan diff"))
        or page in ("questions.md", "commands.md", "coverage.md")
        else [],
    )
    for command, page in sorted(SHOWN.items())
    if is_run(command)
]


def environment(folder: Path) -> dict[str, str]:
    """Give the environment of a reader who has installed the package, with a home of his own."""
    for name in (".zfunc", ".config/fish/completions"):
        (folder / "home" / name).mkdir(parents=True, exist_ok=True)
    return {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "JHAAN_CACHE": str(cache_folder()),
        "HOME": str(folder / "home"),
    }


def lay_out(folder: Path, command: str) -> None:
    """Give a command what it takes for granted: sources, files, the text of the report, releases."""
    for name in ("ontology", "shapes", "data", "queries"):
        shutil.copytree(ROOT / name, folder / name)
    for name, text in QUERIES.items():
        (folder / name).write_text(text)
    if "REPORT.txt" in command:
        report = os.environ.get("JHAAN_REPORT")
        if not report:
            pytest.skip("JHAAN_REPORT is not set")
        shutil.copy(report, folder / "REPORT.txt")
    if command.startswith("jhaan diff"):
        snapshot = open_snapshot().path
        for name in ("OLD", "NEW", "wheel/jhaan_kg/_bundle/snapshot"):
            shutil.copytree(snapshot, folder / name)
        wheel = shutil.make_archive(str(folder / "wheel"), "zip", folder / "wheel")
        Path(wheel).rename(folder / "jhaan_kg-0.1.0-py3-none-any.whl")


@pytest.mark.parametrize(("page", "command"), RUN)
def test_commands_of_the_documentation_work(page: str, command: str, tmp_path: Path) -> None:
    """Run beside a copy of the sources, so that a command that writes harms nothing."""
    lay_out(tmp_path, command)
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert done.returncode == 0, f"{page}: {command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", [command for command in SHOWN if re.fullmatch(SERVERS, command)])
def test_a_server_that_is_shown_answers_and_ends(
    command: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """For this machine alone, on a port that is free, and with a snapshot and a report that are there."""
    here = command.replace("/srv/jhaan/snapshot", shlex.quote(str(open_snapshot().path)))
    if "REPORT.txt" in here:
        here = here.replace("REPORT.txt", shlex.quote(str(request.getfixturevalue("report_path"))))
    with (
        (tmp_path / "log").open("w+") as log,
        subprocess.Popen(
            ["bash", "-c", f"exec env {here} --host 127.0.0.1 --port 0"],
            cwd=ROOT,
            env=environment(tmp_path),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as server,
    ):
        assert server.stdout is not None
        try:
            address = server.stdout.readline().strip()
            assert address, (tmp_path / "log").read_text()
            assert requests.get(f"{address}/health/ready", timeout=SECONDS).text == "ready\n"
        finally:
            server.terminate()
        assert server.wait(SECONDS) == 0


@pytest.mark.parametrize("pattern", NOT_RUN)
def test_what_is_not_run_is_shown(pattern: str) -> None:
    assert any(re.fullmatch(pattern, command) for command in SHOWN), f"take {pattern} off the list"


READERS = [
    # rdflib takes its time
    pytest.param(reader, marks=[pytest.mark.slow] if reader == "You want data" else [])
    for reader in dict.fromkeys(block.heading for block in blocks(FIRST_STEPS))
]


@pytest.mark.parametrize("reader", READERS)
def test_first_steps_work_in_order_and_print_what_is_shown(reader: str, tmp_path: Path) -> None:
    """Run the blocks of one reader in an empty folder; a block of text is what the block before it prints."""
    printed = ""
    for block in blocks(FIRST_STEPS):
        if block.heading != reader:
            continue
        if block.language == "text":
            expected = block.text.splitlines()
            lines = iter(printed.splitlines())
            missing = [line for line in expected if line != "…" and line not in lines]
            assert not missing, f"{missing} is not in:\n{printed}"
            continue
        program = {"sh": ["bash", "-e", "-c"], "python": [str(BIN / "python"), "-c"]}[block.language]
        done = subprocess.run(
            [*program, block.text],
            cwd=tmp_path,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{block.text}\n{done.stderr}"
        printed = done.stdout
    assert printed, reader


PYTHON = [
    pytest.param(block.text, id=f"{page.name} {number}")
    for page in PAGES
    if page != FIRST_STEPS
    for number, block in enumerate(block for block in blocks(page) if block.language == "python")
]


@pytest.mark.parametrize("program", PYTHON)
def test_python_of_the_documentation_works(program: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [BIN / "python", "-c", program],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_python_of_the_readme_prints_an_answer(tmp_path: Path) -> None:
    (program,) = (block.text for block in blocks(ROOT / "README.md") if block.language == "python")
    done = subprocess.run(
        [BIN / "python", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "Frontex 12 meet often, bilateral highlight" in done.stdout


def test_make_commands_are_those_that_ci_runs() -> None:
    ci = (ROOT / ".ci" / "run").read_text()
    shown = {command for page in PAGES for command in commands(page) if command.startswith("make ")}
    assert {"make demo", "make test"} <= shown
    assert all(re.search(rf"^{re.escape(command)}$", ci, re.MULTILINE) for command in shown)


def test_every_command_is_documented() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"jhaan {name}" in readme, name
        assert f"  {name} " in overview()


MENTIONED = sorted(
    {
        (page.name, mention)
        for page in [*PAGES, *EXPORTS, ROOT / "docs" / "tutorial.ipynb"]
        if page.name != "CHANGELOG.md"  # it tells of what was
        for mention in re.findall(r"`(jhaan [^`\n]+)`", prose(page))
    }
)


@pytest.mark.parametrize(("page", "mention"), MENTIONED)
def test_commands_within_sentences_have_such_a_name_and_such_options(page: str, mention: str) -> None:
    """Names in capitals stand for something; what is in brackets may be left out."""
    _, *words = shlex.split(mention.replace("[", " ").replace("]", " "))
    options = {word.partition("=")[0] for word in words if word.startswith("-")}
    if options <= {"-h", "--help", "--version"} and len(words) == len(options):
        return
    name, *rest = words
    if not name.isupper():
        assert name in COMMANDS, page
        known = {
            option
            for a in import_module(f"jhaan_kg.cli.{name}").arguments()._actions
            for option in a.option_strings
        }
        stored = {query.name: query for query in load_catalogue(open_snapshot().catalogue_path)}
        if name == "query" and rest and rest[0] in stored:
            known |= {f"--{parameter.name}" for parameter in stored[rest[0]].parameters}
        elif name == "query" and rest and not rest[0].startswith("-"):
            assert rest[0].isupper(), f"{page}: there is no question {rest[0]}"
        assert {option for option in options if not option[2:].isupper()} <= known, page


@pytest.mark.parametrize(
    "page", [*PAGES, *EXPORTS, ROOT / "docs" / "tutorial.ipynb"], ids=lambda page: page.name
)
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        name, _, place = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        if place:
            assert place in anchors(target), link


@pytest.mark.parametrize("page", [*PAGES, *EXPORTS], ids=lambda page: page.name)
def test_nothing_is_installed_from_an_index_that_does_not_have_it(page: Path) -> None:
    steps = [line for block in blocks(page) for line in block.text.splitlines() if " install " in line]
    assert [step for step in steps if re.search(r"[ ']jhaan-kg\b", step) and "--no-index" not in step] == []


def test_the_page_of_questions_is_current(tmp_path: Path) -> None:
    page = tmp_path / "questions.md"
    subprocess.run([BIN / "jhaan", "query", "--format", "md", "-o", page], cwd=ROOT, check=True)
    assert page.read_text("utf-8") == (ROOT / "docs" / "questions.md").read_text("utf-8"), (
        "write it again: jhaan query --format md -o docs/questions.md"
    )
