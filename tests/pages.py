"""The pages of the documentation, taken apart."""

from __future__ import annotations

import json
import re
import textwrap
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md")]
PAGES += sorted(
    page for folder in (".", "stores", "serving") for page in (ROOT / "docs" / folder).glob("*.md")
)
EXPORTS = sorted((ROOT / "docs" / "exports").glob("*.md"))
"""The pages of the exports, whose blocks are run page by page."""

_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)


class Block(NamedTuple):
    """A fenced block: the heading under which it stands, its language, its text."""

    heading: str
    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    """Give the fenced blocks of a page, in order."""
    text = page.read_text("utf-8")
    found = []
    for match in _FENCE.finditer(text):
        headings = re.findall(r"^## (.*)$", _FENCE.sub("", text[: match.start()]), re.MULTILINE)
        found.append(
            Block(headings[-1] if headings else "", match["language"], textwrap.dedent(match["text"]))
        )
    return found


def prose(page: Path) -> str:
    """Give a page, or the texts of a notebook, without fenced blocks."""
    text = page.read_text("utf-8")
    if page.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return _FENCE.sub("", text)


def commands(page: Path) -> list[str]:
    """Give the commands of the `sh` blocks of a page, one a line, without comments."""
    found = []
    for block in blocks(page):
        if block.language == "sh":
            lines = block.text.replace("\\\n", " ").splitlines()
            found += [re.sub(r"(^|\s+)#.*", "", line).strip() for line in lines]
    return [line for line in found if line]


@cache
def anchors(page: Path) -> set[str]:
    """Give what a link may point at in a page: headings as GitHub names them, and anchors that are set."""
    text = prose(page)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)">', text))


def links(page: Path) -> list[str]:
    """Give the targets of the links of a page that lead to files or places of this project."""
    targets = re.findall(r"(?<!\\)\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", prose(page)))
    return [target for target in targets if not re.match(r"[a-z]+:", target)]
