"""The ontology and the shapes as a folder: pages for people, and each language of RDF for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import RdfFormat, Triple, parse

from jhaan_kg.build.cache import store_for
from jhaan_kg.export.authored import ONTOLOGY_FILE, REUSED_FILE, authored
from jhaan_kg.export.ontology.account import account
from jhaan_kg.export.ontology.diagram import diagram, links
from jhaan_kg.export.ontology.examples import examples
from jhaan_kg.export.ontology.model import Ontology
from jhaan_kg.export.ontology.page import page
from jhaan_kg.export.ontology.shapes import shapes_page
from jhaan_kg.export.rdf.rdfxml import rdfxml
from jhaan_kg.export.request import Request
from jhaan_kg.query.run import StoreEngine
from jhaan_kg.results.graphs import canonical, render_graph

_NAMES: Final = {ONTOLOGY_FILE: "ontology", REUSED_FILE: "reused-terms"}


def files(request: Request) -> Iterator[tuple[str, bytes]]:
    """Write the folder: `index.html`, `shapes.html`, ontology, reused terms and shapes in four languages, and rules.

    The Turtle of the ontology is the authored file, byte for byte; so is each file in `shapes/`. The other languages
    have the same triples, with blank nodes named as RDFC-1.0 names them.

    Args:
        request: what goes out; uses and examples are taken from it.

    Yields:
        The path of each file, and its bytes; they depend on the request only.

    Raises:
        JhaanError: the files as authored are not at hand.
    """
    ontology, shapes = (authored(request.snapshot, folder) for folder in ("ontology", "shapes"))
    rules = {path: ontology.pop(path) for path in list(ontology) if path.endswith(".rq")}
    yield from _pages(request, ontology, shapes)
    yield from ((path.removeprefix("ontology/"), data) for path, data in rules.items())
    for path, data in ontology.items():
        yield f"{_NAMES[path]}.ttl", data
        yield from _languages(_NAMES[path], _triples([data]))
    yield from shapes.items()
    whole = _triples(shapes.values())
    yield "shapes.ttl", render_graph(whole, "ttl")
    yield from _languages("shapes", whole)


def _pages(
    request: Request, ontology: dict[str, bytes], shapes: dict[str, bytes]
) -> Iterator[tuple[str, bytes]]:
    read = Ontology(*ontology.values())
    quads = request._replace(evidence=True).quads()
    engine = StoreEngine(store_for(request.snapshot, evidence=True, context=request.context))
    told = account(read, quads, engine)
    triples = {quad.triple for quad in quads}
    drawn = links(read, triples)
    yield "index.html", page(told, examples(told, triples, engine), drawn)
    yield "diagram.svg", diagram(read, drawn, alone=True).encode()
    yield "shapes.html", shapes_page(shapes)


def _triples(files: Iterable[bytes]) -> set[Triple]:
    return {quad.triple for file in files for quad in parse(file, format=RdfFormat.TURTLE)}


def _languages(name: str, triples: set[Triple]) -> Iterator[tuple[str, bytes]]:
    yield f"{name}.nt", render_graph(triples, "ntriples")
    yield f"{name}.jsonld", render_graph(triples, "jsonld")
    yield f"{name}.rdf", rdfxml(canonical(triples))
