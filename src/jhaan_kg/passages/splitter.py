"""The splitter: from the text of a report to the tree of its passages, by the rules in docs/passages.md."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import REPORT
from jhaan_kg.passages.contents import Entry, is_contents_heading, parse_contents
from jhaan_kg.passages.document import Document
from jhaan_kg.passages.lines import Line, Piece, Shape, pieces
from jhaan_kg.passages.model import HeadingStatus, Kind, Passage
from jhaan_kg.passages.sections import find_sections
from jhaan_kg.passages.text import digest, normalise

SPLITTER_VERSION: Final = "2"
"""The version of the rules; it changes whenever a text would get another tree."""

_DATE: Final = re.compile(
    r"\*\*(?:\d{1,2}(?:\s*[&\u2013-]\s*\d{1,2})?|Q\d(?:-\d)?)\*\*\s+(?:[A-Z]{3,}|\d{4})(?P<title>\s*\|\s*\S.*)?",
    re.DOTALL,
)
_FIRST_CELL: Final = re.compile(r"\d+\t")
_CLOSING: Final = re.compile(r"(?:<sup>[^<]*</sup>|</?b>|\*\*|\]\([^()\s]*\)|[\s\"'\u201d\u2019)\]])+$")
_TERMINAL: Final = (".", "!", "?", ":", "…")

_SIMPLE: Final = {Shape.FIGURE: Kind.FIGURE, Shape.CAPTION: Kind.TABLE_CAPTION}
_MARK: Final = re.compile(r"<sup>(\d+)</sup>")
_NOTE: Final = re.compile(r"(?:<sup>|\()(\d+)")


@dataclass(slots=True)
class _Part:
    """A passage below a section while the section is being read."""

    kind: Kind
    start: int
    end: int
    number: int | None
    lead_in: tuple[_Part, ...] = ()


@dataclass(slots=True)
class _Section:
    """A section while it is being read: its parts so far, and what the next piece may belong to."""

    name: str
    entry: Entry | None = None
    title: str | None = None
    status: HeadingStatus | None = None
    parts: list[_Part] = field(default_factory=list)
    # what the next piece may continue: a paragraph cut by a page break, a date that waits for its title
    open_paragraph: _Part | None = None
    open_date: _Part | None = None
    header_text: str = ""
    # the paragraph in which each footnote mark stands
    marks: dict[str, _Part] = field(default_factory=dict)
    _latest: dict[Kind, _Part] = field(default_factory=dict)
    _counts: Counter[Kind] = field(default_factory=Counter)

    def add(self, kind: Kind, start: int, end: int, *lead_in: _Part | None) -> _Part:
        """Add a part with the next number of its kind."""
        self._counts[kind] += 1
        number = None if kind is Kind.HEADING else self._counts[kind]
        part = _Part(kind, start, end, number, tuple(one for one in lead_in if one))
        self.parts.append(part)
        self._latest[kind] = part
        self.open_paragraph = self.open_date = None
        return part

    def last(self, kind: Kind) -> _Part | None:
        """Give the latest part of a kind."""
        return self._latest.get(kind)

    def introduction(self) -> _Part | None:
        """Give what introduces an item that stands here: the latest paragraph, or else the heading."""
        return self.last(Kind.PARAGRAPH) or self.last(Kind.HEADING)


def split(text: str, report: str = REPORT) -> Document:
    """Divide the text of a report into passages.

    Args:
        text: the text as it was given; offsets count its Unicode code points, line ends included.
        report: the IRI of the report, below which the passages get theirs.

    Returns:
        The tree of passages. Every character that is not white space stands in exactly one passage other than
        a section, except rules (`---`) and a table header that is repeated after a page break.

    Raises:
        JhaanError: the text has no contents list, or its headings contradict it.
    """
    everything = pieces(text)
    contents_at = next((index for index, piece in enumerate(everything) if is_contents_heading(piece)), None)
    if contents_at is None:
        raise JhaanError(
            "line 1 of the report's text: no contents list follows. Expected a heading 'Contents' and below "
            "it one line per section (number, tab, title, tab, page): it tells which sections there are. Is "
            "this the text of the report?"
        )
    body_at = next(
        (i for i, piece in enumerate(everything) if i > contents_at and piece.shape is Shape.HEADING),
        len(everything),
    )
    entries = parse_contents(everything[contents_at + 1 : body_at])
    front = [_read_cover(everything[:contents_at])] if contents_at else []
    front.append(_read_contents(everything[contents_at], entries))
    return _number(text, report, [*front, *_read_body(entries, everything[body_at:])])


def _read_cover(cover: Sequence[Piece]) -> _Section:
    """Make each piece of the cover a paragraph of its own: lines there are names and titles, not prose."""
    section = _Section("cover")
    for piece in cover:
        section.add(Kind.PARAGRAPH, piece.start, piece.end)
    return section


def _read_contents(heading: Piece, entries: Sequence[Entry]) -> _Section:
    section = _Section("contents", status=HeadingStatus.PRESENT)
    title = section.add(Kind.HEADING, heading.start, heading.end)
    for entry in entries:
        section.add(Kind.CONTENTS_ENTRY, entry.line.start, entry.line.end, title)
    return section


def _read_body(entries: Sequence[Entry], body: Sequence[Piece]) -> list[_Section]:
    """Read the numbered sections, one for each entry of the contents list."""
    present, stand_ins = find_sections(entries, body)
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
            current.add(Kind.HEADING, piece.start, piece.end)
    return sections


def _read_piece(section: _Section, piece: Piece) -> None:
    """Add to a section what one piece below its heading holds."""
    if piece.shape is not Shape.TEXT:
        section.open_paragraph = section.open_date = None
    match piece.shape:
        case Shape.HEADING:
            _read_unclaimed_heading(section, piece)
        case Shape.TEXT:
            _read_text(section, piece)
        case Shape.ITEM:
            section.add(Kind.LIST_ITEM, piece.start, piece.end, section.introduction())
        case Shape.TABLE:
            _read_table(section, piece)
        case Shape.FOOTNOTE:
            note = _NOTE.match(piece.text)
            section.add(Kind.FOOTNOTE, piece.start, piece.end, section.marks.get(note[1]) if note else None)
        case Shape.FIGURE | Shape.CAPTION:
            section.add(_SIMPLE[piece.shape], piece.start, piece.end)
        case Shape.RULE:
            pass


def _read_unclaimed_heading(section: _Section, piece: Piece) -> None:
    """Read a heading that announces no section: the next item of a list, or else a paragraph."""
    if section.parts and section.parts[-1].kind is Kind.LIST_ITEM and not piece.page_break:
        section.add(Kind.LIST_ITEM, piece.start, piece.end, section.introduction())
    else:
        section.add(Kind.PARAGRAPH, piece.start, piece.end)


def _read_text(section: _Section, piece: Piece) -> None:
    date = _DATE.fullmatch(piece.text)
    if date:
        entry = section.add(Kind.TIMELINE_ENTRY, piece.start, piece.end, section.last(Kind.HEADING))
        section.open_date = None if date["title"] else entry
    elif section.open_date and not piece.page_break:
        section.open_date.end = piece.end
        section.open_date = None
    elif section.open_paragraph and piece.page_break:
        section.open_paragraph.end = piece.end
        section.marks.update(dict.fromkeys(_MARK.findall(piece.text), section.open_paragraph))
        section.open_paragraph = None if _ends_sentence(piece.text) else section.open_paragraph
    else:
        paragraph = section.add(Kind.PARAGRAPH, piece.start, piece.end)
        section.marks.update(dict.fromkeys(_MARK.findall(piece.text), paragraph))
        section.open_paragraph = None if _ends_sentence(piece.text) else paragraph


def _ends_sentence(text: str) -> bool:
    return _CLOSING.sub("", text).endswith(_TERMINAL)


def _read_table(section: _Section, piece: Piece) -> None:
    """Read a table or its continuation: what stands above the first numbered row is a header."""
    caption = section.last(Kind.TABLE_CAPTION)
    header = list(takewhile(lambda line: not _FIRST_CELL.match(line.text), piece.lines))
    header_text = _text_of(header)
    if header and header_text != section.header_text:
        section.add(Kind.TABLE_HEADER, header[0].start, header[-1].end, caption)
        section.header_text = header_text
    for line in piece.lines[len(header) :]:
        section.add(Kind.TABLE_ROW, line.start, line.end, caption, section.last(Kind.TABLE_HEADER))


def _text_of(lines: Sequence[Line]) -> str:
    return normalise("\n".join(line.text for line in lines))


def _number(text: str, report: str, sections: Sequence[_Section]) -> Document:
    """Give every section and part its IRI, position, span and digest."""
    spans = _spans(sections)
    passages: list[Passage] = []
    for section, (start, end) in zip(sections, spans, strict=True):
        iri = f"{report}/section/{section.name}"
        entry = section.entry
        passages.append(
            Passage(
                iri=iri,
                kind=Kind.SECTION,
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


def _part_iri(section: str, part: _Part) -> str:
    return f"{section}/{part.kind.step}" + (f"/{part.number}" if part.number else "")


def _spans(sections: Sequence[_Section]) -> list[tuple[int, int]]:
    """Give the span of each section: from its first passage to the end of its last, also of subsections.

    A section of which the text has nothing gets an empty span where it should stand.
    """
    spans: dict[str, tuple[int, int]] = {}
    for section in sections:
        name = section.name
        while section.parts and name:
            start, _ = spans.get(name, (section.parts[0].start, 0))
            spans[name] = start, section.parts[-1].end
            name = name.rpartition(".")[0]
    place = 0
    for section in sections:
        if section.parts:
            place = section.parts[-1].end
        elif section.name not in spans:
            start, _ = spans.get(section.name.rpartition(".")[0], (place, place))
            spans[section.name] = (max(start, place),) * 2
    return [spans[section.name] for section in sections]
