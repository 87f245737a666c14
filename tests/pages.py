"""The pages of the documentation, parsed."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jhaan_kg.cli import COMMANDS, overview
from jhaan_kg.cli import command as command_of
from real_sources import ROOT

PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md")]
PAGES += sorted(
    page for folder in (".", "stores", "serving") for page in (ROOT / "docs" / folder).glob("*.md")
)
EXPORTS = ROOT / "docs" / "exports.md"
"""The page of the exports, whose blocks `tests/export` runs section by section."""

_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)
_HEADING_OR_FENCE = re.compile(rf"^## (?P<heading>[^\n]*)$|{_FENCE.pattern}", _FENCE.flags)


class Block(NamedTuple):
    """A fenced block, with the heading above it, its language and its text."""

    heading: str
    language: str
    text: str


@cache
def blocks(page: Path) -> tuple[Block, ...]:
    """Return the fenced blocks of a page, in order."""
    return blocks_of(page.read_text("utf-8"))


def blocks_of(text: str) -> tuple[Block, ...]:
    """Return the fenced blocks of a text in Markdown, in order."""
    found, heading = [], ""
    for match in _HEADING_OR_FENCE.finditer(text):
        if match["heading"] is not None:
            heading = match["heading"]
        else:
            found.append(Block(heading, match["language"], textwrap.dedent(match["text"])))
    return tuple(found)


def prose(page: Path) -> str:
    """Return a page, or the texts of a notebook, without fenced blocks."""
    text = page.read_text("utf-8")
    if page.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return _FENCE.sub("", text)


def cells(notebook: str) -> list[Any]:
    """Return the cells of a notebook without HTML, which depends on the versions of libraries."""
    found: list[Any] = json.loads(notebook)["cells"]
    for cell in found:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("text/html", None)
    return found


def commands(page: Path) -> list[str]:
    """Return the commands of the `sh` blocks of a page, one a line, without comments."""
    return commands_in(blocks(page))


def commands_in(shown: Iterable[Block]) -> list[str]:
    """Return the commands of those blocks that are `sh`, one a line, without comments."""
    found = []
    for block in shown:
        if block.language == "sh":
            lines = block.text.replace("\\\n", " ").splitlines()
            found += [re.sub(r"(^|\s+)#.*", "", line).strip() for line in lines]
    return [line for line in found if line]


AS_A_WHOLE = ("getting-started.md", "installation.md", "exports.md")
"""Pages whose commands are run one after the other, by `tests/test_docs.py`, `tests/install` and `tests/export`."""


def shown_commands() -> dict[str, str]:
    """Return each command in pages and in the help, with the name of the first page that contains it."""
    helps = [command_of(name).parser().description or "" for name in COMMANDS]
    lines = [line for text in helps for line in text.partition("examples:\n")[2].splitlines()]
    examples = [re.split(r" {2,}", line.strip())[0] for line in lines if re.match(r"  \S", line)]
    shown = dict.fromkeys(examples, "help")
    shown |= {command: page.name for page in reversed(PAGES) for command in commands(page)}
    starting = overview().partition("Start with:")[2].partition("\n\n")[0].splitlines()
    return shown | {
        re.split(r" {2,}", line.strip())[0]: "jhaan" for line in starting if line.startswith("  ")
    }


@cache
def anchors(page: Path) -> set[str]:
    """Return the possible targets of links in a page: GitHub's anchors of headings, and explicit anchors."""
    text = prose(page)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)">', text))


def links(page: Path) -> list[str]:
    """Return the targets of the links of a page that lead to files or places of this project."""
    targets = re.findall(r"(?<!\\)\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", prose(page)))
    return [target for target in targets if not re.match(r"[a-z]+:", target)]
