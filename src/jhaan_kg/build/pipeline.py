"""The build, step by step.

The steps are: read, assemble, reconcile, check, infer, evidence, violations, snapshot.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple

from jhaan_kg.build.assemble import Assembled, assemble
from jhaan_kg.build.entailment import Entailed, entailment
from jhaan_kg.build.evidence import evidence
from jhaan_kg.build.files import DATA, Kind, classify
from jhaan_kg.build.graphs import QUERIES_GRAPH
from jhaan_kg.build.progress import Progress
from jhaan_kg.build.read import Sources, limit_sources, read_sources
from jhaan_kg.build.reconcile import Reconciled, reconcile
from jhaan_kg.build.snapshot import DamagedSnapshotError, Snapshot, graph_files, write_snapshot
from jhaan_kg.checks import check_sources, check_violations
from jhaan_kg.errors import Finding, FindingsError, Severity
from jhaan_kg.infer import Clash, find_contradictions
from jhaan_kg.namespaces import PREFIXES, compact, namespace_of_year, prefixes_of
from jhaan_kg.parallel import beside
from jhaan_kg.query.catalogue import VIOLATIONS, StoredQuery, catalogue_from_json
from jhaan_kg.query.engine import StoreEngine
from jhaan_kg.query.source import catalogue_triples, compile_catalogue, find_query_faults, parse_query

_DECLARATION: Final = re.compile(r"^[ \t]*@?prefix\s+([^\s:]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_TURTLE: Final = (*DATA, Kind.ONTOLOGY, Kind.ALIGNMENT, Kind.SHAPES)
_NOT_IN_GRAPHS: Final = frozenset({Kind.ALIGNMENT, Kind.SHAPES, Kind.QUERY})
"""The kinds of file that affect no graph but that of the stored queries."""


def build(root: Path, folder: Path, progress: Progress, earlier: Iterable[Snapshot] = ()) -> None:
    """Build a snapshot.

    Args:
        root: the folder of the sources.
        folder: an empty folder, which becomes the snapshot.
        progress: shows the steps.
        earlier: snapshots of this program; the graphs of one are reused if no file on which they depend has changed.

    Raises:
        FindingsError: the sources have faults; then the folder contains no valid snapshot.
        JhaanError: the ontology or the shapes are not usable.
        OSError: the folder can't be written.
    """
    examined = _examine(root, progress, earlier)
    _stop_on_errors(examined.findings)
    with beside(lambda: _violations(examined)) as violations:
        with progress.step("write") as report:
            inputs = {file.name: file.digest for file in examined.sources.files}
            write_snapshot(folder, examined.graphs, examined.catalogue, inputs)
            report(f"{len(examined.graphs)} graphs")
        with progress.step("violations") as report:
            rows = violations()
            report(f"{len(rows)} rows")
    _stop_on_errors(rows)


def build_report(root: Path, report: str, folder: Path, progress: Progress) -> None:
    """Build a snapshot of one report, as if there were no others; all sources must have passed the checks.

    Args:
        root: the folder of the sources.
        report: the id of the report.
        folder: an empty folder, which becomes the snapshot.
        progress: shows the steps.

    Raises:
        FindingsError: the report needs what only another one states.
        OSError: the folder can't be written.
    """
    with progress.step("read") as tell:
        sources = limit_sources(read_sources(root), report)
        tell(f"{len(sources.files)} files")
    reconciled, findings = reconcile(assemble(sources))
    examined = _infer(sources, reconciled, progress, part=True)
    _stop_on_errors((*findings, *examined.findings))
    with progress.step("write") as tell:
        inputs = {file.name: file.digest for file in sources.files}
        write_snapshot(folder, examined.graphs, examined.catalogue, inputs)
        tell(f"{len(examined.graphs)} graphs")


def check(root: Path, progress: Progress) -> list[Finding]:
    """Run all checks on the sources.

    Returns:
        The findings, sorted by file and line. If files cannot be read, only that is reported; consequences of faulty
        data are not checked.

    Raises:
        JhaanError: the ontology or the shapes are not usable.
    """
    try:
        examined = _examine(root, progress)
    except FindingsError as error:
        return list(error.findings)
    return sorted((*examined.findings, *_violations(examined), *_prefixes(examined.sources)))


def entail(assembled: Assembled, *, with_evidence: bool = False) -> list[Quad]:
    """Return all stated and inferred quads, without any checks.

    Unsettled contradictions stay, and decisions without a contradiction are ignored, so that callers can leave out
    assertions to see what depends on them.
    """
    reconciled, _ = reconcile(assembled)
    entailed = entailment(reconciled, with_premises=with_evidence)
    graphs = {**entailed.graphs, **(_evidence(reconciled, entailed) if with_evidence else {})}
    return [
        Quad(t.subject, t.predicate, t.object, graph) for graph, triples in graphs.items() for t in triples
    ]


# --- the steps -------------------------------------------------------------------------------------------------


@dataclass
class _Examined:
    """The sources, their findings, and, unless faults prevent it, the content of the snapshot."""

    sources: Sources
    findings: list[Finding]
    graphs: dict[NamedNode, bytes] = field(default_factory=dict)
    catalogue: dict[str, Any] = field(default_factory=dict)
    store: Store | None = None


def _stop_on_errors(findings: Iterable[Finding]) -> None:
    grave = [finding for finding in findings if finding.severity is Severity.ERROR]
    if grave:
        raise FindingsError(grave)


def _examine(root: Path, progress: Progress, earlier: Iterable[Snapshot] = ()) -> _Examined:
    """Check the sources in another process, and infer from them in this one.

    Failed checks take precedence over errors of the inference.
    """
    with progress.step("read") as report:
        sources = read_sources(root)
        report(f"{len(sources.files)} files")
    with progress.step("assemble") as report:
        assembled = assemble(sources)
        report(f"{len(assembled.assertions):,} assertions")
    with progress.step("reconcile") as report:
        reconciled, findings = reconcile(assembled)
        report(f"{sum(map(len, reconciled.contested.values())):,} triples on conflicting values")
    with beside(lambda: _check(sources)) as checks:
        try:
            examined: _Examined | Exception = _infer(sources, reconciled, progress, earlier)
        except Exception as error:
            examined = error
        with progress.step("check") as report:
            findings += checks()
            report(f"{len(findings)} findings")
    if any(finding.severity is Severity.ERROR for finding in findings):
        return _Examined(sources, findings)
    if isinstance(examined, Exception):
        raise examined
    examined.findings += findings
    return examined


def _check(sources: Sources) -> list[Finding]:
    """Return the faults of the sources before anything is inferred from them."""
    findings = check_sources(sources)
    violations, faults = _violation_queries(sources)
    findings += faults
    try:
        catalogue = compile_catalogue(sources.root / "queries")
    except FindingsError as error:
        return [*findings, *error.findings]
    queries = (*catalogue_from_json(catalogue), *violations)
    return [*findings, *find_query_faults(queries)]


def _infer(
    sources: Sources,
    reconciled: Reconciled,
    progress: Progress,
    earlier: Iterable[Snapshot] = (),
    *,
    part: bool = False,
) -> _Examined:
    """Return the content of the snapshot.

    A separate process builds the evidence, which is most of it.
    """
    findings: list[Finding] = []
    graphs = _graphs_of(sources, earlier)
    # The graphs of an earlier snapshot include the evidence, so there is none to add.
    make_evidence: Callable[[], dict[NamedNode, bytes]] = dict
    if graphs is None:
        with progress.step("infer") as report:
            entailed = entailment(reconciled)
            findings += [
                _clash(clash, sources) for clash in find_contradictions(entailed.rules, entailed.closure)
            ]
            findings += _unlabelled(entailed.unlabelled, sources)
            graphs = graph_files(entailed.graphs)
            report(f"{sum(map(len, entailed.graphs.values())):,} triples")

        def make_evidence() -> dict[NamedNode, bytes]:
            return graph_files(_evidence(reconciled, entailed))

    store = Store()
    with beside(make_evidence) as evidence_files:
        with progress.step("questions") as report:
            _load(store, graphs)
            catalogue = compile_catalogue(sources.root / "queries", StoreEngine(store), part=part)
            queries = catalogue_from_json(catalogue)
            described = graph_files({QUERIES_GRAPH: catalogue_triples(queries)})
            report(f"{len(queries)} questions")
        with progress.step("evidence") as report:
            described |= evidence_files()
            _load(store, described)
            graphs |= described
            report(f"{len(graphs)} graphs")
    return _Examined(sources, findings, graphs, catalogue, store)


def _load(store: Store, graphs: Mapping[NamedNode, bytes]) -> None:
    # We wrote these lines, so their terms need no validation.
    store.bulk_load(b"".join(graphs.values()), format=RdfFormat.N_QUADS, lenient=True)


def _violations(examined: _Examined) -> list[Finding]:
    """Return the rows of the violation queries on the finished graph."""
    if examined.store is None:
        return []
    queries, _ = _violation_queries(examined.sources)
    return list(check_violations(queries, StoreEngine(examined.store), _first_mentions(examined.sources)))


def _graphs_of(sources: Sources, earlier: Iterable[Snapshot]) -> dict[NamedNode, bytes] | None:
    """Return the graphs of an earlier snapshot with the same data, ontology and rules.

    The graph of the queries is excluded.
    """
    wanted = {file.name: file.digest for file in sources.files if file.kind not in _NOT_IN_GRAPHS}
    for snapshot in earlier:
        names = {name for name in snapshot.inputs if classify(name, Path()).kind not in _NOT_IN_GRAPHS}
        if wanted == {name: snapshot.inputs[name] for name in names}:
            try:
                return {
                    NamedNode(file.graph): file.read()
                    for file in snapshot.graphs
                    if file.graph != QUERIES_GRAPH.value
                }
            except DamagedSnapshotError:
                continue
    return None


def _violation_queries(sources: Sources) -> tuple[list[StoredQuery], list[Finding]]:
    """Read the queries that must return no rows."""
    queries: list[StoredQuery] = []
    findings: list[Finding] = []
    for file in sources.of_kind(Kind.QUERY):
        if Path(file.name).parent.name == VIOLATIONS:
            try:
                queries.append(parse_query(file.text, file.name))
            except FindingsError as error:
                findings += error.findings
    return queries, findings


def _evidence(reconciled: Reconciled, entailed: Entailed) -> dict[NamedNode, list[Triple]]:
    assertions = reconciled.assembled.assertions.values()
    return evidence(assertions, entailed.graphs, entailed.premises)


# --- findings --------------------------------------------------------------------------------------------------


def _prefixes(sources: Sources) -> Iterator[Finding]:
    """Yield a finding for each prefix with another meaning than in the project, or with two."""
    for file in sources.of_kind(*_TURTLE):
        standard = prefixes_of(file.entry.report) if file.entry.report else PREFIXES
        declared: dict[str, str] = {}
        for found in _DECLARATION.finditer(file.text):
            prefix, namespace = found.groups()
            expected = standard.get(prefix, namespace_of_year(prefix))
            first = declared.setdefault(prefix, namespace)
            message = f'the prefix "{prefix}:" stands for <{namespace}> here, but for '
            if expected and namespace != expected:
                code, message = "prefix-differs", f"{message}<{expected}> in this project."
            elif namespace != first:
                code, message = "prefix-redeclared", f"{message}<{first}> further up."
            else:
                continue
            line = file.text.count("\n", 0, found.start(1)) + 1
            fix = "Correct the IRI, or choose another prefix."
            yield Finding(file.name, line, Severity.ERROR, code, "", message, fix)


def _clash(clash: Clash, sources: Sources) -> Finding:
    """Return the finding for a contradiction of an axiom, at the last of its premises."""
    places = sorted((s.path, s.line) for s in sources.statements(*DATA) if s.triple in clash.leaves)
    path, line = places[-1] if places else ("", 0)
    subject = clash.triples[0].subject
    name = compact(subject.value) if isinstance(subject, NamedNode) else ""
    return Finding(
        path, line, Severity.ERROR, "inconsistent", name, str(clash), "Correct the statement or the axiom."
    )


def _unlabelled(nodes: Collection[NamedNode], sources: Sources) -> Iterator[Finding]:
    """Yield a finding for each node without a label, at its first mention."""
    first = _first_mentions(sources) if nodes else {}
    for node in nodes:
        path, line = first.get(node, ("", 0))
        message = "an entity must have a label, but this one is not registered and matches no label template."
        fix = "Register it in data/register/, or state the properties that the label template of its class needs."
        yield Finding(path, line, Severity.ERROR, "no-label", compact(node.value), message, fix)


def _first_mentions(sources: Sources) -> Mapping[object, tuple[str, int]]:
    """Return the file and line of the first mention of each node or value."""
    first: dict[object, tuple[str, int]] = {}
    for statement in sources.statements(*_TURTLE):
        for term in (statement.triple.subject, statement.triple.object):
            first.setdefault(term, (statement.path, statement.line))
    return first
