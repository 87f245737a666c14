"""Contested values: where passages of one report contradict each other, one side is preferred and both are kept.

For one subject, two values of a watched property contradict each other unless one contains the other: a place within
a place, a period within a period. A day contradicts the period of its event if it lies outside. Reports don't
contradict each other: what changes over the years is no conflict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.assemble import Assembled, Assertion, Occurrence
from jhaan_kg.build.evidence import Premises
from jhaan_kg.build.graphs import Layer, reconciled_graph
from jhaan_kg.digests import node_for
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import CONTESTED_PARTS, PREFIXES, RDF_TYPE, SCHEMA, compact, jhaan

Value: TypeAlias = NamedNode | Literal

_SINGLE_VALUED: Final = jhaan("singleValued")
_IN_PERIOD: Final = jhaan("inPeriod")
_DAYS: Final = frozenset({NamedNode(SCHEMA + "startDate"), NamedNode(SCHEMA + "endDate")})
_WITHIN: Final = jhaan("within")
_START: Final = NamedNode(PREFIXES["dcat"] + "startDate")
_END: Final = NamedNode(PREFIXES["dcat"] + "endDate")
_ON_SUBJECT: Final = jhaan("onSubject")
_ON_PROPERTY: Final = jhaan("onProperty")
_PREFERS: Final = jhaan("prefers")
_STATED_IN: Final = jhaan("statedIn")


@dataclass(frozen=True)
class Reconciled:
    """What the sources state, less the sides of contradictions that are not preferred.

    Attributes:
        assembled: the graphs without those sides; the assertions are all still there.
        contested: per graph of contested values the triples of the statement nodes, with their premises.
    """

    assembled: Assembled
    contested: Mapping[NamedNode, Mapping[Triple, Premises]]


class _Decision(NamedTuple):
    """What curation decides.

    Attributes:
        node: the decision.
        subject: the thing with a contested value.
        property: the property.
        value: the value that is used.
        premises: the triples that say so.
    """

    node: NamedNode
    subject: NamedNode
    property: NamedNode
    value: Value
    premises: Premises


def reconcile(assembled: Assembled) -> tuple[Reconciled, list[Finding]]:
    """Settle contradictions by the decisions of curation.

    Returns:
        The settled graphs, and what is wrong: contradictions without decision, decisions without contradiction, two
        values in one passage, curation or context that contests the report. Where something is wrong, the triples
        concerned stay as they are.
    """
    watched = {
        triple.subject
        for triple in assembled.ontology
        if triple.predicate == _SINGLE_VALUED and triple.object == Literal(True)
    }
    values = _Values(assembled)
    findings: list[Finding] = []
    contested: dict[NamedNode, Mapping[Triple, Premises]] = {}
    removed: dict[Triple, set[str]] = defaultdict(set)
    for report in assembled.trees:
        stated = _stated(assembled.assertions.values(), report, watched)
        settled = _Report(assembled, values, report, stated)
        findings += settled.findings
        contested[reconciled_graph(report)] = settled.statements
        for triple in settled.others:
            removed[triple].add(report)
    findings += _contests_from_outside(assembled, values, watched)
    return Reconciled(_without(assembled, removed), {g: t for g, t in contested.items() if t}), findings


def _stated(
    assertions: Iterable[Assertion], report: str, watched: Collection[object]
) -> dict[NamedNode, dict[Triple, tuple[Occurrence, ...]]]:
    """Give per subject the triples of watched properties that passages of a report state, with their places."""
    found: dict[NamedNode, dict[Triple, tuple[Occurrence, ...]]] = defaultdict(dict)
    for assertion in assertions:
        subject = assertion.triple.subject
        if assertion.triple.predicate in watched and isinstance(subject, NamedNode):
            places = tuple(o for o in assertion.occurrences if o.report == report and o.passage is not None)
            if places:
                found[subject][assertion.triple] = places
    return found


class _Values:
    """What contains what: places and periods."""

    def __init__(self, assembled: Assembled) -> None:
        layers = (Layer.REGISTER, Layer.REPORT, Layer.CURATION)
        self._wider: dict[object, set[object]] = defaultdict(set)
        self._spans: dict[object, dict[NamedNode, str]] = defaultdict(dict)
        for subject, predicate, value in assembled.triples(*layers):
            if predicate == _WITHIN:
                self._wider[subject].add(value)
            elif predicate in (_START, _END) and isinstance(value, Literal):
                self._spans[subject][predicate] = value.value

    def contradict(self, one: Triple, other: Triple) -> bool:
        """Say whether two triples about one subject contradict each other."""
        if one.predicate == other.predicate:
            return not (self._contains(one.object, other.object) or self._contains(other.object, one.object))
        if one.predicate == _IN_PERIOD:
            one, other = other, one
        return (
            one.predicate in _DAYS
            and other.predicate == _IN_PERIOD
            and not self._contains(other.object, one.object)
        )

    def _contains(self, whole: object, part: object) -> bool:
        if whole == part:
            return True
        outer, inner = self._span(whole), self._span(part)
        if outer and inner:
            return outer[0] <= inner[0] and inner[1] <= outer[1]
        reached, ahead = {part}, [part]
        while ahead:
            wider = self._wider.get(ahead.pop(), set()) - reached
            reached |= wider
            ahead += wider
        return whole in reached

    def _span(self, value: object) -> tuple[str, str] | None:
        """Give first and last day; days as ISO 8601 writes them sort by time."""
        if isinstance(value, Literal):
            return value.value, value.value
        span = self._spans.get(value, {})
        return (span[_START], span[_END]) if len(span) == 2 else None


class _Report:
    """The contradictions within one report.

    Attributes:
        others: the triples that are not preferred.
        statements: the triples of the statement nodes, with their premises.
        findings: what is wrong.
    """

    def __init__(
        self,
        assembled: Assembled,
        values: _Values,
        report: str,
        stated: Mapping[NamedNode, Mapping[Triple, tuple[Occurrence, ...]]],
    ) -> None:
        self.others: set[Triple] = set()
        self.statements: dict[Triple, Premises] = {}
        self.findings: list[Finding] = []
        self._assembled = assembled
        self._values = values
        self._report = report
        decisions: dict[NamedNode, list[_Decision]] = defaultdict(list)
        for decision in _decisions(assembled, report):
            decisions[decision.subject].append(decision)
        for subject in dict.fromkeys((*stated, *decisions)):
            self._settle(stated.get(subject, {}), decisions[subject])

    def _settle(
        self, places: Mapping[Triple, tuple[Occurrence, ...]], decisions: Iterable[_Decision]
    ) -> None:
        """Apply the decisions on one subject."""
        rivals: dict[Triple, set[Triple]] = defaultdict(set)
        for one, other in combinations(places, 2):
            passages = {place.passage for place in places[one]}
            same = next((place for place in places[other] if place.passage in passages), None)
            if same and (one.predicate == other.predicate or self._values.contradict(one, other)):
                self._two_values(one, other, same)
            elif self._values.contradict(one, other):
                rivals[one].add(other)
                rivals[other].add(one)
        winners: dict[Triple, _Decision] = {}
        losers: dict[Triple, _Decision] = {}
        for decision in decisions:
            preferred = Triple(decision.subject, decision.property, decision.value)
            beaten = rivals[preferred] - losers.keys()
            if preferred in losers:
                message = f"prefers a value that {compact(losers[preferred].node.value)} rejects."
                self._fault_decision(decision, message, "Keep one of the decisions.")
            elif beaten:
                winners[preferred] = decision
                losers |= dict.fromkeys(beaten, decision)
            else:
                self._useless(decision, preferred, places, winners)
        for triple in places:
            open_rivals = rivals[triple] - losers.keys()
            if open_rivals and triple not in losers:
                self._undecided(triple, open_rivals, places)
        for loser, decision in losers.items():
            self._keep_sides(loser, decision, rivals[loser] - losers.keys(), places)
        self.others |= losers.keys()

    def _keep_sides(
        self,
        loser: Triple,
        decision: _Decision,
        winners: set[Triple],
        places: Mapping[Triple, tuple[Occurrence, ...]],
    ) -> None:
        """Make statement nodes of a value that is not preferred and of those that it contradicts."""
        preferred = Triple(decision.subject, decision.property, decision.value)
        self._statement(loser, "OtherRank", decision, (loser, preferred), places[loser])
        for winner in sorted(winners, key=str):
            sides = dict.fromkeys((winner, loser, preferred))
            self._statement(winner, "PreferredRank", decision, tuple(sides), places[winner])

    def _statement(
        self, side: Triple, rank: str, decision: _Decision, sides: Premises, places: Iterable[Occurrence]
    ) -> None:
        node = node_for(f"statement/{self._report}", side)
        premises = (*sides, *decision.premises)
        for triple in (
            Triple(node, RDF_TYPE, jhaan("ContestedStatement")),
            *(Triple(node, part, term) for part, term in zip(CONTESTED_PARTS, side, strict=True)),
            Triple(node, jhaan("rank"), jhaan(rank)),
            Triple(node, jhaan("decidedBy"), decision.node),
            *(Triple(node, _STATED_IN, place.passage) for place in places if place.passage),
        ):
            self.statements.setdefault(triple, premises)

    # --- findings --------------------------------------------------------------------------------------------

    def _fault(self, place: Occurrence, code: str, subject: NamedNode, message: str, fix: str) -> None:
        finding = Finding(place.path, place.line, Severity.ERROR, code, compact(subject.value), message, fix)
        self.findings.append(finding)

    def _fault_decision(self, decision: _Decision, message: str, fix: str) -> None:
        place = self._assembled.assertions[decision.premises[0]].occurrences[0]
        self._fault(place, "decision", decision.node, message, fix)

    def _two_values(self, one: Triple, other: Triple, place: Occurrence) -> None:
        passage = compact(place.passage.value) if place.passage else ""
        message = f"the passage {passage} gives two values: {_said(one)} and {_said(other)}."
        fix = "State the one that it means, or the narrower one."
        self._fault(place, "two-values", _subject(other), message, fix)

    def _undecided(
        self, triple: Triple, rivals: set[Triple], places: Mapping[Triple, tuple[Occurrence, ...]]
    ) -> None:
        """Report a contradiction at each of its sides."""
        subject = _subject(triple)
        against = "; ".join(
            f"{_said(rival)} ({', '.join(f'{place.path}:{place.line}' for place in places[rival])})"
            for rival in sorted(rivals, key=str)
        )
        fix = (
            f"Correct one of them, or decide in data/curation/{self._report}/: decision:NAME jhaan:onSubject "
            f"{compact(subject.value)} ; jhaan:onProperty {compact(triple.predicate.value)} ; "
            f'jhaan:prefers {_written(triple.object)} ; jhaan:reason "…"@en ; jhaan:severity jhaan:FactsDisagree .'
        )
        self._fault(
            places[triple][0], "contradiction", subject, f"{_said(triple)} contradicts {against}.", fix
        )

    def _useless(
        self,
        decision: _Decision,
        preferred: Triple,
        places: Mapping[Triple, tuple[Occurrence, ...]],
        winners: Mapping[Triple, _Decision],
    ) -> None:
        """Report a decision that settles nothing."""
        if preferred in winners:
            other = compact(winners[preferred].node.value)
            self._fault_decision(decision, f"decides what {other} decides already.", "Delete one of them.")
        elif preferred in places:
            message = (
                f"no passage contradicts {_said(preferred)} of {compact(decision.subject.value)} any more."
            )
            self._fault_decision(decision, message, "Delete the decision.")
        else:
            given = [_written(triple.object) for triple in places if triple.predicate == decision.property]
            what = f"{compact(decision.property.value)} of {compact(decision.subject.value)}"
            message = f"prefers {_written(decision.value)}, but no passage gives that as {what}."
            fix = f"Prefer one of: {', '.join(sorted(given))}." if given else "Delete the decision."
            self._fault_decision(decision, message, fix)


def _decisions(assembled: Assembled, report: str) -> Iterator[_Decision]:
    """Give the decisions of a report's curation, sorted; incomplete ones are left to the shapes."""
    parts: dict[NamedNode, dict[NamedNode, Triple]] = defaultdict(dict)
    for assertion in assembled.assertions.values():
        subject, predicate, _ = triple = assertion.triple
        if (
            assertion.layer is Layer.CURATION
            and assertion.report == report
            and predicate in (_ON_SUBJECT, _ON_PROPERTY, _PREFERS)
            and isinstance(subject, NamedNode)
        ):
            parts[subject][predicate] = triple
    for node in sorted(parts, key=str):
        if len(parts[node]) == 3:
            premises = tuple(parts[node][name] for name in (_ON_SUBJECT, _ON_PROPERTY, _PREFERS))
            subject, prop, value = (triple.object for triple in premises)
            if isinstance(subject, NamedNode) and isinstance(prop, NamedNode) and isinstance(value, Value):
                yield _Decision(node, subject, prop, value, premises)


def _contests_from_outside(
    assembled: Assembled, values: _Values, watched: Collection[object]
) -> Iterator[Finding]:
    """Find values of watched properties outside the reports that differ from what the reports say."""
    stated: dict[tuple[object, NamedNode], list[Triple]] = defaultdict(list)
    for triple in assembled.triples(Layer.REGISTER, Layer.REPORT, Layer.CURATION, Layer.CONTEXT):
        if triple.predicate in watched:
            stated[triple.subject, triple.predicate].append(triple)
    for assertion in assembled.assertions.values():
        triple = assertion.triple
        if assertion.layer is Layer.REPORT or triple.predicate not in watched:
            continue
        others = [other for other in stated[triple.subject, triple.predicate] if other != triple]
        if assertion.layer is Layer.CURATION:
            others = [other for other in others if values.contradict(triple, other)]
        if others:
            place = assertion.occurrences[0]
            layer = assertion.layer.name.lower()
            yield Finding(
                place.path,
                place.line,
                Severity.ERROR,
                "contests-report",
                compact(_subject(triple).value),
                f"{layer} gives {_said(triple)}, but {_said(others[0])} stands already; {layer} contests nothing.",
                "Delete it here.",
            )


def _without(assembled: Assembled, removed: Mapping[Triple, set[str]]) -> Assembled:
    """Take triples out of the graphs of the reports in which they are not preferred."""
    graphs = {graph: list(triples) for graph, triples in assembled.graphs.items()}
    for triple, reports in removed.items():
        occurrences = assembled.assertions[triple].occurrences
        for graph in {place.graph for place in occurrences}:
            if triple in graphs[graph]:
                graphs[graph].remove(triple)
        kept = next((place.graph for place in occurrences if place.report not in reports), None)
        if kept is not None:
            graphs[kept].append(triple)
    return replace(assembled, graphs={graph: tuple(triples) for graph, triples in graphs.items()})


def _subject(triple: Triple) -> NamedNode:
    """Give the subject of a triple of data, which has no blank nodes."""
    if not isinstance(triple.subject, NamedNode):
        raise TypeError("data have no blank nodes")
    return triple.subject


def _written(value: object) -> str:
    """Write a value as a curator writes it."""
    if isinstance(value, NamedNode):
        return compact(value.value)
    if isinstance(value, Literal) and not value.language:
        return f'"{value.value}"^^{compact(value.datatype.value)}'
    return str(value)


def _said(triple: Triple) -> str:
    return f"{compact(triple.predicate.value)} {_written(triple.object)}"
