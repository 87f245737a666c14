"""Where the report contradicts itself, with both sides beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.namespaces import ONTOLOGY
from jhaan_kg.pages.findings import PASSAGES_DIFFER, findings
from jhaan_kg.pages.links import Link, Places
from jhaan_kg.pages.rows import rows
from jhaan_kg.pages.templates import page
from jhaan_kg.passages.report import Report
from jhaan_kg.query.engine import Engine
from jhaan_kg.reports import locator

_SIDES: Final = """SELECT DISTINCT ?thing ?thingLabel ?property ?propertyLabel ?rank ?value ?reason ?decision ?passage
WHERE {
?statement jhaan:contestedSubject ?thing ; jhaan:contestedProperty ?property ; jhaan:contestedValue ?value ;
jhaan:rank ?rank ; jhaan:decidedBy ?decision ; dcterms:source ?passage . ?decision jhaan:reason ?reason .
?thing rdfs:label ?thingLabel . ?property rdfs:label ?propertyLabel } ORDER BY ?thingLabel ?propertyLabel"""

_PREFERRED: Final = ONTOLOGY + "PreferredRank"


class Quoted(NamedTuple):
    """A passage.

    Attributes:
        link: to it.
        words: its own words; empty if nobody gave the text.
    """

    link: Link
    words: str


class Side(NamedTuple):
    """One of the values of what is contested.

    Attributes:
        value: what some passages say.
        is_preferred: whether it is the one that counts here.
        passages: which say it.
    """

    value: str
    is_preferred: bool
    passages: list[Quoted]


class Matter(NamedTuple):
    """Something on which passages don't agree.

    Attributes:
        link: to what it is about.
        property: what of it is contested.
        sides: the values.
        decision: where it is decided.
        reason: why it is decided so.
    """

    link: Link
    property: str
    sides: list[Side]
    decision: Link
    reason: str


def contradictions_page(engine: Engine, reports: Mapping[str, Report], root: str) -> bytes:
    """Make the page of all contradictions: those of values, and those in words.

    Args:
        engine: the graph.
        reports: the reports, with their texts if somebody gave them.
        root: what stands before the paths of the server.
    """
    words = {
        passage.iri: report.words(passage)
        for report in reports.values()
        for passage in report.document.leaves
    }
    differing = [
        (each.link, [Quoted(link, words.get(iri, "")) for iri, link in each.passages.items()])
        for each in findings(engine, root)
        if each.kind == PASSAGES_DIFFER
    ]
    return page(
        "contradictions.html",
        root=root,
        title="Contradictions",
        current="contradictions",
        contested=_contested(engine, words, Places(root)),
        differing=differing,
        has_words=any(report.text for report in reports.values()),
    )


def _contested(engine: Engine, words: Mapping[str, str], place: Places) -> list[Matter]:
    """Give the things with contested values, the value that counts first."""
    found = []
    for (thing, label, property_, called), group in groupby(rows(engine, _SIDES), key=lambda row: row[:4]):
        facts = sorted(group, key=lambda row: (row[4] != _PREFERRED, row[5], row[8]))
        sides = [
            Side(
                value,
                rank == _PREFERRED,
                [
                    Quoted(Link(locator(row[8]), place(NamedNode(row[8]))), words.get(row[8], ""))
                    for row in said
                ],
            )
            for (rank, value), said in groupby(facts, key=lambda row: row[4:6])
        ]
        decision = Link("the decision", place(NamedNode(facts[0][7])))
        link = Link(label, place(NamedNode(thing)))
        found.append(Matter(link, called or property_, sides, decision, facts[0][6]))
    return found
