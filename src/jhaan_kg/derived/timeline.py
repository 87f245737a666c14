"""Derived: an event in the text that the report's timeline leaves out, and the reverse."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from pyoxigraph import NamedNode

from jhaan_kg.derived.facts import STATED_IN, Facts
from jhaan_kg.derived.model import Derived, DerivedKind
from jhaan_kg.derived.source import Source
from jhaan_kg.namespaces import DCAT, SCHEMA, compact, jhaan
from jhaan_kg.passages import Kind, locator

TIMELINE_ENTRY: Final = jhaan("timelineEntry")
_REPORT_ON: Final = jhaan("reportOn")
_DAY: Final = NamedNode(SCHEMA + "startDate")
_FIRST_DAY: Final = NamedNode(DCAT + "startDate")
_LAST_DAY: Final = NamedNode(DCAT + "endDate")


def timeline_differences(facts: Facts, source: Source) -> Iterator[Derived]:
    """Compare the timeline with the rest of the report; a report without timeline has no differences."""
    entries = {
        event: own
        for event, all_of in facts.values(TIMELINE_ENTRY).items()
        if (own := source.in_order(all_of))
    }
    if entries:
        yield from _missing(facts, source, entries)
        if all(passage.iri in facts.read_passages for passage in source.document.leaves):
            yield from _only_there(facts, source, entries)


def _missing(facts: Facts, source: Source, entries: Collection[str]) -> Iterator[Derived]:
    """Give the events with a day in the period of the report and without entry.

    An event of which only a month or year is told may be one that the timeline has under another name: it is left
    out. The contents list counts as text, since it dates events.
    """
    period = facts.one(source.document.report, _REPORT_ON)
    first, last = facts.one(period, _FIRST_DAY), facts.one(period, _LAST_DAY)
    for event in facts.instances("Event"):
        days = facts.values(_DAY).get(event, ())
        passages = source.in_order(facts.values(STATED_IN).get(event, ()))
        day = next((day for day in days if (not first or first <= day) and (not last or day <= last)), "")
        if day and passages and event not in entries:
            yield Derived(
                source.line_of(passages[0]),
                DerivedKind.MISSING_FROM_TIMELINE,
                f"{compact(event)} is dated {day} ({', '.join(map(locator, passages))}), but no entry of the "
                "timeline has it.",
                passages,
                event,
            )


def _only_there(facts: Facts, source: Source, entries: Mapping[str, tuple[str, ...]]) -> Iterator[Derived]:
    """Give the entries whose events no passage names outside the timeline's section.

    The contents list does not count: it announces sections and tells nothing itself. All that holds only if every
    passage was read, since an unread one may name any event.
    """
    tree = source.document.by_iri
    for event, passages in sorted(entries.items()):
        own = {tree[entry].parent for entry in passages}
        elsewhere = [
            passage
            for passage in facts.named_in[event]
            if passage in tree
            and tree[passage].parent not in own
            and tree[passage].kind is not Kind.CONTENTS_ENTRY
        ]
        if not elsewhere:
            yield Derived(
                source.line_of(passages[0]),
                DerivedKind.ONLY_IN_TIMELINE,
                f"{compact(event)} ({', '.join(map(locator, passages))}) is named by no passage outside the "
                "timeline.",
                passages,
                event,
            )
