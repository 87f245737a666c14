"""The statements that differ between two graphs."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from bad_input import Run
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.diff import compare, write_text
from jhaan_kg.namespaces import GRAPH, RDFS_LABEL, expand
from small_graph import graphs, snapshot

REGISTER = NamedNode(GRAPH + "register/places")
EVIDENCE = NamedNode(GRAPH + "evidence/jhaan-2023")


def labelled(curie: str, label: str) -> Triple:
    """The label of an entity."""
    return Triple(NamedNode(expand(curie)), RDFS_LABEL, Literal(label, language="en"))


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A small graph with a board."""
    named = {**graphs(), REGISTER: [labelled("body:board", "Southern Board")]}
    return snapshot(tmp_path_factory.mktemp("old") / "snapshot", named)


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The same graph, in which the board has another name, a place is new, and a line of evidence."""
    named = {
        **graphs(),
        REGISTER: [labelled("body:board", "Board of the South"), labelled("place:cove", "the Cove")],
    }
    named[EVIDENCE] = [*named.get(EVIDENCE, []), labelled("agency:fra", "an assertion")]
    return snapshot(tmp_path_factory.mktemp("new") / "snapshot", named)


def test_statements_are_grouped_by_entity(old: Snapshot, new: Snapshot) -> None:
    assert write_text(compare(old, new)) == (
        "Board of the South (body:board)\n"
        "  - rdfs:label: Southern Board  [register/places]\n"
        "  + rdfs:label: Board of the South  [register/places]\n"
        "\n"
        "the Cove (place:cove)\n"
        "  + rdfs:label: the Cove  [register/places]\n"
        "\n"
        "2 entities with changes: 1 statement removed, 2 added. "
        "Evidence, stored questions and lexicon: 0 lines removed, 1 added.\n"
    )


def test_the_other_way_round_signs_are_exchanged(old: Snapshot, new: Snapshot) -> None:
    there, back = compare(old, new), compare(new, old)
    assert {(each.triple, each.is_added) for each in there.changes} == {
        (each.triple, not each.is_added) for each in back.changes
    }
    assert there.others == back.others[::-1]


def test_equal_graphs_have_no_difference(old: Snapshot, run: Run) -> None:
    assert not compare(old, old)
    code, out, _ = run("diff", str(old.path), str(old.path))
    assert (code, out.startswith("0 entities with changes: 0 statements removed, 0 added.")) == (0, True)


def test_the_exit_code_tells_whether_graphs_differ(
    old: Snapshot, new: Snapshot, run: Run, tmp_path: Path
) -> None:
    target = tmp_path / "changes.txt"
    assert run("diff", str(old.path), str(new.path), "-o", str(target))[:2] == (1, "")
    assert "the Cove" in target.read_text(encoding="utf-8")


def test_what_is_no_graph_is_refused(old: Snapshot, run: Run, tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("x")
    for other in (tmp_path, tmp_path / "file.txt"):
        code, out, err = run("diff", str(old.path), str(other))
        assert (code, out) == (2, "")
        assert err == f'jhaan: NEW must be a snapshot or a checkout, not "{other}".\n'
