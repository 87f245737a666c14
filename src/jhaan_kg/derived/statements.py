"""Findings from the statements of passages.

These are conflicting values, gaps in the timeline, and numbers that differ from lists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from pyoxigraph import NamedNode, Triple

from jhaan_kg.derived.findings import TIMELINE_ENTRY, Derived, DerivedKind
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import CONTESTED_PARTS, DCAT, REIFIED_PARTS, SCHEMA, compact, jhaan
from jhaan_kg.passages import PassageKind, Report
from jhaan_kg.reports import locator

_CONTESTED_SUBJECT, _CONTESTED_PROPERTY, _CONTESTED_VALUE = CONTESTED_PARTS
_SUBJECT, _PREDICATE, _OBJECT = REIFIED_PARTS
_EVIDENCE_IN: Final = jhaan("evidenceIn")
_STATED_IN: Final = jhaan("statedIn")
_GIVES_NO_FACTS: Final = jhaan("givesNoFacts")

_QUANTITY_OF: Final = jhaan("quantityOf")


def read_passages(graph: Graph) -> set[str]:
    """Return the passages with statements, or with a coverage note that there are none."""
    found = (
        one.object for predicate in (_STATED_IN, _GIVES_NO_FACTS) for one in graph.triples(None, predicate)
    )
    return {passage.value for passage in found if isinstance(passage, NamedNode)}


def find_contested_values(graph: Graph, report: Report) -> Iterator[Derived]:
    """Yield a finding for each entity and property with reconciled values.

    It contains all sides and their passages.
    """
    sides: defaultdict[tuple[str, str], list[NamedNode]] = defaultdict(list)
    for node in graph.instances(jhaan("ContestedStatement")):
        sides[graph.text(node, _CONTESTED_SUBJECT), graph.text(node, _CONTESTED_PROPERTY)].append(node)
    for (thing, prop), nodes in sorted(sides.items()):
        stated = {
            graph.text(node, _CONTESTED_VALUE): _find_stating_passages(graph, report, node) for node in nodes
        }
        passages = report.document.in_order(iri for own in stated.values() for iri in own)
        if passages:
            values = "; ".join(
                f"{value} ({'; '.join(map(locator, own))})" for value, own in sorted(stated.items()) if own
            )
            yield Derived(
                report.line_of(passages[0]),
                DerivedKind.CONTESTED_VALUE,
                f"{compact(prop)} of {compact(thing)} differs between passages: {values}.",
                passages,
                thing,
                prop,
            )


def _find_stating_passages(graph: Graph, report: Report, node: NamedNode) -> tuple[str, ...]:
    """Return the passages of a report with statements about a node, in reading order."""
    return report.document.in_order(graph.texts(node, _STATED_IN))


def compare_timeline(graph: Graph, report: Report) -> Iterator[Derived]:
    """Yield the differences between the timeline and the rest of the report.

    There are none without a timeline.
    """
    entries = {
        event: own
        for event in graph.subjects(TIMELINE_ENTRY)
        if (own := report.document.in_order(graph.texts(event, TIMELINE_ENTRY)))
    }
    if entries:
        yield from _find_missing_events(graph, report, entries)
        if read_passages(graph).issuperset(passage.iri for passage in report.document.leaves):
            yield from _find_additional_events(graph, report, entries)


def _find_missing_events(graph: Graph, report: Report, entries: Collection[NamedNode]) -> Iterator[Derived]:
    """Yield the events with a day in the report's period but without an entry.

    Events with only a month or year are left out, since the timeline may have them under another name. The table of
    contents counts as text, since it dates events.
    """
    period = NamedNode(
        graph.text(NamedNode(report.document.report), jhaan("reportOn")) or report.document.report
    )
    first, last = (
        graph.text(period, NamedNode(DCAT + "startDate")),
        graph.text(period, NamedNode(DCAT + "endDate")),
    )
    for event in graph.instances(jhaan("Event")):
        days = graph.texts(event, NamedNode(SCHEMA + "startDate"))
        day = next((day for day in days if (not first or first <= day) and (not last or day <= last)), "")
        passages = _find_stating_passages(graph, report, event)
        if day and passages and event not in entries:
            yield Derived(
                report.line_of(passages[0]),
                DerivedKind.MISSING_FROM_TIMELINE,
                f"{compact(event.value)} is dated {day} ({'; '.join(map(locator, passages))}), but no entry of the "
                "timeline has it.",
                passages,
                event.value,
            )


def _find_additional_events(
    graph: Graph, report: Report, entries: Mapping[NamedNode, tuple[str, ...]]
) -> Iterator[Derived]:
    """Yield the entries whose events no passage outside the timeline's section names.

    The table of contents does not count: it only announces sections. The result is valid only if every passage was
    read, since an unread one may name any event.
    """
    tree = report.document.by_iri
    for event, passages in entries.items():
        sections = {tree[entry].parent for entry in passages}
        naming = set(graph.texts(event, _STATED_IN))
        for assertion in graph.subjects(_OBJECT, event):
            # Count assertions of reports only. The passages of a curators' assertion are its basis, and need not name
            # the event.
            if any(graph.nodes(subject, _STATED_IN) for subject in graph.nodes(assertion, _SUBJECT)):
                naming.update(graph.texts(assertion, _EVIDENCE_IN))
        elsewhere = any(
            tree[passage].parent not in sections and tree[passage].kind is not PassageKind.CONTENTS_ENTRY
            for passage in naming & tree.keys()
        )
        if not elsewhere:
            yield Derived(
                report.line_of(passages[0]),
                DerivedKind.ONLY_IN_TIMELINE,
                f"{compact(event.value)} ({'; '.join(map(locator, passages))}) is named by no passage outside the "
                "timeline.",
                passages,
                event.value,
            )


def compare_counts(graph: Graph, report: Report) -> Iterator[Derived]:
    """Yield exact numbers that differ from the graph's list for the same entity and unit.

    In the ontology, the unit has the properties that list what it counts. If they list nothing, the report may state
    a number without a list, and there is no difference.
    """
    for quantity in graph.subjects(_QUANTITY_OF):
        value, unit = graph.text(quantity, jhaan("value")), graph.text(quantity, jhaan("unit"))
        if not value or graph.text(quantity, jhaan("qualifier")):
            continue
        passages = _find_stating_passages(graph, report, quantity)
        for thing in graph.nodes(quantity, _QUANTITY_OF):
            listed = _list_things(graph, report, thing, NamedNode(unit)) if unit else []
            if passages and listed and len(listed) != int(value):
                yield Derived(
                    report.line_of(passages[0]),
                    DerivedKind.COUNT_DIFFERS,
                    f"{locator(passages[0])} counts {value} {compact(unit)} of {compact(thing.value)}, but the graph "
                    f"lists {len(listed)}: {', '.join(map(compact, listed))}.",
                    passages,
                    thing.value,
                )


def _list_things(graph: Graph, report: Report, thing: NamedNode, unit: NamedNode) -> list[str]:
    """Return the listed entities, except those that only other reports list, for another year."""
    pairs = [
        (value, Triple(thing, prop, value))
        for prop in graph.nodes(unit, jhaan("countsObjectsOf"))
        for value in graph.nodes(thing, prop)
    ]
    pairs += [
        (value, Triple(value, prop, thing))
        for prop in graph.nodes(unit, jhaan("countsSubjectsOf"))
        for value in graph.subjects(prop, thing)
    ]
    return sorted({value.value for value, triple in pairs if _may_be_of(graph, report, triple)})


def _may_be_of(graph: Graph, report: Report, triple: Triple) -> bool:
    """Return whether a report states a triple, or no report does.

    In the second case, it is inferred from others.
    """
    assertions = set(graph.subjects(_SUBJECT, triple.subject)) & set(graph.subjects(_OBJECT, triple.object))
    passages = [
        passage
        for assertion in assertions
        if graph.nodes(assertion, _PREDICATE) == [triple.predicate]
        for passage in graph.texts(assertion, _EVIDENCE_IN)
    ]
    return not passages or any(passage in report.document.by_iri for passage in passages)
