"""A snapshot on disk: sorted lines, a manifest that notices damage."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode
from tiny_sources import node, triple

from jhaan_kg import __version__
from jhaan_kg.build.snapshot import DamagedSnapshotError, Snapshot, graph_files, write_snapshot
from jhaan_kg.namespaces import GRAPH

A, B, C = (triple("agency:north", "jhaan:role", Literal(text)) for text in ("a", "b\nc", "ç"))
GRAPHS = {
    NamedNode(GRAPH + "report/fbn-2021/2.1"): [C, A, B],
    NamedNode(GRAPH + "register/things"): [triple("agency:north", "rdf:type", "jhaan:Agency")],
    NamedNode(GRAPH + "context/wikidata"): [triple("agency:north", "skos:exactMatch", "agency:south")],
    NamedNode(GRAPH + "inferred/context"): [triple("agency:south", "skos:exactMatch", "agency:north")],
    NamedNode(GRAPH + "evidence/context"): [triple("agency:south", "rdf:type", "jhaan:Assertion")],
    NamedNode(GRAPH + "evidence/fbn-2021"): [triple("agency:north", "rdf:type", "jhaan:Assertion")],
    NamedNode(GRAPH + "inferred/curation/fbn-2021"): [],
}


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    (tmp_path / "release").mkdir()
    write_snapshot(
        tmp_path / "release",
        graph_files(GRAPHS),
        {"format": 1, "queries": []},
        {"b.ttl": "22", "a.ttl": "11"},
    )
    return Snapshot.open(tmp_path / "release")


def test_lines_are_sorted_and_end_with_a_line_feed(snapshot: Snapshot) -> None:
    data = (snapshot.path / "graphs/report_fbn-2021_2.1.nq").read_bytes()
    north, role = node("agency:north"), node("jhaan:role")
    graph = f"<{GRAPH}report/fbn-2021/2.1>"
    assert data.decode().splitlines(keepends=True) == [
        f'{north} {role} "a" {graph} .\n',
        f'{north} {role} "b\\nc" {graph} .\n',
        f'{north} {role} "ç" {graph} .\n',
    ]


def test_the_manifest_has_versions_digests_and_counts(snapshot: Snapshot) -> None:
    manifest = json.loads((snapshot.path / "manifest.json").read_bytes())
    assert list(manifest["inputs"].items()) == [("a.ttl", "11"), ("b.ttl", "22")]
    assert (manifest["format"], manifest["jhaan_kg"]) == (1, __version__)
    entry = next(e for e in manifest["graphs"] if e["graph"] == GRAPH + "report/fbn-2021/2.1")
    data = (snapshot.path / entry["file"]).read_bytes()
    assert (entry["triples"], entry["bytes"], entry["sha256"]) == (3, len(data), sha256(data).hexdigest())


@pytest.mark.parametrize(
    ("evidence", "context", "expected"),
    [
        (False, False, {"register/things", "report/fbn-2021/2.1"}),
        (True, False, {"register/things", "report/fbn-2021/2.1", "evidence/fbn-2021"}),
        (False, True, {"register/things", "report/fbn-2021/2.1", "context/wikidata", "inferred/context"}),
    ],
)
def test_evidence_and_context_can_be_left_out(
    snapshot: Snapshot, evidence: bool, context: bool, expected: set[str]
) -> None:
    quads = list(snapshot.quads(evidence=evidence, context=context))
    assert {quad.graph_name.value.removeprefix(GRAPH) for quad in quads} == expected
    assert len(quads) == snapshot.triples(evidence=evidence, context=context)


def test_the_key_stands_for_all_of_it(tmp_path: Path, snapshot: Snapshot) -> None:
    (tmp_path / "other").mkdir()
    less = {graph: triples for graph, triples in GRAPHS.items() if "context" not in graph.value}
    write_snapshot(tmp_path / "other", graph_files(less), {"format": 1, "queries": []}, {})
    (tmp_path / "same").mkdir()
    write_snapshot(
        tmp_path / "same", graph_files(GRAPHS), {"format": 1, "queries": []}, {"a.ttl": "11", "b.ttl": "22"}
    )
    assert Snapshot.open(tmp_path / "same").key == snapshot.key
    assert Snapshot.open(tmp_path / "other").key != snapshot.key


@pytest.mark.parametrize("name", ["graphs/report_fbn-2021_2.1.nq", "catalogue.json", "manifest.json"])
@pytest.mark.parametrize("damage", ["truncated", "missing", "folder"])
def test_damage_is_seen_when_it_is_opened(snapshot: Snapshot, name: str, damage: str) -> None:
    path = snapshot.path / name
    data = path.read_bytes()
    path.unlink()
    if damage == "truncated":
        path.write_bytes(data[:-5])
    elif damage == "folder":
        path.mkdir()
    with pytest.raises(DamagedSnapshotError, match="run the command again"):
        Snapshot.open(snapshot.path)


def test_a_changed_byte_is_seen_when_it_is_read(snapshot: Snapshot) -> None:
    path = snapshot.path / "graphs/register_things.nq"
    path.write_bytes(path.read_bytes().replace(b"north", b"nurth"))
    opened = Snapshot.open(snapshot.path)
    with pytest.raises(DamagedSnapshotError, match=r"register_things\.nq was changed"):
        opened.verify()
    with pytest.raises(DamagedSnapshotError, match=r"register_things\.nq"):
        list(opened.quads(evidence=False, context=False))


def test_a_changed_catalogue_is_seen_when_it_is_opened(snapshot: Snapshot) -> None:
    snapshot.catalogue_path.write_bytes(snapshot.catalogue_path.read_bytes().replace(b"1", b"2"))
    with pytest.raises(DamagedSnapshotError, match=r"catalogue\.json"):
        Snapshot.open(snapshot.path)


NESTED = '{"format": 1, "graphs": ' + "[" * 100_000


@pytest.mark.parametrize(
    "manifest",
    ["", "[]", "{}", '{"format": 99}', '{"format": 1, "graphs": [1]}', NESTED, NESTED + "]" * 100_000 + "}"],
    ids=range(7),
)
def test_a_manifest_that_is_none(snapshot: Snapshot, manifest: str) -> None:
    (snapshot.path / "manifest.json").write_text(manifest)
    with pytest.raises(DamagedSnapshotError):
        Snapshot.open(snapshot.path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("file", value) for value in ("{0}/a.nq", "../a.nq", "graphs/../../a.nq", "graphs/..", "a.nq")),
        *(
            ("file", value)
            for value in ("/dev/zero", "graphs/\0.nq", "graphs/b/../../../a.nq", 1, None, ["a"])
        ),
        *(("graph", value) for value in ("x> .", "", 1, None)),
        *((key, value) for key in ("triples", "bytes") for value in ("5", 5.0, None, True, [])),
        ("sha256", None),
    ],
)
def test_a_manifest_names_files_of_its_folder_only(snapshot: Snapshot, key: str, value: object) -> None:
    outside = snapshot.path.with_name("outside")
    outside.mkdir()
    path = snapshot.path / "manifest.json"
    manifest = json.loads(path.read_bytes())
    entry = manifest["graphs"][0]
    for folder in (outside, snapshot.path, snapshot.path.parent):
        (folder / "a.nq").write_bytes((snapshot.path / entry["file"]).read_bytes())
    entry[key] = value.format(outside) if isinstance(value, str) else value
    path.write_text(json.dumps(manifest))
    with pytest.raises(DamagedSnapshotError, match=r"was changed|is not valid"):
        Snapshot.open(snapshot.path).verify()


@pytest.mark.parametrize("name", ["graphs", "graphs/register_things.nq", "catalogue.json", "manifest.json"])
def test_a_link_is_no_part_of_a_snapshot(snapshot: Snapshot, name: str) -> None:
    outside = snapshot.path.with_name("outside")
    (snapshot.path / name).rename(outside)
    (snapshot.path / name).symlink_to(outside)
    with pytest.raises(DamagedSnapshotError, match=r"was changed|is not valid"):
        Snapshot.open(snapshot.path)


def test_a_link_may_lead_to_a_snapshot(snapshot: Snapshot) -> None:
    link = snapshot.path.with_name("current")
    link.symlink_to(snapshot.path)
    Snapshot.open(link).verify()
