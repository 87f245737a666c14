"""The build, step by step: read, assemble, reconcile, check, infer, evidence, violations, snapshot."""

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
from jhaan_kg.checks.violations import check_violations
from jhaan_kg.errors import Finding, FindingsError, Severity
from jhaan_kg.infer import Clash, contradictions
from jhaan_kg.namespaces import compact
from jhaan_kg.query.catalogue import VIOLATIONS, StoredQuery, catalogue_from_json
from jhaan_kg.query.compile import catalogue_triples, compile_catalogue
from jhaan_kg.query.engine import Engine, StoreEngine
from jhaan_kg.query.header import parse_query
from jhaan_kg.query.lint import lint
from jhaan_kg.turtle.format import is_formatted, prefixes_for

_TURTLE: Final = (*DATA, Kind.ONTOLOGY, Kind.ALIGNMENT, Kind.SHAPES)


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
    if grave:
        raise FindingsError(grave)
    with progress.step("write") as tell:
        inputs = {file.name: file.digest for file in examined.sources.files}
        write_snapshot(folder, examined.graphs, examined.catalogue, inputs)
        tell(f"{len(examined.graphs)} graphs")


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
        findings: what was found.
        graphs: what the snapshot holds; empty where faults make it pointless to look.
        catalogue: the compiled questions; empty where they have faults.
    """

    sources: Sources
    findings: list[Finding]
    graphs: dict[NamedNode, Iterable[Triple]] = field(default_factory=dict)
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
    examined = _Examined(sources, findings)
    violations: list[StoredQuery] = []
    with progress.step("check") as tell:
        findings += check_sources(sources)
        violations += _violation_queries(sources, findings)
        _compile_queries(examined, root, None)
        findings += (
            lint((*catalogue_from_json(examined.catalogue), *violations)) if examined.catalogue else ()
        )
        tell(f"{len(findings)} findings")
    if any(finding.severity is Severity.ERROR for finding in findings):
        return examined
    with progress.step("infer") as tell:
        entailed = entailment(reconciled)
        examined.graphs = _with_evidence(reconciled, entailed)
        findings += [_clash(clash, sources) for clash in contradictions(entailed.rules, entailed.closure)]
        findings += _unlabelled(entailed.unlabelled, sources)
        tell(f"{sum(map(len, entailed.graphs.values())):,} triples")
    with progress.step("questions") as tell:
        store = Store()
        store.bulk_extend(_quads(examined.graphs))
        _compile_queries(examined, root, StoreEngine(store))
        if examined.catalogue:
            examined.graphs[QUERIES_GRAPH] = catalogue_triples(catalogue_from_json(examined.catalogue))
            store.bulk_extend(_quads({QUERIES_GRAPH: examined.graphs[QUERIES_GRAPH]}))
            findings += check_violations(violations, StoreEngine(store), _first_mentions(sources))
        tell(f"{len(violations)} violation queries")
    return examined


def _violation_queries(sources: Sources, findings: list[Finding]) -> Iterator[StoredQuery]:
    """Read the queries that must give no rows."""
    for file in sources.of_kind(Kind.QUERY):
        if Path(file.name).parent.name == VIOLATIONS:
            try:
                yield parse_query(file.text, file.name)
            except FindingsError as error:
                findings += error.findings


def _compile_queries(examined: _Examined, root: Path, engine: Engine | None) -> None:
    """Compile the stored queries; with the finished graph, their enumerations too."""
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
            standard = prefixes_for(file.found.path)
            trig = file.kind is Kind.SECTION
            in_style = is_formatted(file.text, trig=trig, name=file.name, standard=standard)
        except FindingsError as error:
            yield from error.findings
            continue
        if not in_style:
            message = "the file is not in the style of the project."
            yield Finding(
                file.name, 0, Severity.WARNING, "style", "", message, f"Run: jhaan format {file.name}"
            )


def _clash(clash: Clash, sources: Sources) -> Finding:
    """Report what contradicts an axiom, at the last place of what it comes from."""
    places = sorted((s.path, s.line) for s in sources.statements(*DATA) if s.triple in clash.leaves)
    path, line = places[-1] if places else ("", 0)
    subject = clash.triples[0].subject
    name = compact(subject.value) if isinstance(subject, NamedNode) else ""
    return Finding(
        path, line, Severity.ERROR, "inconsistent", name, str(clash), "Correct what is stated, or the axiom."
    )


def _first_mentions(sources: Sources) -> dict[object, tuple[str, int]]:
    """Give the file and line where a source first mentions each thing."""
    first: dict[object, tuple[str, int]] = {}
    for statement in sources.statements(*_TURTLE):
        for term in (statement.triple.subject, statement.triple.object):
            first.setdefault(term, (statement.path, statement.line))
    return first


def _unlabelled(things: Collection[NamedNode], sources: Sources) -> Iterator[Finding]:
    """Report things without a label, where they are mentioned first."""
    first = _first_mentions(sources) if things else {}
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
