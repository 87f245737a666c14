"""The build, step by step: read, assemble, reconcile, check, infer, evidence, snapshot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode, Quad, Store, Triple

from jhaan_kg.build.assemble import Assembled, assemble
from jhaan_kg.build.entailment import Entailed, entailment
from jhaan_kg.build.evidence import evidence
from jhaan_kg.build.files import DATA, Kind
from jhaan_kg.build.graphs import QUERIES_GRAPH
from jhaan_kg.build.progress import Progress
from jhaan_kg.build.read import Sources, read_sources
from jhaan_kg.build.reconcile import Reconciled, reconcile
from jhaan_kg.build.snapshot import write_snapshot
from jhaan_kg.checks import check_sources
from jhaan_kg.errors import Finding, FindingsError, Severity
from jhaan_kg.infer import Clash, contradictions
from jhaan_kg.namespaces import compact
from jhaan_kg.query.catalogue import catalogue_from_json, catalogue_triples, compile_catalogue
from jhaan_kg.query.lint import lint
from jhaan_kg.query.run import StoreEngine
from jhaan_kg.turtle.format import is_formatted

_TURTLE: Final = (*DATA, Kind.ONTOLOGY, Kind.SHAPES)


def build(root: Path, folder: Path, progress: Progress) -> None:
    """Build a snapshot.

    Args:
        root: the folder of the sources.
        folder: an empty folder, which becomes the snapshot.
        progress: told what is being done.

    Raises:
        FindingsError: the sources have faults; nothing is written.
        JhaanError: the ontology or the shapes can't be used.
        OSError: the folder can't be written.
    """
    examined = _examine(root, progress)
    grave = [finding for finding in examined.findings if finding.severity is Severity.ERROR]
    if grave or examined.entailed is None:
        raise FindingsError(grave)
    with progress.step("write") as tell:
        graphs = _with_evidence(examined.reconciled, examined.entailed)
        graphs[QUERIES_GRAPH] = catalogue_triples(catalogue_from_json(examined.catalogue))
        inputs = {file.name: file.digest for file in examined.sources.files}
        write_snapshot(folder, graphs, examined.catalogue, inputs)
        tell(f"{len(graphs)} graphs")


def check(root: Path, progress: Progress) -> list[Finding]:
    """Run all checks on the sources.

    Args:
        root: the folder of the sources.
        progress: told what is being done.

    Returns:
        The findings, sorted by file and line. Where files can't be read, only that is reported; what follows from
        faulty data isn't looked at.

    Raises:
        JhaanError: the ontology or the shapes can't be used.
    """
    try:
        examined = _examine(root, progress)
    except FindingsError as error:
        return list(error.findings)
    return sorted((*examined.findings, *_style(examined.sources)))


def entail(assembled: Assembled, *, with_evidence: bool = False) -> list[Quad]:
    """Give all quads, without checking anything: what the sources state and what follows from it.

    Contradictions that no decision settles stay, and decisions that settle none are passed over, so that assertions may
    be left out to see what depends on them.

    Args:
        assembled: what the sources state.
        with_evidence: give the evidence too.
    """
    reconciled, _ = reconcile(assembled)
    entailed = entailment(reconciled, with_premises=with_evidence)
    return list(_quads(_with_evidence(reconciled, entailed) if with_evidence else entailed.graphs))


@dataclass
class _Examined:
    """What was looked at and what was found.

    Attributes:
        sources: the files.
        reconciled: what they state.
        findings: what was found.
        entailed: what follows; None where faults make it pointless to look.
        catalogue: the compiled queries; empty where they have faults.
    """

    sources: Sources
    reconciled: Reconciled
    findings: list[Finding]
    entailed: Entailed | None = None
    catalogue: dict[str, Any] = field(default_factory=dict)


def _examine(root: Path, progress: Progress) -> _Examined:
    with progress.step("read") as tell:
        sources = read_sources(root)
        tell(f"{len(sources.files)} files")
    with progress.step("assemble") as tell:
        assembled = assemble(sources)
        tell(f"{len(assembled.assertions):,} assertions")
    with progress.step("reconcile") as tell:
        reconciled, findings = reconcile(assembled)
        tell(f"{sum(map(len, reconciled.contested.values())):,} triples on contested values")
    examined = _Examined(sources, reconciled, findings)
    with progress.step("check") as tell:
        findings += check_sources(sources)
        _compile_queries(examined, root, None)
        findings += lint(catalogue_from_json(examined.catalogue)) if examined.catalogue else ()
        tell(f"{len(findings)} findings")
    if any(finding.severity is Severity.ERROR for finding in findings):
        return examined
    with progress.step("infer") as tell:
        examined.entailed = entailed = entailment(reconciled)
        findings += [_clash(clash, assembled) for clash in contradictions(entailed.rules, entailed.closure)]
        findings += _unlabelled(entailed.unlabelled, sources)
        _compile_queries(examined, root, entailed)
        tell(f"{sum(map(len, entailed.graphs.values())):,} triples")
    return examined


def _compile_queries(examined: _Examined, root: Path, entailed: Entailed | None) -> None:
    """Compile the stored queries; with the finished graph, their enumerations too."""
    engine = None
    if entailed is not None:
        store = Store()
        store.bulk_extend(_quads(entailed.graphs))
        engine = StoreEngine(store)
    try:
        examined.catalogue = compile_catalogue(root / "queries", engine)
    except FindingsError as error:
        examined.findings += error.findings
        examined.catalogue = {}


def _with_evidence(reconciled: Reconciled, entailed: Entailed) -> dict[NamedNode, Iterable[Triple]]:
    assertions = reconciled.assembled.assertions.values()
    return {**entailed.graphs, **evidence(assertions, entailed.graphs, entailed.premises)}


def _quads(graphs: Mapping[NamedNode, Iterable[Triple]]) -> Iterator[Quad]:
    for graph, triples in graphs.items():
        for triple in triples:
            yield Quad(triple.subject, triple.predicate, triple.object, graph)


def _style(sources: Sources) -> Iterator[Finding]:
    """Find files that are not in the one style."""
    for file in sources.of_kind(*_TURTLE):
        try:
            in_style = is_formatted(file.text, trig=file.kind is Kind.SECTION, name=file.name)
        except FindingsError as error:
            yield from error.findings
            continue
        if not in_style:
            message = "the file is not in the style of the project."
            yield Finding(
                file.name, 0, Severity.WARNING, "style", "", message, f"Run: jhaan format {file.name}"
            )


def _clash(clash: Clash, assembled: Assembled) -> Finding:
    """Say what contradicts an axiom, at the last place of what it comes from."""
    stated = [assembled.assertions[leaf] for leaf in clash.leaves if leaf in assembled.assertions]
    places = sorted((place.path, place.line) for assertion in stated for place in assertion.occurrences)
    path, line = places[-1] if places else ("", 0)
    subject = clash.triples[0].subject
    name = compact(subject.value) if isinstance(subject, NamedNode) else ""
    return Finding(
        path, line, Severity.ERROR, "inconsistent", name, str(clash), "Correct what is stated, or the axiom."
    )


def _unlabelled(things: Collection[NamedNode], sources: Sources) -> Iterator[Finding]:
    """Report things without a label, where they are mentioned first."""
    first: dict[object, tuple[str, int]] = {}
    for statement in sources.statements(*_TURTLE) if things else ():
        for term in (statement.triple.subject, statement.triple.object):
            first.setdefault(term, (statement.path, statement.line))
    for thing in things:
        yield _without_label(thing, *first.get(thing, ("", 0)))


def _without_label(thing: NamedNode, path: str, line: int) -> Finding:
    return Finding(
        path,
        line,
        Severity.ERROR,
        "no-label",
        compact(thing.value),
        "has no label: it is not registered, and no template of a class of its kind can be filled.",
        "Register it in data/register/, or state what the label template of its class needs.",
    )
