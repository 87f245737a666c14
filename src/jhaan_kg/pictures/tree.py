"""Trees with two levels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from jhaan_kg.pictures.shapes import LINE, SIZE, Drawing, Mark, Shape, circle, line, text, wrap

_PARENT: Final = 250
_CHILD: Final = 470
_GAP: Final = 40


class Branch(NamedTuple):
    """A row of the answer in a tree.

    Attributes:
        row: the index of the row.
        parent: the label on the left.
        child: the label on the right; empty if the parent has no children.
        note: a note on the child.
    """

    row: int
    parent: str
    child: str
    note: str


def draw_tree(branches: Sequence[Branch]) -> Drawing:
    """Draw a tree, with the parents on the left and their children on the right."""
    parts: list[Shape | Mark] = []
    x, y = _PARENT + _GAP, 0
    for parent in dict.fromkeys(branch.parent for branch in branches):
        own = [branch for branch in branches if branch.parent == parent]
        top, middles = y, []
        labels = wrap(parent, _PARENT - 16, SIZE)
        for branch in own:
            said = f"{branch.child} ({branch.note})" if branch.note else branch.child
            lines = wrap(said, _CHILD, SIZE) if branch.child else ["none recorded"]
            middle = y + LINE // 2 + 2
            middles.append(middle)
            shapes = [circle(x - 6, middle, 4, "s0" if branch.child else "open")]
            shapes += [text(x + 6, y + SIZE + 1 + n * LINE, words) for n, words in enumerate(lines)]
            parts.append(Mark(f"{parent}: {said or 'none recorded'}", branch.row, tuple(shapes)))
            y += len(lines) * LINE + 4
        y = max(y, top + len(labels) * LINE)
        parts += [text(0, top + SIZE + 1 + n * LINE, words, "lane") for n, words in enumerate(labels)]
        stem = x - _GAP // 2
        parts += [
            line(_PARENT - 8, middles[0], stem, middles[0], "grid"),
            line(stem, middles[0], stem, middles[-1], "grid"),
        ]
        parts += [line(stem, middle, x - 10, middle, "grid") for middle in middles]
        y += 14
    return Drawing(x + _CHILD + 8, y, tuple(parts))
