"""Markdown for pages of the reference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from jhaan_kg.results.markdown import escaped


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""Write a table, of cells that are Markdown; a bar in code would end its cell.

    >>> print(table(["Code", "Meaning"], [["`a|b`", "either"]]), end="")
    | Code | Meaning |
    |---|---|
    | `a\|b` | either |
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
    """Write code within a line."""
    return f"`{text}`"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |\n"


def _cell(text: str) -> str:
    return re.sub(r"`[^`]*`", lambda code: code[0].replace("|", r"\|"), text)
