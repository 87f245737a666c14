"""The formatter of Turtle and TriG files, which keeps comments and lexical forms.

The head of a file is an optional comment on the file, then the prefixes in use, sorted. Those of `namespaces` are
added and removed as needed, others are kept while they are used. Then there is a block for each subject, with each
predicate on its own line and the objects in one column, shared by all subjects of a graph block. Full IRIs become
prefixed names if a prefix fits, and `rdf:type` becomes `a`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from jhaan_kg.errors import Finding, FindingsError, JhaanError, Severity
from jhaan_kg.files import Unreadable, read_source, write_whole
from jhaan_kg.namespaces import PREFIXES, RDF_TYPE, namespace_of_year, prefixes_of
from jhaan_kg.reports import report_of_file
from jhaan_kg.turtle import PREDICATE_ORDER
from jhaan_kg.turtle.lexer import TurtleTokenKind, decode, tokenize
from jhaan_kg.turtle.syntax import parse_source
from jhaan_kg.turtle.tree import (
    BlankNodeTerm,
    Block,
    Collection,
    Comment,
    GraphBlock,
    IriTerm,
    Item,
    LiteralTerm,
    ObjectItem,
    PredicateObjects,
    PrefixDirective,
    PropertyList,
    SourceTree,
    Term,
    TurtleStatement,
)

LINE_LENGTH: Final = 100
"""The maximum length of joined lines; a single literal or name may be longer."""

INDENT: Final = 4

_RANK: Final = {predicate: rank for rank, predicate in enumerate(PREDICATE_ORDER)}


_PREFIX: Final = re.compile(r"\b([a-z]+[0-9]{4}):")

_PLAIN_LOCAL_NAME: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
"""Local names that need no escapes.

Turtle allows more letters, but an IRI with those is clearer in full.
"""


def format_source(text: str, *, trig: bool, name: str, standard: Mapping[str, str] = PREFIXES) -> str:
    """Return a formatted Turtle or TriG source, with the same triples and comments.

    Args:
        text: the source; a byte order mark at its start is dropped.
        trig: whether graph blocks are allowed.
        name: the name of the source in errors, usually its path.
        standard: the table of prefixes; for a file of a report, that of the report.

    Raises:
        TurtleSyntaxError: the source cannot be parsed, or declares a base.
        FindingsError: the source declares a prefix twice, or against the table of prefixes.

    >>> text = "@prefix ex: <http://example.org/> . ex:a a skos:Concept; ex:size 0.50 . # done"
    >>> print(format_source(text, trig=False, name="example.ttl"), end="")
    @prefix ex:   <http://example.org/> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    <BLANKLINE>
    ex:a
        a       skos:Concept ;
        ex:size 0.50 .  # done
    """
    text = text.removeprefix("\ufeff")
    years = {prefix: namespace_of_year(prefix) for prefix in _PREFIX.findall(text)}
    standard = {**standard, **{prefix: namespace for prefix, namespace in years.items() if namespace}}
    tree = parse_source(text, trig=trig, name=name, presumed=standard)
    _check_prefixes(tree, standard)
    formatted = _write(tree, standard)
    _check_unchanged(text, formatted, trig, name, standard)
    return formatted


def is_formatted(text: str, *, trig: bool, name: str, standard: Mapping[str, str] = PREFIXES) -> bool:
    """Return whether a source is formatted.

    For arguments and errors see `format_source`.
    """
    return format_source(text, trig=trig, name=name, standard=standard) == text


def prefixes_for(path: Path) -> Mapping[str, str]:
    """Return the table of prefixes of a source file, which may be that of a report."""
    report = report_of_file(path.absolute())
    return prefixes_of(report) if report else PREFIXES


def format_file(path: Path, *, write: bool = True) -> bool:
    """Format a file (TriG or Turtle, by extension), or only check it.

    Return whether formatting changes it.

    Raises:
        TurtleSyntaxError: the file cannot be parsed as Turtle (TriG), or is not UTF-8.
        FindingsError: see `format_source`.
        JhaanError: the file cannot be opened, or is too large.
    """
    data = read_source(path)
    if isinstance(data, Unreadable):
        raise JhaanError(f"Cannot format {path}: {data.message} {data.fix}")
    name, trig = path.as_posix(), path.suffix == ".trig"
    formatted = format_source(decode(data, name), trig=trig, name=name, standard=prefixes_for(path)).encode()
    if write and formatted != data:
        write_whole(path, formatted)
    return formatted != data


def write_blocks(blocks: Iterable[Block], head: Sequence[str] = ()) -> str:
    """Return blocks made by `generate` as text, after a comment.

    `format_source` does not change the result.
    """
    layout = _Layout({}, PREFIXES)
    layout.blocks(blocks)
    return _join_sections([[f"# {line}" for line in head], layout.prefixes({}), layout.lines])


def _check_prefixes(tree: SourceTree, prefixes: Mapping[str, str]) -> None:
    """Check that no prefix has two meanings or contradicts the table of prefixes."""
    findings = []
    declared: dict[str, str] = {}
    for item in tree.items:
        if isinstance(item, PrefixDirective):
            standard = prefixes.get(item.prefix)
            first = declared.setdefault(item.prefix, item.namespace)
            message = f'the prefix "{item.prefix}:" stands for <{item.namespace}> here, but for '
            if standard is not None and item.namespace != standard:
                code, message = "prefix-differs", f"{message}<{standard}> in this project."
            elif item.namespace != first:
                code, message = "prefix-redeclared", f"{message}<{first}> further up."
            else:
                continue
            fix = "Correct the IRI, or choose another prefix."
            findings.append(Finding(tree.name, item.token.line, Severity.ERROR, code, "", message, fix))
    if findings:
        raise FindingsError(findings)


def _write(tree: SourceTree, standard: Mapping[str, str]) -> str:
    layout = _Layout(tree.prefixes, standard)
    blocks = _merge_blocks(tree.items)
    file_comment: list[Comment] = []
    if blocks and not isinstance(tree.items[0], PrefixDirective):
        # The comment on the file ends at the first blank line; the rest is about the first block.
        leading = blocks[0].leading
        lines = [*(comment.line for comment in leading), blocks[0].line]
        end = next((index for index in range(1, len(lines)) if lines[index] > lines[index - 1] + 1), 0)
        file_comment = leading[:end]
        blocks[0] = replace(blocks[0], leading=leading[end:])
    layout.blocks(blocks)
    behind: dict[str, list[Comment]] = {}
    for item in tree.items:
        if isinstance(item, PrefixDirective):
            # Prefix lines are sorted, added and removed, so a comment between them would lose its place.
            file_comment += item.leading
            if item.prefix in layout.used and item.prefix not in behind:
                behind[item.prefix] = item.trailing
            else:
                file_comment += item.trailing
    head, closing = _comment_lines(file_comment, spaced=True), _comment_lines(tree.closing, spaced=True)
    return _join_sections([head, layout.prefixes(behind), layout.lines, closing])


def _join_sections(sections: Sequence[Sequence[str]]) -> str:
    """Join sections of lines, with a blank line between them."""
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n" * any(sections)


def _merge_blocks(items: Iterable[Item]) -> list[Block]:
    """Return the blocks among the items of a source.

    Adjacent statements about one subject are merged.
    """
    blocks: list[Block] = []
    run: list[TurtleStatement] = []
    for item in items:
        if isinstance(item, TurtleStatement):
            run.append(item)
        elif isinstance(item, GraphBlock):
            blocks += [*_merge_adjacent(run), item]
            run = []
    return [*blocks, *_merge_adjacent(run)]


def _check_unchanged(before: str, after: str, trig: bool, name: str, standard: Mapping[str, str]) -> None:
    """Check that formatting has changed neither the triples nor the comments.

    Raises:
        RuntimeError: there is a change, which is a bug in the formatter.
    """
    known = "".join(f"@prefix {prefix}: <{namespace}> . " for prefix, namespace in standard.items())
    if _quads(known + before, trig) != _quads(after, trig):
        raise RuntimeError(f"defect in the formatter: the triples of {name} would change")
    counts = [
        Counter(
            token.text.rstrip() for token in tokenize(text, name) if token.kind is TurtleTokenKind.COMMENT
        )
        for text in (before, after)
    ]
    if counts[0] != counts[1]:
        raise RuntimeError(f"defect in the formatter: the comments of {name} would change")


def _quads(text: str, trig: bool) -> Dataset | set[Quad]:
    """Return the quads of a source; two results are equal if their graphs are isomorphic."""
    quads = set(parse(text, RdfFormat.TRIG if trig else RdfFormat.TURTLE))
    if not any(isinstance(term, BlankNode) for quad in quads for term in (quad.subject, quad.object)):
        return quads
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


# --- blocks ------------------------------------------------------------------------------------------------


def _merge_adjacent(statements: Iterable[TurtleStatement]) -> list[TurtleStatement]:
    """Merge adjacent statements about the same subject.

    Comments between them go before the predicate.
    """
    merged: list[TurtleStatement] = []
    for statement in statements:
        if merged and _same_subject(merged[-1], statement):
            before = merged[-1]
            first, *others = statement.predicates
            between = [*before.closing, *before.after_dot, *statement.leading, *statement.after_subject]
            first = replace(first, leading=between + first.leading)
            merged[-1] = replace(
                before,
                predicates=[*before.predicates, first, *others],
                closing=statement.closing,
                after_dot=statement.after_dot,
            )
        else:
            merged.append(statement)
    return merged


def _same_subject(one: TurtleStatement, other: TurtleStatement) -> bool:
    """Return whether two statements are about the same IRI or the same labelled blank node."""
    return isinstance(one.subject, IriTerm | BlankNodeTerm) and one.subject.value == other.subject.value


def _in_order(entries: Sequence[PredicateObjects]) -> list[PredicateObjects]:
    """Return predicates in the order of `PREDICATE_ORDER`."""
    movable = next((index for index, entry in enumerate(entries) if entry.leading), len(entries))
    by_rank = sorted(entries[:movable], key=lambda entry: _RANK.get(entry.predicate.value.value, len(_RANK)))
    return [*by_rank, *entries[movable:]]


def _comment_lines(comments: Iterable[Comment], indent: int = 0, *, spaced: bool = False) -> list[str]:
    """Return comments as separate lines.

    If spaced, there is one blank line between separated comments.
    """
    lines: list[str] = []
    for comment in comments:
        if spaced and lines and comment.after_blank:
            lines.append("")
        lines.append(" " * indent + comment.text)
    return lines


class _Layout:
    """A writer of lines in the project's style, which collects the prefixes in use.

    Attributes:
        lines: the written lines; a literal of several lines is one of them.
        used: the prefixes in use.
    """

    def __init__(self, declared: Mapping[str, str], standard: Mapping[str, str]) -> None:
        self.lines: list[str] = []
        self.used: set[str] = set()
        self._namespaces = {**standard, **declared}
        self._shortened: dict[str, str] = {}
        # The longest namespace is preferred; among equals a declared prefix, then the first by name.
        self._ranked = sorted(
            self._namespaces.items(), key=lambda item: (-len(item[1]), item[0] not in declared, item[0])
        )

    # --- names ---------------------------------------------------------------------------------------------

    def name(self, term: IriTerm) -> str:
        """Return the text of an IRI as authored, or prefixed.

        A full IRI is prefixed if a prefix fits and no escapes are needed.
        """
        text = term.token.text
        if term.token.kind is TurtleTokenKind.IRI_REFERENCE and "\\" not in text:
            if text not in self._shortened:
                iri = term.value.value
                fitting = (
                    f"{prefix}:{iri[len(namespace) :]}"
                    for prefix, namespace in self._ranked
                    if iri.startswith(namespace) and _PLAIN_LOCAL_NAME.fullmatch(iri, len(namespace))
                )
                self._shortened[text] = next(fitting, text)
            text = self._shortened[text]
        if not text.startswith("<"):
            self.used.add(text.partition(":")[0])
        return text

    def prefixes(self, behind: Mapping[str, Iterable[Comment]]) -> list[str]:
        """Return the lines that declare the prefixes in use, with their comments."""
        width = max(map(len, self.used), default=0) + 1
        return [
            f"@prefix {prefix + ':':{width}} <{self._namespaces[prefix]}> ."
            + "".join(f"  {comment.text}" for comment in behind.get(prefix, ()))
            for prefix in sorted(self.used)
        ]

    # --- lines ---------------------------------------------------------------------------------------------

    def start(self, indent: int) -> None:
        """Start a line."""
        self.lines.append(" " * indent)

    def put(self, text: str, behind: Iterable[Comment] = ()) -> None:
        """Write on the current line; after a comment, the caller starts another line."""
        self.lines[-1] += text + "".join(f"  {comment.text}" for comment in behind)

    def column(self) -> int:
        """Return the width of the current line.

        After a string of several lines, it is that of the last one.
        """
        return len(self.lines[-1]) - (self.lines[-1].rfind("\n") + 1)

    def comments(self, comments: Iterable[Comment], indent: int, *, spaced: bool = False) -> None:
        """Write comments on separate lines."""
        self.lines += _comment_lines(comments, indent, spaced=spaced)

    def comments_before(self, block: Block, indent: int) -> None:
        """Write the comments before a block, with a blank line after them if there was one."""
        self.comments(block.leading, indent, spaced=True)
        if block.leading and block.line > block.leading[-1].line + 1:
            self.lines.append("")

    # --- blocks --------------------------------------------------------------------------------------------

    def blocks(self, blocks: Iterable[Block]) -> None:
        """Write blocks, with a blank line between them."""
        for block in blocks:
            if self.lines:
                self.lines.append("")
            if isinstance(block, TurtleStatement):
                self.statement(block)
            else:
                self.graph_block(block)

    def graph_block(self, block: GraphBlock) -> None:
        """Write a graph block with the comments before it."""
        self.comments_before(block, 0)
        self.start(0)
        self.put(f"{self.name(block.graph)} {{" if block.graph else "{", block.after_open)
        statements = _merge_adjacent(block.statements)
        width = self.width(entry for statement in statements for entry in statement.predicates)
        for index, statement in enumerate(statements):
            if index:
                self.lines.append("")
            self.statement(statement, INDENT, width)
        if statements and block.closing and block.closing[0].after_blank:
            self.lines.append("")
        self.comments(block.closing, INDENT, spaced=True)
        self.start(0)
        self.put("}", block.trailing)

    def statement(self, statement: TurtleStatement, indent: int = 0, width: int | None = None) -> None:
        """Write a statement with the comments before it.

        The column of predicates has the given or the needed width.
        """
        subject, predicates = statement.subject, statement.predicates
        self.comments_before(statement, indent)
        self.start(indent)
        self.term(subject, indent, self.is_expanded(subject, indent))
        if not predicates and not statement.closing:
            self.put(" .")
        self.put("", statement.after_subject)
        if predicates:
            width = self.width(predicates) if width is None else width
            self.predicates(predicates, indent + INDENT, width, ";" if statement.closing else ".")
        if statement.closing:
            self.comments(statement.closing, indent + INDENT)
            self.start(indent + INDENT)
            self.put(".", statement.after_dot)

    def width(self, entries: Iterable[PredicateObjects]) -> int:
        """Return the width of the column of predicates, with the space after it."""
        return max((len(self.verb(entry)) for entry in entries), default=0) + 1

    def predicates(self, entries: Sequence[PredicateObjects], indent: int, width: int, end: str) -> None:
        """Write predicates with their objects, each with a semicolon, the last with `end`."""
        ordered = _in_order(entries)
        for entry in ordered:
            self.comments(entry.leading, indent)
            self.start(indent)
            self.put(self.verb(entry), entry.after_predicate)
            self.objects(entry, indent, width, end if entry is ordered[-1] else ";")

    # --- objects -------------------------------------------------------------------------------------------

    def objects(self, entry: PredicateObjects, indent: int, width: int, end: str) -> None:
        """Write the objects of a predicate, which is on the current line.

        Names fill the lines like words, and brackets of several lines follow one another; other objects share one
        line if they fit and have no comments of their own, otherwise each has a line.
        """
        items, column = entry.objects, indent + width
        expanded = [self.is_expanded(item.term, column) for item in items]
        on_own_lines = _has_own_comments(items) or not (any(expanded) or self.fill(items, column))
        on_predicate_line = not entry.after_predicate and not items[0].leading
        for index, item in enumerate(items):
            mark = f" {end}" if index + 1 == len(items) else ","
            start = indent if expanded[index] else column
            if index == 0 and on_predicate_line:
                self.put(" " * (column - self.column()))
            elif index == 0 or on_own_lines:
                self.comments(item.leading, start)
                self.start(start)
            elif expanded[index] or self.column() + len(f" {self.flat(item.term)}{mark}") <= LINE_LENGTH:
                self.put(" ")
            else:
                self.start(column)
            self.term(item.term, indent, expanded[index])
            self.put(mark, item.trailing)

    def fill(self, items: Sequence[ObjectItem], column: int) -> bool:
        """Return whether objects that each fit on a line can share lines."""
        if all(isinstance(item.term, IriTerm | BlankNodeTerm) for item in items):
            return True
        joined = ", ".join(self.flat(item.term) or "" for item in items)
        return "\n" not in joined and column + len(joined) + len(" ;") <= LINE_LENGTH

    def is_expanded(self, term: Term, column: int) -> bool:
        """Return whether a term in brackets needs several lines."""
        if not isinstance(term, PropertyList | Collection):
            return False
        flat = self.flat(term)
        return flat is None or column + len(flat) + len(" ;") > LINE_LENGTH

    # --- terms ---------------------------------------------------------------------------------------------

    def term(self, term: Term, indent: int, expanded: bool) -> None:
        """Write a term on the current line, or from there over several lines.

        Further lines have this indentation.
        """
        if not expanded:
            self.put(self.flat(term) or "")
        elif isinstance(term, PropertyList):
            self.put("[", term.after_open)
            self.predicates(term.predicates, indent + INDENT, self.width(term.predicates), ";")
            self.comments(term.closing, indent + INDENT)
            self.start(indent)
            self.put("]")
        elif isinstance(term, Collection):
            self.put("(", term.after_open)
            for item in term.members:
                self.comments(item.leading, indent + INDENT)
                self.start(indent + INDENT)
                self.term(item.term, indent + INDENT, self.is_expanded(item.term, indent + INDENT))
                self.put("", item.trailing)
            self.comments(term.closing, indent + INDENT)
            self.start(indent)
            self.put(")")

    def flat(self, term: Term) -> str | None:
        """Return a term as one piece of text; None if it needs several lines."""
        if isinstance(term, IriTerm):
            return self.name(term)
        if isinstance(term, BlankNodeTerm):
            return "[]" if term.token.text == "[" else term.token.text
        if isinstance(term, LiteralTerm):
            datatype = f"^^{self.name(term.datatype)}" if term.datatype else ""
            # Carriage returns are escaped, since lines of a formatted file end in line feeds.
            return term.token.text.replace("\r", r"\r") + term.language + datatype
        if term.after_open or term.closing:
            return None
        if isinstance(term, Collection):
            return self.flat_items("(", term.members, " ", ")")
        if len(term.predicates) != 1:
            return None
        entry = term.predicates[0]
        if entry.leading or entry.after_predicate:
            return None
        return self.flat_items(f"[ {self.verb(entry)}", entry.objects, ", ", "]")

    def flat_items(self, opening: str, items: Sequence[ObjectItem], mark: str, closing: str) -> str | None:
        """Return the content of brackets as one piece of text; None if it needs several lines."""
        texts = []
        for item in items:
            text = self.flat(item.term)
            if item.leading or item.trailing or text is None or "\n" in text:
                return None
            texts.append(text)
        return f"{opening} {mark.join(texts)} {closing}" if texts else opening + closing

    def verb(self, entry: PredicateObjects) -> str:
        """Return the text of a predicate."""
        return "a" if entry.predicate.value == RDF_TYPE else self.name(entry.predicate)


def _has_own_comments(items: Sequence[ObjectItem]) -> bool:
    """Return whether comments among objects belong to a single one of them.

    A comment after the last object may be about the whole line, unless each object had its own line.
    """
    if any(item.leading for item in items[1:]) or any(item.trailing for item in items[:-1]):
        return True
    lines = {item.term.token.line for item in items}
    return bool(items[-1].trailing) and len(lines) == len(items)
