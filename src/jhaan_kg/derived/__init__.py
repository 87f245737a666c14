"""Findings that the pipeline derives by itself, and their comparison with those that curators wrote.

What is derived, by which rule, and what a rule can't see: `docs/derived-findings.md`.
"""

from __future__ import annotations

from jhaan_kg.derived.compare import compare
from jhaan_kg.derived.model import Derived, DerivedKind
from jhaan_kg.derived.numbering import numbering_faults
from jhaan_kg.derived.statements import contested_values, count_differences, timeline_differences
from jhaan_kg.derived.text import list_differences, names_used_once
from jhaan_kg.graph import Graph
from jhaan_kg.passages import Report

__all__ = ["Derived", "DerivedKind", "compare", "derive"]


def derive(graph: Graph, report: Report) -> list[Derived]:
    """Derive what a reader should know of a report's text and of how its sections agree.

    Args:
        graph: a snapshot with its evidence and without context.
        report: the report with its text.

    Returns:
        The findings, sorted by line of the text.
    """
    found = (
        *contested_values(graph, report),
        *timeline_differences(graph, report),
        *count_differences(graph, report),
        *list_differences(report),
        *names_used_once(graph, report),
        *numbering_faults(report),
    )
    return sorted(found, key=lambda one: (one.line, one.kind.code, one.message))
