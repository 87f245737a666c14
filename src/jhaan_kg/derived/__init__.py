"""Findings that the pipeline derives, and their comparison with those of the curators.

`docs/verification.md` describes the rules and their limits.
"""

from __future__ import annotations

from jhaan_kg.derived.findings import Derived, DerivedKind, compare
from jhaan_kg.derived.numbering import check_numbering
from jhaan_kg.derived.statements import compare_counts, compare_timeline, find_contested_values
from jhaan_kg.derived.text import compare_lists, find_names_used_once
from jhaan_kg.graph import Graph
from jhaan_kg.passages import Report

__all__ = ["Derived", "DerivedKind", "compare", "derive"]


def derive(graph: Graph, report: Report) -> list[Derived]:
    """Derive findings on a report's text and on the consistency of its sections.

    Args:
        graph: a snapshot with its evidence and without context.
        report: the report with its text.

    Returns:
        The findings, sorted by line of the text.
    """
    found = (
        *find_contested_values(graph, report),
        *compare_timeline(graph, report),
        *compare_counts(graph, report),
        *compare_lists(report),
        *find_names_used_once(graph, report),
        *check_numbering(report),
    )
    return sorted(found, key=lambda one: (one.line, one.kind.code, one.message))
