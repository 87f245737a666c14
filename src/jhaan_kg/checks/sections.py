"""Checks of section files and of notes on them.

They concern described nodes, the order of lists, and unread passages.

Shapes cannot check this: they have no access to passages and files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.build.files import Kind
from jhaan_kg.build.read import Sources, Statement
from jhaan_kg.checks.stated import iri_of, make_finding
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import compact, jhaan
from jhaan_kg.near import nearest
from jhaan_kg.passages import Document
from jhaan_kg.passages.model import PassageKind
from jhaan_kg.reports import locator, report_of_iri

_GIVES_NO_FACTS: Final = jhaan("givesNoFacts")
_SHOWN: Final = 3
_POSITION: Final = jhaan("listPosition")
_LISTED_FOR: Final = frozenset(
    map(jhaan, ("about", "atEvent", "committedBy", "contentOf", "outcomeOf", "serviceIn"))
)
_LIST_ITEM: Final = f"/{PassageKind.LIST_ITEM.step}/"
"""The part of an IRI that identifies a list item.

If a list item has only one entry, its position is the number of the item, which is verified against the text instead.
"""


def check_owners(sources: Sources) -> Iterator[Finding]:
    """Find nodes of one report in the files of another.

    A wrong prefix would create them unnoticed.

    Any file may describe registered entities, such as a report itself or a continuing cooperation.

    Yields:
        An error for each such node, where a file first describes it.
    """
    registered = {statement.triple.subject for statement in sources.statements(Kind.REGISTER)}
    for file in sources.of_kind(Kind.SECTION, Kind.CURATION, Kind.LEXICON):
        lines: dict[str, int] = {}
        for statement in file.statements:
            if statement.triple.subject not in registered:
                lines.setdefault(iri_of(statement.triple.subject), statement.line)
        for iri, line in lines.items():
            owner = report_of_iri(iri)
            if owner in sources.trees and owner != file.entry.report:
                message = (
                    f"a file of {file.entry.report} must describe entities of that report only, "
                    f"but this one belongs to {owner}."
                )
                fix = f"Correct the prefix: its namespace must end with /{file.entry.report}/."
                yield Finding(file.name, line, Severity.ERROR, "other-report", compact(iri), message, fix)


def check_positions(sections: Iterable[Statement]) -> Iterator[Finding]:
    """Check the positions of entries against their order in the passage and subject.

    Args:
        sections: the statements of the section files.

    Yields:
        An error for each position that differs from the number of entries so far.
    """
    blocks: dict[str, list[Statement]] = defaultdict(list)
    for statement in sections:
        if statement.block is not None:
            blocks[statement.block.value].append(statement)
    for block, statements in blocks.items():
        lists: dict[object, set[object]] = defaultdict(set)
        for statement in statements:
            subject, predicate, value = statement.triple
            if predicate in _LISTED_FOR:
                lists[subject].add((predicate, value))
        positions = [
            (statement, int(statement.triple.object.value))
            for statement in statements
            if statement.triple.predicate == _POSITION
            and isinstance(statement.triple.object, Literal)
            and statement.triple.object.value.isdecimal()
            and statement.triple.subject in lists
        ]
        if len(positions) == 1 and _LIST_ITEM in block:
            continue
        for statement, position in positions:
            own = lists[statement.triple.subject]
            counted = sum(
                other <= position and not own.isdisjoint(lists[entry.triple.subject])
                for entry, other in positions
            )
            if counted != position:
                message = f"positions must count entries, but {locator(block)} has {counted} up to position {position}."
                fix = (
                    "Count the entries of the same subject in order of mention, from 1: jhaan:listPosition 1."
                )
                yield make_finding(statement, "position", message, fix)


def check_coverage(
    curation: Iterable[Statement], sections: Iterable[Statement], trees: Mapping[str, Document]
) -> Iterator[Finding]:
    """Find impossible notes on coverage.

    Args:
        curation: the statements of the curators.
        sections: the statements of the section files, with their blocks.
        trees: the trees of passages by the ids of their reports.

    Yields:
        An error for each note on a whole section, a passage with statements, no passage at all, or a passage noted
        twice.
    """
    facts: dict[NamedNode, str] = {}
    for statement in sections:
        if statement.block is not None:
            facts.setdefault(statement.block, f"{statement.path}:{statement.line}")
    noted: dict[NamedNode, str] = {}
    for statement in curation:
        passage = statement.triple.object
        if statement.triple.predicate != _GIVES_NO_FACTS or not isinstance(passage, NamedNode):
            continue
        fault = _check_passage(passage, trees)
        if fault is None and passage in facts:
            message = f"a passage in a coverage note must have no statements, but {facts[passage]} has some."
            fault = ("note-contradicted", message, "Remove the passage from the note, or delete the block.")
        if fault is None and passage in noted:
            message = f"a passage must be in one coverage note, but it is also in {noted[passage]}."
            fault = ("noted-twice", message, "Keep it in one note.")
        if fault is not None:
            code, message, fix = fault
            yield make_finding(statement, code, message, fix, passage)
        noted.setdefault(passage, f"{statement.path}:{statement.line}")


def find_unread_passages(sources: Sources) -> Iterator[Finding]:
    """Find the passages of each section without statements and without a note.

    Yields:
        A hint for each such section, at its file; curation proceeds in small steps.
    """
    read = {statement.block for statement in sources.statements(Kind.SECTION)}
    read |= {
        statement.triple.object
        for statement in sources.statements(Kind.CURATION)
        if statement.triple.predicate == _GIVES_NO_FACTS and isinstance(statement.triple.object, NamedNode)
    }
    files = {(file.entry.report, file.entry.section): file.name for file in sources.of_kind(Kind.SECTION)}
    for report, tree in sources.trees.items():
        own: dict[str, list[NamedNode]] = defaultdict(list)
        for passage in tree.leaves:
            if section := tree.section_of(passage.iri):
                own[section].append(NamedNode(passage.iri))
        for section, passages in own.items():
            unread = [passage for passage in passages if passage not in read]
            if unread:
                shown = "; ".join(locator(passage.value) for passage in unread[:_SHOWN])
                more = f" and {len(unread) - _SHOWN} more" if len(unread) > _SHOWN else ""
                yield Finding(
                    files.get((report, section), f"data/reports/{report}/document.ttl"),
                    0,
                    Severity.INFO,
                    "not-yet-read",
                    compact(unread[0].value.partition(f"/section/{section}/")[0] + f"/section/{section}"),
                    f"{len(unread)} of {len(passages)} passages are not yet read: {shown}{more}.",
                    f"Add their statements, or a coverage note with the reason in data/curation/{report}/.",
                )


def _check_passage(passage: NamedNode, trees: Mapping[str, Document]) -> tuple[str, str, str] | None:
    """Return code, message and fix if a passage must not have a note; otherwise None."""
    homes = (tree.section_of(passage.value) for tree in trees.values())
    home = next((section for section in homes if section is not None), None)
    if home is None:
        known = [iri for tree in trees.values() for iri in tree.by_iri]
        near = nearest(passage.value, known, most=1)
        fix = f"Did you mean {compact(near[0])}?" if near else "Name a passage of the report by its IRI."
        return "unknown-passage", "a coverage note must name passages, but no report has this one.", fix
    if passage.value.endswith(f"/section/{home}"):
        message = "a coverage note must name the passages of a section, not the section."
        return (
            "note-on-section",
            message,
            "Name its heading, paragraphs or other passages without statements.",
        )
    return None
