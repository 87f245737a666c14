"""Findings that the pipeline derives by itself, and their comparison with those that curators wrote.

What is derived, by which rule, and what a rule can't see: `docs/derived-findings.md`.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Quad

from jhaan_kg.derived.compare import compare
from jhaan_kg.derived.contested import contested_values
from jhaan_kg.derived.counts import count_differences
from jhaan_kg.derived.facts import Facts
from jhaan_kg.derived.lists import list_differences
from jhaan_kg.derived.model import Derived, DerivedKind
from jhaan_kg.derived.names import names_used_once
from jhaan_kg.derived.numbering import numbering_faults
from jhaan_kg.derived.source import Source
from jhaan_kg.derived.timeline import timeline_differences
from jhaan_kg.passages import Document

__all__ = ["Derived", "DerivedKind", "compare", "derive"]


def derive(quads: Iterable[Quad], document: Document, text: str) -> list[Derived]:
    """Derive what a reader should know of a report's text and of how its sections agree.

    Args:
        quads: a snapshot with its evidence and without context, in any order.
        document: the tree of passages of the text.
        text: the report's text, with its line ends as they are.

    Returns:
        What was found, sorted by line of the text.
    """
    facts, source = Facts(quads), Source(document, text)
    found = (
        *contested_values(facts, source),
        *timeline_differences(facts, source),
        *count_differences(facts, source),
        *list_differences(source),
        *names_used_once(facts, source),
        *numbering_faults(source),
    )
    return sorted(found, key=lambda one: (one.line, one.kind.code, one.message))
