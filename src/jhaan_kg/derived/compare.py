"""What is derived against what curators wrote: the differences, as findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, Quad

from jhaan_kg.derived.facts import Facts
from jhaan_kg.derived.model import Derived, DerivedKind
from jhaan_kg.derived.timeline import TIMELINE_ENTRY
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import DCTERMS, ID, compact, jhaan
from jhaan_kg.reports import report_of_iri

_FINDING_KIND: Final = jhaan("findingKind")
_BASED_ON: Final = jhaan("basedOn")
_CONCERNS: Final = jhaan("concernsThing")
_ON_SUBJECT: Final = jhaan("onSubject")
_ON_PROPERTY: Final = jhaan("onProperty")
_IS_PART_OF: Final = NamedNode(DCTERMS + "isPartOf")

_COMPLETE: Final = frozenset({"HeadingLost", "NumberRepeated"})
"""The kinds of curated findings of which the derivation finds every one: the text alone decides them."""


class _Curated(NamedTuple):
    """A finding that curators wrote.

    Attributes:
        node: its IRI.
        kind: the local name of its kind.
        passages: what it rests on.
        things: what it is about.
    """

    node: str
    kind: str
    passages: frozenset[str]
    things: frozenset[str]

    def covers(self, derived: Derived) -> bool:
        """Whether it says what was derived.

        Of a thing it must name the thing and share a passage: as more passages are read, more of them tell of the
        thing. Of the text alone it must rest on all passages concerned, since they are all that identifies it.
        """
        if self.kind not in derived.kind.curated_as:
            return False
        if derived.thing:
            return derived.thing in self.things and not self.passages.isdisjoint(derived.passages)
        return self.passages.issuperset(derived.passages)


def compare(derived: Iterable[Derived], quads: Iterable[Quad], report: str) -> list[Finding]:
    """Compare what was derived with the findings and decisions of curation.

    Args:
        derived: what was derived of a report, all of it.
        quads: the snapshot from which it was derived.
        report: the id of the report.

    Returns:
        The differences, sorted: an ERROR `finding-not-curated` for what was derived and no curator recorded; a
        WARNING `finding-not-derived` for what a curator recorded and the data no longer bear out, where the
        derivation finds every finding of the kind.
    """
    facts = Facts(quads)
    curated = _curated(facts, f"{ID}report/{report}/")
    folder = f"data/curation/{report}"
    everything = list(derived)
    differences = [
        _not_curated(one, folder) for one in everything if not _is_curated(one, curated, facts, report)
    ]
    differences += (
        _not_derived(finding.node, "the text does not show it.", folder)
        for finding in curated
        if finding.kind in _COMPLETE and not any(finding.covers(one) for one in everything)
    )
    differences += _listed_after_all(curated, facts, folder)
    return sorted(differences)


def _curated(facts: Facts, report: str) -> list[_Curated]:
    """Give the findings that rest on passages of a report, given by the beginning of their IRIs."""
    return [
        _Curated(
            node,
            kinds[0].removeprefix(jhaan("").value),
            frozenset(facts.values(_BASED_ON).get(node, ())),
            frozenset(facts.values(_CONCERNS).get(node, ())),
        )
        for node, kinds in sorted(facts.values(_FINDING_KIND).items())
        if any(passage.startswith(report) for passage in facts.values(_BASED_ON).get(node, ()))
    ]


def _is_curated(derived: Derived, curated: Iterable[_Curated], facts: Facts, report: str) -> bool:
    if derived.kind is DerivedKind.CONTESTED_VALUE:
        decisions = facts.subjects(_ON_SUBJECT).get(derived.thing, ())
        return any(
            derived.property in facts.values(_ON_PROPERTY).get(one, ()) and report_of_iri(one) == report
            for one in decisions
        )
    return any(finding.covers(derived) for finding in curated)


def _not_curated(derived: Derived, folder: str) -> Finding:
    is_contested = derived.kind is DerivedKind.CONTESTED_VALUE
    return Finding(
        f"{folder}/{'decisions' if is_contested else 'findings'}.ttl",
        0,
        Severity.ERROR,
        "finding-not-curated",
        compact(derived.thing or derived.passages[0]),
        f"{derived}",
        f"Say here what a reader should know of it: {_stub_decision(derived) if is_contested else _stub(derived)}",
    )


def _stub(derived: Derived) -> str:
    thing = f"jhaan:concernsThing <{derived.thing}> ; " if derived.thing else ""
    return (
        f"finding:NAME jhaan:findingKind jhaan:{derived.kind.curated_as[0]} ; jhaan:severity jhaan:… ; "
        f'jhaan:summary "…"@en ; {thing}jhaan:basedOn {_written(derived.passages)} .'
    )


def _stub_decision(derived: Derived) -> str:
    return (
        f"decision:NAME jhaan:onSubject <{derived.thing}> ; jhaan:onProperty <{derived.property}> ; "
        'jhaan:prefers … ; jhaan:reason "…"@en ; jhaan:severity jhaan:… ; '
        f"jhaan:basedOn {_written(derived.passages)} ."
    )


def _written(passages: Iterable[str]) -> str:
    return ", ".join(f"<{passage}>" for passage in passages)


def _listed_after_all(curated: Iterable[_Curated], facts: Facts, folder: str) -> Iterator[Finding]:
    """Give the findings that say that the timeline leaves out an event, where an entry has it.

    Such a finding rests on the timeline as a whole, or on its heading, and on none of its entries.
    """
    parts = facts.values(_IS_PART_OF)
    entries = set(facts.subjects(TIMELINE_ENTRY))
    sections = {section for entry in entries for section in parts.get(entry, ())}
    for finding in curated:
        on_timeline = any(
            passage in sections or not sections.isdisjoint(parts.get(passage, ()))
            for passage in finding.passages
        )
        if finding.kind == "ScopeOfList" and on_timeline and entries.isdisjoint(finding.passages):
            for event in sorted(finding.things & facts.values(TIMELINE_ENTRY).keys()):
                entry = compact(facts.one(event, TIMELINE_ENTRY))
                why = f"it says that the timeline lacks {compact(event)}, but {entry} has it."
                yield _not_derived(finding.node, why, folder)


def _not_derived(node: str, why: str, folder: str) -> Finding:
    return Finding(
        f"{folder}/findings.ttl",
        0,
        Severity.WARNING,
        "finding-not-derived",
        compact(node),
        f"the finding is not derived: {why}",
        "Correct its kind, its passages or what it concerns, or delete it.",
    )
