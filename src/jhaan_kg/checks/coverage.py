"""Coverage: what nobody has read, and notes on it.

A passage that is said to give no facts exists, and no block of a section file takes facts from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg.build.files import Kind
from jhaan_kg.build.read import Sources, Statement
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import compact, jhaan
from jhaan_kg.near import nearest
from jhaan_kg.passages import Document
from jhaan_kg.reports import locator

_GIVES_NO_FACTS: Final = jhaan("givesNoFacts")
_SHOWN: Final = 3


def check_coverage(
    curation: Iterable[Statement], sections: Iterable[Statement], trees: Mapping[str, Document]
) -> Iterator[Finding]:
    """Find notes on coverage that can't be true.

    Args:
        curation: what the curators state.
        sections: what the section files state, with the blocks that state it.
        trees: the trees of passages by the ids of their reports.

    Yields:
        An error for each noted passage that is no passage, is a whole section, states facts, or is noted twice.
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
        fault = _place_fault(passage, trees)
        if fault is None and passage in facts:
            message = f"noted as giving no facts, but a block states some: {facts[passage]}."
            fault = ("note-contradicted", message, "Take the passage out of the note, or delete the block.")
        if fault is None and passage in noted:
            fault = ("noted-twice", f"noted already: {noted[passage]}.", "Leave it in one note.")
        if fault is not None:
            code, message, fix = fault
            yield Finding(
                statement.path, statement.line, Severity.ERROR, code, compact(passage.value), message, fix
            )
        noted.setdefault(passage, f"{statement.path}:{statement.line}")


def unread_passages(sources: Sources) -> Iterator[Finding]:
    """Give for each section the passages that no block states anything of, and of which no note says why.

    Yields:
        A hint for each section that has some, at its file: a report is read little by little.
    """
    taken = {statement.block for statement in sources.statements(Kind.SECTION)}
    taken |= {
        statement.triple.object
        for statement in sources.statements(Kind.CURATION)
        if statement.triple.predicate == _GIVES_NO_FACTS and isinstance(statement.triple.object, NamedNode)
    }
    files = {(file.found.report, file.found.section): file.name for file in sources.of_kind(Kind.SECTION)}
    for report, tree in sources.trees.items():
        own: dict[str, list[NamedNode]] = defaultdict(list)
        for passage in tree.leaves:
            if section := tree.section_of(passage.iri):
                own[section].append(NamedNode(passage.iri))
        for section, passages in own.items():
            unread = [passage for passage in passages if passage not in taken]
            if unread:
                shown = ", ".join(locator(passage.value) for passage in unread[:_SHOWN])
                more = f" and {len(unread) - _SHOWN} more" if len(unread) > _SHOWN else ""
                yield Finding(
                    files.get((report, section), f"data/reports/{report}/document.ttl"),
                    0,
                    Severity.INFO,
                    "not-yet-read",
                    compact(unread[0].value.partition(f"/section/{section}/")[0] + f"/section/{section}"),
                    f"{len(unread)} of {len(passages)} passages are not yet read: {shown}{more}.",
                    f"State what they say, or note in data/curation/{report}/ why they give no facts.",
                )


def _place_fault(passage: NamedNode, trees: Mapping[str, Document]) -> tuple[str, str, str] | None:
    """Say, as code, message and fix, what is wrong with the place that a note names; None if nothing is."""
    homes = (tree.section_of(passage.value) for tree in trees.values())
    home = next((section for section in homes if section is not None), None)
    if home is None:
        known = [iri for tree in trees.values() for iri in tree.by_iri]
        near = nearest(passage.value, known, most=1)
        fix = f"Did you mean {compact(near[0])}?" if near else "Name a passage of the report by its IRI."
        return "unknown-passage", "no report has such a passage.", fix
    if passage.value.endswith(f"/section/{home}"):
        message = "a note names a whole section; read are its heading, its paragraphs and so on."
        return "note-on-section", message, "Name those passages of it that give no facts."
    return None
