"""What others read in the exports: rdflib, pyoxigraph, serd, Jena and N3.js find each term as it was written."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat

import hard_graph
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export
from jhaan_kg.rdflib_terms import from_rdflib, quiet_rdflib

FLAT = ("turtle", "ntriples", "rdfxml")
DATASETS = ("nquads", "trig")
SUFFIX = {"turtle": "ttl", "ntriples": "nt", "rdfxml": "rdf", "nquads": "nq", "trig": "trig"}
MEDIA_TYPE = {
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "nquads": "application/n-quads",
    "trig": "application/trig",
}

Reader = Callable[[str, Path], set[Quad]]


def lines(data: bytes | str) -> set[Quad]:
    """Give the quads of N-Quads."""
    return set(pyoxigraph.parse(data, RdfFormat.N_QUADS))


@contextmanager
def lexical_forms_kept() -> Iterator[None]:
    """Keep rdflib from writing literals otherwise than they were read."""
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    try:
        with quiet_rdflib():
            yield
    finally:
        rdflib.NORMALIZE_LITERALS = before


def by_rdflib(form: str, file: Path) -> set[Quad]:
    names = {"turtle": "turtle", "ntriples": "nt", "rdfxml": "xml", "nquads": "nquads", "trig": "trig"}
    dataset = rdflib.Dataset()
    with lexical_forms_kept():
        dataset.parse(file, format=names[form])
    default = {None, rdflib.URIRef("urn:x-rdflib:default")}
    return {
        Quad(*map(from_rdflib, (s, p, o)), DefaultGraph() if g in default else NamedNode(g))  # type: ignore[arg-type]
        for s, p, o, g in dataset.quads()
    }


def by_pyoxigraph(_form: str, file: Path) -> set[Quad]:
    return set(pyoxigraph.parse(path=file))


@pytest.fixture
def reader(request: pytest.FixtureRequest) -> Reader:
    """Reads a file of a format with the program that the test names."""
    program: str = request.param

    def by_serd(form: str, file: Path) -> set[Quad]:
        serdi = request.getfixturevalue("serdi")
        return lines(_output([serdi, "-i", form, "-o", "nquads", str(file)]))

    def by_jena(_form: str, file: Path) -> set[Quad]:
        riot = request.getfixturevalue("riot")
        return lines(_output([*riot, "--nocheck", "--output=nquads", str(file)]))

    def by_n3(form: str, file: Path) -> set[Quad]:
        return lines(request.getfixturevalue("node")("read_rdf.js", MEDIA_TYPE[form], file))

    readers: dict[str, Reader] = {
        "rdflib": by_rdflib,
        "pyoxigraph": by_pyoxigraph,
        "serd": by_serd,
        "jena": by_jena,
        "n3": by_n3,
    }
    return readers[program]


def _output(command: list[str]) -> bytes:
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, b"ERROR" in done.stderr) == (0, False), done.stderr.decode()[-2000:]
    return done.stdout


PAIRS = [
    (program, form)
    for program in ("rdflib", "pyoxigraph", "serd", "jena", "n3")
    for form in (*FLAT, *DATASETS)
    if not (form == "rdfxml" and program in ("serd", "n3"))
]
"""Each program with each format that it reads."""


def flat(quads: set[Quad]) -> set[Quad]:
    return {Quad(*quad.triple) for quad in quads}


@pytest.mark.slow
@pytest.mark.parametrize(("reader", "form"), PAIRS, indirect=["reader"])
def test_the_graph_is_read_as_it_was_written(reader: Reader, form: str, tmp_path: Path) -> None:
    """Without evidence, which is more of the same, and which the hard graph has."""
    snapshot = open_snapshot()
    stored = {
        quad
        for file in snapshot.graphs
        if "/graph/evidence/" not in file.graph
        for quad in pyoxigraph.parse(file.path.read_bytes(), RdfFormat.N_QUADS)
    }
    file = tmp_path / f"graph.{SUFFIX[form]}"
    file.write_bytes(export(snapshot, form, evidence=False))
    assert reader(form, file) == (stored if form in DATASETS else flat(stored))


@pytest.fixture
def hard_snapshot(tmp_path: Path) -> Callable[[bool], Snapshot]:
    return lambda controls: hard_graph.snapshot(tmp_path / "snapshot", controls=controls)


@pytest.mark.slow
@pytest.mark.parametrize(("reader", "form"), PAIRS, indirect=["reader"])
def test_what_is_hard_to_write_is_read_again(
    reader: Reader, form: str, hard_snapshot: Callable[[bool], Snapshot], tmp_path: Path
) -> None:
    controls = form != "rdfxml"
    written = hard_graph.quads(controls=controls, evidence=form in DATASETS)
    file = tmp_path / f"hard.{SUFFIX[form]}"
    file.write_bytes(export(hard_snapshot(controls), form))
    read = reader(form, file)
    expected = written if form in DATASETS else flat(written)
    assert sorted(map(str, expected - read)) == []
    assert sorted(map(str, read - expected)) == []
