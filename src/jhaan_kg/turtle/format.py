"""Putting Turtle and TriG files into the one style of the project, comments and lexical forms kept.

The head of a file is an optional comment on the file, then the prefixes in use, sorted. Those of
`namespaces` are added and removed as needed, others are kept as long as they are used. What follows
is described in `layout`.
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
from jhaan_kg.namespaces import PREFIXES, prefixes_of
from jhaan_kg.reports import report_of_file
from jhaan_kg.turtle.layout import block_lines, comment_lines, merge_adjacent
from jhaan_kg.turtle.lexer import Kind, decode, tokenize
from jhaan_kg.turtle.syntax import parse_source
from jhaan_kg.turtle.tree import (
    BaseDirective,
    Block,
    Comment,
    GraphBlock,
    IriTerm,
    Item,
    PrefixDirective,
    SourceTree,
    Statement,
)

_PLAIN_LOCAL_NAME: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
"""Local names that need no escapes; Turtle allows more letters, but an IRI with such is clearer in full."""


def format_source(text: str, *, trig: bool, name: str, standard: Mapping[str, str] = PREFIXES) -> str:
    """Put a Turtle or TriG source into the one style.

    Args:
        text: the source; a byte order mark at its start is dropped.
        trig: whether graph blocks are allowed.
        name: what to call the source in errors, usually its path.
        standard: the table of prefixes; a file of a report has that of the report.

    Returns:
        The source in style: the same triples, the same comments.

    Raises:
        TurtleSyntaxError: the source can't be read.
        FindingsError: the source declares a base, a prefix twice, or one against the table of prefixes.

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
    tree = parse_source(text, trig=trig, name=name, presumed=standard)
    _check_directives(tree, standard)
    formatted = _write(tree, standard)
    _check_unchanged(text, formatted, trig, name, standard)
    return formatted


def is_formatted(text: str, *, trig: bool, name: str, standard: Mapping[str, str] = PREFIXES) -> bool:
    """Say whether a source is in the one style; arguments and errors are those of `format_source`."""
    return format_source(text, trig=trig, name=name, standard=standard) == text


def prefixes_for(path: Path) -> Mapping[str, str]:
    """Give the table of prefixes of a source file: in the folders of a report that of the report."""
    report = report_of_file(path.absolute())
    return prefixes_of(report) if report else PREFIXES


def format_file(path: Path) -> bool:
    """Put a file into the one style; its ending says whether it is TriG.

    Returns:
        Whether the file has changed.

    Raises:
        TurtleSyntaxError: the file can't be read as Turtle (TriG), or isn't UTF-8.
        FindingsError: as for `format_source`.
        JhaanError: the file can't be opened, or is too large.
    """
    data = _read(path)
    formatted = _format_bytes(data, path)
    if formatted == data:
        return False
    write_whole(path, formatted)
    return True


def is_formatted_file(path: Path) -> bool:
    """Say whether a file is in the one style; errors are those of `format_file`."""
    data = _read(path)
    return _format_bytes(data, path) == data


def _read(path: Path) -> bytes:
    data = read_source(path)
    if isinstance(data, Unreadable):
        raise JhaanError(f"{path}: {data.message} {data.fix}")
    return data


def _format_bytes(data: bytes, path: Path) -> bytes:
    """Give the content of a file in the one style."""
    name = path.as_posix()
    trig = path.suffix == ".trig"
    return format_source(decode(data, name), trig=trig, name=name, standard=prefixes_for(path)).encode()


# --- what the style has no place for -----------------------------------------------------------------------


def _check_directives(tree: SourceTree, prefixes: Mapping[str, str]) -> None:
    """Refuse a base, a prefix with two meanings, and one against the table of prefixes.

    Raises:
        FindingsError: there are some.
    """
    findings = []
    declared: dict[str, str] = {}
    for item in tree.items:
        if isinstance(item, BaseDirective):
            message = "a base IRI is declared, which the style of this project has no place for."
            fix = "Write the IRIs in full or with prefixes."
            line = item.token.line
            findings.append(Finding(tree.name, line, Severity.ERROR, "base-declared", "", message, fix))
        elif isinstance(item, PrefixDirective):
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


# --- writing -----------------------------------------------------------------------------------------------


class _Names:
    """The texts of IRIs as they are to be written, and a record of the prefixes that they use."""

    def __init__(self, declared: Mapping[str, str], standard: Mapping[str, str]) -> None:
        self.namespaces = {**standard, **declared}
        self.used: set[str] = set()
        self._known: dict[str, str | None] = {}
        # The prefix with the longest namespace wins; among equals one that the file declares, then by name.
        self._ranked = sorted(
            self.namespaces.items(), key=lambda item: (-len(item[1]), item[0] not in declared, item[0])
        )

    def text(self, term: IriTerm) -> str:
        """Give the text of an IRI: as authored, but for a full IRI that a prefix fits."""
        text = term.token.text
        if term.token.kind is Kind.IRI_REFERENCE and "\\" not in text:
            iri = term.value.value
            if iri not in self._known:
                self._known[iri] = self._shortened(iri)
            text = self._known[iri] or text
        if not text.startswith("<"):
            self.used.add(text.partition(":")[0])
        return text

    def _shortened(self, iri: str) -> str | None:
        """Give a prefixed name for an IRI, if one is possible without escapes."""
        for prefix, namespace in self._ranked:
            if iri.startswith(namespace) and _PLAIN_LOCAL_NAME.fullmatch(iri, len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}"
        return None


def _write(tree: SourceTree, standard: Mapping[str, str]) -> str:
    """Write a tree in the one style."""
    names = _Names(tree.prefixes, standard)
    blocks = _merged(tree.items)
    file_comment: list[Comment] = []
    if blocks and not isinstance(tree.items[0], PrefixDirective):
        file_comment, blocks[0] = _split_file_comment(blocks[0])
    body = [block_lines(block, names.text) for block in blocks]
    directives: dict[str, PrefixDirective] = {}
    for item in tree.items:
        if isinstance(item, PrefixDirective):
            # Prefix lines are sorted, added and removed, so a comment between them would lose its place.
            file_comment += item.leading
            if item.prefix not in names.used or directives.setdefault(item.prefix, item) is not item:
                file_comment += item.trailing
    prefixes = _prefix_lines({prefix: names.namespaces[prefix] for prefix in names.used}, directives)
    closing = comment_lines(tree.closing, spaced=True)
    return _joined([comment_lines(file_comment, spaced=True), prefixes, *body, closing])


def write_blocks(blocks: Iterable[Block], head: Sequence[str] = ()) -> str:
    """Write blocks that were made by `generate` in the one style.

    Args:
        blocks: the statements and graph blocks.
        head: the lines of the comment on the file, less their "# ".

    Returns:
        A text that `format_source` leaves as it is.
    """
    names = _Names({}, PREFIXES)
    body = [block_lines(block, names.text) for block in blocks]
    prefixes = _prefix_lines({prefix: names.namespaces[prefix] for prefix in names.used}, {})
    return _joined([[f"# {line}" for line in head], prefixes, *body])


def _joined(sections: Sequence[Sequence[str]]) -> str:
    """Join sections of lines, with a blank line between them."""
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n" * any(sections)


def _merged(items: Iterable[Item]) -> list[Block]:
    """Give the blocks among the items of a source, with neighbouring statements about one subject joined."""
    blocks: list[Block] = []
    run: list[Statement] = []
    for item in items:
        if isinstance(item, Statement):
            run.append(item)
        elif isinstance(item, GraphBlock):
            blocks += [*merge_adjacent(run), item]
            run = []
    return [*blocks, *merge_adjacent(run)]


def _split_file_comment(block: Block) -> tuple[list[Comment], Block]:
    """Part the comment on the file from those on its first block: it ends at the first blank line."""
    lines = [*(comment.line for comment in block.leading), block.line]
    end = next((index for index in range(1, len(lines)) if lines[index] > lines[index - 1] + 1), 0)
    return block.leading[:end], replace(block, leading=block.leading[end:])


def _prefix_lines(namespaces: Mapping[str, str], directives: Mapping[str, PrefixDirective]) -> list[str]:
    """Give the lines that declare prefixes, with the comments behind them."""
    width = max(map(len, namespaces), default=0) + 1
    lines = []
    for prefix, namespace in sorted(namespaces.items()):
        behind = directives[prefix].trailing if prefix in directives else []
        comment = "".join(f"  {comment.text}" for comment in behind)
        lines.append(f"@prefix {prefix + ':':{width}} <{namespace}> .{comment}")
    return lines


# --- defence -----------------------------------------------------------------------------------------------


def _check_unchanged(before: str, after: str, trig: bool, name: str, standard: Mapping[str, str]) -> None:
    """Make sure that formatting has changed neither the triples nor the comments.

    Raises:
        RuntimeError: there is a change, so a defect in the formatter.
    """
    known = "".join(f"@prefix {prefix}: <{namespace}> . " for prefix, namespace in standard.items())
    if _quads(known + before, trig) != _quads(after, trig):
        raise RuntimeError(f"defect in the formatter: the triples of {name} would change")
    if _comment_counts(before, name) != _comment_counts(after, name):
        raise RuntimeError(f"defect in the formatter: the comments of {name} would change")


def _quads(text: str, trig: bool) -> Dataset | set[Quad]:
    """Give what a source means; two results are equal if their graphs are isomorphic."""
    quads = set(parse(text, RdfFormat.TRIG if trig else RdfFormat.TURTLE))
    if not any(isinstance(term, BlankNode) for quad in quads for term in (quad.subject, quad.object)):
        return quads
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def _comment_counts(text: str, name: str) -> Counter[str]:
    """Count the comments of a source by their text."""
    return Counter(token.text.rstrip() for token in tokenize(text, name) if token.kind is Kind.COMMENT)
