"""What the curators noted about the report's text, as pages show it."""

from __future__ import annotations

from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.namespaces import ONTOLOGY
from jhaan_kg.natural import natural
from jhaan_kg.pages.links import Link, Places
from jhaan_kg.pages.rows import rows
from jhaan_kg.query.engine import Engine
from jhaan_kg.reports import locator, report_of_iri, report_order

GAP: Final = ONTOLOGY + "Gap"
"""The severity of what is missing."""

PASSAGES_DIFFER: Final = ONTOLOGY + "PassagesDiffer"
"""The kind of findings on matters that passages tell differently."""

_FINDINGS: Final = """SELECT DISTINCT ?passage ?position ?finding ?summary ?kind ?kindLabel ?severity WHERE {
?finding a jhaan:TextFinding ; jhaan:severity ?severity ; jhaan:findingKind ?kind ; jhaan:summary ?summary ;
jhaan:basedOn ?passage . ?kind rdfs:label ?kindLabel . ?passage jhaan:position ?position }"""


_NO_FACTS: Final = """SELECT DISTINCT ?passage ?position ?why ?reason WHERE { ?note jhaan:givesNoFacts ?passage ;
jhaan:coverageReason ?kind ; jhaan:reason ?reason . ?kind rdfs:label ?why . ?passage jhaan:position ?position }"""


class Finding(NamedTuple):
    """Something about the text.

    Attributes:
        link: to it, called by its summary.
        kind: the IRI of its kind.
        kind_label: the same in words.
        severity: the IRI of how much it matters.
        passages: which show it, by their IRIs, in reading order, each with the link to it.
    """

    link: Link
    kind: str
    kind_label: str
    severity: str
    passages: dict[str, Link]


def findings(engine: Engine, root: str) -> list[Finding]:
    """Give all findings about the texts of reports, in the order in which one comes upon them in reading.

    Args:
        engine: the graph.
        root: what stands before the paths of the server.
    """
    place = Places(root)
    found: dict[str, Finding] = {}
    for passage, _, finding, summary, kind, label, severity in sorted(
        rows(engine, _FINDINGS), key=_reading_order
    ):
        link = Link(summary, place(NamedNode(finding)))
        known = found.setdefault(finding, Finding(link, kind, label, severity, {}))
        known.passages[passage] = Link(locator(passage), place(NamedNode(passage)))
    return list(found.values())


def without_facts(engine: Engine) -> dict[str, str]:
    """Give the passages that were read and state nothing, by their IRIs in reading order, with why that is so.

    Args:
        engine: the graph.
    """
    found = sorted(rows(engine, _NO_FACTS), key=_reading_order)
    return {passage: f"{why}. {reason}" for passage, _, why, reason in found}


def _reading_order(row: tuple[str, ...]) -> tuple[object, ...]:
    passage, position, finding, *_ = row
    return report_order(report_of_iri(passage)), int(position), natural(passage), finding
