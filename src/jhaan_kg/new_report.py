"""The start of a new report: passages, section files, and unread passages.

Of the text, only titles and the positions of passages (locators and lines) are written.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import ID, prefixes_of
from jhaan_kg.passages import Document, Passage, PassageKind, split, write_document
from jhaan_kg.reports import IN_WORDS, is_report_id, locator

_MOST_WORDS: Final = 5
_STEMS: Final = {"cover": "title-page", "contents": "titles"}
_PREFIXES: Final = {
    PassageKind.HEADING: "s",
    PassageKind.PARAGRAPH: "p",
    PassageKind.LIST_ITEM: "i",
    PassageKind.TIMELINE_ENTRY: "e",
    PassageKind.CONTENTS_ENTRY: "e",
    PassageKind.TABLE_CAPTION: "c",
    PassageKind.TABLE_HEADER: "h",
    PassageKind.TABLE_ROW: "r",
    PassageKind.FOOTNOTE: "f",
    PassageKind.FIGURE: "fig",
}
"""The prefix for the passages of each kind in a section file."""


class NewReport(NamedTuple):
    """The files of a new report.

    Attributes:
        paths: the new folders and files, relative to the root of the sources.
        sections: the number of section files.
        passages: the number of unread passages.
    """

    paths: tuple[Path, ...]
    sections: int
    passages: int


def begin_report(root: Path, report: str, text: str, name: str) -> NewReport:
    """Create the files of a new report: all of them, or none.

    Args:
        root: the folder of the sources.
        report: the id of the report.
        text: the report's text.
        name: the file of the text, for errors.

    Raises:
        JhaanError: the id is invalid, the report already exists, or the text cannot be divided into passages.
        OSError: the files can't be written.
    """
    if not is_report_id(report):
        raise JhaanError(f'The id of a report must be {IN_WORDS}, not "{report}".')
    paths = (
        Path("data", "reports", report),
        Path("data", "curation", report),
        Path("data", "register", f"{report}.ttl"),
    )
    for path in paths:
        if (root / path).exists():
            raise JhaanError(f"{path.as_posix()} already exists. Choose another id.")
    try:
        document = split(text, f"{ID}report/{report}")
    except JhaanError as error:
        raise JhaanError(f"{name}: {error}") from None
    sections = {}
    for section, passages in _group_by_section(document):
        number = str(section.section_number)
        stem = _STEMS.get(number) or _make_slug(section.title or "")
        sections[f"{number}-{stem}.trig"] = _write_section(section, passages, report, text)
    files = {
        paths[0] / "document.ttl": write_document(document),
        **{paths[0] / file: content for file, content in sections.items()},
        paths[1] / "coverage.ttl": _write_coverage(document, report),
        paths[2]: _register(report),
    }
    _put(root, paths, files)
    return NewReport(paths, len(sections), len(document.leaves))


def _put(root: Path, paths: Iterable[Path], files: Mapping[Path, str]) -> None:
    """Write files under temporary names, and rename them when all are complete."""
    (root / "data").mkdir(exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=".new-", dir=root / "data"))
    moved: list[Path] = []
    try:
        for file, content in files.items():
            target = workshop / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, encoding="utf-8", newline="\n")
        for path in paths:
            (root / path).parent.mkdir(exist_ok=True)
            (workshop / path).rename(root / path)
            moved.append(root / path)
    except BaseException:
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _group_by_section(document: Document) -> Iterator[tuple[Passage, list[Passage]]]:
    """Yield the sections that have passages of their own, with these passages."""
    own: dict[str, list[Passage]] = defaultdict(list)
    for passage in document.leaves:
        own[passage.parent].append(passage)
    for section in document.sections:
        if own[section.iri]:
            yield section, own[section.iri]


def _make_slug(title: str) -> str:
    """Return the first words of a title as a part of a file name.

    >>> _make_slug("Annual exchange on the “Charter” of Rights, 19 & 20 October")
    'annual-exchange-on-the-charter'
    >>> _make_slug("Über das Äußere"), _make_slug("…")
    ('uber-das-aussere', 'section')
    """
    letters = unicodedata.normalize("NFKD", title.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return "-".join(re.findall(r"[a-z0-9]+", plain)[:_MOST_WORDS]) or "section"


def _write_section(section: Passage, passages: Iterable[Passage], report: str, text: str) -> str:
    """Return the text of the file of a section.

    It has an empty block for each passage, with its locator and line.
    """
    number = section.section_number
    title = f": {section.title}" if section.title else ""
    lines = [
        f"# {locator(section.iri)}{title}.",
        "# Record in each block what its passage states, or note in",
        f"# data/curation/{report}/coverage.ttl why it has no statements.",
        f"# Nodes of this section alone: @prefix part: <{ID}participation/{report}/{number}/> .",
    ]
    blocks, prefixes = [], set()
    for passage in passages:
        prefix = _PREFIXES[passage.kind]
        step = "" if passage.kind is PassageKind.HEADING else f"{passage.kind.step}/"
        prefixes.add(f"@prefix {prefix}: <{section.iri}/{step}> .")
        line = text.count("\n", 0, passage.start) + 1
        blocks += ["", f"# {locator(passage.iri)}, line {line} of the text"]
        blocks += [f"{prefix}:{passage.number or 'heading'} {{", "}"]
    return "\n".join([*lines, "", *sorted(prefixes), *blocks, ""])


def _write_coverage(document: Document, report: str) -> str:
    """Return the notes on coverage as text.

    They are about passages that the table of contents repeats, and unread passages.
    """
    lines = [
        "# Passages without statements, and why (docs/curation-guide.md).",
        "# The list at the end has the passages that are not processed yet. Remove those that you have processed.",
        "",
        *_declare("coverage", "jhaan", report=report),
        "",
        "coverage:heading-of-contents",
        f"    jhaan:givesNoFacts <{document.report}/section/contents/heading> ;",
        "    jhaan:coverageReason jhaan:SaidByWhatFollows ;",
        '    jhaan:reason "The heading announces the table of contents and states nothing else."@en .',
        "",
        "# Not processed yet:",
    ]
    for section, passages in _group_by_section(document):
        unread = [one for one in passages if not one.iri.endswith("/contents/heading")]
        lines.append(f"# - {locator(section.iri)}: {_join_passages(unread)}")
    return "\n".join([*lines, ""])


def _declare(*prefixes: str, report: str) -> list[str]:
    """Return the lines that declare prefixes."""
    return [f"@prefix {prefix}: <{prefixes_of(report)[prefix]}> ." for prefix in prefixes]


def _join_passages(passages: Iterable[Passage]) -> str:
    """Return the names of a section's passages in reading order, as text.

    Consecutive ones of a kind are together.
    """
    told = []
    for _, group in groupby(passages, lambda passage: passage.kind):
        first, *others = group
        last = f" to {others[-1].number}" if others else ""
        told.append(locator(first.iri).partition(", ")[2] + last)
    return ", ".join(told)


def _register(report: str) -> str:
    """Return the entry of the report for the register.

    People can improve its label.
    """
    name, _, year = report.rpartition("-")
    lines = [
        f"# The report {report}. Entities that it names for the first time go to the file of their type.",
        "",
        *_declare("jhaan", "rdfs", "report", report=report),
        "",
        f"report:{report}",
        "    a jhaan:Report ;",
        f'    rdfs:label "{name} report {year}"@en .',
        "",
    ]
    return "\n".join(lines)
