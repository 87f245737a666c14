"""The order of texts that have numbers in them."""

from __future__ import annotations

import re

Natural = tuple[list[tuple[int, str]], str]
"""A key to sort by."""


def natural(text: str) -> Natural:
    """Return a key that sorts texts as people do, by the value of the numbers in them.

    >>> sorted(["section/10", "section/9", "section/9.1"], key=natural)
    ['section/9', 'section/9.1', 'section/10']
    """
    parts = re.split(r"([0-9]+)", text)  # text and number in turn
    parts[1::2] = [number.lstrip("0") for number in parts[1::2]]
    return [(len(part) if place % 2 else 0, part) for place, part in enumerate(parts)], text
