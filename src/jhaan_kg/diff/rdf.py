"""What tells two releases apart, in RDF: two named graphs, and lists of what they are about.

Whoever has all that the old release states takes away the graph `…/removed`, adds the graph `…/added`, and has all that
the new one states; RDF's own named graphs say that with nothing but the facts themselves. The vocabulary of changesets
that is about (http://purl.org/vocab/changeset/schema#) describes each fact by a node with four more triples, which
no store can apply as it stands, and its definition is not among the vocabularies that this project verifies.

The default graph says which releases these are (`dcat:previousVersion`), and lists by `rdfs:member` the things, terms,
passages, contradictions and questions that are new, gone, deprecated or changed. `rdfs:member` says nothing of what it
leads to; `prov:hadMember` would make an entity of each meeting, and meetings are activities, which are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, serialize

from jhaan_kg.build.graphs import graph_name
from jhaan_kg.diff.compare import Difference
from jhaan_kg.diff.release import CHANGE_NOTE, Fact, Release
from jhaan_kg.namespaces import DCAT, DCTERMS, GRAPH, ID, OWL, PREFIXES, RDF_TYPE, RDFS, RDFS_LABEL
from jhaan_kg.query.compile import QUERY
from jhaan_kg.results.graphs import in_reading_order

_MEMBER: Final = NamedNode(RDFS + "member")
_CONTAINER: Final = NamedNode(RDFS + "Container")
_PART_OF: Final = NamedNode(DCTERMS + "isPartOf")
_IDENTIFIER: Final = NamedNode(DCTERMS + "identifier")
_PREVIOUS: Final = NamedNode(DCAT + "previousVersion")
_DATASET: Final = NamedNode(DCAT + "Dataset")
_VERSION: Final = NamedNode(OWL + "versionInfo")


def trig(difference: Difference) -> bytes:
    """Write a difference as TriG in UTF-8, the same bytes for the same releases.

    Args:
        difference: as `compare` gives it.
    """
    digest = sha256(f"{difference.old.key} {difference.new.key}".encode()).hexdigest()[:32]
    quads = [
        *_quads(_description(difference, digest), DefaultGraph()),
        *_quads(difference.removed, NamedNode(f"{GRAPH}difference/{digest}/removed")),
        *_quads(difference.added, NamedNode(f"{GRAPH}difference/{digest}/added")),
    ]
    quads.sort(key=lambda quad: (graph_name(quad), in_reading_order(quad.triple)))
    return serialize(quads, format=RdfFormat.TRIG, prefixes=PREFIXES) or b""


def _quads(facts: Iterable[Fact], graph: NamedNode | DefaultGraph) -> Iterator[Quad]:
    for subject, predicate, value in facts:
        yield Quad(subject, predicate, value, graph)


def _description(difference: Difference, digest: str) -> Iterator[Fact]:
    whole = NamedNode(f"{ID}difference/{digest}")
    old, new = _snapshot(difference.old), _snapshot(difference.new)
    yield _labelled(whole, f"What tells {_version(difference.old)} and {_version(difference.new)} apart")
    for release, node in ((difference.old, old), (difference.new, new)):
        yield Fact(node, RDF_TYPE, _DATASET)
        yield Fact(node, _IDENTIFIER, Literal(release.key))
        yield _labelled(node, f"Snapshot {release.key[:12]} of {_version(release)}")
        if release.version:
            yield Fact(node, _VERSION, Literal(release.version))
    if old != new:
        yield Fact(new, _PREVIOUS, old)
    for name, label in (("removed", "Statements that are gone"), ("added", "Statements that are new")):
        graph = NamedNode(f"{GRAPH}difference/{digest}/{name}")
        yield Fact(graph, _PART_OF, whole)
        yield _labelled(graph, label)
    for name, label, members in _lists(difference):
        if members:
            node = NamedNode(f"{whole.value}/{name}")
            yield Fact(node, RDF_TYPE, _CONTAINER)
            yield Fact(node, _PART_OF, whole)
            yield _labelled(node, label)
            yield from (Fact(node, _MEMBER, member) for member in members)
    for change in difference.answers:
        if change.differs:
            note = (
                f"The answer has {change.after} rows and had {change.before}: "
                f"{len(change.gone.rows)} are gone, {len(change.new.rows)} are new."
            )
            yield Fact(NamedNode(QUERY + change.name), CHANGE_NOTE, Literal(note, language="en"))


def _lists(difference: Difference) -> Iterator[tuple[str, str, list[NamedNode]]]:
    """Give name, label and members of each list."""
    for name, members in (
        ("things", difference.things),
        ("terms", difference.terms),
        ("passages", difference.passages),
    ):
        for sort, listed in members:
            yield f"{name}-{sort}", f"{name.capitalize()}: {sort}", list(listed)
    for sort, contested in difference.contradictions:
        release = difference.old if sort == "gone" else difference.new
        decisions = [release.contradictions[about].decision for about in contested]
        yield f"contradictions-{sort}", f"Decisions on contested values: {sort}", decisions
    for sort in ("new", "gone", "changed"):
        questions = [NamedNode(QUERY + change.name) for change in difference.questions if change.sort == sort]
        yield f"questions-{sort}", f"Questions: {sort}", questions
    answers = [NamedNode(QUERY + change.name) for change in difference.answers if change.differs]
    yield "questions-answers", "Questions: with other answers", answers


def _snapshot(release: Release) -> NamedNode:
    return NamedNode(f"{ID}snapshot/{release.key[:32]}")


def _version(release: Release) -> str:
    return f"version {release.version}" if release.version else "a version without number"


def _labelled(node: NamedNode, label: str) -> Fact:
    return Fact(node, RDFS_LABEL, Literal(label, language="en"))
