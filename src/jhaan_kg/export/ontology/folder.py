"""The ontology and the shapes as a folder: pages for people, and each language of RDF for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final

from pyoxigraph import RdfFormat, Triple, parse

from jhaan_kg.build.cache import store_for
from jhaan_kg.export.ontology.pages import diagram, ontology_page, shapes_page
from jhaan_kg.export.ontology.terms import HEADER, OntologyTerms
from jhaan_kg.export.rdf import rdfxml
from jhaan_kg.export.request import Request
from jhaan_kg.export.sources import read_authored, read_turtle
from jhaan_kg.results.graphs import canonical, render_graph

_CATALOGUE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">
{}</catalog>
"""
"""By a file of this name and form, Protégé and ROBOT find what an ontology imports without the web."""


def files(request: Request) -> Iterator[tuple[str, bytes]]:
    """Write the folder: pages, the ontology's modules and the shapes in four languages, a catalogue, and rules.

    The Turtle of each module is the authored file, byte for byte; so is each file in `shapes/`. The other languages
    have the same triples, with blank nodes named as RDFC-1.0 names them. The core, `jhaan.ttl`, is `ontology.ttl` here.

    Args:
        request: what goes out; uses and examples are taken from it.

    Yields:
        The path of each file, and its bytes; they depend on the request only.

    Raises:
        JhaanError: the files as authored are not at hand.
    """
    ontology, shapes = (read_authored(request.snapshot, folder) for folder in ("ontology", "shapes"))
    rules = {path: ontology.pop(path) for path in list(ontology) if path.endswith(".rq")}
    yield from _pages(request, ontology, shapes)
    yield from ((path.removeprefix("ontology/"), data) for path, data in rules.items())
    modules = {PurePosixPath(path).stem: data for path, data in ontology.items()}
    modules["ontology"] = modules.pop("jhaan")
    for name, data in modules.items():
        yield f"{name}.ttl", data
        yield from _languages(name, _triples([data]))
    yield "catalog-v001.xml", _CATALOGUE.format("".join(map(_entry, sorted(modules)))).encode()
    yield from shapes.items()
    whole = _triples(shapes.values())
    yield "shapes.ttl", render_graph(whole, "ttl")
    yield from _languages("shapes", whole)


def _pages(
    request: Request, ontology: dict[str, bytes], shapes: dict[str, bytes]
) -> Iterator[tuple[str, bytes]]:
    store = store_for(request.snapshot, evidence=True, context=request.context)
    yield "index.html", ontology_page(OntologyTerms(read_turtle(*ontology.values()), store))
    yield "diagram.svg", diagram().encode()
    yield "shapes.html", shapes_page(shapes)


def _entry(module: str) -> str:
    iri = HEADER.value if module == "ontology" else f"{HEADER.value}/{module}"
    return f'  <uri name="{iri}" uri="{module}.ttl"/>\n'


def _triples(files: Iterable[bytes]) -> set[Triple]:
    return {quad.triple for file in files for quad in parse(file, format=RdfFormat.TURTLE)}


def _languages(name: str, triples: set[Triple]) -> Iterator[tuple[str, bytes]]:
    yield f"{name}.nt", render_graph(triples, "ntriples")
    yield f"{name}.jsonld", render_graph(triples, "jsonld")
    yield f"{name}.rdf", rdfxml(canonical(triples))
