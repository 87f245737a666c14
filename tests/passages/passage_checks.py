"""Requirements for the tree of any text, and edits that damage a text; for several tests."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import strategies as st

from jhaan_kg.passages import Document, PassageKind, normalise


def uncovered(document: Document, text: str) -> list[str]:
    """Return the text outside all passages, except rules and repeated table headers."""
    headers = {
        normalise(text[one.start : one.end])
        for one in document.leaves
        if one.kind is PassageKind.TABLE_HEADER
    }
    edges = [(0, 0), *((leaf.start, leaf.end) for leaf in document.leaves), (len(text), len(text))]
    found = []
    for (_, end), (start, _) in pairwise(edges):
        gap = re.sub(r"(?m)^\s*-{3,}\s*$", "", re.sub(r"\r\n?", "\n", text[end:start])).strip()
        if gap and normalise(gap) not in headers:
            found.append(gap)
    return found


def assert_sound(document: Document, text: str) -> None:
    """Check order, nesting, numbering, lead-ins and coverage of a tree."""
    assert not uncovered(document, text)
    for one, other in pairwise(document.leaves):
        assert 0 <= one.start < one.end <= other.start < other.end <= len(text), (one, other)
    for leaf in document.leaves:
        assert text[leaf.start : leaf.end] == text[leaf.start : leaf.end].strip()
    assert [passage.position for passage in document.passages] == list(range(1, len(document.passages) + 1))
    assert len(document.by_iri) == len(document.passages)
    for passage in document.passages:
        assert (
            passage.parent == document.report or document.by_iri[passage.parent].kind is PassageKind.SECTION
        )
        if passage.parent != document.report:
            parent = document.by_iri[passage.parent]
            assert parent.position < passage.position
            assert parent.start <= passage.start <= passage.end <= parent.end
        for iri in passage.lead_in:
            assert document.by_iri[iri].parent == passage.parent
            assert document.by_iri[iri].position < passage.position
    counted: dict[tuple[str, PassageKind], int] = {}
    for leaf in document.leaves:
        if leaf.kind is not PassageKind.HEADING:
            counted[leaf.parent, leaf.kind] = counted.get((leaf.parent, leaf.kind), 0) + 1
            assert leaf.number == counted[leaf.parent, leaf.kind]


@st.composite
def edits(draw: st.DrawFn) -> list[tuple[str, int, int]]:
    """Return edits of lines, each with an operation and two line numbers, modulo the number of lines."""
    place = st.integers(0, 10_000)
    return draw(
        st.lists(st.tuples(st.sampled_from(["delete", "repeat", "move", "cut"]), place, place), max_size=6)
    )


def edited(text: str, changes: list[tuple[str, int, int]]) -> str:
    """Return the text after these edits."""
    lines = text.split("\n")
    for action, one, other in changes:
        here, there = one % len(lines), other % len(lines)
        if action == "delete" and len(lines) > 1:
            del lines[here]
        elif action == "repeat":
            lines.insert(there, lines[here])
        elif action == "move":
            lines.insert(there % len(lines), lines.pop(here))
        else:
            lines[here] = lines[here][: other % (len(lines[here]) + 1)]
    return "\n".join(lines)
