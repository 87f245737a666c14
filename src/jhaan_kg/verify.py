"""Verification of the graph against the report's text.

Each passage must be at its offsets with the words of its checksum. Its statements must match its words, and dates,
numbers and names in its words must be in the graph (`proof/`). Contradictions and gaps that the pipeline finds must be
in curation (`derived/`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from jhaan_kg.derived import compare, derive
from jhaan_kg.errors import Finding, JhaanError, Severity, count_of
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import compact, expand
from jhaan_kg.near import suggest
from jhaan_kg.passages import Document, Report, split, verify_document
from jhaan_kg.proof.proof import Account, prove
from jhaan_kg.proof.statements import EVIDENCE_IN, Statements
from jhaan_kg.report_text import open_reports, report_with
from jhaan_kg.reports import locator, report_of_iri, report_order

if TYPE_CHECKING:
    from jhaan_kg.build.progress import Progress
    from jhaan_kg.build.snapshot import Snapshot

_IN_DOUBT: Final = ("passage-changed", "passage-missing")


@dataclass(frozen=True)
class Verification:
    """The result of a verification.

    Attributes:
        findings: the discrepancies; empty if there are none.
        account: how much of the graph was verified; None for a text that cannot be divided into passages.
        summary: what was compared, in one sentence.
    """

    findings: tuple[Finding, ...]
    account: Account | None
    summary: str


def verify(
    snapshot: Snapshot, text: str, path: str, progress: Progress, report: str | None = None
) -> Verification:
    """Compare a snapshot with a report's text.

    Args:
        snapshot: the graph.
        text: the report, with unchanged line ends.
        path: the file of the text, for the findings.
        progress: shows the current step.
        report: the id of the report; by default the one with this text, or the only one.

    Returns:
        The result; a text that cannot be divided into passages is also a finding.

    Raises:
        JhaanError: the graph has no such report, or it has several and the text is that of none.
    """
    with progress.step("read") as tell:
        document = _choose_report(open_reports(snapshot), text, path, report).document
        graph = Graph.of(snapshot.quads(evidence=True, context=False))
        report = report_of_iri(document.report)
        statements = Statements.read(graph, report)
        tell(f"{len(graph.store):,} triples")
    with progress.step("passages") as tell:
        findings = verify_document(document, text, path)
        findings += _find_broken_locators(graph, document)
        findings += _find_doubtful_assertions(findings, statements)
        tell(f"{len(document.passages)} passages")
    current: Document | None = document
    if findings:
        try:
            current = split(text, document.report)  # the offsets of the document do not fit another text
        except JhaanError:
            current = None
    account = None
    summary = f"{count_of(len(document.passages), 'passage')} checked."
    if current is not None:
        printed = Report(current, text)
        with progress.step("prove") as tell:
            proof = prove(statements, printed)
            findings += proof.findings(path)
            account = Account(proof)
            tell(f"{account.statements:,} statements")
        with progress.step("derive") as tell:
            derived = derive(graph, printed)
            differences = compare(derived, graph, report)
            findings += differences
            tell(f"{len(derived)} derived, {len(differences)} differences from curation")
        summary += f" {count_of(len(derived), 'finding')} derived from the text and compared with curation."
    return Verification(
        tuple(sorted(findings)), account, f"{summary} {count_of(len(findings), 'problem')} found."
    )


def _choose_report(reports: Mapping[str, Report], text: str, path: str, report: str | None) -> Report:
    """Return the report with an id, or the only one, or the one with this text."""
    if report is None:
        return reports[next(iter(reports)) if len(reports) == 1 else report_with(text, path, reports)]
    if report not in reports:
        hint = suggest(report, sorted(reports, key=report_order))
        raise JhaanError(f'Unknown report "{report}".{hint}')
    return reports[report]


def _find_broken_locators(graph: Graph, document: Document) -> Iterator[Finding]:
    for assertion, _, passage in graph.triples(None, EVIDENCE_IN):
        if isinstance(passage, NamedNode) and isinstance(assertion, NamedNode):
            is_own = passage.value.startswith(f"{document.report}/")
            if is_own and passage.value not in document.by_iri:
                yield Finding(
                    "",
                    0,
                    Severity.ERROR,
                    "broken-locator",
                    compact(assertion.value),
                    f"its evidence {compact(passage.value)} must be a passage of the report.",
                    "Correct the name of the block in the section file.",
                )


def _find_doubtful_assertions(findings: Iterable[Finding], statements: Statements) -> list[Finding]:
    """Return a finding for each assertion with evidence in a passage whose words have changed."""
    return [
        Finding(
            finding.path,
            finding.line,
            Severity.ERROR,
            "statement-in-doubt",
            compact(fact.subject.value),
            f"{compact(fact.predicate.value)} "
            f"{compact(fact.object.value) if isinstance(fact.object, NamedNode) else f'“{fact.object.value}”'} "
            f"is based on {locator(passage)}, whose text has changed.",
            "Check it against the passage.",
        )
        for finding in findings
        if finding.code in _IN_DOUBT
        for passage in [expand(finding.subject)]
        for fact in statements.by_passage.get(passage, ())
    ]
