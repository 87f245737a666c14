"""Output of views as text for terminals."""

from __future__ import annotations

import shlex
import sys
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from jhaan_kg.namespaces import compact
from jhaan_kg.views.model import Line, Part, Source, View

MOST_LINES: Final = 60
"""The maximum number of lines, unless all lines are requested."""

_ROUNDS: Final = (1, 3, 12, sys.maxsize)
"""The number of shown items of each list in each round of filling the available lines."""

_LAST: Final = ("Participation as worded", "Mentioned in", "Issues in the text", "Also recorded", "Events ")
"""The headings, or their prefixes, of parts that are filled last."""

_ROOM_OF_LAST: Final = 3
"""The number of lines that are reserved for these parts."""

_MOST_BESIDE: Final = 3
"""The maximum number of values of a label that are in one paragraph instead of a list."""

_MOST_SOURCES: Final = 2
_INDENT: Final = "  "


def write_text(
    view: View, width: int = 110, *, whole: bool = False, command: str = "", most: int = MOST_LINES
) -> str:
    """Return a view as lines of text.

    Args:
        view: the view.
        width: the maximum number of characters in a line.
        whole: whether to write all lines, including the technical part.
        command: the command that shows all lines, without the option for it; empty for the command of an entity.
        most: the maximum number of lines if `whole` is False.

    Returns:
        The text; each line ends with a line feed.
    """
    head = [f"{view.title}  {compact(view.iri.value)}", *([view.kind] if view.kind else [])]
    parts = [*view.parts, *([Part("Technical", view.technical)] if whole and view.technical else [])]
    blocks = [_Block(part, width) for part in parts]
    room = most - len(head) - 2 - _ROOM_OF_LAST
    for are_last in (False, True):
        own = [block for block in blocks if block.is_last is are_last]
        room += _ROOM_OF_LAST * are_last - sum(len(block.lines()) for block in own)
        for number in _ROUNDS:  # show a few items of each list first, then more
            for group in (group for block in own for group in block.groups):
                while (whole or room > 0) and (taken := group.open_next(number)):
                    room -= taken
    lines = [*head, *(line for block in blocks for line in block.lines())]
    if not whole:
        if len(lines) > most:
            lines[most - 1 :] = [f"… and {len(lines) - most + 1} more lines"]
        lines += [
            "",
            f"All lines: {command or f'jhaan explain {shlex.quote(compact(view.iri.value))}'} --all",
        ]
    return "\n".join(lines) + "\n"


def write_section(view: View, width: int = 110) -> str:
    """Return the view of a section as text for reading.

    The passages are in reading order, with their text if it is available.

    Args:
        view: the view of a section.
        width: the maximum number of characters in a line.

    Returns:
        The text; each line ends with a line feed.
    """
    lines = [f"{view.title}  {compact(view.iri.value)}"]
    for block in [_Block(part, width) for part in view.parts]:
        for group in block.groups:
            group.open_all()
        lines += block.lines()
    return "\n".join(lines) + "\n"


class _Block:
    """A part of a view: the heading, the text of the passage, and the lines by label."""

    def __init__(self, part: Part, width: int) -> None:
        words = textwrap.wrap(part.words, width, initial_indent="  | ", subsequent_indent="  | ")
        self.is_last = part.heading.startswith(_LAST)
        self._head = ["", *([part.heading] if part.heading else []), *words]
        self.groups = [
            _Group(label, list(lines), width)
            for label, lines in groupby(part.lines, key=lambda line: line.label)
        ]

    def lines(self) -> list[str]:
        return [*self._head, *(line for group in self.groups for line in group.lines())]


class _Group:
    """The lines with the same label, as a paragraph for a few values or as a list."""

    def __init__(self, label: str, lines: Sequence[Line], width: int) -> None:
        self._label = label
        is_long = len(lines) > _MOST_BESIDE or any(line.is_item or line.conflicts for line in lines)
        self._is_list = is_long and (len(lines) > 1 or not label)
        if self._is_list:
            indent = _INDENT * (2 if label else 1)
            self._items = [list(_write_line([line], f"{indent}- ", width)) for line in lines]
        else:
            self._items = [list(_write_line(lines, f"{_INDENT}{label}: " if label else _INDENT, width))]
        # A list with a label may have no shown items, because the label states the number of items.
        self._shown = 0 if self._is_list and label else 1

    def open_next(self, most: int) -> int:
        """Show one more item if the limit allows it, and return the number of additional lines."""
        if self._shown >= min(most, len(self._items)):
            return 0
        self._shown += 1
        return len(self._items[self._shown - 1])

    def open_all(self) -> None:
        self._shown = len(self._items)

    def lines(self) -> Iterator[str]:
        if self._is_list and self._label:
            yield f"{_INDENT}{self._label} ({len(self._items)})" + (":" if self._shown else "")
        for item in self._items[: self._shown]:
            yield from item
        if 0 < self._shown < len(self._items):
            yield f"{_INDENT * 2}… and {len(self._items) - self._shown} more"


def _write_line(lines: Sequence[Line], indent: str, width: int) -> Iterator[str]:
    yield from textwrap.wrap(
        "; ".join(map(_write_values, lines)),
        width,
        initial_indent=indent,
        subsequent_indent=" " * (len(indent) - len(indent.lstrip()) + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )
    for conflict in dict.fromkeys(conflict for line in lines for conflict in line.conflicts):
        standing = "preferred" if conflict.is_preferred else "not preferred"
        text = f"Other passages state {conflict.value} ({standing})  [{_shorten(conflict.sources)}]. {conflict.reason}"
        yield from textwrap.wrap(text, width, initial_indent="      ! ", subsequent_indent="        ")


def _write_values(line: Line) -> str:
    sources = ": ".join(filter(None, (line.note, _shorten(line.sources))))
    return line.text + (f"  [{sources}]" if sources else "")


def _shorten(sources: Sequence[Source]) -> str:
    shown = "; ".join(source.locator for source in sources[:_MOST_SOURCES])
    more = len(sources) - _MOST_SOURCES
    return f"{shown}; +{more}" if more > 0 else shown
