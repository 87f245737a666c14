"""The order in which a passage lists entities: positions run from 1 without gaps.

Shapes can't check it, since they see no passages, and each passage counts for itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal

from jhaan_kg.build.read import Statement
from jhaan_kg.checks.stated import iri_of
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import compact, jhaan
from jhaan_kg.passages.model import PassageKind
from jhaan_kg.reports import locator

_POSITION: Final = jhaan("listPosition")
_LISTED_FOR: Final = frozenset(
    map(jhaan, ("about", "atEvent", "committedBy", "contentOf", "outcomeOf", "serviceIn"))
)
_LIST_ITEM: Final = f"/{PassageKind.LIST_ITEM.step}/"
"""An entity that a list item states alone has the number of the item, which is checked against the text."""


def check_positions(sections: Iterable[Statement]) -> Iterator[Finding]:
    """Find positions that nobody gets who counts what a passage lists for one subject.

    Args:
        sections: what the section files state.

    Yields:
        An error for each position that is not the number of entries up to there.
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
        given = [
            (statement, int(statement.triple.object.value))
            for statement in statements
            if statement.triple.predicate == _POSITION
            and isinstance(statement.triple.object, Literal)
            and statement.triple.object.value.isdecimal()
            and statement.triple.subject in lists
        ]
        if len(given) == 1 and _LIST_ITEM in block:
            continue
        for statement, position in given:
            own = lists[statement.triple.subject]
            counted = sum(
                last <= position and not own.isdisjoint(lists[one.triple.subject]) for one, last in given
            )
            if counted != position:
                yield Finding(
                    statement.path,
                    statement.line,
                    Severity.ERROR,
                    "position",
                    compact(iri_of(statement.triple.subject)),
                    f"{locator(block)} lists {counted} up to position {position}.",
                    "Count what it lists for the same subject, in the order of mention, from 1: jhaan:listPosition 2.",
                )
