"""Derived: two passages give different values to a watched property."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from jhaan_kg.derived.facts import STATED_IN, Facts
from jhaan_kg.derived.model import Derived, DerivedKind
from jhaan_kg.derived.source import Source
from jhaan_kg.namespaces import CONTESTED_PARTS, compact
from jhaan_kg.passages import locator

_SUBJECT, _PROPERTY, _VALUE = CONTESTED_PARTS


def contested_values(facts: Facts, source: Source) -> Iterator[Derived]:
    """Give one finding per thing and property whose values were reconciled, with each side and its passages."""
    sides: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for node in facts.instances("ContestedStatement"):
        sides[facts.one(node, _SUBJECT), facts.one(node, _PROPERTY)].append(node)
    for (thing, prop), nodes in sorted(sides.items()):
        stated = {
            facts.one(node, _VALUE): places
            for node in nodes
            if (places := source.in_order(facts.values(STATED_IN).get(node, ())))
        }
        passages = source.in_order(passage for places in stated.values() for passage in places)
        if passages:
            values = "; ".join(
                f"{value} ({', '.join(map(locator, places))})" for value, places in sorted(stated.items())
            )
            yield Derived(
                source.line_of(passages[0]),
                DerivedKind.CONTESTED_VALUE,
                f"{compact(prop)} of {compact(thing)} is told differently: {values}.",
                passages,
                thing,
                prop,
            )
