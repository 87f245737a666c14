"""Derived: a number that a passage states, and the list of what it counts in the graph, differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg.derived.facts import STATED_IN, Facts
from jhaan_kg.derived.model import Derived, DerivedKind
from jhaan_kg.derived.source import Source
from jhaan_kg.namespaces import compact, jhaan
from jhaan_kg.passages import locator

_QUANTITY_OF: Final = jhaan("quantityOf")
_VALUE: Final = jhaan("value")
_UNIT: Final = jhaan("unit")
_QUALIFIER: Final = jhaan("qualifier")
_EXACT: Final = jhaan("Exact").value
_COUNTS_OBJECTS_OF: Final = jhaan("countsObjectsOf")
_COUNTS_SUBJECTS_OF: Final = jhaan("countsSubjectsOf")


def count_differences(facts: Facts, source: Source) -> Iterator[Derived]:
    """Compare each exact number with what the graph lists for the same thing and unit.

    The unit says in the ontology which properties list what it counts. Where they list nothing, nothing is said:
    the report may give a number without a list.
    """
    for quantity, things in sorted(facts.values(_QUANTITY_OF).items()):
        value, unit = facts.one(quantity, _VALUE), facts.one(quantity, _UNIT)
        if not value or facts.one(quantity, _QUALIFIER) not in ("", _EXACT):
            continue
        passages = source.in_order(facts.values(STATED_IN).get(quantity, ()))
        for thing in things:
            listed = _listed(facts, source, thing, unit)
            if passages and listed and len(listed) != int(value):
                yield Derived(
                    source.line_of(passages[0]),
                    DerivedKind.COUNT_DIFFERS,
                    f"{locator(passages[0])} counts {value} {compact(unit)} of {compact(thing)}, but the graph "
                    f"lists {len(listed)}: {', '.join(map(compact, listed))}.",
                    passages,
                    thing,
                )


def _listed(facts: Facts, source: Source, thing: str, unit: str) -> list[str]:
    """Give what is listed; what other reports alone list is of another year."""
    found: set[str] = set()
    for prop in facts.values(_COUNTS_OBJECTS_OF).get(unit, ()):
        for value in facts.values(NamedNode(prop)).get(thing, ()):
            if _may_be_of(source, facts, (thing, prop, value)):
                found.add(value)
    for prop in facts.values(_COUNTS_SUBJECTS_OF).get(unit, ()):
        for value in facts.subjects(NamedNode(prop)).get(thing, ()):
            if _may_be_of(source, facts, (value, prop, thing)):
                found.add(value)
    return sorted(found)


def _may_be_of(source: Source, facts: Facts, triple: tuple[str, str, str]) -> bool:
    """Tell whether a report states a triple, or nobody does, so that it follows from others."""
    passages = facts.asserted_in.get(triple)
    return not passages or any(passage in source.document.by_iri for passage in passages)
