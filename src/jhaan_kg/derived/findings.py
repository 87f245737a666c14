"""The findings of the pipeline, and their differences from those of the curators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.errors import Finding, Severity
from jhaan_kg.graph import Graph, local_name
from jhaan_kg.namespaces import DCTERMS, ID, compact, jhaan
from jhaan_kg.reports import report_of_iri

TIMELINE_ENTRY: Final = jhaan("timelineEntry")
_FINDING_KIND: Final = jhaan("findingKind")
_BASED_ON: Final = jhaan("basedOn")
_IS_PART_OF: Final = NamedNode(DCTERMS + "isPartOf")

_COMPLETE: Final = frozenset({"HeadingLost", "NumberRepeated"})
"""The kinds of curated findings that the derivation finds completely.

The text alone decides them.
"""


class DerivedKind(Enum):
    """The kinds of derived findings.

    Each has a stable name, and the kinds of curated findings that may cover it.

    A stub proposes the first of the latter. A contested value has none: a decision covers it.

    >>> DerivedKind.NUMBER_REPEATED.code, DerivedKind.NUMBER_REPEATED.curated_as
    ('number-repeated', ('NumberRepeated',))
    """

    CONTESTED_VALUE = ("contested-value",)
    MISSING_FROM_TIMELINE = ("missing-from-timeline", "ScopeOfList")
    ONLY_IN_TIMELINE = ("only-in-timeline", "ScopeOfList", "NotNamed")
    COUNT_DIFFERS = ("count-differs", "PassagesDiffer", "NotNamed", "ScopeOfList", "Misprint")
    NAME_USED_ONCE = ("name-used-once", "NotExplained", "Misprint", "SeveralNames")
    HEADING_LOST = ("heading-lost", "HeadingLost")
    HEADING_DIFFERS = ("heading-differs", "PassagesDiffer", "Misprint", "SeveralNames")
    HEADING_UNLISTED = ("heading-unlisted", "PassagesDiffer", "Misprint")
    NUMBER_REPEATED = ("number-repeated", "NumberRepeated")
    NUMBER_SKIPPED = ("number-skipped", "LostContent", "Misprint")
    NOTE_WITHOUT_MARK = ("note-without-mark", "LostContent")
    MARK_WITHOUT_NOTE = ("mark-without-note", "LostContent", "Misprint")

    def __init__(self, code: str, *curated_as: str) -> None:
        self.code = code
        self.curated_as = curated_as


class Derived(NamedTuple):
    """A finding from the graph and the text, without a curator.

    Attributes:
        line: the line of the report's text, from 1.
        kind: the kind of the finding.
        message: the finding, for people.
        passages: the IRIs of the passages concerned, in reading order.
        thing: the IRI of the entity that it is about; empty if it is about the text alone.
        property: for a contested value, the IRI of the property.
    """

    line: int
    kind: DerivedKind
    message: str
    passages: tuple[str, ...]
    thing: str = ""
    property: str = ""

    def __str__(self) -> str:
        """Return the finding as one line for people.

        >>> print(Derived(929, DerivedKind.NUMBER_REPEATED, "Figure 5 is there twice.", ()))
        line 929 of the report's text: [number-repeated] Figure 5 is there twice.
        """
        return f"line {self.line} of the report's text: [{self.kind.code}] {self.message}"


class _Curated(NamedTuple):
    """A curators' finding: the local name of its kind, its passages, and its subject."""

    node: str
    kind: str
    passages: frozenset[str]
    things: frozenset[str]

    def covers(self, derived: Derived) -> bool:
        """Return whether this finding covers a derived one.

        A finding about an entity must name the entity and share a passage, since more passages may mention it later.
        A finding about the text alone must be based on all passages concerned, its only identification.
        """
        if self.kind not in derived.kind.curated_as:
            return False
        if derived.thing:
            return derived.thing in self.things and not self.passages.isdisjoint(derived.passages)
        return self.passages.issuperset(derived.passages)


def compare(derived: Iterable[Derived], graph: Graph, report: str) -> list[Finding]:
    """Compare the derived findings with the findings and decisions of curation.

    Args:
        derived: all derived findings of a report.
        graph: the snapshot from which it was derived.
        report: the id of the report.

    Returns:
        The differences, sorted: an ERROR `finding-not-curated` for a derived finding that no curator recorded; a
        WARNING `finding-not-derived` for a recorded one that the data no longer support, if the derivation finds all
        findings of the kind.
    """
    everything = list(derived)
    curated = [
        _Curated(node.value, local_name(kind), passages, frozenset(graph.texts(node, jhaan("concernsThing"))))
        for node in graph.subjects(_FINDING_KIND)
        for kind in graph.texts(node, _FINDING_KIND)[:1]
        for passages in [frozenset(graph.texts(node, _BASED_ON))]
        if any(passage.startswith(f"{ID}report/{report}/") for passage in passages)
    ]
    folder = f"data/curation/{report}"
    differences = []
    for one in everything:
        if one.kind is DerivedKind.CONTESTED_VALUE:
            is_curated = any(
                one.property in graph.texts(decision, jhaan("onProperty"))
                and report_of_iri(decision.value) == report
                for decision in graph.subjects(jhaan("onSubject"), NamedNode(one.thing))
            )
        else:
            is_curated = any(finding.covers(one) for finding in curated)
        if not is_curated:
            differences.append(_not_curated_finding(one, folder))
    differences += (
        _not_derived_finding(finding.node, "the text does not show it.", folder)
        for finding in curated
        if finding.kind in _COMPLETE and not any(finding.covers(one) for one in everything)
    )
    differences += _find_wrong_omissions(curated, graph, folder)
    return sorted(differences)


def _not_curated_finding(derived: Derived, folder: str) -> Finding:
    based_on = f"jhaan:basedOn {', '.join(f'<{passage}>' for passage in derived.passages)} ."
    if derived.kind is DerivedKind.CONTESTED_VALUE:
        file = "decisions"
        stub = (
            f"decision:NAME jhaan:onSubject <{derived.thing}> ; jhaan:onProperty <{derived.property}> ; "
            f'jhaan:prefers … ; jhaan:reason "…"@en ; jhaan:severity jhaan:… ; {based_on}'
        )
    else:
        file = "findings"
        thing = f"jhaan:concernsThing <{derived.thing}> ; " if derived.thing else ""
        stub = (
            f"finding:NAME jhaan:findingKind jhaan:{derived.kind.curated_as[0]} ; jhaan:severity jhaan:… ; "
            f'jhaan:summary "…"@en ; {thing}{based_on}'
        )
    return Finding(
        f"{folder}/{file}.ttl",
        0,
        Severity.ERROR,
        "finding-not-curated",
        compact(derived.thing or derived.passages[0]),
        f"{derived}",
        f"Record what a reader should know about it: {stub}",
    )


def _find_wrong_omissions(curated: Iterable[_Curated], graph: Graph, folder: str) -> Iterator[Finding]:
    """Yield the findings that wrongly report a missing timeline entry.

    They report an event as missing from the timeline, although an entry has it.

    Such a finding is based on the whole timeline or on its heading, and on none of its entries.
    """
    entry_of = {event.value: graph.nodes(event, TIMELINE_ENTRY) for event in graph.subjects(TIMELINE_ENTRY)}
    entries = {entry for own in entry_of.values() for entry in own}
    sections = {section for entry in entries for section in graph.nodes(entry, _IS_PART_OF)}
    for finding in curated:
        if finding.kind != "ScopeOfList":
            continue
        passages = set(map(NamedNode, finding.passages))
        on_timeline = any(
            passage in sections or not sections.isdisjoint(graph.nodes(passage, _IS_PART_OF))
            for passage in passages
        )
        if on_timeline and entries.isdisjoint(passages):
            for event in sorted(finding.things & entry_of.keys()):
                entry = compact(entry_of[event][0].value)
                why = f"it states that the timeline lacks {compact(event)}, but {entry} lists it."
                yield _not_derived_finding(finding.node, why, folder)


def _not_derived_finding(node: str, why: str, folder: str) -> Finding:
    return Finding(
        f"{folder}/findings.ttl",
        0,
        Severity.WARNING,
        "finding-not-derived",
        compact(node),
        f"the finding is not derived: {why}",
        "Correct its type, its passages or the entities that it concerns, or delete it.",
    )
