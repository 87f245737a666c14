"""The report's text by passages and lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property

from jhaan_kg.passages import Document, Kind, Passage
from jhaan_kg.passages.lines import Line, lines


class Source:
    """A report: its text and the tree of its passages.

    Attributes:
        document: the tree.
        text: the text that the tree is of, with its line ends as they are.
    """

    def __init__(self, document: Document, text: str) -> None:
        self.document = document
        self.text = text

    @cached_property
    def _lines(self) -> list[Line]:
        return list(lines(self.text))

    @cached_property
    def _starts(self) -> list[int]:
        return [line.start for line in self._lines]

    def line_at(self, offset: int) -> int:
        """Give the line, from 1, in which a character stands."""
        index = bisect_right(self._starts, offset) - 1
        return self._lines[index].number if index >= 0 else 1

    def line_of(self, passage: Passage | str) -> int:
        """Give the line, from 1, in which a passage starts; 0 if the tree has no such passage."""
        found = self.document.by_iri.get(passage) if isinstance(passage, str) else passage
        return self.line_at(found.start) if found else 0

    def text_of(self, passage: Passage) -> str:
        """Give the text of a passage as it stands."""
        return self.text[passage.start : passage.end]

    def of_kind(self, kind: Kind) -> list[Passage]:
        """Give the passages of a kind, in reading order."""
        return [passage for passage in self.document.passages if passage.kind is kind]

    def in_order(self, passages: Iterable[str]) -> tuple[str, ...]:
        """Sort the IRIs of passages by reading order; what is no passage of this report is left out."""
        known = self.document.by_iri
        return tuple(sorted(set(passages) & known.keys(), key=lambda iri: known[iri].position))
