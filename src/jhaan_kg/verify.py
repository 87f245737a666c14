"""Proof of locators and digests: the graph's passages against the report's text.

Each passage must stand at its offsets with the words of its digest, splitting the text again must give the same tree,
and each passage that an assertion names must be one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from jhaan_kg.errors import Finding, Severity
from jhaan_kg.export import graph_name
from jhaan_kg.namespaces import GRAPH, REPORT_ID, compact, jhaan
from jhaan_kg.passages import read_document, verify_document

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot

EVIDENCE_IN = jhaan("evidenceIn")


@dataclass(frozen=True)
class Verification:
    """What verifying gave.

    Attributes:
        findings: what does not hold; empty if all does.
        summary: what was looked at and how much of it holds, in one sentence.
    """

    findings: tuple[Finding, ...]
    summary: str


def verify(snapshot: Snapshot, text: str) -> Verification:
    """Compare a snapshot with the report's text.

    Args:
        snapshot: the graph.
        text: the report, with its line ends as they are.

    Returns:
        What holds and what does not; a text that can't be divided into passages is a finding too.
    """
    quads = list(snapshot.quads(evidence=True, context=False))
    own = f"{GRAPH}document/{REPORT_ID}"
    document = read_document(quad.triple for quad in quads if graph_name(quad) == own)
    passages = {passage.iri for passage in document.passages}
    evidence = [
        (quad.subject.value, quad.object.value)
        for quad in quads
        if quad.predicate == EVIDENCE_IN
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode)
    ]
    findings = list(verify_document(document, text, f"data/reports/{REPORT_ID}/document.ttl"))
    findings += [
        Finding(
            "",
            0,
            Severity.ERROR,
            "broken-locator",
            compact(assertion),
            f"its evidence {compact(passage)} is no passage of the report.",
            "Correct the name of the block in the section file.",
        )
        for assertion, passage in evidence
        if passage not in passages
    ]
    cited = {passage for _, passage in evidence} & passages
    assertions = {assertion for assertion, _ in evidence}
    summary = (
        f"{len(document.passages)} passages compared with the text; {len(assertions)} assertions lead to "
        f"{len(cited)} of them. {len(findings)} findings."
    )
    return Verification(tuple(sorted(findings)), summary)
