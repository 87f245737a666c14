"""Programs of others that read JSON-LD; none of them may load anything but our context."""

from __future__ import annotations

import io
import json
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.response import addinfourl

import rdflib
from pyld import FrozenDocumentLoader, jsonld
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Triple, parse

from jhaan_kg.results.jsonld import CONTEXT_IRI
from jhaan_kg.results.jsonld.context import FILE

LOADER = FrozenDocumentLoader({CONTEXT_IRI: FILE})
PYLD = {"documentLoader": LOADER, "processingMode": "json-ld-1.1"}

Reader = Callable[[Iterable[bytes]], set[Quad]]


def pyld_reads(documents: Iterable[bytes]) -> set[Quad]:
    return {
        quad
        for document in documents
        for quad in _nquads(jsonld.to_rdf(json.loads(document), PYLD | {"format": "application/n-quads"}))
    }


def rdflib_reads(documents: Iterable[bytes]) -> set[Quad]:
    found: set[Quad] = set()
    with _only_our_context(), _lexical_forms_kept():
        for document in documents:
            dataset = rdflib.Dataset()
            dataset.parse(data=document, format="json-ld")
            # rdflib calls its default graph by a name of its own
            text = dataset.serialize(format="nquads").replace(
                f" <{rdflib.graph.DATASET_DEFAULT_GRAPH_ID}> .", " ."
            )
            found |= set(_nquads(text))
    return found


def pyoxigraph_reads(documents: Iterable[bytes]) -> set[Quad]:
    return {quad for document in documents for quad in parse(document, format=RdfFormat.JSON_LD)}


def jsonld_js_reads(node: Callable[..., str], folder: Path) -> Reader:
    def reads(documents: Iterable[bytes]) -> set[Quad]:
        lines = folder / "documents"
        lines.write_text(
            "".join(json.dumps(json.loads(document)) + "\n" for document in documents), encoding="utf-8"
        )
        return set(_nquads(node("jsonld_to_nquads.js", CONTEXT_IRI, FILE, lines)))

    return reads


def canonical(statements: Iterable[Quad | Triple]) -> set[str]:
    """The lines of N-Quads of a dataset in its canonical form (RDFC-1.0)."""
    dataset = Dataset(quad if isinstance(quad, Quad) else Quad(*quad) for quad in statements)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


def _nquads(text: str) -> Iterator[Quad]:
    yield from parse(text.encode(), format=RdfFormat.N_QUADS)


class _OurContext(urllib.request.BaseHandler):
    def https_open(self, request: urllib.request.Request) -> addinfourl:
        assert request.full_url == CONTEXT_IRI
        headers = {"Content-Type": "application/ld+json"}
        return addinfourl(io.BytesIO(FILE.read_bytes()), headers, CONTEXT_IRI, 200)


@contextmanager
def _only_our_context() -> Iterator[None]:
    before = urllib.request._opener  # type: ignore[attr-defined]
    opener = urllib.request.OpenerDirector()
    opener.add_handler(_OurContext())
    urllib.request.install_opener(opener)
    try:
        yield
    finally:
        urllib.request.install_opener(before)


@contextmanager
def _lexical_forms_kept() -> Iterator[None]:
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = before
