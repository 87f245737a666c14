"""Programs that read exports offline, and the expected statements."""

from __future__ import annotations

import io
import json
import subprocess
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.response import addinfourl

import pytest
import rdflib
from pyld import FrozenDocumentLoader, jsonld
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export
from jhaan_kg.namespaces import XSD
from jhaan_kg.rdflib_terms import from_rdflib, quiet_rdflib
from jhaan_kg.results.jsonld import CONTEXT_IRI, FILE

LOADER = FrozenDocumentLoader({CONTEXT_IRI: FILE})
PYLD = {"documentLoader": LOADER, "processingMode": "json-ld-1.1"}

PARSED: Final = {
    "turtle": (RdfFormat.TURTLE, "turtle"),
    "ntriples": (RdfFormat.N_TRIPLES, "nt"),
    "rdfxml": (RdfFormat.RDF_XML, "xml"),
    "nquads": (RdfFormat.N_QUADS, "nquads"),
    "trig": (RdfFormat.TRIG, "trig"),
    "jsonld": (RdfFormat.JSON_LD, "json-ld"),
    "jsonld-dataset": (RdfFormat.JSON_LD, "json-ld"),
}
"""The RDF formats, with their names in pyoxigraph and rdflib."""

DATASETS: Final = ("nquads", "trig", "jsonld-dataset")
"""The formats with named graphs."""

Choice = tuple[bool, bool, bool]
"""Whether inferred statements, external facts and the evidence are exported."""

Reader = Callable[[str, Iterable[bytes]], set[Quad]]
"""Function that returns the statements that a program reads in documents of a format."""


APART = ("evidence", "queries", "lexicon")
"""The first parts of the names of graphs that are not in the flat graph."""


def stored(snapshot: Snapshot, form: str, choice: Choice) -> set[Quad]:
    """Return the expected statements of an export, selected from the snapshot's files by their graph names."""
    inferred, context, evidence = choice
    found = set()
    for file in sorted((snapshot.path / "graphs").iterdir()):
        words = file.stem.split("_")
        is_context = words[0] == "context" or words in (["inferred", "context"], ["evidence", "context"])
        if (
            (inferred or words[0] != "inferred")
            and (context or not is_context)
            and (evidence or words[0] not in APART)
        ):
            found |= set(parse(file.read_bytes(), RdfFormat.N_QUADS))
    return found if form in DATASETS else {Quad(*quad.triple) for quad in found}


def documents(snapshot: Snapshot, form: str, choice: Choice, *, by_reference: bool = False) -> list[bytes]:
    """Return the exported document as a list, as the readers take it."""
    options = dict(zip(("inferred", "context", "evidence"), choice, strict=True))
    options |= {"by_reference": True} if by_reference else {}
    return [export(snapshot, form, **options)]


def by_pyoxigraph(form: str, documents: Iterable[bytes]) -> set[Quad]:
    return {quad for document in documents for quad in parse(document, format=PARSED[form][0])}


def by_rdflib(form: str, documents: Iterable[bytes]) -> set[Quad]:
    default = {None, rdflib.graph.DATASET_DEFAULT_GRAPH_ID}
    found: set[Quad] = set()
    with _only_our_context(), lexical_forms_kept():
        for document in documents:
            dataset = rdflib.Dataset().parse(data=document, format=PARSED[form][1])
            for *triple, graph in dataset.quads():
                name = DefaultGraph() if graph in default else NamedNode(graph)
                found.add(Quad(*map(from_rdflib, triple), name))  # type: ignore[arg-type]
    return found


def by_pyld(_form: str, documents: Iterable[bytes]) -> set[Quad]:
    options = PYLD | {"format": "application/n-quads"}
    return {quad for document in documents for quad in nquads(jsonld.to_rdf(json.loads(document), options))}


def by_jsonld_js(node: Callable[..., str], folder: Path) -> Reader:
    def read(_form: str, documents: Iterable[bytes]) -> set[Quad]:
        lines = folder / "documents"
        lines.write_text(
            "".join(json.dumps(json.loads(document)) + "\n" for document in documents), encoding="utf-8"
        )
        return nquads(node("jsonld_to_nquads.js", CONTEXT_IRI, FILE, lines))

    return read


def by_n3(node: Callable[..., str], folder: Path) -> Reader:
    types = {"turtle": "text/turtle", "ntriples": "application/n-triples"}
    types |= {"nquads": "application/n-quads", "trig": "application/trig"}

    def read(form: str, documents: Iterable[bytes]) -> set[Quad]:
        return nquads(node("read_rdf.js", types[form], _written(folder, form, documents)))

    return read


def by_serd(serdi: str, folder: Path) -> Reader:
    return lambda form, documents: nquads(
        output([serdi, "-i", form, "-o", "nquads", _written(folder, form, documents)])
    )


def by_jena(riot: list[str], folder: Path) -> Reader:
    return lambda form, documents: nquads(
        output([*riot, "--nocheck", "--output=nquads", _written(folder, form, documents)])
    )


def output(command: list[str | Path]) -> bytes:
    """Return the output of a program, and check that it reports no error."""
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, b"ERROR" in done.stderr) == (0, False), done.stderr.decode()[-2000:]
    return done.stdout


def _written(folder: Path, form: str, documents: Iterable[bytes]) -> Path:
    (data,) = documents
    suffix = {"turtle": "ttl", "ntriples": "nt", "rdfxml": "rdf", "nquads": "nq", "trig": "trig"}[form]
    file = folder / f"graph.{suffix}"
    file.write_bytes(data)
    return file


def canonical(statements: Iterable[Quad | Triple]) -> set[str]:
    """Return the lines of N-Quads of a dataset with blank nodes in its canonical form (RDFC-1.0)."""
    dataset = Dataset(quad if isinstance(quad, Quad) else Quad(*quad) for quad in statements)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


def assert_same(found: set[Quad], expected: set[Quad]) -> None:
    """Assert that the statements are as expected; the message shows some that differ."""
    lacking, more = (sorted(map(str, some))[:10] for some in (expected - found, found - expected))
    assert not lacking + more, f"lacks {lacking}, has also {more}"


def without_doubles(quads: set[Quad]) -> set[Quad]:
    """Remove floating-point numbers, whose lexical forms PyLD 3.3.0 and jsonld.js change."""
    return {
        quad
        for quad in quads
        if not isinstance(quad.object, Literal) or quad.object.datatype.value != XSD + "double"
    }


def nquads(text: str | bytes) -> set[Quad]:
    return set(parse(text, format=RdfFormat.N_QUADS))


class _OurContext(urllib.request.BaseHandler):
    def https_open(self, request: urllib.request.Request) -> addinfourl:
        assert request.full_url == CONTEXT_IRI
        headers = {"Content-Type": "application/ld+json"}
        return addinfourl(io.BytesIO(FILE.read_bytes()), headers, CONTEXT_IRI, 200)


@contextmanager
def _only_our_context() -> Iterator[None]:
    opener = urllib.request.OpenerDirector()
    opener.add_handler(_OurContext())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(urllib.request, "_opener", opener)
        yield


@contextmanager
def lexical_forms_kept() -> Iterator[None]:
    """Keep rdflib from writing literals differently from how they were read."""
    with pytest.MonkeyPatch.context() as patch, quiet_rdflib():
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)
        yield
