"""A release as input of a comparison.

It has its statements with their places, and its conflicting values.
"""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple, TypeAlias, TypeGuard, cast

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.cache import snapshot_in, store_for
from jhaan_kg.build.graphs import is_apart, report_of
from jhaan_kg.build.progress import Progress
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import FindingsError, JhaanError
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import (
    BASE,
    CONTESTED_PARTS,
    DCTERMS,
    GRAPH,
    ID,
    ONTOLOGY,
    OWL,
    RDF_TYPE,
    REIFIED_PARTS,
    SKOS,
    jhaan,
)
from jhaan_kg.query.catalogue import Catalogue, load_catalogue
from jhaan_kg.reports import report_of_iri

Value: TypeAlias = NamedNode | Literal

REPLACED_BY: Final = NamedNode(DCTERMS + "isReplacedBy")
CHANGE_NOTE: Final = NamedNode(SKOS + "changeNote")
DEFINITION: Final = NamedNode(SKOS + "definition")

_DEPRECATED: Final = NamedNode(OWL + "deprecated")
_DIGEST: Final = jhaan("textDigest")
_BUNDLED: Final = "jhaan_kg/_bundle/snapshot/"
"""The path of the snapshot in a wheel."""
_EXPECTED: Final = "it must be a wheel, the folder of a snapshot (printed by jhaan build), or a checkout."


class StatedTriple(NamedTuple):
    """A triple of a snapshot, without blank nodes."""

    subject: NamedNode
    predicate: NamedNode
    object: Value

    @property
    def order(self) -> tuple[str, str, str]:
        """The sort key of statements."""
        return str(self.subject), str(self.predicate), str(self.object)


class TripleSource(NamedTuple):
    """The place of a statement.

    Attributes:
        graph: the IRI of its graph.
        passages: the IRIs of the passages that state it, sorted; none outside of reports.
    """

    graph: str
    passages: tuple[str, ...]


class Contested(NamedTuple):
    """A contested property of an entity in one report."""

    subject: NamedNode
    property: NamedNode
    report: str


class DecidedContradiction(NamedTuple):
    """A property of an entity with several values in the passages of a report.

    Attributes:
        used: the preferred values, sorted; several if one contains the other.
        others: the other values, sorted.
        decision: the IRI of the decision.
        reason: the reason.
    """

    used: tuple[Value, ...]
    others: tuple[Value, ...]
    decision: NamedNode
    reason: str


@dataclass(frozen=True)
class ReleaseContent:
    """The compared content of a release.

    Attributes:
        key: the SHA-256 of its manifest.
        graph: the whole graph.
        stated: the statements, with all sides of conflicting values.
        statements: each statement with its place.
        inferred: the inferred statements, and those that the build adds.
        contradictions: the contradictions by subject, property and report.
        catalogue: the stored questions.
    """

    key: str
    graph: Graph
    stated: Graph
    statements: Mapping[StatedTriple, TripleSource]
    inferred: frozenset[StatedTriple]
    contradictions: Mapping[Contested, DecidedContradiction]
    catalogue: Catalogue

    @cached_property
    def version(self) -> str:
        """The version of its ontology; empty if it has none."""
        return self.stated.text(NamedNode(BASE + "ontology"), NamedNode(OWL + "versionInfo"))

    @cached_property
    def things(self) -> frozenset[NamedNode]:
        """The entities in use, without passages and without decisions on conflicting values."""
        subjects = {
            fact.subject
            for fact, statement in self.statements.items()
            if not is_document(statement.graph) and _is_named(fact.subject, ID)
        }
        return frozenset(subjects - self.deprecated.keys() - self.decisions)

    @cached_property
    def decisions(self) -> frozenset[NamedNode]:
        """The decisions on conflicting values."""
        return frozenset(contradiction.decision for contradiction in self.contradictions.values())

    @cached_property
    def terms(self) -> frozenset[NamedNode]:
        """The terms of its ontology in use."""
        described = {term for term in self.stated.subjects(RDF_TYPE) if _is_named(term, ONTOLOGY)}
        return frozenset(described - self.deprecated.keys())

    @cached_property
    def passages(self) -> Mapping[NamedNode, str]:
        """The passages of all reports, with the checksums of their words."""
        return {
            passage: self.stated.text(passage, _DIGEST)
            for passage in self.stated.subjects(_DIGEST)
            if "/section/" in passage.value
        }

    @cached_property
    def deprecated(self) -> Mapping[NamedNode, tuple[str, str]]:
        """The deprecated IRIs with successor and reason, either of which may be empty."""
        return {
            node: (
                next((successor.value for successor in self.stated.nodes(node, REPLACED_BY)), ""),
                self.stated.text(node, CHANGE_NOTE),
            )
            for node in self.stated.subjects(_DEPRECATED)
            if not {"true", "1"}.isdisjoint(self.stated.texts(node, _DEPRECATED))
        }

    def values(self, subject: NamedNode, predicate: NamedNode) -> list[Value]:
        """Return the stated values of a property, sorted."""
        return cast(list[Value], self.stated.values(subject, predicate))

    def kind(self, thing: NamedNode) -> NamedNode | None:
        """Return the narrowest class of the project's ontology for an entity.

        It is None if there is none.
        """
        types = [kind for kind in self.graph.nodes(thing, RDF_TYPE) if _is_named(kind, ONTOLOGY)]
        wider = {above for kind in types for above in self.graph.superclasses(kind) if above != kind}
        return next((kind for kind in types if kind not in wider), None)


def is_document(graph: str) -> bool:
    """Return whether a graph contains a tree of passages."""
    return graph.startswith(GRAPH + "document/")


def is_ontology(graph: str) -> bool:
    """Return whether a graph contains the ontology or the terms that it reuses."""
    return graph.startswith(GRAPH + "ontology")


def _is_named(term: object, namespace: str) -> TypeGuard[NamedNode]:
    return isinstance(term, NamedNode) and term.value.startswith(namespace)


def read_release(snapshot: Snapshot) -> ReleaseContent:
    """Read the compared content of a release.

    Raises:
        JhaanError: the snapshot is damaged, or its questions are of another version.
    """
    graph = Graph(store_for(snapshot, evidence=True, context=True, in_memory=True))
    graphs: dict[StatedTriple, str] = {}
    inferred: set[StatedTriple] = set()
    for name in snapshot.graph_names:
        follows = report_of(NamedNode(name)) is not None
        if not follows and is_apart(name):
            continue
        for quad in graph.store.quads_for_pattern(None, None, None, NamedNode(name)):
            if follows:
                inferred.add(_check_triple(*quad.triple))
            else:
                graphs.setdefault(_check_triple(*quad.triple), name)
    passages = {
        _read_described(graph, node): tuple(sorted(stating))
        for node in graph.instances(jhaan("Assertion"))
        if (stating := graph.texts(node, jhaan("evidenceIn")))
    }
    sides: dict[Contested, list[tuple[NamedNode, Value]]] = defaultdict(list)
    for node in graph.instances(jhaan("ContestedStatement")):
        fact, report = _read_described(graph, node), report_of_iri(node.value)
        graphs.setdefault(fact, f"{GRAPH}report/{report}")
        sides[Contested(fact.subject, fact.predicate, report)].append((node, fact.object))
    return ReleaseContent(
        snapshot.key,
        graph,
        Graph.of(Triple(*fact) for fact in graphs),
        {fact: TripleSource(name, passages.get(fact, ())) for fact, name in graphs.items()},
        frozenset(inferred),
        {about: _read_contradiction(graph, values) for about, values in sides.items()},
        load_catalogue(snapshot.catalogue_path),
    )


def _check_triple(subject: object, predicate: object, value: object) -> StatedTriple:
    if not (
        isinstance(subject, NamedNode)
        and isinstance(predicate, NamedNode)
        and isinstance(value, NamedNode | Literal)
    ):
        raise JhaanError(
            f"The snapshot has a node without IRI ({subject} {predicate} {value}). Rebuild the snapshot: jhaan build"
        )
    return StatedTriple(subject, predicate, value)


def _read_described(graph: Graph, node: NamedNode) -> StatedTriple:
    """Return the triple that an assertion or a contested statement describes."""
    # In version 0.1, contested statements are described like assertions.
    parts = zip(REIFIED_PARTS, CONTESTED_PARTS, strict=True)
    return _check_triple(
        *(graph.value(node, reified) or graph.value(node, contested) for reified, contested in parts)
    )


def _read_contradiction(graph: Graph, sides: list[tuple[NamedNode, Value]]) -> DecidedContradiction:
    used = {value for node, value in sides if jhaan("PreferredRank") in graph.values(node, jhaan("rank"))}
    (decision, *_) = graph.nodes(sides[0][0], jhaan("decidedBy"))
    others = {value for _, value in sides} - used
    return DecidedContradiction(
        tuple(sorted(used, key=str)),
        tuple(sorted(others, key=str)),
        decision,
        graph.text(decision, jhaan("reason")),
    )


@contextmanager
def open_release(path: Path, progress: Progress) -> Iterator[Snapshot]:
    """Open a release within a block.

    Args:
        path: the folder of a snapshot, a wheel, or a folder of sources, from which the snapshot is built if need be.
        progress: shows the current step.

    Raises:
        JhaanError: the path is none of these, the release is damaged, or the sources have faults.
    """
    if path.is_dir():
        yield _open_folder(path, progress)
        return
    if not zipfile.is_zipfile(path):
        raise JhaanError(f"Cannot open {path}: {_EXPECTED}")
    with TemporaryDirectory(prefix="jhaan-kg-") as folder:
        try:
            with zipfile.ZipFile(path) as wheel:
                members = [name for name in wheel.namelist() if name.startswith(_BUNDLED)]
                wheel.extractall(folder, members)
        except zipfile.BadZipFile:
            raise JhaanError(f"Cannot open {path}: damaged wheel. Download it again.") from None
        if not members:
            raise JhaanError(f"Cannot open {path}: not a wheel of jhaan-kg.")
        yield Snapshot.open(Path(folder) / _BUNDLED)


def _open_folder(path: Path, progress: Progress) -> Snapshot:
    try:
        snapshot = snapshot_in(path, progress)
    except FindingsError as error:
        # Exit code 1 would mean that two releases were compared and differ.
        more = len(error.findings) - 1
        others = f" ({more} more finding{'s' * (more > 1)})" if more else ""
        raise JhaanError(
            f"Cannot build {path}: {error.findings[0]}{others} "
            "If it needs another version of jhaan, build the snapshot with that version and name its folder."
        ) from None
    if snapshot is None:
        raise JhaanError(f"Cannot open {path}: {_EXPECTED}")
    return snapshot
