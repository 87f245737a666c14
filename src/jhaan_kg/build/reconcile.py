"""Reconciliation of conflicting values.

If passages of a report contradict each other, both sides are kept and one is preferred.

For one subject, two values of a watched property contradict each other unless one contains the other: a place within a
place, a period within a period. A day contradicts the period of its event if it is outside that period. Reports do not
contradict each other: changes over the years are not conflicts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.assemble import Assembled, Occurrence
from jhaan_kg.build.evidence import Premises
from jhaan_kg.build.graphs import Layer, reconciled_graph
from jhaan_kg.digests import node_for
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import CONTESTED_PARTS, PREFIXES, RDF_TYPE, SCHEMA, compact, jhaan

Value: TypeAlias = NamedNode | Literal
Places: TypeAlias = Mapping[Triple, tuple[Occurrence, ...]]
"""The places in a report's passages that state each triple of one subject."""

_SINGLE_VALUED: Final = jhaan("singleValued")
_IN_PERIOD: Final = jhaan("inPeriod")
_DAYS: Final = frozenset({NamedNode(SCHEMA + "startDate"), NamedNode(SCHEMA + "endDate")})
_WITHIN: Final = jhaan("within")
_START: Final = NamedNode(PREFIXES["dcat"] + "startDate")
_END: Final = NamedNode(PREFIXES["dcat"] + "endDate")
_DECISION: Final = (jhaan("onSubject"), jhaan("onProperty"), jhaan("prefers"))
"""The properties of a decision: subject, property and value of the preferred triple."""


@dataclass(frozen=True)
class Reconciled:
    """The statements of the sources, without the sides of contradictions that are not preferred.

    Attributes:
        assembled: the graphs without those sides, and all assertions.
        contested: for each graph of conflicting values the triples of the statement nodes, with their premises.
    """

    assembled: Assembled
    contested: Mapping[NamedNode, Mapping[Triple, Premises]]


class _Decision(NamedTuple):
    """A curators' decision: its node, the preferred triple, and the triples that state it."""

    node: NamedNode
    preferred: Triple
    premises: Premises


def reconcile(assembled: Assembled) -> tuple[Reconciled, list[Finding]]:
    """Settle contradictions by the decisions of curation.

    Returns:
        The settled graphs, and the faults: contradictions without decision, decisions without contradiction, two
        values in one passage, curation or context that contests the report. The triples of a fault are unchanged.
    """
    flag = Literal(True)
    watched = {t.subject for t in assembled.ontology if t.predicate == _SINGLE_VALUED and t.object == flag}
    graph = Graph.of(assembled.triples(Layer.REGISTER, Layer.REPORT, Layer.CURATION))
    findings: list[Finding] = []
    contested: dict[NamedNode, Mapping[Triple, Premises]] = {}
    removed: dict[Triple, set[str]] = defaultdict(set)
    for report in assembled.trees:
        settled = _Report(assembled, graph, report, watched)
        findings += settled.findings
        if settled.statements:
            contested[reconciled_graph(report)] = settled.statements
        for triple in settled.others:
            removed[triple].add(report)
    findings += _contests_from_outside(assembled, graph, watched)
    return Reconciled(_without(assembled, removed), contested), findings


def _contradict(graph: Graph, one: Triple, other: Triple) -> bool:
    """Return whether two triples about one subject contradict each other."""
    if one.predicate == other.predicate:
        return not (_contains(graph, one.object, other.object) or _contains(graph, other.object, one.object))
    if one.predicate == _IN_PERIOD:
        one, other = other, one
    return (
        one.predicate in _DAYS
        and other.predicate == _IN_PERIOD
        and not _contains(graph, other.object, one.object)
    )


def _contains(graph: Graph, whole: object, part: object) -> bool:
    """Return whether a value equals another, or is a place or period that contains it."""
    outer, inner = _span(graph, whole), _span(graph, part)
    if whole == part or (outer and inner and outer[0] <= inner[0] and inner[1] <= outer[1]):
        return True
    return not (outer and inner) and isinstance(part, NamedNode) and whole in graph.reachable(part, _WITHIN)


def _span(graph: Graph, value: object) -> tuple[str, str] | None:
    """Return the first and last day of a date or period, in ISO 8601.

    The order of such texts is that of time.
    """
    if isinstance(value, Literal):
        return value.value, value.value
    if not isinstance(value, NamedNode):
        return None
    start, end = graph.text(value, _START), graph.text(value, _END)
    return (start, end) if start and end else None


class _Report:
    """The contradictions within one report.

    Attributes:
        others: the triples that are not preferred.
        statements: the triples of the statement nodes, with their premises.
        findings: the faults.
    """

    def __init__(self, assembled: Assembled, graph: Graph, report: str, watched: Collection[object]) -> None:
        self.others: set[Triple] = set()
        self.statements: dict[Triple, Premises] = {}
        self.findings: list[Finding] = []
        self._assembled = assembled
        self._graph = graph
        self._report = report
        stated: dict[NamedNode, dict[Triple, tuple[Occurrence, ...]]] = defaultdict(dict)
        for triple, assertion in assembled.assertions.items():
            if triple.predicate in watched and isinstance(triple.subject, NamedNode):
                places = tuple(
                    o for o in assertion.occurrences if o.report == report and o.passage is not None
                )
                if places:
                    stated[triple.subject][triple] = places
        decisions: dict[NamedNode, list[_Decision]] = defaultdict(list)
        for decision in _decisions(assembled, report):
            decisions[_subject(decision.preferred)].append(decision)
        for subject in dict.fromkeys((*stated, *decisions)):
            self._settle(stated[subject], decisions[subject])

    def _settle(self, places: Places, decisions: Iterable[_Decision]) -> None:
        """Apply the curators' decisions on the contradictions about one subject."""
        rivals: dict[Triple, set[Triple]] = defaultdict(set)
        for one, other in combinations(places, 2):
            contradict = _contradict(self._graph, one, other)
            passages = {place.passage for place in places[one]}
            same = next((place for place in places[other] if place.passage in passages), None)
            if same and (contradict or one.predicate == other.predicate):
                self._two_values(one, other, same)
            elif contradict:
                rivals[one].add(other)
                rivals[other].add(one)
        winners: dict[Triple, _Decision] = {}
        losers: dict[Triple, _Decision] = {}
        misdecided: set[NamedNode] = set()
        for decision in decisions:
            preferred = decision.preferred
            beaten = rivals[preferred] - losers.keys()
            if preferred in losers:
                rejecting = compact(losers[preferred].node.value)
                message = f"decisions must agree, but {rejecting} rejects the value preferred here."
                self._fault_decision(decision, message, "Keep one of the decisions.")
            elif beaten:
                winners[preferred] = decision
                losers |= dict.fromkeys(beaten, decision)
            else:
                self._useless(decision, places, winners)
                if preferred not in places:
                    misdecided.add(preferred.predicate)
        for triple in places:
            open_rivals = rivals[triple] - losers.keys()
            if open_rivals and triple not in losers and triple.predicate not in misdecided:
                self._report_undecided(triple, open_rivals, places)
        for loser, decision in losers.items():
            self._state(loser, "OtherRank", decision, (loser, decision.preferred), places[loser])
            for winner in sorted(rivals[loser] - losers.keys(), key=str):
                sides = tuple(dict.fromkeys((winner, loser, decision.preferred)))
                self._state(winner, "PreferredRank", decision, sides, places[winner])
        self.others |= losers.keys()

    def _state(
        self, side: Triple, rank: str, decision: _Decision, sides: Premises, places: Iterable[Occurrence]
    ) -> None:
        """Add the statement node of a value."""
        node = node_for(f"statement/{self._report}", side)
        for triple in (
            Triple(node, RDF_TYPE, jhaan("ContestedStatement")),
            *(Triple(node, part, term) for part, term in zip(CONTESTED_PARTS, side, strict=True)),
            Triple(node, jhaan("rank"), jhaan(rank)),
            Triple(node, jhaan("decidedBy"), decision.node),
            *(Triple(node, jhaan("statedIn"), place.passage) for place in places if place.passage),
        ):
            self.statements.setdefault(triple, (*sides, *decision.premises))

    # --- findings --------------------------------------------------------------------------------------------

    def _fault(self, place: Occurrence, code: str, subject: NamedNode, message: str, fix: str) -> None:
        self.findings.append(_finding(place, code, subject, message, fix))

    def _fault_decision(self, decision: _Decision, message: str, fix: str) -> None:
        place = self._assembled.assertions[decision.premises[0]].occurrences[0]
        self._fault(place, "decision", decision.node, message, fix)

    def _two_values(self, one: Triple, other: Triple, place: Occurrence) -> None:
        passage = compact(place.passage.value) if place.passage else ""
        message = (
            f"a passage must state one value, but {passage} states {_in_words(one)} and {_in_words(other)}."
        )
        fix = "Keep the value that the passage means, or the narrower one."
        self._fault(place, "two-values", _subject(other), message, fix)

    def _report_undecided(self, triple: Triple, rivals: set[Triple], places: Places) -> None:
        """Report a contradiction at each of its sides."""
        subject = _subject(triple)
        against = "; ".join(
            f"{_in_words(rival)} ({', '.join(f'{place.path}:{place.line}' for place in places[rival])})"
            for rival in sorted(rivals, key=str)
        )
        fix = (
            f"Correct one of them, or add a decision to data/curation/{self._report}/: decision:NAME jhaan:onSubject "
            f"{compact(subject.value)} ; jhaan:onProperty {compact(triple.predicate.value)} ; "
            f'jhaan:prefers {_notation(triple.object)} ; jhaan:reason "…"@en ; jhaan:severity jhaan:FactsDisagree .'
        )
        message = f"conflicting values must have a decision, but {_in_words(triple)} contradicts {against}."
        self._fault(places[triple][0], "contradiction", subject, message, fix)

    def _useless(self, decision: _Decision, places: Places, winners: Mapping[Triple, _Decision]) -> None:
        """Report a decision without a contradiction."""
        preferred = decision.preferred
        subject, prop = compact(_subject(preferred).value), compact(preferred.predicate.value)
        fix = "Delete the decision."
        if preferred in winners:
            other = compact(winners[preferred].node.value)
            message = f"a conflict must have one decision, but {other} decides this one, too."
            fix = "Delete one of them."
        elif preferred in places:
            value = _in_words(preferred)
            message = f"a decision must settle a conflict, but no passage contradicts {value} of {subject}."
        else:
            message = (
                "a decision must prefer a value that a passage states, "
                f"but no passage states {_notation(preferred.object)} as {prop} of {subject}."
            )
            stated = sorted(_notation(t.object) for t in places if t.predicate == preferred.predicate)
            fix = f"Prefer one of: {', '.join(stated)}." if stated else fix
        self._fault_decision(decision, message, fix)


def _decisions(assembled: Assembled, report: str) -> Iterator[_Decision]:
    """Yield the decisions of a report's curation, sorted.

    Incomplete ones are left to the shapes.
    """
    parts: dict[NamedNode, dict[NamedNode, Triple]] = defaultdict(dict)
    for triple, assertion in assembled.assertions.items():
        is_curated = assertion.layer is Layer.CURATION and assertion.report == report
        if is_curated and triple.predicate in _DECISION and isinstance(triple.subject, NamedNode):
            parts[triple.subject][triple.predicate] = triple
    for node in sorted(parts, key=str):
        if len(parts[node]) == len(_DECISION):
            premises = tuple(parts[node][name] for name in _DECISION)
            subject, prop, value = (triple.object for triple in premises)
            if isinstance(subject, NamedNode) and isinstance(prop, NamedNode) and isinstance(value, Value):
                yield _Decision(node, Triple(subject, prop, value), premises)


def _contests_from_outside(
    assembled: Assembled, graph: Graph, watched: Collection[object]
) -> Iterator[Finding]:
    """Find external values of watched properties that differ from those of the reports."""
    stated: dict[tuple[object, NamedNode], list[Triple]] = defaultdict(list)
    for triple in assembled.triples(Layer.REGISTER, Layer.REPORT, Layer.CURATION, Layer.CONTEXT):
        if triple.predicate in watched:
            stated[triple.subject, triple.predicate].append(triple)
    for triple, assertion in assembled.assertions.items():
        if assertion.layer is Layer.REPORT or triple.predicate not in watched:
            continue
        others = [other for other in stated[triple.subject, triple.predicate] if other != triple]
        if assertion.layer is Layer.CURATION:
            others = [other for other in others if _contradict(graph, triple, other)]
        if others:
            layer = assertion.layer.name.lower()
            message = (
                f"{layer} must not contradict a stated value, but it states {_in_words(triple)}, "
                f"and {_in_words(others[0])} is stated already."
            )
            place = assertion.occurrences[0]
            yield _finding(place, "contests-report", _subject(triple), message, "Delete it here.")


def _without(assembled: Assembled, removed: Mapping[Triple, set[str]]) -> Assembled:
    """Remove the triples that are not preferred from the graphs of the reports."""
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


def _finding(place: Occurrence, code: str, subject: NamedNode, message: str, fix: str) -> Finding:
    return Finding(place.path, place.line, Severity.ERROR, code, compact(subject.value), message, fix)


def _subject(triple: Triple) -> NamedNode:
    """Return the subject of a triple of data, which has no blank nodes."""
    if not isinstance(triple.subject, NamedNode):
        raise TypeError("data have no blank nodes")
    return triple.subject


def _notation(value: object) -> str:
    """Return a value in the notation that curators use."""
    if isinstance(value, NamedNode):
        return compact(value.value)
    if isinstance(value, Literal) and not value.language:
        return f'"{value.value}"^^{compact(value.datatype.value)}'
    return str(value)


def _in_words(triple: Triple) -> str:
    return f"{compact(triple.predicate.value)} {_notation(triple.object)}"
