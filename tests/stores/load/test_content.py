"""What is sent is what the snapshot holds: as N-Triples, in updates, in slices."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from load_cases import lines
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from jhaan_kg.build.snapshot import DamagedSnapshotError, GraphFile
from jhaan_kg.digests import file_digest
from jhaan_kg.export import Request
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.stores.kinds import KINDS, addresses
from jhaan_kg.stores.load import plan as module
from jhaan_kg.stores.load.plan import Action, Content, LoadPlan, Step, changes
from jhaan_kg.stores.normal import digest
from small_graph import BIG, NEW, release, triple

G = GRAPH + "report/jhaan-2023/1"

ODD = [*'\\"\n\r\t\b\f\x00\x7f}\U0001d11e', "\\u0041", "\\\\u0041", f" <{G}> ."]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(ODD)
LITERAL = st.one_of(
    TEXT.map(Literal),
    TEXT.map(lambda text: Literal(text, language="en")),
    TEXT.map(lambda text: Literal(text, datatype=NamedNode("https://example.org/datatype"))),
)


def written(folder: Path, triples: list[Triple]) -> Content:
    """Write triples as a snapshot does."""
    data = "".join(sorted({f"{one} <{G}> .\n" for one in triples})).encode()
    path = folder / "graph.nq"
    path.write_bytes(data)
    return Content(G, (GraphFile(G, path, data.count(b"\n"), len(data), file_digest(data)),))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("contents")


def contents_of(request: Request) -> list[Content]:
    return [Content(file.graph, (file,)) for file in request.files()]


def update_of(content: Content) -> tuple[bytes, int]:
    """Return what is sent to write a graph by SPARQL Update, and how large it is said to be."""
    kind = KINDS["oxigraph"]
    plan = LoadPlan((Step(G, Action.CHANGED, content, 1),))
    (change,) = changes(kind, addresses(kind, "http://localhost:7878"), plan)
    return b"".join(change.request().body or ()), change.size  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), LITERAL), min_size=1, max_size=8))
def test_each_literal_arrives_by_ntriples_and_by_update(
    folder: Path, pairs: list[tuple[str, Literal]]
) -> None:
    triples = [triple(name, value) for name, value in pairs]
    content = written(folder, triples)
    sent = b"".join(content.ntriples())
    assert len(sent) == content.size
    assert {quad.triple for quad in parse(sent, format=RdfFormat.N_TRIPLES)} == set(triples)
    update, size = update_of(content)
    assert len(update) == size
    store = Store()
    store.extend([Quad(*triple("a", "goes"), NamedNode(G)), Quad(*triple("a", "stays"), NamedNode(G + "1"))])
    store.update(update.decode())
    assert {quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(G))} == set(triples)
    assert [quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(G + "1"))] == [
        triple("a", "stays")
    ]


def test_lexical_forms_are_sent_as_they_are(folder: Path) -> None:
    integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    content = written(folder, [triple("a", Literal("007", datatype=integer))])
    assert b'"007"^^<' in b"".join(content.ntriples())
    assert b'"007"^^<' in update_of(content)[0]


@pytest.mark.parametrize("rows", [1, 2, 7, 10, 100, 601, 10_000])
def test_slices_divide_a_graph(tmp_path: Path, rows: int) -> None:
    """Subjects that are the beginning of others stand elsewhere in the file than by their characters."""
    names = [f"{number:03d}" for number in range(200)] + ["1", "10", "1-", "1/", "z"]
    triples = [triple(name, f"{value}") for name in names for value in range(3)]
    (content,) = contents_of(release(tmp_path / "release", {G: triples}))
    parts = content.slices(rows)
    assert parts[0].low is None
    assert parts[-1].high is None
    assert [part.high for part in parts[:-1]] == [part.low for part in parts[1:]]
    for part in parts:
        inside = [one for one in triples if part.has(one.subject.value)]  # type: ignore[union-attr]
        assert part.expected == digest(lines(inside))
        assert len(inside) <= max(rows, 6), (
            "a subject has three triples, and a border lies before each second one"
        )
    assert sum(part.expected.triples for part in parts) == len(triples)
    assert len(parts) >= len(triples) // max(rows, 3)


def test_the_flat_graph_is_one_content_of_all_files(tmp_path: Path) -> None:
    request = release(tmp_path / "release", NEW)
    flat = Content(None, tuple(request.files()))
    sent = b"".join(flat.ntriples())
    assert len(sent) == flat.size
    assert {quad.triple for quad in parse(sent, format=RdfFormat.N_TRIPLES)} == request.triples()
    assert flat.slices(10**6)[0].expected == digest(lines(request.triples()))


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Content:
    """What a graph is to hold, in a file that is read in pieces."""
    monkeypatch.setattr(module, "PIECE", 100)
    return next(one for one in contents_of(release(tmp_path / "release", NEW)) if one.graph == BIG)


def test_a_file_in_pieces_is_the_whole_file(large: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = list(large.ntriples())
    monkeypatch.setattr(module, "PIECE", 1 << 20)
    assert len(pieces) > 100
    assert list(large.ntriples()) == [b"".join(pieces)]
    assert all(piece.endswith(b"\n") for piece in pieces)


@pytest.mark.parametrize(
    "harm", [lambda data: data[:-3] + b"x .\n"[-3:], lambda data: data + data, lambda _: b"\n", None]
)
def test_a_damaged_file_is_never_given_to_its_end(
    large: Content, harm: Callable[[bytes], bytes] | None
) -> None:
    path = large.files[0].path
    data = path.read_bytes().replace(b"value 599", b"value 598")
    path.unlink()
    if harm:
        path.write_bytes(harm(data))
    with pytest.raises(DamagedSnapshotError, match=r"(big\.nq was changed|cannot open \w+big\.nq \(No such)"):
        list(large.ntriples())
