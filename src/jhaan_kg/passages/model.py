"""What a report is divided into: passages, their kinds and whether a section has its heading."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum


class Kind(Enum):
    """The kinds of passages: the class in the ontology and the step in the passage's IRI.

    >>> Kind.LIST_ITEM.class_name, Kind.LIST_ITEM.step
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
    """Whether a section's heading stands in the text; the values are terms of the ontology."""

    PRESENT = "HeadingPresent"
    MISPLACED = "HeadingMisplaced"
    MISSING = "HeadingMissing"


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a report that can be cited.

    Attributes:
        iri: its IRI.
        kind: what it is.
        parent: the IRI of the section that it is part of, or of the report.
        position: its place in reading order, from 1; a section comes before its parts.
        start: the offset of its first character, in Unicode code points.
        end: the offset after its last character.
        digest: the SHA-256 of its normalised text, in hexadecimal.
        number: its number among those of its kind in its section, from 1; None for sections and headings.
        lead_in: the IRIs of the passages that introduce it, sorted.
        section_number: for a section, its number as in the contents list, or `cover` or `contents`.
        title: for a numbered section, the title in its heading; without such a heading, that in the table of contents.
        start_page: for a numbered section, its page as in the contents list.
        heading_status: for a section other than the cover, whether its heading stands in the text.
    """

    iri: str
    kind: Kind
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
