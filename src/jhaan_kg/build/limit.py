"""Sources limited to one report, for a snapshot in which nothing speaks of another one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from pyoxigraph import NamedNode

from jhaan_kg.build.files import Kind
from jhaan_kg.build.parsed import Statement
from jhaan_kg.build.read import Sources
from jhaan_kg.reports import report_of_iri


def limit_sources(sources: Sources, report: str) -> Sources:
    """Return sources without other reports, their curation, and the register's entities that only they mention.

    Args:
        sources: all sources.
        report: the id of the report to keep.
    """

    def is_of_another(term: object) -> bool:
        return isinstance(term, NamedNode) and report_of_iri(term.value) not in ("", report)

    kept = tuple(file for file in sources.files if file.entry.report in ("", report))
    registered: defaultdict[object, set[object]] = defaultdict(set)
    for statement in sources.statements(Kind.REGISTER):
        registered[statement.triple.subject] |= _mentions([statement])
    wanted = _mentions(s for file in kept if file.kind is not Kind.REGISTER for s in file.statements)
    new = wanted & registered.keys()
    while new:
        linked = {term for entity in new for term in registered[entity]}
        new = linked & registered.keys() - wanted
        wanted |= new
    of_others = _mentions(s for file in sources.files if file not in kept for s in file.statements)
    gone = {
        entity
        for entity, terms in registered.items()
        if (entity in of_others and entity not in wanted) or any(is_of_another(term) for term in terms)
    }
    files = (
        replace(file, statements=tuple(s for s in file.statements if s.triple.subject not in gone))
        for file in kept
    )
    return Sources(sources.root, tuple(files), {report: sources.trees[report]})


def _mentions(statements: Iterable[Statement]) -> set[object]:
    return {
        term
        for statement in statements
        for term in (statement.triple.subject, statement.triple.object)
        if isinstance(term, NamedNode)
    }
