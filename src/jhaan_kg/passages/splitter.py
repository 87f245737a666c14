"""The splitter, which divides the text of a report into a tree of passages.

The rules are in docs/verification.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile
from typing import Final

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import REPORT
from jhaan_kg.passages.lines import Entry, LineShape, Piece, is_contents_heading, parse_contents, read_pieces
from jhaan_kg.passages.model import Document, HeadingStatus, Passage, PassageKind, digest, normalise

SPLITTER_VERSION: Final = "2"
"""The version of the rules; it changes whenever a text would get a different tree."""

_NUMBERED: Final = re.compile(r"#{1,6}\s+\**(\d+(?:\.\d+)*)\.\s")
_DATE: Final = re.compile(
    r"\*\*(?:\d{1,2}(?:\s*[&\u2013-]\s*\d{1,2})?|Q\d(?:-\d)?)\*\*\s+(?:[A-Z]{3,}|\d{4})(?P<title>\s*\|\s*\S.*)?",
    re.DOTALL,
)
_FIRST_CELL: Final = re.compile(r"\d+\t")
_CLOSING: Final = re.compile(r"(?:<sup>[^<]*</sup>|</?b>|\*\*|\]\([^()\s]*\)|[\s\"'\u201d\u2019)\]])+$")
_TERMINAL: Final = (".", "!", "?", ":", "…")
_MARK: Final = re.compile(r"<sup>(\d+)</sup>")
_NOTE: Final = re.compile(r"(?:<sup>|\()(\d+)")


@dataclass(slots=True)
class _PassageSpan:
    """A passage of a section that is being read."""

    kind: PassageKind
    start: int
    end: int
    number: int | None
    lead_in: tuple[_PassageSpan, ...] = ()


@dataclass(slots=True)
class _Section:
    """A section while it is being read: its parts so far, and the context of the next piece."""

    name: str
    entry: Entry | None = None
    title: str | None = None
    status: HeadingStatus | None = None
    parts: list[_PassageSpan] = field(default_factory=list)
    # A paragraph that a page break may interrupt, and a date whose title may follow: the next piece may continue them.
    open_paragraph: _PassageSpan | None = None
    open_date: _PassageSpan | None = None
    header_text: str = ""
    # The paragraph in which each footnote mark occurs.
    marks: dict[str, _PassageSpan] = field(default_factory=dict)
    latest: dict[PassageKind, _PassageSpan] = field(default_factory=dict)
    _counts: Counter[PassageKind] = field(default_factory=Counter)

    def add(self, kind: PassageKind, start: int, end: int, *lead_in: _PassageSpan | None) -> _PassageSpan:
        """Add a part with the next number of its kind."""
        self._counts[kind] += 1
        number = None if kind is PassageKind.HEADING else self._counts[kind]
        part = _PassageSpan(kind, start, end, number, tuple(one for one in lead_in if one))
        self.parts.append(part)
        self.latest[kind] = part
        self.open_paragraph = self.open_date = None
        return part

    def add_item(self, piece: Piece) -> None:
        """Add a list item, introduced by the latest paragraph, or else by the heading."""
        introduction = self.latest.get(PassageKind.PARAGRAPH) or self.latest.get(PassageKind.HEADING)
        self.add(PassageKind.LIST_ITEM, piece.start, piece.end, introduction)


def split(text: str, report: str = REPORT) -> Document:
    """Divide the text of a report into passages.

    Args:
        text: the unchanged text; offsets count its Unicode code points, including line ends.
        report: the IRI of the report, the prefix of those of its passages.

    Returns:
        The tree of passages. Every character that is not white space is in exactly one passage other than
        a section, except rules (`---`) and a table header that is repeated after a page break.

    Raises:
        JhaanError: the text has no table of contents, or its headings contradict it.
    """
    everything = read_pieces(text)
    contents_at = next((index for index, piece in enumerate(everything) if is_contents_heading(piece)), None)
    if contents_at is None:
        raise JhaanError(
            'The report\'s text has no table of contents: a heading "Contents" with a line per section '
            "(number, tab, title, tab, page). Is this the text of the report?"
        )
    heading = everything[contents_at]
    listed = list(
        takewhile(lambda piece: piece.shape is not LineShape.HEADING, everything[contents_at + 1 :])
    )
    entries = parse_contents(listed)
    sections = []
    if contents_at:
        cover = _Section("cover")
        # Lines of the cover are names and titles, not prose: each piece is a separate paragraph.
        for piece in everything[:contents_at]:
            cover.add(PassageKind.PARAGRAPH, piece.start, piece.end)
        sections.append(cover)
    contents = _Section("contents", status=HeadingStatus.PRESENT)
    title = contents.add(PassageKind.HEADING, heading.start, heading.end)
    for entry in entries:
        contents.add(PassageKind.CONTENTS_ENTRY, entry.line.start, entry.line.end, title)
    body = everything[contents_at + 1 + len(listed) :]
    return _number(text, report, [*sections, contents, *_read_body(entries, body)])


def _read_body(entries: Sequence[Entry], body: Sequence[Piece]) -> list[_Section]:
    """Read the numbered sections, one for each entry of the table of contents."""
    present, stand_ins = _find_sections(entries, body)
    sections = [_Section(entry.number, entry, entry.title, HeadingStatus.MISSING) for entry in entries]
    current = sections[0]
    for index, piece in enumerate(body):
        claimed = present.get(index, stand_ins.get(index))
        if claimed is None:
            _read_piece(current, piece)
        else:
            current = sections[claimed]
            current.status = HeadingStatus.MISPLACED
            if index in present:
                current.status = HeadingStatus.PRESENT
                current.title = normalise(piece.text).partition(" ")[2]
            current.add(PassageKind.HEADING, piece.start, piece.end)
    return sections


def _find_sections(entries: Sequence[Entry], body: Sequence[Piece]) -> tuple[dict[int, int], dict[int, int]]:
    """Find the headings of the sections in the table of contents.

    A heading with the number of an entry belongs to that section. Entries without such a heading are in a gap between
    two sections that have one. There each chain of missing entries (a section, its first subsection, and so on) gets,
    in order, one of the gap's other headings at the top of a page; the heading and its text belong to the last
    section of the chain. Heading levels are ignored: the text mixes them. If the gap has no such heading, its
    sections have no text of their own.

    Returns:
        Two maps from the index of a piece to that of its entry: the headings with the section's number, and the
        headings in the place of the section's own.

    Raises:
        JhaanError: a section's heading is repeated or out of order, no section has one, or a gap has too few such
            headings to assign them to sections.
    """
    numbers = {entry.number: index for index, entry in enumerate(entries)}
    present: dict[int, int] = {}
    last = -1
    for index, piece in enumerate(body):
        match = _NUMBERED.match(piece.text) if piece.shape is LineShape.HEADING else None
        if match is None or match[1] not in numbers:
            continue
        if numbers[match[1]] <= last:
            raise JhaanError(
                f"Line {piece.lines[0].number} of the report's text: the heading of section {match[1]} must not follow "
                f"that of section {entries[last].number}. Restore the order or remove a repeated heading."
            )
        present[index] = last = numbers[match[1]]
    if not present:
        raise JhaanError(
            "The report's text has no heading of a section, such as: "
            f"# {entries[0].number}. {entries[0].title}"
        )
    stand_ins: dict[int, int] = {}
    claims = [(-1, -1), *present.items(), (len(body), len(entries))]
    for (first_piece, first_entry), (next_piece, next_entry) in pairwise(claims):
        chain_ends = [
            index
            for index in range(first_entry + 1, next_entry)
            if index + 1 == next_entry or entries[index + 1].parent != entries[index].number
        ]
        spare = [
            index
            for index in range(first_piece + 1, next_piece)
            if body[index].shape is LineShape.HEADING and body[index].page_break
        ]
        if 0 < len(spare) < len(chain_ends):
            raise JhaanError(
                f"Line {body[spare[0]].lines[0].number} of the report's text: ambiguous heading for sections "
                f"{', '.join(entries[end].number for end in chain_ends)}. Restore their numbered headings."
            )
        stand_ins |= zip(spare, chain_ends, strict=False)
    return present, stand_ins


def _read_piece(section: _Section, piece: Piece) -> None:
    """Add the content of one piece below its heading to a section."""
    if piece.shape is not LineShape.TEXT:
        section.open_paragraph = section.open_date = None
    match piece.shape:
        case LineShape.HEADING:
            # A heading that belongs to no section is the next item of a list, or else a paragraph.
            if section.parts and section.parts[-1].kind is PassageKind.LIST_ITEM and not piece.page_break:
                section.add_item(piece)
            else:
                section.add(PassageKind.PARAGRAPH, piece.start, piece.end)
        case LineShape.TEXT:
            _read_text(section, piece)
        case LineShape.ITEM:
            section.add_item(piece)
        case LineShape.TABLE:
            _read_table(section, piece)
        case LineShape.FOOTNOTE:
            note = _NOTE.match(piece.text)
            section.add(
                PassageKind.FOOTNOTE, piece.start, piece.end, section.marks.get(note[1]) if note else None
            )
        case LineShape.FIGURE:
            section.add(PassageKind.FIGURE, piece.start, piece.end)
        case LineShape.CAPTION:
            section.add(PassageKind.TABLE_CAPTION, piece.start, piece.end)
        case LineShape.RULE:
            pass


def _read_text(section: _Section, piece: Piece) -> None:
    if date := _DATE.fullmatch(piece.text):
        entry = section.add(
            PassageKind.TIMELINE_ENTRY, piece.start, piece.end, section.latest.get(PassageKind.HEADING)
        )
        section.open_date = None if date["title"] else entry
        return
    if section.open_date and not piece.page_break:
        section.open_date.end = piece.end
        section.open_date = None
        return
    if section.open_paragraph and piece.page_break:
        paragraph = section.open_paragraph
        paragraph.end = piece.end
    else:
        paragraph = section.add(PassageKind.PARAGRAPH, piece.start, piece.end)
    section.marks.update(dict.fromkeys(_MARK.findall(piece.text), paragraph))
    ends_sentence = _CLOSING.sub("", piece.text).endswith(_TERMINAL)
    section.open_paragraph = None if ends_sentence else paragraph


def _read_table(section: _Section, piece: Piece) -> None:
    """Read a table or its continuation: the rows above the first numbered one are a header."""
    caption = section.latest.get(PassageKind.TABLE_CAPTION)
    header = list(takewhile(lambda line: not _FIRST_CELL.match(line.text), piece.lines))
    header_text = normalise("\n".join(line.text for line in header))
    if header and header_text != section.header_text:
        section.add(PassageKind.TABLE_HEADER, header[0].start, header[-1].end, caption)
        section.header_text = header_text
    for line in piece.lines[len(header) :]:
        section.add(
            PassageKind.TABLE_ROW, line.start, line.end, caption, section.latest.get(PassageKind.TABLE_HEADER)
        )


def _number(text: str, report: str, sections: Sequence[_Section]) -> Document:
    """Return the tree: every section and part with its IRI, position, span and digest."""
    passages: list[Passage] = []
    for section, (start, end) in zip(sections, _spans(sections), strict=True):
        iri = f"{report}/section/{section.name}"
        entry = section.entry
        passages.append(
            Passage(
                iri=iri,
                kind=PassageKind.SECTION,
                parent=f"{report}/section/{entry.parent}" if entry and entry.parent else report,
                position=len(passages) + 1,
                start=start,
                end=end,
                digest=digest(normalise(text[start:end])),
                section_number=section.name,
                title=section.title,
                start_page=entry.page if entry else None,
                heading_status=section.status,
            )
        )
        passages += (
            Passage(
                iri=_part_iri(iri, part),
                kind=part.kind,
                parent=iri,
                position=position,
                start=part.start,
                end=part.end,
                digest=digest(normalise(text[part.start : part.end])),
                number=part.number,
                lead_in=tuple(sorted(_part_iri(iri, one) for one in part.lead_in)),
            )
            for position, part in enumerate(section.parts, len(passages) + 1)
        )
    return Document(report, digest(text), len(text), SPLITTER_VERSION, tuple(passages))


def _part_iri(section: str, part: _PassageSpan) -> str:
    return f"{section}/{part.kind.step}" + (f"/{part.number}" if part.number else "")


def _spans(sections: Sequence[_Section]) -> list[tuple[int, int]]:
    """Return the span of each section, with subsections.

    It is from the first passage of the section to the end of its last.

    A section without text has an empty span at its expected place.
    """
    spans: dict[str, tuple[int, int]] = {}
    for section in sections:
        name = section.name
        while section.parts and name:
            start, _ = spans.get(name, (section.parts[0].start, 0))
            spans[name] = start, section.parts[-1].end
            name = name.rpartition(".")[0]
    offset = 0
    for section in sections:
        if section.parts:
            offset = section.parts[-1].end
        elif section.name not in spans:
            start, _ = spans.get(section.name.rpartition(".")[0], (offset, offset))
            spans[section.name] = (max(start, offset),) * 2
    return [spans[section.name] for section in sections]
