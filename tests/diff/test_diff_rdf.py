"""What tells two releases apart, in RDF: whoever applies it to the old release has the new one."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, parse

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.cli import main
from jhaan_kg.namespaces import PREFIXES, expand

MEMBER = NamedNode(expand("rdfs:member"))


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


def test_it_has_no_blank_nodes(quads: list[Quad]) -> None:
    assert not any(isinstance(term, BlankNode) for quad in quads for term in quad)


def test_same_releases_same_bytes(two_releases: tuple[Snapshot, Snapshot], tmp_path: Path) -> None:
    first, second = (written(two_releases, tmp_path / f"{n}.trig") for n in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("things-new", {"body:crew"}),
        ("things-gone", {"place:quay"}),
        ("things-deprecated", {"place:cove"}),
        ("things-changed", {"agency:south"}),
        ("terms-new", {"jhaan:Ship"}),
        ("terms-gone", {"jhaan:Raft"}),
        ("terms-deprecated", {"jhaan:Dinghy"}),
        ("terms-changed", {"jhaan:Place"}),
        ("passages-new", {"report:fbn-2022/section/2.1/paragraph/5"}),
        ("passages-gone", {"report:fbn-2022/section/2.1/paragraph/4"}),
        ("passages-changed", {"report:fbn-2022/section/1/paragraph/3"}),
        ("contradictions-new", {"https://w3id.org/jhaan/id/decision/fbn-2021/ball"}),
        ("contradictions-gone", {"https://w3id.org/jhaan/id/decision/fbn-2021/gala"}),
        ("contradictions-changed", {"https://w3id.org/jhaan/id/decision/fbn-2021/fair"}),
        ("questions-new", {"https://w3id.org/jhaan/query/who-sits"}),
        ("questions-gone", {"https://w3id.org/jhaan/query/who-hosts"}),
        ("questions-changed", {"https://w3id.org/jhaan/query/where"}),
        (
            "questions-answers",
            {"https://w3id.org/jhaan/query/where", "https://w3id.org/jhaan/query/who-takes-part"},
        ),
    ],
)
def test_lists(quads: list[Quad], name: str, members: set[str]) -> None:
    found = {
        quad.object.value
        for quad in quads
        if quad.predicate == MEMBER
        and isinstance(quad.subject, NamedNode)
        and quad.subject.value.endswith(f"/{name}")
        and isinstance(quad.object, NamedNode)
    }
    assert found == {
        member if member.partition(":")[0] not in PREFIXES else expand(member) for member in members
    }


def test_the_releases_are_named(quads: list[Quad], two_releases: tuple[Snapshot, Snapshot]) -> None:
    old, new = (
        NamedNode(f"https://w3id.org/jhaan/id/snapshot/{snapshot.key[:32]}") for snapshot in two_releases
    )
    assert Quad(new, NamedNode(expand("dcat:previousVersion")), old, DefaultGraph()) in quads


def test_the_numbers_of_rows_are_noted(quads: list[Quad]) -> None:
    notes = {str(quad.triple) for quad in quads if quad.predicate == NamedNode(expand("skos:changeNote"))}
    assert (
        "<https://w3id.org/jhaan/query/who-takes-part> <http://www.w3.org/2004/02/skos/core#changeNote> "
        '"The answer has 2 rows and had 2: 1 are gone, 1 are new."@en'
    ) in notes
