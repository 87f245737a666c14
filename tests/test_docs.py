"""What the documentation names is there, and what there is stands in it; `slow_docs.py` runs what it shows."""

from __future__ import annotations

import re
import shlex
from functools import cache

from jhaan_kg import cli
from jhaan_kg.cli import COMMANDS, overview
from jhaan_kg.serve.loaded import Loaded
from pages import PAGES, ROOT, anchors, blocks, commands, links, prose, shown_commands

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
