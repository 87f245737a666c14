"""Where each section of the contents list starts in the text, also where its heading is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from jhaan_kg.errors import JhaanError
from jhaan_kg.passages.contents import Entry
from jhaan_kg.passages.lines import Piece, Shape

_NUMBERED: Final = re.compile(r"#{1,6}\s+\**(\d+(?:\.\d+)*)\.\s")


def find_sections(entries: Sequence[Entry], body: Sequence[Piece]) -> tuple[dict[int, int], dict[int, int]]:
    """Find the headings of the sections that the contents list names.

    A heading with the number of an entry is that section's. Entries without one lie in a gap between two
    sections that have theirs. There each chain of missing entries (a section, its first subsection, and so
    on) takes, in order, one of the gap's other headings that stand first on a page; the heading, and the text
    below it, go to the last of the chain. The level of a heading says nothing: the text mixes levels.
    Where the gap has no such heading, its sections have no text of their own.

    Args:
        entries: the contents list.
        body: the pieces after it.

    Returns:
        Two maps from the index of a piece to that of its entry: the headings that carry the section's number,
        and the headings printed in the place of the section's own.

    Raises:
        JhaanError: a section's heading comes a second time or out of order, no section has one, or a gap has
            such headings, but too few to tell which section each stands for.
    """
    present = _numbered_headings(entries, body)
    if not present:
        raise JhaanError(
            f"none of the {len(entries)} sections of the contents list has its heading in the report's text: "
            f"expected a line such as '# {entries[0].number}. {entries[0].title}'."
        )
    stand_ins: dict[int, int] = {}
    claims = [(-1, -1), *present.items(), (len(body), len(entries))]
    for (piece, entry), (next_piece, next_entry) in pairwise(claims):
        chains = _chain_ends(entries, entry + 1, next_entry)
        spare = [
            index
            for index in range(piece + 1, next_piece)
            if body[index].shape is Shape.HEADING and body[index].page_break
        ]
        if 0 < len(spare) < len(chains):
            raise JhaanError(
                f"line {body[spare[0]].lines[0].number} of the report's text: this heading could stand for "
                f"any of the sections {', '.join(entries[chain].number for chain in chains)}, which have "
                "none with their number. Restore the headings that were lost."
            )
        stand_ins |= zip(spare, chains, strict=False)
    return present, stand_ins


def _numbered_headings(entries: Sequence[Entry], body: Sequence[Piece]) -> dict[int, int]:
    numbers: Mapping[str, int] = {entry.number: index for index, entry in enumerate(entries)}
    present: dict[int, int] = {}
    last = -1
    for index, piece in enumerate(body):
        match = _NUMBERED.match(piece.text) if piece.shape is Shape.HEADING else None
        if match is None or match[1] not in numbers:
            continue
        entry = numbers[match[1]]
        if entry <= last:
            raise JhaanError(
                f"line {piece.lines[0].number} of the report's text: the heading of section {match[1]} comes "
                f"after that of section {entries[last].number}, but not in the contents list. Restore the "
                "order, or remove the heading that is there twice."
            )
        present[index] = last = entry
    return present


def _chain_ends(entries: Sequence[Entry], start: int, stop: int) -> list[int]:
    """Give the last entry of each chain among the missing entries from `start` up to `stop`."""
    return [
        index
        for index in range(start, stop)
        if index + 1 == stop or entries[index + 1].parent != entries[index].number
    ]
