"""Sources limited to one report, for a snapshot that mentions no other report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg.build.files import Kind
from jhaan_kg.build.read import Sources
from jhaan_kg.reports import report_of_iri
from jhaan_kg.turtle import Statement

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
