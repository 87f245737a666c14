"""The first step: every source file read, each triple with its place.

pyoxigraph is the authority on what a file means; `jhaan_kg.turtle` adds the places. Faults of all files are gathered
before the reading stops, so that a curator sees them at once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat, Triple, parse

from jhaan_kg.build.files import DATA, Found, Kind, find_files, find_root
from jhaan_kg.build.literals import literal_fault
from jhaan_kg.digests import file_digest
from jhaan_kg.errors import Finding, FindingsError, JhaanError, Severity
from jhaan_kg.files import Unreadable, read_source
from jhaan_kg.namespaces import compact
from jhaan_kg.near import nearest
from jhaan_kg.passages import Document, read_document
from jhaan_kg.reports import IN_WORDS, report_order
from jhaan_kg.turtle.lexer import TurtleSyntaxError
from jhaan_kg.turtle.syntax import parse_source
from jhaan_kg.turtle.tree import GraphBlock, LiteralTerm, LocatedTriple

__all__ = ["SourceFile", "Sources", "Statement", "find_root", "read_sources"]

_BOM: Final = b"\xef\xbb\xbf"


class Statement(NamedTuple):
    """A triple and where a source states it.

    Attributes:
        triple: the triple; the labels of blank nodes are unique over all files.
        path: the file, relative to the root of the sources, with forward slashes.
        line: the line, counted from 1; 0 in a tree of passages, which nobody edits.
        block: in a section file, the passage whose block states it.
    """

    triple: Triple
    path: str
    line: int
    block: NamedNode | None = None


@dataclass(frozen=True)
class SourceFile:
    """A source file that could be read.

    Attributes:
        found: where it is, and which report and section it belongs to.
        kind: what it is for.
        digest: the SHA-256 of its bytes.
        text: what it holds.
        statements: its triples, in the order of the file; none for a query or the record of a release.
    """

    found: Found
    kind: Kind
    digest: str
    text: str
    statements: tuple[Statement, ...] = ()

    @property
    def name(self) -> str:
        """Its path relative to the root, with forward slashes."""
        return self.found.name


@dataclass(frozen=True)
class Sources:
    """All source files.

    Attributes:
        root: the folder that holds them.
        files: the files, sorted by name.
        trees: the trees of passages by the ids of their reports, the oldest report first.
    """

    root: Path
    files: tuple[SourceFile, ...]
    trees: dict[str, Document]

    def of_kind(self, *kinds: Kind) -> Iterator[SourceFile]:
        """Give the files of some kinds, sorted by name."""
        return (file for file in self.files if file.kind in kinds)

    def statements(self, *kinds: Kind) -> list[Statement]:
        """Give all that the files of some kinds state."""
        return [statement for file in self.of_kind(*kinds) for statement in file.statements]


def read_sources(root: Path) -> Sources:
    """Read all source files.

    Args:
        root: the folder with `ontology/`, `data/`, `shapes/` and `queries/`.

    Raises:
        FindingsError: with the faults of all files, if there are any.
    """
    reader = _Reader()
    for found in find_files(root):
        reader.read(found)
    reader.check_reports()
    if reader.findings:
        raise FindingsError(reader.findings)
    return Sources(root, tuple(reader.files), reader.trees)


class _Reader:
    """Reads file after file, and gathers the faults."""

    def __init__(self) -> None:
        self.files: list[SourceFile] = []
        self.findings: list[Finding] = []
        self.reports: set[str] = set()

    def fault(self, name: str, line: int, code: str, message: str, fix: str = "", subject: str = "") -> None:
        self.findings.append(Finding(name, line, Severity.ERROR, code, subject, message, fix))

    # --- one file --------------------------------------------------------------------------------------------

    def read(self, found: Found) -> None:
        """Read a file, or note why it can't be read."""
        if found.kind is None:
            self.fault(found.name, 0, "file-name", *_name_fault(found.name))
            return
        self.reports.add(found.report)
        data = read_source(found.path)
        if isinstance(data, Unreadable):
            self.fault(found.name, 0, *data)
            return
        text = self.decoded(found.name, data)
        if text is None:
            return
        statements: tuple[Statement, ...] = ()
        if found.kind not in (Kind.QUERY, Kind.RELEASE, Kind.RULE):
            try:
                statements = tuple(
                    _document(found, text) if found.kind is Kind.DOCUMENT else self.parsed(found, text)
                )
            except TurtleSyntaxError as error:
                self.findings.append(error.finding())
                return
        self.files.append(SourceFile(found, found.kind, file_digest(data), text, statements))

    def decoded(self, name: str, data: bytes) -> str | None:
        """Give the text of a file."""
        if data.startswith(_BOM):
            self.fault(
                name,
                1,
                "encoding",
                "the file begins with a byte order mark.",
                "Save it as UTF-8 without BOM.",
            )
            return None
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self.fault(name, line, "encoding", f"byte {error.start} is not UTF-8.", "Save the file as UTF-8.")
            return None
        if not text.strip():
            self.fault(name, 0, "empty-file", "the file is empty.", "Fill it, or delete it.")
            return None
        return text

    def parsed(self, found: Found, text: str) -> Iterator[Statement]:
        """Give the statements of a file that people write."""
        name, trig = found.name, found.kind is Kind.SECTION
        tree = parse_source(text, trig=trig, name=name)
        located = list(tree.triples())
        # Blocks that wait for what their passages say are how a section begins.
        if not located and not any(isinstance(item, GraphBlock) for item in tree.items):
            self.fault(name, 0, "empty-file", "the file states nothing.", "Fill it, or delete it.")
        _compare(name, text, trig, located)
        for item in located:
            if found.kind in DATA:
                self.check_data(name, item)
            if trig and item.graph is None:
                message = "a triple outside a block; each triple of a section file stands in the block of a passage."
                self.fault(name, item.line, "no-passage", message, "Move it into a block.")
            yield Statement(_renamed(item.triple, name), name, item.line, item.graph)

    def check_data(self, name: str, item: LocatedTriple) -> None:
        """Note what is allowed in Turtle but not in our data."""
        triple = item.triple
        if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
            message = "a blank node; data name every node, so that others can refer to it."
            self.fault(name, item.line, "blank-node", message, "Give it an IRI.")
        fault = literal_fault(triple.object)
        if fault:
            self.fault(name, item.line, "lexical-form", *fault, subject=compact(triple.predicate.value))
        tag = item.term.language if isinstance(item.term, LiteralTerm) else ""
        if tag != tag.lower():
            message = f"the language tag {tag} has capital letters; stores differ in how they keep them."
            self.fault(name, item.line, "language-tag", message, f"Write {tag.lower()}.")

    # --- all files together ----------------------------------------------------------------------------------

    @cached_property
    def trees(self) -> dict[str, Document]:
        """The trees of passages, the oldest report first."""
        trees: dict[str, Document] = {}
        files = (file for file in self.files if file.kind is Kind.DOCUMENT)
        for file in sorted(files, key=lambda file: report_order(file.found.report)):
            try:
                trees[file.found.report] = read_document(one.triple for one in file.statements)
            except JhaanError as error:
                self.fault(file.name, 0, "passage-tree", str(error))
        return trees

    def check_reports(self) -> None:
        """Note sections without a report, two files of one section, and blocks that name no passage of theirs."""
        without_tree = sorted(self.reports - {""} - set(self.trees))
        unreadable = {finding.path for finding in self.findings}
        for report in without_tree:
            document = f"data/reports/{report}/document.ttl"
            if document not in unreadable:
                message = f"there are files of the report {report}, but not its tree of passages."
                self.fault(
                    document,
                    0,
                    "no-document",
                    message,
                    "Write it with `jhaan passages`, or rename the folder.",
                )
        first: dict[tuple[str, str], str] = {}
        for file in self.files:
            found = file.found
            if file.kind is not Kind.SECTION or found.report not in self.trees:
                continue
            other = first.setdefault((found.report, found.section), found.name)
            if other != found.name:
                message = f"section {found.section} has a file already: {other}."
                self.fault(found.name, 0, "section-twice", message, "Put both into one file.")
            self.check_blocks(file, self.trees[found.report])

    def check_blocks(self, file: SourceFile, tree: Document) -> None:
        """Note the blocks of a file that name no passage of its section."""
        section = file.found.section
        sections = [one.section_number for one in tree.sections if one.section_number]
        if section not in sections:
            near = nearest(section, sections, most=1)
            fix = f"Did you mean {near[0]}?" if near else "Begin its name with the number of a section."
            self.fault(file.name, 0, "file-name", f"the report has no section {section}.", fix)
            return
        blocks: dict[NamedNode, int] = {}
        for statement in file.statements:
            if statement.block:
                blocks.setdefault(statement.block, statement.line)
        for block, line in blocks.items():
            home = tree.section_of(block.value)
            if home is None:
                own = [iri for iri in tree.by_iri if tree.section_of(iri) == section]
                near = nearest(block.value, own, most=1, least=0)
                fix = f"Did you mean {compact(near[0])}?" if near else "Name it after a passage."
                self.fault(
                    file.name,
                    line,
                    "unknown-passage",
                    "the report has no such passage.",
                    fix,
                    compact(block.value),
                )
            elif home != section:
                message = f"this passage is in section {home}, but the file is about section {section}."
                fix = f"Move the block to the file of section {home}."
                self.fault(file.name, line, "wrong-section", message, fix, compact(block.value))


def _name_fault(name: str) -> tuple[str, str]:
    """Say why a file's name is wrong, and how it should be."""
    folder = name.partition("/")[0]
    endings = {"queries": ".rq"}
    expected = {
        "ontology": "jhaan.ttl, empact.ttl, evidence.ttl, alignment.ttl or reused-terms.ttl",
        "data": "register/NAME.ttl, reports/REPORT/NUMBER-name.trig, curation/lexicon.ttl, curation/REPORT/NAME.ttl, "
        "context/NAME.ttl or releases/VERSION.txt",
    }.get(folder, f"NAME{endings.get(folder, '.ttl')}")
    rule = f" REPORT is {IN_WORDS}." if folder == "data" else ""
    return (
        "the name follows no rule of this folder, so that the file would be overlooked.",
        f"Below {folder}/ expected: {expected}, in small letters, digits and hyphens.{rule}",
    )


def _document(found: Found, text: str) -> Iterator[Statement]:
    """Give the statements of a tree of passages; they need no places, since a program writes it."""
    try:
        for quad in parse(text, format=RdfFormat.TURTLE):
            yield Statement(quad.triple, found.name, 0)
    except SyntaxError as error:
        raise _syntax_error(found.name, error) from None


def _syntax_error(name: str, error: SyntaxError) -> TurtleSyntaxError:
    message = re.sub(r"^.*?column[s]? [0-9]+(?: and [0-9]+)?: ", "", error.msg)
    return TurtleSyntaxError(name, error.lineno or 0, error.offset or 0, f"{message}.")


def _compare(name: str, text: str, trig: bool, located: list[LocatedTriple]) -> None:
    """Make sure that both parsers understand a file alike.

    Raises:
        TurtleSyntaxError: pyoxigraph refuses the file.
        JhaanError: the parsers understand it differently.
    """
    try:
        quads = list(parse(text, format=RdfFormat.TRIG if trig else RdfFormat.TURTLE))
    except SyntaxError as error:
        raise _syntax_error(name, error) from None
    default = DefaultGraph()
    ours = Counter((item.graph or default, *_ground(item.triple)) for item in located)
    theirs = Counter((quad.graph_name, *_ground(quad.triple)) for quad in quads)
    if ours.keys() != theirs.keys():
        differing = min(map(str, ours.keys() ^ theirs.keys()))
        raise JhaanError(
            f"{name}: two parsers understand this file differently: {differing}. Please report it."
        )


def _ground(triple: Triple) -> tuple[object, ...]:
    """Give the terms of a triple without the labels of its blank nodes, which each parser chooses."""
    return tuple(None if isinstance(term, BlankNode) else term for term in triple)


def _renamed(triple: Triple, name: str) -> Triple:
    """Make the labels of blank nodes unique over all files."""
    subject, value = triple.subject, triple.object
    if isinstance(subject, BlankNode):
        subject = _blank_node(subject, name)
    if isinstance(value, BlankNode):
        value = _blank_node(value, name)
    return Triple(subject, triple.predicate, value)


def _blank_node(node: BlankNode, name: str) -> BlankNode:
    return BlankNode(f"{re.sub('[^a-z0-9]', '-', name)}-{node.value}")
