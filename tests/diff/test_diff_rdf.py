"""The difference of two releases in RDF: applied to the old release, it produces the new one."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.cli import main
from jhaan_kg.namespaces import expand

QUERY = "https://w3id.org/jhaan/query/"


def written(two: tuple[Snapshot, Snapshot], file: Path) -> bytes:
    paths = [str(snapshot.path) for snapshot in two]
    assert main(["diff", *paths, "--format", "trig", "-o", str(file)]) == 1
    return file.read_bytes()


@pytest.fixture(scope="module")
def quads(two_releases: tuple[Snapshot, Snapshot], tmp_path_factory: pytest.TempPathFactory) -> list[Quad]:
    """The difference as it was written, read back."""
    data = written(two_releases, tmp_path_factory.mktemp("rdf") / "changes.trig")
    return list(parse(data, format=RdfFormat.TRIG))


def graph(quads: list[Quad], name: str) -> set[str]:
    return {str(quad.triple) for quad in quads if str(quad.graph_name).endswith(f"/{name}>")}


def test_applied_to_the_old_release_it_gives_the_new_one(
    quads: list[Quad], stated: tuple[set[str], set[str]]
) -> None:
    old, new = stated
    removed, added = graph(quads, "removed"), graph(quads, "added")
    assert removed <= old
    assert not added & old
    assert (old - removed) | added == new


def test_the_difference_is_named_and_noted(
    quads: list[Quad], two_releases: tuple[Snapshot, Snapshot]
) -> None:
    assert not any(isinstance(term, BlankNode) for quad in quads for term in quad)
    old, new = (
        NamedNode(f"https://w3id.org/jhaan/id/snapshot/{snapshot.key[:32]}") for snapshot in two_releases
    )
    assert Quad(new, NamedNode(expand("dcat:previousVersion")), old, DefaultGraph()) in quads
    note = Literal("The answer has 2 rows and had 2: 1 are gone, 1 are new.", language="en")
    noted = Triple(NamedNode(QUERY + "who-takes-part"), NamedNode(expand("skos:changeNote")), note)
    assert noted in {quad.triple for quad in quads}


def test_same_releases_same_bytes(two_releases: tuple[Snapshot, Snapshot], tmp_path: Path) -> None:
    first, second = (written(two_releases, tmp_path / f"{n}.trig") for n in range(2))
    assert first == second


def test_lists(quads: list[Quad]) -> None:
    """As in the words; the kinds of changes are new, gone, deprecated or with other answers, and changed."""
    lists: dict[str, set[str]] = {}
    for quad in quads:
        if quad.predicate == NamedNode(expand("rdfs:member")):
            lists.setdefault(quad.subject.value.rpartition("/")[2], set()).add(quad.object.value)
    decision, passage = "https://w3id.org/jhaan/id/decision/fbn-2021/", expand("report:fbn-2022/section/")
    assert lists == {
        "things-new": {expand("body:crew")},
        "things-gone": {expand("place:quay")},
        "things-deprecated": {expand("place:cove")},
        "things-changed": {expand("agency:south")},
        "terms-new": {expand("jhaan:Ship")},
        "terms-gone": {expand("jhaan:Raft")},
        "terms-deprecated": {expand("jhaan:Dinghy")},
        "terms-changed": {expand("jhaan:Place")},
        "passages-new": {passage + "2.1/paragraph/5"},
        "passages-gone": {passage + "2.1/paragraph/4"},
        "passages-changed": {passage + "1/paragraph/3"},
        "contradictions-new": {decision + "ball"},
        "contradictions-gone": {decision + "gala"},
        "contradictions-changed": {decision + "fair"},
        "questions-new": {QUERY + "who-sits"},
        "questions-gone": {QUERY + "who-hosts"},
        "questions-changed": {QUERY + "where"},
        "questions-answers": {QUERY + "where", QUERY + "who-takes-part"},
    }
