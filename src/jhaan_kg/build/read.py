"""First step of the build: reading of all source files, with the place of each triple.

Faults of all files are collected before the build stops, so that a curator sees them together.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from jhaan_kg.build.files import DATA, FileEntry, Kind, expected_names, find_files, find_root
from jhaan_kg.digests import file_digest
from jhaan_kg.errors import Finding, FindingsError, JhaanError, Severity
from jhaan_kg.files import Unreadable, read_source
from jhaan_kg.namespaces import XSD, compact
from jhaan_kg.near import nearest
from jhaan_kg.passages import Document, read_document
from jhaan_kg.reports import report_of_iri, report_order
from jhaan_kg.turtle import Statement, TurtleSyntaxError, parse_quads, parse_source

__all__ = ["SourceFile", "Sources", "Statement", "find_root", "read_sources"]

_CANONICAL: Final = {
    XSD + "integer": (re.compile(r"0|-?[1-9][0-9]*"), "an integer without plus sign and leading zeros"),
    XSD + "decimal": (
        re.compile(r"(?!-0\.0\Z)-?(?:0|[1-9][0-9]*)\.(?:0|[0-9]*[1-9])"),
        "a decimal with a point, without plus sign and needless zeros",
    ),
    XSD + "boolean": (re.compile("true|false"), "true or false"),
}
"""Patterns of canonical lexical forms, so that equal values are the same triple."""


@dataclass(frozen=True)
class SourceFile:
    """A source file that was read.

    Attributes:
        entry: where it is, and which report and section it belongs to.
        kind: its purpose.
        digest: the SHA-256 of its bytes.
        text: its content.
        statements: its triples, in the order of the file; none for a query or a rule.
    """

    entry: FileEntry
    kind: Kind
    digest: str
    text: str
    statements: tuple[Statement, ...] = ()

    @property
    def name(self) -> str:
        """The path relative to the root, with forward slashes."""
        return self.entry.name


@dataclass(frozen=True)
class Sources:
    """All source files.

    Attributes:
        root: the folder that contains them.
        files: the files, sorted by name.
        trees: the trees of passages by the ids of their reports, the oldest report first.
    """

    root: Path
    files: tuple[SourceFile, ...]
    trees: dict[str, Document]

    def of_kind(self, *kinds: Kind) -> Iterator[SourceFile]:
        """Yield the files of some kinds, sorted by name."""
        return (file for file in self.files if file.kind in kinds)

    def statements(self, *kinds: Kind) -> list[Statement]:
        """Return the statements of all files of some kinds."""
        return [statement for file in self.of_kind(*kinds) for statement in file.statements]


def read_sources(root: Path) -> Sources:
    """Read all source files: those in `ontology/`, `data/`, `shapes/` and `queries/`.

    Args:
        root: their folder.

    Raises:
        FindingsError: there are faults, listed for all files.
    """
    reader = _Reader()
    for entry in find_files(root):
        reader.read(entry)
    trees: dict[str, Document] = {}
    documents = (file for file in reader.files if file.kind is Kind.DOCUMENT)
    for file in sorted(documents, key=lambda file: report_order(file.entry.report)):
        try:
            trees[file.entry.report] = read_document(statement.triple for statement in file.statements)
        except JhaanError as error:
            reader.fault(file.name, 0, "passage-tree", str(error))
    reader.check_reports(trees)
    if reader.findings:
        raise FindingsError(reader.findings)
    return Sources(root, tuple(reader.files), trees)


class _Reader:
    """Reader of source files that collects their errors."""

    def __init__(self) -> None:
        self.files: list[SourceFile] = []
        self.findings: list[Finding] = []
        self.reports: set[str] = set()

    def fault(self, name: str, line: int, code: str, message: str, fix: str = "", subject: str = "") -> None:
        self.findings.append(Finding(name, line, Severity.ERROR, code, subject, message, fix))

    # --- one file --------------------------------------------------------------------------------------------

    def read(self, entry: FileEntry) -> None:
        """Read a file, or record why it cannot be read."""
        name = entry.name
        if entry.kind is None:
            message = "a file name must follow the rule of its folder."
            self.fault(name, 0, "file-name", message, expected_names(name))
            return
        self.reports.add(entry.report)
        data = read_source(entry.path)
        if isinstance(data, Unreadable):
            self.fault(name, 0, *data)
            return
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            message = f"a source file must be UTF-8, but byte {error.start} is not."
            self.fault(name, line, "encoding", message, "Save the file as UTF-8.")
            return
        if text.startswith("\ufeff"):
            message = "a source file must not begin with a byte order mark."
            self.fault(name, 1, "encoding", message, "Save it as UTF-8 without BOM.")
            return
        if not text.strip():
            self.fault(name, 0, "empty-file", "a source file must not be empty.", "Fill it, or delete it.")
            return
        statements: tuple[Statement, ...] = ()
        try:
            if entry.kind is Kind.DOCUMENT:  # it is generated, so nobody needs the lines of its triples
                quads = parse_quads(text, trig=False, name=name)
                statements = tuple(Statement(quad.triple, name, 0) for quad in quads)
            elif entry.kind not in (Kind.QUERY, Kind.RULE):
                statements = tuple(self.parse(entry, text))
        except TurtleSyntaxError as error:
            self.findings.append(error.finding())
            return
        self.files.append(SourceFile(entry, entry.kind, file_digest(data), text, statements))

    def parse(self, entry: FileEntry, text: str) -> Iterator[Statement]:
        """Yield the statements of a file that people write.

        Raises:
            TurtleSyntaxError: the file can't be parsed.
        """
        name, trig = entry.name, entry.kind is Kind.SECTION
        statements = parse_source(text, trig=trig, name=name)
        # A new section file has only empty blocks, which curators fill later.
        if not statements and not (trig and "{" in text):
            message = "a source file must contain at least one statement."
            self.fault(name, 0, "empty-file", message, "Fill it, or delete it.")
        for statement in statements:
            if entry.kind in DATA:
                self.check_data(statement)
            if trig and statement.block is None:
                message = "a triple of a section file must be in the block of a passage."
                self.fault(name, statement.line, "no-passage", message, "Move it into a block.")
            yield statement

    def check_data(self, statement: Statement) -> None:
        """Record faults of a triple that Turtle allows but the project's data must not have."""
        (subject, predicate, value), name, line, _ = statement
        if isinstance(subject, BlankNode) or isinstance(value, BlankNode):
            message = "data must not contain blank nodes."
            self.fault(name, line, "blank-node", message, "Use an IRI.")
        if isinstance(value, Literal) and (message := _literal_fault(value)):
            self.fault(name, line, "lexical-form", message, "Correct it.", compact(predicate.value))

    # --- all files together ----------------------------------------------------------------------------------

    def check_reports(self, trees: Mapping[str, Document]) -> None:
        """Record faults of the section files of reports.

        These are sections without a report, two files for one section, and blocks that name no passage of theirs.
        """
        unreadable = {finding.path for finding in self.findings}
        for report in sorted(self.reports - {""} - set(trees)):
            document = f"data/reports/{report}/document.ttl"
            if document not in unreadable:
                message = f"a report must have a tree of passages, but {report} has none."
                fix = "Create it with tools/passages.py, or rename the folder."
                self.fault(document, 0, "no-document", message, fix)
        first: dict[tuple[str, str], str] = {}
        for file in self.files:
            entry = file.entry
            if file.kind is Kind.SECTION and entry.report in trees:
                other = first.setdefault((entry.report, entry.section), entry.name)
                if other != entry.name:
                    message = f"a section must have one file, but section {entry.section} also has {other}."
                    self.fault(entry.name, 0, "section-twice", message, "Merge both files.")
                self.check_blocks(file, trees[entry.report])

    def check_blocks(self, file: SourceFile, tree: Document) -> None:
        """Record the blocks of a file that name no passage of its section."""
        section = file.entry.section
        sections = [section.section_number for section in tree.sections if section.section_number]
        if section not in sections:
            near = nearest(section, sections, most=1)
            fix = (
                f"Did you mean {near[0]}?"
                if near
                else "Use the number of a section, for example 5.2.2-name.trig."
            )
            message = f"a file name must begin with the number of a section, but the report has no section {section}."
            self.fault(file.name, 0, "file-name", message, fix)
            return
        blocks: dict[NamedNode, int] = {}
        for statement in file.statements:
            if statement.block:
                blocks.setdefault(statement.block, statement.line)
        for block, line in blocks.items():
            home, name = tree.section_of(block.value), compact(block.value)
            if home is None:
                own = [iri for iri in tree.by_iri if tree.section_of(iri) == section]
                near = nearest(block.value, own, most=1, least=0)
                fix = f"Did you mean {compact(near[0])}?" if near else "Use the IRI of a passage."
                message = "a block must be named after a passage, but the report does not have this one."
                self.fault(file.name, line, "unknown-passage", message, fix, name)
            elif home != section:
                message = f"a block must be in the file of its section, which is {home}, not {section}."
                fix = f"Move the block to the file of section {home}."
                self.fault(file.name, line, "wrong-section", message, fix, name)


def _literal_fault(literal: Literal) -> str:
    """Return the fault of a literal's lexical form; empty if there is none.

    >>> from pyoxigraph import NamedNode
    >>> _literal_fault(Literal("007", datatype=NamedNode(XSD + "integer")))
    'a literal must be in canonical form (an integer without plus sign and leading zeros), but "007" is not.'
    >>> _literal_fault(Literal("2023-02-29", datatype=NamedNode(XSD + "date")))
    'a date must be in the calendar, but 2023-02-29 is not.'
    """
    datatype, value = literal.datatype.value, literal.value
    if datatype == XSD + "date":
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return f'a date must have the form 2023-11-16, without time zone, but "{value}" does not.'
        try:
            datetime.date.fromisoformat(value)
        except ValueError:
            return f"a date must be in the calendar, but {value} is not."
    pattern, words = _CANONICAL.get(datatype, (None, ""))
    if pattern and not pattern.fullmatch(value):
        return f'a literal must be in canonical form ({words}), but "{value}" is not.'
    return ""


_SHARED: Final = (Kind.REGISTER, Kind.CONTEXT)
"""The kinds of file whose statements are about the entities of all reports."""


def limit_sources(sources: Sources, report: str) -> Sources:
    """Return sources without other reports, their curation, and entities that only they mention.

    Args:
        sources: all sources.
        report: the id of the report to keep.
    """

    def is_of_another(term: object) -> bool:
        return isinstance(term, NamedNode) and report_of_iri(term.value) not in ("", report)

    linked: defaultdict[object, set[object]] = defaultdict(set)
    for statement in sources.statements(*_SHARED):
        linked[statement.triple.subject] |= _mentions([statement])
    registered: set[object] = {statement.triple.subject for statement in sources.statements(Kind.REGISTER)}
    own = _mentions(s for file in sources.files if file.entry.report == report for s in file.statements)
    new = own
    while new:  # entities to which the register and external facts link
        new = {term for entity in new & linked.keys() for term in linked[entity]} - own
        own |= new
    of_others = _mentions(
        s for file in sources.files if file.entry.report not in ("", report) for s in file.statements
    )
    gone = {
        entity
        for entity in registered
        if entity not in own and (entity in of_others or any(map(is_of_another, linked[entity])))
    }
    new = gone
    while new:  # external facts about what is left out, and its predecessors
        new = {entity for entity, terms in linked.items() if terms & gone and entity not in own | gone}
        gone |= new
    files = (
        replace(file, statements=tuple(s for s in file.statements if not _mentions([s]) & gone))
        if file.kind in _SHARED
        else file
        for file in sources.files
        if file.entry.report in ("", report)
    )
    return Sources(sources.root, tuple(files), {report: sources.trees[report]})


def _mentions(statements: Iterable[Statement]) -> set[object]:
    return {
        term
        for statement in statements
        for term in (statement.triple.subject, statement.triple.object)
        if isinstance(term, NamedNode)
    }
