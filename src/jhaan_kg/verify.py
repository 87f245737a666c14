"""Proof of the graph against the report's text: its passages, what they state, and what the text shows by itself.

Each passage must stand at its offsets with the words of its digest; what it states must be found in its words, and what
stands in its words must be in the graph (`proof/`); and what pipeline and text show of contradictions and gaps must be
in curation (`derived/`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Quad, Triple

from jhaan_kg.build.graphs import graph_name
from jhaan_kg.derived import compare, derive
from jhaan_kg.errors import Finding, JhaanError, Severity
from jhaan_kg.namespaces import GRAPH, compact, expand, jhaan
from jhaan_kg.passages import Document, digest, locator, read_document, split, verify_document
from jhaan_kg.proof.account import Account
from jhaan_kg.proof.proof import prove
from jhaan_kg.proof.stated import Stated
from jhaan_kg.reports import report_of_iri, report_order

if TYPE_CHECKING:
    from jhaan_kg.build.progress import Progress
    from jhaan_kg.build.snapshot import Snapshot

EVIDENCE_IN: Final = jhaan("evidenceIn")
_DOCUMENT: Final = f"{GRAPH}document/"
_IN_DOUBT: Final = ("passage-changed", "passage-missing")


@dataclass(frozen=True)
class Verification:
    """What verifying gave.

    Attributes:
        findings: what does not hold; empty if all does.
        account: how much of the graph is proven; None for a text that can't be divided into passages.
        summary: what was looked at, in one sentence.
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
        quads = list(snapshot.quads(evidence=True, context=False))
        document = _document(quads, text, report)
        report = report_of_iri(document.report)
        stated = Stated.read(quads, report)
        tell(f"{len(quads):,} triples")
    with progress.step("passages") as tell:
        findings = list(verify_document(document, text, path))
        findings += _broken_locators(quads, document)
        findings += _in_doubt(findings, stated)
        tell(f"{len(document.passages)} passages")
    current = document if not findings else _divide(text, document)
    account = None
    seen = f"{len(document.passages)} passages compared with the text."
    if current is not None:
        with progress.step("prove") as tell:
            proof = prove(stated, current, text, report_order(report)[0])
            findings += proof.findings(path)
            account = Account.of(proof)
            tell(f"{account.statements:,} statements")
        with progress.step("derive") as tell:
            derived = derive(quads, current, text)
            differences = compare(derived, quads, report)
            findings += differences
            tell(f"{len(derived)} derived, {len(differences)} differences from curation")
            seen += f" {len(derived)} findings derived, compared with curation."
    summary = f"{seen} {len(findings)} findings."
    return Verification(tuple(sorted(findings)), account, summary)


def _document(quads: Iterable[Quad], text: str, report: str | None) -> Document:
    """Give the tree of passages of a report, or of the one that has this text."""
    triples: dict[str, list[Triple]] = defaultdict(list)
    for quad in quads:
        if graph_name(quad).startswith(_DOCUMENT):
            triples[graph_name(quad).removeprefix(_DOCUMENT)].append(quad.triple)
    known = ", ".join(sorted(triples, key=report_order))
    if report is not None and report not in triples:
        raise JhaanError(f"The graph has no report {report!r}. It has: {known}.")
    if report is None and len(triples) == 1:
        (report,) = triples
    if report is not None:
        return read_document(triples[report])
    documents = map(read_document, triples.values())
    own = digest(text)
    found = next((document for document in documents if document.digest == own), None)
    if found is None:
        raise JhaanError(
            f"This is, character for character, the text of none of the reports in the graph: {known}. "
            "Say which one it is meant to be: --report ID."
        )
    return found


def _divide(text: str, document: Document) -> Document | None:
    """Divide a text that is not the one of the document, whose offsets don't fit; None if that can't be done."""
    try:
        return split(text, document.report)
    except JhaanError:
        return None


def _broken_locators(quads: Iterable[Quad], document: Document) -> Iterator[Finding]:
    for quad in quads:
        if quad.predicate == EVIDENCE_IN and isinstance(quad.object, NamedNode):
            passage = quad.object.value
            is_own = passage.startswith(f"{document.report}/")
            if is_own and passage not in document.by_iri and isinstance(quad.subject, NamedNode):
                yield Finding(
                    "",
                    0,
                    Severity.ERROR,
                    "broken-locator",
                    compact(quad.subject.value),
                    f"its evidence {compact(passage)} is no passage of the report.",
                    "Correct the name of the block in the section file.",
                )


def _in_doubt(findings: Iterable[Finding], stated: Stated) -> Iterator[Finding]:
    """Name each assertion that rests on a passage whose words have changed."""
    for finding in findings:
        if finding.code in _IN_DOUBT:
            passage = expand(finding.subject)
            for fact in stated.by_passage.get(passage, ()):
                is_thing = isinstance(fact.object, NamedNode)
                value = compact(fact.object.value) if is_thing else f"“{fact.object.value}”"
                yield Finding(
                    finding.path,
                    finding.line,
                    Severity.ERROR,
                    "statement-in-doubt",
                    compact(fact.subject.value),
                    f"{compact(fact.predicate.value)} {value} rests on {locator(passage)}, whose words have changed.",
                    "Read the passage again.",
                )
