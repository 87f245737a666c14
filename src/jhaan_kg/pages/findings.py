"""Pages about contradictions, missing information, and verification.

Contradictions and gaps come from the curators' findings about the text of the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.days import write_day
from jhaan_kg.namespaces import ONTOLOGY
from jhaan_kg.near import natural
from jhaan_kg.pages.links import Link, Urls, rows
from jhaan_kg.pages.templates import page
from jhaan_kg.passages.document import Report
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.engine import Engine
from jhaan_kg.reports import locator, report_of_iri, report_order

GAP: Final = ONTOLOGY + "Gap"
"""The IRI of the severity of findings about missing information."""

PASSAGES_DIFFER: Final = ONTOLOGY + "PassagesDiffer"
"""The IRI of the type of findings about differences between passages."""

_FINDINGS: Final = """SELECT DISTINCT ?passage ?position ?finding ?summary ?kind ?kindLabel ?severity WHERE {
?finding a jhaan:TextFinding ; jhaan:severity ?severity ; jhaan:findingKind ?kind ; jhaan:summary ?summary ;
jhaan:basedOn ?passage . ?kind rdfs:label ?kindLabel . ?passage jhaan:position ?position }"""


_NO_FACTS: Final = """SELECT DISTINCT ?passage ?position ?why ?reason WHERE { ?note jhaan:givesNoFacts ?passage ;
jhaan:coverageReason ?kind ; jhaan:reason ?reason . ?kind rdfs:label ?why . ?passage jhaan:position ?position }"""


class TextFinding(NamedTuple):
    """A curators' finding about the text of a report.

    Attributes:
        link: the link to the finding, with the summary as text.
        kind: the IRI of the type.
        kind_label: the label of the type.
        severity: the IRI of the severity.
        passages: the links to the passages by IRI, in reading order.
    """

    link: Link
    kind: str
    kind_label: str
    severity: str
    passages: dict[str, Link]


def findings(engine: Engine, root: str) -> list[TextFinding]:
    """Return all findings about reports, in reading order."""
    url_of = Urls(root)
    found: dict[str, TextFinding] = {}
    for passage, _, finding, summary, kind, label, severity in sorted(
        rows(engine, _FINDINGS), key=_reading_order
    ):
        link = Link(summary, url_of(NamedNode(finding)))
        known = found.setdefault(finding, TextFinding(link, kind, label, severity, {}))
        known.passages[passage] = Link(locator(passage), url_of(NamedNode(passage)))
    return list(found.values())


def silent_passages(engine: Engine) -> dict[str, str]:
    """Return the reason for each passage without statements, by IRI in reading order."""
    found = sorted(rows(engine, _NO_FACTS), key=_reading_order)
    return {passage: f"{why}. {reason}" for passage, _, why, reason in found}


def _reading_order(row: tuple[str, ...]) -> tuple[object, ...]:
    passage, position, finding, *_ = row
    return report_order(report_of_iri(passage)), int(position), natural(passage), finding


_SIDES: Final = """SELECT DISTINCT ?thing ?thingLabel ?property ?propertyLabel ?rank ?value ?reason ?decision ?passage
WHERE {
?statement jhaan:contestedSubject ?thing ; jhaan:contestedProperty ?property ; jhaan:contestedValue ?value ;
jhaan:rank ?rank ; jhaan:decidedBy ?decision ; dcterms:source ?passage . ?decision jhaan:reason ?reason .
?thing rdfs:label ?thingLabel . ?property rdfs:label ?propertyLabel } ORDER BY ?thingLabel ?propertyLabel"""

_PREFERRED: Final = ONTOLOGY + "PreferredRank"


class QuotedPassage(NamedTuple):
    """A passage and its text.

    Attributes:
        link: the link to the passage.
        words: the text of the passage; empty if the text of the report is not available.
    """

    link: Link
    words: str


class ConflictingValue(NamedTuple):
    """One of several conflicting values.

    Attributes:
        value: the value as text.
        is_preferred: whether answers use the value.
        passages: the passages that state the value.
    """

    value: str
    is_preferred: bool
    passages: list[QuotedPassage]


class Conflict(NamedTuple):
    """A property of an entity with different values in several passages.

    Attributes:
        link: the link to the entity.
        property: the label of the property.
        sides: the conflicting values.
        decision: the link to the curators' decision.
        reason: the reason for the decision.
    """

    link: Link
    property: str
    sides: list[ConflictingValue]
    decision: Link
    reason: str


def contradictions_page(engine: Engine, reports: Mapping[str, Report], root: str) -> bytes:
    """Return the page of contradictions.

    It has conflicting values, and other differences between passages.

    Args:
        engine: the graph.
        reports: the reports, with the texts that the server has.
        root: the path prefix of the server.
    """
    words = {
        passage.iri: report.words(passage)
        for report in reports.values()
        for passage in report.document.leaves
    }
    differing = [
        (each.link, [QuotedPassage(link, words.get(iri, "")) for iri, link in each.passages.items()])
        for each in findings(engine, root)
        if each.kind == PASSAGES_DIFFER
    ]
    return page(
        "contradictions.html",
        root=root,
        title="Contradictions",
        current="contradictions",
        contested=_contested(engine, words, Urls(root)),
        differing=differing,
        has_words=any(report.text for report in reports.values()),
    )


def _contested(engine: Engine, words: Mapping[str, str], url_of: Urls) -> list[Conflict]:
    """Return the conflicts of all entities and properties, with the preferred values first."""
    found = []
    for (thing, label, property_, called), group in groupby(rows(engine, _SIDES), key=lambda row: row[:4]):
        facts = sorted(group, key=lambda row: (row[4] != _PREFERRED, row[5], row[8]))
        sides = [
            ConflictingValue(
                write_day(value),
                rank == _PREFERRED,
                [
                    QuotedPassage(Link(locator(row[8]), url_of(NamedNode(row[8]))), words.get(row[8], ""))
                    for row in said
                ],
            )
            for (rank, value), said in groupby(facts, key=lambda row: row[4:6])
        ]
        decision = Link("decision", url_of(NamedNode(facts[0][7])))
        link = Link(label, url_of(NamedNode(thing)))
        found.append(Conflict(link, called or property_, sides, decision, facts[0][6]))
    return found


_TAG: Final = "gaps"
"""The tag of stored questions about missing information."""


def gaps_page(catalogue: Iterable[StoredQuery], engine: Engine, root: str) -> bytes:
    """Return the page about missing information."""
    url_of = Urls(root)
    gaps = sorted(
        (each for each in findings(engine, root) if each.severity == GAP), key=lambda each: each.kind_label
    )
    return page(
        "gaps.html",
        root=root,
        title="Missing information",
        current="gaps",
        number=len(gaps),
        kinds=[(kind, list(group)) for kind, group in groupby(gaps, key=lambda each: each.kind_label)],
        silent=[
            (Link(locator(passage), url_of(NamedNode(passage))), why)
            for passage, why in silent_passages(engine).items()
        ],
        questions=[
            Link(query.summary, f"{root}/questions/{query.name}") for query in catalogue if _TAG in query.tags
        ],
    )


_STATED: Final = """SELECT DISTINCT ?assertion ?passage ?property WHERE { ?assertion jhaan:evidenceIn ?passage ;
rdf:subject ?thing ; rdf:predicate ?property . ?thing jhaan:statedIn ?passage }"""

_METHODS: Final = f"""SELECT ?way ?label ?definition (COUNT(*) AS ?number) WHERE {{ {{ {_STATED} }}
?property jhaan:grounded ?way . ?way rdfs:label ?label ; skos:definition ?definition }}
GROUP BY ?way ?label ?definition ORDER BY DESC(?number) ?label"""

_NOT_VERIFIED: Final = f"""SELECT ?reason (COUNT(*) AS ?number) WHERE {{ {{ {_STATED} }}
?property jhaan:notGrounded ?reason }} GROUP BY ?reason ORDER BY DESC(?number) ?reason"""

_EXCEPTIONS: Final = """SELECT DISTINCT ?exception ?label ?definition ?passage WHERE {
?exception jhaan:exceptionKind ?kind ; jhaan:exceptionIn ?passage ; rdfs:label ?label .
?kind skos:definition ?definition } ORDER BY ?label ?passage"""


def proof_page(engine: Engine, reports: Iterable[Report], accounts: Mapping[str, str], root: str) -> bytes:
    """Return the page about the verification of the graph.

    Args:
        engine: the graph with its evidence.
        reports: the reports.
        accounts: the verification results by report id, for the reports with texts on the server.
        root: the path prefix of the server.
    """
    url_of = Urls(root)
    ways, unproven = rows(engine, _METHODS), rows(engine, _NOT_VERIFIED)
    return page(
        "proof.html",
        root=root,
        title="Data quality",
        current="proof",
        ways=[
            (Link(label, url_of(NamedNode(way))), definition, int(number))
            for way, label, definition, number in ways
        ],
        unproven=[(reason, int(number)) for reason, number in unproven],
        exceptions=[
            (
                Link(label, url_of(NamedNode(exception))),
                definition,
                Link(locator(passage), url_of(NamedNode(passage))),
            )
            for exception, label, definition, passage in rows(engine, _EXCEPTIONS)
        ],
        findable=sum(int(row[-1]) for row in ways),
        judged=sum(int(row[-1]) for row in unproven),
        reports=[(report.name, report.document.digest, accounts.get(report.name, "")) for report in reports],
    )
