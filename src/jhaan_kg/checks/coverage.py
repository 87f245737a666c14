"""Notes on coverage: what they say to give no facts, or to be read in part, is there, and no block contradicts it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.build.read import Statement, Tree
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import compact, jhaan

_GIVES_NO_FACTS: Final = jhaan("givesNoFacts")
_BEGUN: Final = jhaan("begun")


class _Fault(NamedTuple):
    """What is wrong with a note."""

    code: str
    message: str
    fix: str


def check_coverage(
    curation: Iterable[Statement], sections: Iterable[Statement], trees: Mapping[str, Tree]
) -> Iterator[Finding]:
    """Find notes on coverage that can't be true.

    Args:
        curation: what the curators state.
        sections: what the section files state, with the blocks that state it.
        trees: the trees of passages by the ids of their reports.

    Yields:
        An error for each noted passage that is no passage, is a whole section, states facts, or is noted twice; and for
        each section noted as begun that is no section, or of which all passages are read.
    """
    facts: dict[NamedNode, str] = {}
    for statement in sections:
        if statement.block is not None:
            facts.setdefault(statement.block, f"{statement.path}:{statement.line}")
    noted: dict[NamedNode, str] = {}
    begun: list[tuple[Statement, NamedNode]] = []
    for statement in curation:
        passage = statement.triple.object
        if not isinstance(passage, NamedNode):
            continue
        if statement.triple.predicate == _BEGUN:
            begun.append((statement, passage))
        if statement.triple.predicate != _GIVES_NO_FACTS:
            continue
        if fault := _fault(passage, trees, facts, noted):
            yield _finding(statement, passage, fault)
        noted.setdefault(passage, f"{statement.path}:{statement.line}")
    for statement, section in begun:
        if fault := _fault_of_begun(section, trees, {*facts, *noted}):
            yield _finding(statement, section, fault)


def _fault(
    passage: NamedNode,
    trees: Mapping[str, Tree],
    facts: Mapping[NamedNode, str],
    noted: Mapping[NamedNode, str],
) -> _Fault | None:
    """Say what is wrong with a note that a passage gives no facts; None if nothing is."""
    home = _home(passage, trees)
    if home is None:
        return _unknown(passage, trees)
    if _is_section(passage, home):
        message = "a note names a whole section; read are its heading, its paragraphs and so on."
        return _Fault("note-on-section", message, "Name those passages of it that give no facts.")
    if passage in facts:
        message = f"noted as giving no facts, but a block states some: {facts[passage]}."
        return _Fault("note-contradicted", message, "Take the passage out of the note, or delete the block.")
    if passage in noted:
        return _Fault("noted-twice", f"noted already: {noted[passage]}.", "Leave it in one note.")
    return None


def _fault_of_begun(
    section: NamedNode, trees: Mapping[str, Tree], read: Iterable[NamedNode]
) -> _Fault | None:
    """Say what is wrong with a note that a section is read in part only; None if nothing is."""
    home = _home(section, trees)
    if home is None or not _is_section(section, home):
        return _unknown(section, trees)
    inside = {
        one for tree in trees.values() for one in tree.passages if one.value.startswith(f"{section.value}/")
    }
    if inside <= set(read):
        message = "noted as begun, but each of its passages states facts or is noted to give none."
        return _Fault("begun-and-done", message, "Delete the note.")
    return None


def _home(passage: NamedNode, trees: Mapping[str, Tree]) -> str | None:
    """Give the number of the section that a passage is or stands in; None if no report has it."""
    homes = (tree.section_of(passage) for tree in trees.values())
    return next((section for section in homes if section is not None), None)


def _is_section(passage: NamedNode, home: str) -> bool:
    return passage.value.endswith(f"/section/{home}")


def _unknown(passage: NamedNode, trees: Mapping[str, Tree]) -> _Fault:
    known = [known.value for tree in trees.values() for known in tree.passages]
    near = difflib.get_close_matches(passage.value, known, n=1)
    fix = f"Did you mean {compact(near[0])}?" if near else "Name a passage of the report by its IRI."
    return _Fault("unknown-passage", "no report has such a passage.", fix)


def _finding(statement: Statement, passage: NamedNode, fault: _Fault) -> Finding:
    subject = compact(passage.value)
    return Finding(
        statement.path, statement.line, Severity.ERROR, fault.code, subject, fault.message, fault.fix
    )
