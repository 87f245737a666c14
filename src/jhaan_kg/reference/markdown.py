"""Markdown for pages of the reference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from jhaan_kg.results.markdown import escaped


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table, of cells that are Markdown.

    >>> print(table(["Code", "Meaning"], [["`0`", "fine"]]), end="")
    | Code | Meaning |
    |---|---|
    | `0` | fine |
    """
    rule = f"|{'---|' * len(head)}\n"
    return _line(head) + rule + "".join(map(_line, rows))


def prose(text: str) -> str:
    r"""Write text that may have code in backquotes, as docstrings and help do; the rest is escaped.

    >>> prose("see `a_b` <here>")
    'see `a_b` \\<here\\>'
    """
    parts = re.split(r"(`[^`]+`)", text)
    return "".join(part if part.startswith("`") else escaped(part) for part in parts)


def code(text: str) -> str:
    r"""Write code within a line; a bar would end the cell of a table.

    >>> code("a|b")
    '`a\\|b`'
    """
    return f"`{text}`".replace("|", "\\|")


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"
