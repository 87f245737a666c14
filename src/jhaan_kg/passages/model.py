"""The tree of passages of a report, and the normalisation of their text."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cached_property
from typing import Final

_MARKUP: Final = (
    (re.compile(r"\r\n?"), "\n"),
    (re.compile(r"</?(?:b|i|sup|sub)>"), ""),
    (re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)"), r"\1"),
    (re.compile(r"\*\*"), ""),
    (re.compile(r"^[^\S\n]*-{3,}[^\S\n]*$", re.MULTILINE), ""),
    (re.compile(r"^[^\S\n]*(?:#{1,6}|[-*•])[^\S\n]+", re.MULTILINE), ""),
)


class PassageKind(Enum):
    """The kinds of passages: the class in the ontology and the step in the passage's IRI.

    >>> PassageKind.LIST_ITEM.class_name, PassageKind.LIST_ITEM.step
    ('ListItem', 'item')
    """

    SECTION = ("Section", "section")
    HEADING = ("Heading", "heading")
    PARAGRAPH = ("Paragraph", "paragraph")
    LIST_ITEM = ("ListItem", "item")
    TIMELINE_ENTRY = ("TimelineEntry", "entry")
    CONTENTS_ENTRY = ("ContentsEntry", "entry")
    TABLE_CAPTION = ("TableCaption", "caption")
    TABLE_HEADER = ("TableHeader", "table-header")
    TABLE_ROW = ("TableRow", "row")
    FOOTNOTE = ("Footnote", "footnote")
    FIGURE = ("Figure", "figure")

    def __init__(self, class_name: str, step: str) -> None:
        self.class_name = class_name
        self.step = step


class HeadingStatus(StrEnum):
    """Whether a section's heading is in the text; the values are terms of the ontology."""

    PRESENT = "HeadingPresent"
    MISPLACED = "HeadingMisplaced"
    MISSING = "HeadingMissing"


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a report that can be cited.

    Attributes:
        iri: its IRI.
        kind: its kind.
        parent: the IRI of the section that it is part of, or of the report.
        position: its place in reading order, from 1; a section comes before its parts.
        start: the offset of its first character, in Unicode code points.
        end: the offset after its last character.
        digest: the SHA-256 of its normalised text, in hexadecimal.
        number: its number among those of its kind in its section, from 1; None for sections and headings.
        lead_in: the IRIs of the passages that introduce it, sorted.
        section_number: for a section, its number in the table of contents, or `cover` or `contents`.
        title: for a numbered section, the title in its heading; without such a heading, that in the table of contents.
        start_page: for a numbered section, its page in the table of contents.
        heading_status: for a section other than the cover, whether its heading is in the text.
    """

    iri: str
    kind: PassageKind
    parent: str
    position: int
    start: int
    end: int
    digest: str
    number: int | None = None
    lead_in: tuple[str, ...] = ()
    section_number: str | None = None
    title: str | None = None
    start_page: int | None = None
    heading_status: HeadingStatus | None = None


@dataclass(frozen=True)
class Document:
    """A report's text as a tree of passages.

    Attributes:
        report: the IRI of the report.
        digest: the SHA-256 of the whole, unchanged text, in hexadecimal.
        length: the number of its characters.
        splitter_version: the version of the splitting rules.
        passages: all passages in reading order, each section before its parts.
    """

    report: str
    digest: str
    length: int
    splitter_version: str
    passages: tuple[Passage, ...]

    @cached_property
    def by_iri(self) -> Mapping[str, Passage]:
        """The passages by their IRIs."""
        return {passage.iri: passage for passage in self.passages}

    @cached_property
    def sections(self) -> tuple[Passage, ...]:
        """The sections, in the order of the table of contents.

        The cover and the table of contents are sections, too.
        """
        return tuple(passage for passage in self.passages if passage.kind is PassageKind.SECTION)

    @cached_property
    def leaves(self) -> tuple[Passage, ...]:
        """The passages other than sections; their spans don't overlap."""
        return tuple(passage for passage in self.passages if passage.kind is not PassageKind.SECTION)

    def section_of(self, iri: str) -> str | None:
        """Return the number or short name of a passage's section; None for other IRIs.

        A section is its own section.
        """
        passage = self.by_iri.get(iri)
        is_section = passage is None or passage.kind is PassageKind.SECTION
        section = passage if passage is None or is_section else self.by_iri.get(passage.parent)
        return section.section_number if section else None

    def of_kind(self, kind: PassageKind) -> list[Passage]:
        """Return the passages of a kind, in reading order."""
        return [passage for passage in self.passages if passage.kind is kind]

    def in_order(self, passages: Iterable[str]) -> tuple[str, ...]:
        """Sort the IRIs of passages by reading order; those of other reports are left out."""
        return tuple(sorted(set(passages) & self.by_iri.keys(), key=lambda iri: self.by_iri[iri].position))


def normalise(text: str) -> str:
    r"""Return the bare words of a text: without markup, in Unicode NFC, with single spaces.

    Markup is: the tags `b`, `i`, `sup` and `sub` (but not their content), the target of a link, `**`, a
    line of hyphens, and the signs of a heading or bullet at the start of a line. The number of an item or
    heading, a note's mark and the leader dots of the table of contents are text.

    >>> normalise("## **5.2.** The [paper](#)\n\n\n  of the 2<sup>nd</sup> year")
    '5.2. The paper of the 2nd year'
    >>> normalise("- Cyber #GetItRight")
    'Cyber #GetItRight'
    """
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    return " ".join(unicodedata.normalize("NFC", text).split())


def digest(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal.

    >>> digest("JHA")[:8]
    '0cd3a778'
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
