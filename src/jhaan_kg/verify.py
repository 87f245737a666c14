"""Verification of the graph against the report's text.

Each passage must be at its offsets with the words of its digest; what it states must be found in its words, and what
its words say must be in the graph (`proof/`); and what pipeline and text show of contradictions and gaps must be in
curation (`derived/`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from jhaan_kg.derived import compare, derive
from jhaan_kg.errors import Finding, JhaanError, Severity
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import GRAPH, compact, expand
from jhaan_kg.passages import Document, Report, digest, read_document, split, verify_document
from jhaan_kg.proof.proof import Account, prove
from jhaan_kg.proof.statements import EVIDENCE_IN, Statements
from jhaan_kg.reports import locator, report_of_iri, report_order

if TYPE_CHECKING:
    from jhaan_kg.build.progress import Progress
    from jhaan_kg.build.snapshot import Snapshot

_DOCUMENT: Final = f"{GRAPH}document/"
_IN_DOUBT: Final = ("passage-changed", "passage-missing")


@dataclass(frozen=True)
class Verification:
    """The result of verifying.

    Attributes:
        findings: what does not hold; empty if all does.
        account: how much of the graph is proven; None for a text that can't be divided into passages.
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
        text: the report, with its line ends as they are.
        path: the file of the text, for the findings.
        progress: says what runs.
        report: the id of the report; by default the one that the text is of, or the only one.

    Returns:
        What holds and what does not; a text that can't be divided into passages is a finding too.

    Raises:
        JhaanError: the graph has no such report, or it has several and the text is that of none.
    """
    with progress.step("read") as tell:
        graph = Graph.of(snapshot.quads(evidence=True, context=False))
        document = _find_document(graph, text, report)
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
            current = split(text, document.report)  # the offsets of the document don't fit another text
        except JhaanError:
            current = None
    account = None
    summary = f"{len(document.passages)} passages compared with the text."
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
        summary += f" {len(derived)} findings derived, compared with curation."
    return Verification(tuple(sorted(findings)), account, f"{summary} {len(findings)} findings.")


def _find_document(graph: Graph, text: str, report: str | None) -> Document:
    """Return the tree of passages of a report, or of the one that has this text."""
    graphs = {
        name.value.removeprefix(_DOCUMENT): name
        for name in graph.store.named_graphs()
        if isinstance(name, NamedNode) and name.value.startswith(_DOCUMENT)
    }

    def read(report: str) -> Document:
        return read_document(graph.store.quads_for_pattern(None, None, None, graphs[report]))

    known = ", ".join(sorted(graphs, key=report_order))
    if report is not None and report not in graphs:
        raise JhaanError(f"The graph has no report {report!r}. It has: {known}.")
    if report is None and len(graphs) == 1:
        (report,) = graphs
    if report is not None:
        return read(report)
    own = digest(text)
    for document in map(read, graphs):
        if document.digest == own:
            return document
    raise JhaanError(
        f"This is, character for character, the text of none of the reports in the graph: {known}. "
        "Say which one it is meant to be: --report ID."
    )


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
                    f"its evidence {compact(passage.value)} is no passage of the report.",
                    "Correct the name of the block in the section file.",
                )


def _find_doubtful_assertions(findings: Iterable[Finding], statements: Statements) -> list[Finding]:
    """Name each assertion that rests on a passage whose words have changed."""
    return [
        Finding(
            finding.path,
            finding.line,
            Severity.ERROR,
            "statement-in-doubt",
            compact(fact.subject.value),
            f"{compact(fact.predicate.value)} "
            f"{compact(fact.object.value) if isinstance(fact.object, NamedNode) else f'“{fact.object.value}”'} "
            f"rests on {locator(passage)}, whose words have changed.",
            "Read the passage again.",
        )
        for finding in findings
        if finding.code in _IN_DOUBT
        for passage in [expand(finding.subject)]
        for fact in statements.by_passage.get(passage, ())
    ]
