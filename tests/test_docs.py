"""What the documentation names is there, and what there is stands in it; the slow tests run what it shows."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import requests
from tiny_sources import QUERY, write

from jhaan_kg import cli
from jhaan_kg.build import pipeline
from jhaan_kg.build.cache import cache_folder, open_snapshot
from jhaan_kg.build.progress import Progress
from jhaan_kg.cli import COMMANDS, overview
from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.query.catalogue import load_catalogue
from pages import AS_A_WHOLE, PAGES, ROOT, anchors, blocks, commands, links, prose, shown_commands
from real_sources import copy_sources

EVERYWHERE = [*PAGES, ROOT / "docs" / "tutorial.ipynb"]


@cache
def options_of(command: str) -> set[str]:
    actions = cli.command(command).parser()._actions
    return {option for action in actions for option in action.option_strings}


def unknown(command: str, loaded: Loaded) -> set[str]:
    """Return what a command line names that is not there; what is in capitals stands for something."""
    _, *words = shlex.split(command)
    options = {word.partition("=")[0] for word in words if word.startswith("-") and len(word) > 1}
    if options <= {"-h", "--help", "--version"} and len(words) == len(options):
        return set()
    name, *rest = words
    if name.isupper():
        return set()
    if name not in COMMANDS:
        return {name}
    known, wrong = set(options_of(name)), set()
    if name == "query" and rest and not rest[0].startswith("-"):
        question = {query.name: query for query in loaded.catalogue}.get(rest[0])
        known |= {parameter.option for parameter in question.parameters} if question else set()
        wrong = set() if question or rest[0].isupper() else {rest[0]}
    return wrong | {option for option in options if not option[2:].isupper()} - known


def test_commands_have_such_a_name_and_such_options(loaded: Loaded) -> None:
    """Those that are shown, and those within sentences; there, what is in brackets may be left out."""
    lines = [(command, page) for command, page in shown_commands().items()]
    lines += [
        (mention.replace("[", " ").replace("]", " "), page.name)
        for page in EVERYWHERE
        if page.name != "CHANGELOG.md"  # it tells of what was
        for mention in re.findall(r"`(jhaan [^`\n]+)`", prose(page))
    ]
    found = [
        (part, page, wrong)
        for line, page in lines
        for part in re.findall(r"\bjhaan (?:[^|&;<>()'\"]|'[^']*'|\"[^\"]*\")*", line)
        if (wrong := unknown(part, loaded))
    ]
    assert len(lines) > 200
    assert found == []


def test_links_lead_somewhere() -> None:
    for page in EVERYWHERE:
        for link in links(page):
            name, _, place = link.partition("#")
            target = page.parent / name if name else page
            assert target.exists(), (page, link)
            assert not place or place in anchors(target), (page, link)


def test_nothing_is_installed_from_an_index_that_does_not_have_it() -> None:
    for page in PAGES:
        steps = [line for block in blocks(page) for line in block.text.splitlines() if " install " in line]
        ours = [step for step in steps if re.search(r"[ ']jhaan-kg\b", step)]
        assert [step for step in ours if "--no-index" not in step] == [], page


def test_make_commands_are_those_that_ci_runs() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    shown = {command for page in PAGES for command in commands(page) if command.startswith("make ")}
    assert {"make demo", "make test"} <= shown
    assert [
        step for step in sorted(shown) if not re.search(rf"(^| ){re.escape(step)}$", ci, re.MULTILINE)
    ] == []


def test_every_command_and_argument_is_explained_in_the_help() -> None:
    for name in COMMANDS:
        assert f"  {name} " in overview()
        assert [action.dest for action in cli.command(name).parser()._actions if not action.help] == [], name


BIN = Path(sys.executable).parent


GETTING_STARTED = ROOT / "docs" / "getting-started.md"


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
    r"jhaan load http\S+( .*)?": "needs a store; tests/stores has some",
    r"jhaan check( data/register)?": "tests/checks checks all, tests/test_bad_input.py a part",
    r"jhaan diff .* \.": "tests/diff compares snapshots",
    r"jhaan query ([a-z-]+|--format md -o questions.md)": "the page of all questions has them; see below",
    r"make \S+": "CI runs it; see below",
    r"ssh-keygen -Y sign .*|echo \"jhaan-kg .*": "tests/install/test_signature.py has keys",
    r"jhaan .*https?://(localhost|example\.org)\S*.*": "tests/test_endpoint_commands.py and tests/stores have stores",
    r"\. \.venv/bin/activate": "the tests run in an environment of their own",
}


"""Commands that no test here runs, and why."""


def is_run(command: str) -> bool:
    return not any(re.fullmatch(pattern, command) for pattern in NOT_RUN)


SHOWN = {command: page for command, page in shown_commands().items() if page not in AS_A_WHOLE}


RUN = [
    pytest.param(page, command, id=f"{page}: {command}")
    for command, page in sorted(SHOWN.items())
    if is_run(command)
]


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a reader who has installed the package, with a home of his own and no report."""
    (folder / "home").mkdir(exist_ok=True)
    return {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "JHAAN_CACHE": str(cache_folder()),
        "HOME": str(folder / "home"),
        "XDG_DATA_HOME": str(folder / "home" / "data"),
        "JHAAN_REPORT": "",
    }


def run_in(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program as a reader does, in a folder of his own."""
    return subprocess.run(
        words,
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )


def lay_out(folder: Path, command: str, release: Path) -> None:
    """Lay out for a command what it takes for granted: sources, files, the text of the report, releases."""
    copy_sources(folder)
    for name, text in QUERIES.items():
        (folder / name).write_text(text)
    if "REPORT.txt" in command:
        report = os.environ.get("JHAAN_REPORT")
        if not report:
            pytest.skip("JHAAN_REPORT is not set")
        shutil.copy(report, folder / "REPORT.txt")
    if command.startswith("jhaan diff"):
        for name in ("OLD", "NEW"):
            shutil.copytree(release, folder / name)


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small release; to compare the real one with itself takes longer than all other commands."""
    folder = tmp_path_factory.mktemp("release")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "check_sources", lambda _: [])  # small sources break conventions
        pipeline.build(write(tmp_path_factory.mktemp("sources"), **{QUERY: None}), folder, Progress())
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(("page", "command"), RUN)
def test_commands_of_the_documentation_work(page: str, command: str, tmp_path: Path, release: Path) -> None:
    """Run beside a copy of the sources, so that a command that writes harms nothing."""
    lay_out(tmp_path, command, release)
    done = run_in(tmp_path, "bash", "-c", command)
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


@pytest.mark.slow
def test_what_is_not_run_is_shown() -> None:
    unused = [pattern for pattern in NOT_RUN if not any(re.fullmatch(pattern, command) for command in SHOWN)]
    assert unused == [], "take it off the list"


def check_shown(shown: list[str], printed: str) -> None:
    """Check that a program printed the lines that a page shows, in this order; `…` stands for lines left out."""
    lines = iter(printed.splitlines())
    missing = [line for line in shown if line != "…" and line not in lines]
    assert not missing, f"{missing} is not in:\n{printed}"


TASKS = list(dict.fromkeys(block.heading for block in blocks(GETTING_STARTED)))


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS)
def test_getting_started_works_in_order_and_prints_what_is_shown(task: str, tmp_path: Path) -> None:
    """Run the blocks of one task in an empty folder; a block of text is what the block before it prints."""
    printed = ""
    for block in blocks(GETTING_STARTED):
        if block.heading != task:
            continue
        if block.language == "text":
            check_shown(block.text.splitlines(), printed)
            continue
        program = {"sh": ["bash", "-e", "-c"], "python": [str(BIN / "python"), "-c"]}[block.language]
        done = run_in(tmp_path, *program, block.text)
        assert done.returncode == 0, f"{block.text}\n{done.stderr}"
        printed = done.stdout
    assert printed, task


ANSWERS = [
    pytest.param(block.text, id=f"{page.name}: {block.text.splitlines()[0]}")
    for page in PAGES
    for block in blocks(page)
    if block.language == "console" and block.text.startswith("$ jhaan query ")
]


@pytest.mark.slow
@pytest.mark.parametrize("console", ANSWERS)
def test_an_answer_that_is_shown_is_the_answer(console: str, tmp_path: Path) -> None:
    command, *shown = console.splitlines()
    done = run_in(tmp_path, "bash", "-c", command.removeprefix("$ "))
    assert done.returncode == 0, done.stderr
    check_shown(shown, done.stdout)


PYTHON = [
    pytest.param(page.name, block.text, id=f"{page.name} {number}")
    for page in PAGES
    if page.name not in AS_A_WHOLE
    for number, block in enumerate(block for block in blocks(page) if block.language == "python")
]


PRINTED = {"README.md": "Frontex 12 often"}


@pytest.mark.slow
@pytest.mark.parametrize(("page", "program"), PYTHON)
def test_python_of_the_documentation_works(page: str, program: str, tmp_path: Path) -> None:
    done = run_in(tmp_path, BIN / "python", "-c", program)
    assert done.returncode == 0, done.stderr
    assert PRINTED.get(page, "") in done.stdout


@pytest.mark.slow
def test_the_page_of_questions_has_each_with_its_answer(tmp_path: Path) -> None:
    page = tmp_path / "questions.md"
    subprocess.run([BIN / "jhaan", "query", "--format", "md", "-o", page], cwd=ROOT, check=True)
    _, *sections = page.read_text("utf-8").split('\n<a id="')
    catalogue = load_catalogue(open_snapshot().catalogue_path)
    assert {section.partition('"')[0] for section in sections} == {query.name for query in catalogue}
    for section in sections:
        name = section.partition('"')[0]
        assert f"\njhaan query {name}\n" in section
        assert re.search(r"^\| .* \|\n\|[ :|-]+\|\n\| ", section.partition("<details>")[0], re.MULTILINE), (
            name
        )
