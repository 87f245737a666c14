"""Export of the ontology and the shapes as a folder.

It contains HTML pages, and RDF in several serialisations.

Each page is a single file that works offline and without scripts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path, PurePosixPath
from textwrap import shorten
from typing import Any, Final

from jinja2 import Environment
from markupsafe import Markup
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from jhaan_kg.build.cache import store_for
from jhaan_kg.export.ontology import HEADER, KINDS, SUBCLASS, OntologyTerms, describe_origin, sort_terms
from jhaan_kg.export.rdf import rdfxml
from jhaan_kg.export.request import Request
from jhaan_kg.export.sources import read_authored, read_turtle
from jhaan_kg.graph import Graph, Node, Term
from jhaan_kg.namespaces import (
    BASE,
    DCTERMS,
    ONTOLOGY,
    OWL,
    PREFIXES,
    RDF,
    RDF_TYPE,
    RDFS,
    XSD,
    compact,
    expand,
    jhaan,
)
from jhaan_kg.results.graphs import canonical, render_graph
from jhaan_kg.templates import load_templates

_CATALOGUE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">
{}</catalog>
"""
"""The template of the XML catalogue.

With it, Protégé and ROBOT find imported ontologies offline.
"""

_TEMPLATES: Final = Path(__file__).with_name("templates")
_SHAPES: Final = BASE + "shapes#"
_SHAPES_SUMMARY: Final = "The SHACL shapes that check the statements in the source files."
_LONGEST: Final = 80
"""The maximum number of characters of a value in the example for a term."""

_WORDS: Final = KINDS | {
    "TransitiveProperty": "transitive",
    "AsymmetricProperty": "asymmetric",
    "Class": "class",
    "NamedIndividual": "individual",
}
"""Names for display of the OWL types of terms."""

_IN_ROWS: Final = (
    *("rdf:type", "rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range", "rdfs:isDefinedBy"),
    *("jhaan:singleValued", "dcterms:isReplacedBy", "owl:deprecated", "owl:disjointWith", "owl:inverseOf"),
    *("owl:propertyChainAxiom", "owl:propertyDisjointWith"),
)
"""Properties with dedicated rows; other properties are listed with their labels."""

_AT_THE_HEAD: Final = ("rdfs:label", "skos:definition")
"""Properties in the heading of an entry; they also get a row if they have several values."""

_DOMAIN: Final = NamedNode(RDFS + "domain")
_RANGE: Final = NamedNode(RDFS + "range")
_SUBPROPERTY: Final = NamedNode(RDFS + "subPropertyOf")

_IN_TITLE: Final = ("rdf:type", "rdfs:label", "dcterms:title", "dcterms:description")


def ontology_page(terms: OntologyTerms) -> bytes:
    """Return the HTML page of the ontology."""
    page = _OntologyPage(terms)
    drawing = re.sub(r'href="([^"]+)"', lambda link: f'href="#{page.place(NamedNode(link[1]))}"', diagram())
    return _render(
        "ontology.html",
        page=page,
        terms=terms,
        examples=terms.examples(),
        title=page.text(HEADER, "dcterms:title"),
        summary=page.text(HEADER, "dcterms:description"),
        header=HEADER,
        code_lists=sort_terms(terms.lists),
        describe_origin=describe_origin,
        shorten=partial(shorten, width=_LONGEST, placeholder=" …"),
        rdf_type=RDF_TYPE,
        single_valued=jhaan("singleValued"),
        base=BASE,
        prefixes=PREFIXES,
        diagram=Markup(drawing),  # noqa: S704 - a file of this package
    )


def shapes_page(files: Mapping[str, bytes]) -> bytes:
    """Return the HTML page of the shapes, with a section for each file.

    Args:
        files: the source files of the shapes, by path.
    """
    page = _ShapesPage(read_turtle(*files.values()))
    rows = []
    for path, data in files.items():
        topic = path.removeprefix("shapes/").removesuffix(".ttl")
        nodes = {triple.subject for triple in read_turtle(data).triples()}
        shapes = [node for node in nodes if isinstance(node, NamedNode) and node.value.startswith(_SHAPES)]
        rows.append((path, topic, sort_terms(shapes)))
    return _render(
        "shapes.html",
        page=page,
        title="JHAAN shapes",
        summary=_SHAPES_SUMMARY,
        menu={f"in-{topic}": topic.replace("-", " ").capitalize() for _, topic, _ in rows},
        files=rows,
    )


def diagram() -> str:
    """Return the diagram of the main classes as SVG.

    It links to the IRIs of classes and properties.

    The diagram is hand-drawn. Tests compare its labels and links with the ontology and the graph.
    """
    return (_TEMPLATES / "diagram.svg").read_text("utf-8")


class _Page:
    """Functions for the templates, which format terms and their values.

    Attributes:
        graph: the graph with the terms and their values.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def entry_of(self, term: NamedNode) -> str:
        """Return the link to the entry of a term; empty if the page has no entry for it."""
        raise NotImplementedError

    def place(self, term: NamedNode) -> str:
        """Return the anchor of a term's entry.

        It is the local name for terms of this ontology, and the CURIE for other terms.
        """
        curie = compact(term.value)
        return curie.partition(":")[2] if term.value.startswith((ONTOLOGY, _SHAPES)) else curie

    def target(self, term: NamedNode) -> str:
        """Return the target of a link to a term.

        It is empty if the IRI has a scheme that might run scripts.
        """
        return self.entry_of(term) or (term.value if term.value.startswith(("https://", "http://")) else "")

    def name(self, term: NamedNode) -> str:
        """Return the CURIE of a term; the IRI if it is a namespace or has no CURIE."""
        curie = compact(term.value)
        return term.value if curie.startswith("<") or curie.endswith(":") else curie

    def is_list(self, node: BlankNode) -> bool:
        """Return whether a node is the head of an RDF list."""
        return bool(self.graph.values(node, NamedNode(RDF + "first")))

    def datatype(self, value: Literal) -> str:
        """Return the CURIE of a literal's datatype; empty for strings."""
        datatype = value.datatype.value
        return "" if datatype in (XSD + "string", RDF + "langString") else compact(datatype)

    def objects(self, node: Node, predicate: NamedNode) -> list[Term]:
        """Return the values of a property in the order IRIs, literals, blank nodes."""
        order = (NamedNode, Literal, BlankNode)
        return sorted(self.graph.values(node, predicate), key=lambda value: order.index(type(value)))

    def properties(self, node: Node) -> list[tuple[NamedNode, list[Term]]]:
        """Return the properties of a node with their values."""
        predicates = sort_terms(triple.predicate for triple in self.graph.triples(node))
        return [(predicate, self.objects(node, predicate)) for predicate in predicates]


class _ShapesPage(_Page):
    def entry_of(self, term: NamedNode) -> str:
        if term.value.startswith(_SHAPES):
            return f"#{self.place(term)}"
        return f"index.html#{self.place(term)}" if term.value.startswith(ONTOLOGY) else ""


class _OntologyPage(_Page):
    def __init__(self, terms: OntologyTerms) -> None:
        super().__init__(terms.ontology)
        self._terms, self.own = terms, set(terms.own)
        typed = sort_terms(self.graph.subjects(RDF_TYPE))
        self.others = [
            term for term in typed if not term.value.startswith(BASE) and not terms.is_a(term, "Ontology")
        ]
        self.deprecated = [term for term in terms.own if self.text(term, "owl:deprecated") == "true"]
        self._entered = {*self.own, *self.others}
        self._apart = [
            set(self.graph.items(triple.object))
            for triple in self.graph.triples(None, NamedNode(OWL + "members"))
        ]

    def entry_of(self, term: NamedNode) -> str:
        return f"#{self.place(term)}" if term in self._entered else ""

    def text(self, term: NamedNode, curie: str) -> str:
        """Return the first value of a property as text; empty if there is none."""
        return self.graph.text(term, NamedNode(expand(curie)))

    def values(self, term: NamedNode, curie: str) -> list[NamedNode]:
        """Return the values of a property that are IRIs."""
        return sort_terms(self.graph.nodes(term, NamedNode(expand(curie))))

    def label(self, node: NamedNode) -> str:
        """Return the label of a node of the graph."""
        return self._terms.graph.label(node) or self.name(node)

    def kinds(self, term: NamedNode) -> list[tuple[NamedNode, str]]:
        """Return the types of a term, with display names for OWL types."""
        return [
            (kind, _WORDS.get(kind.value.removeprefix(OWL), "")) for kind in self.values(term, "rdf:type")
        ]

    def relations(self, term: NamedNode) -> Iterator[tuple[str, list[Term]]]:
        """Yield the relations of a class or property to other terms, in both directions."""
        if self._terms.is_a(term, "Class"):
            yield "subclass of", self.objects(term, SUBCLASS)
            yield "subclasses", self._below(term, SUBCLASS)
            apart = {member for members in self._apart if term in members for member in members}
            yield "disjoint with", self._both_ways(term, "disjointWith", apart - {term})
            yield "domain of", self._below(term, _DOMAIN)
            yield "range of", self._below(term, _RANGE)
            individuals = self.graph.instances(term)
            yield (
                "codes",
                [
                    *sort_terms(
                        individual
                        for individual in individuals
                        if self._terms.is_a(individual, "NamedIndividual")
                    )
                ],
            )
        elif not self._terms.is_a(term, "NamedIndividual"):
            yield "domain", self.objects(term, _DOMAIN)
            yield "range", self.objects(term, _RANGE)
            yield "subproperty of", self.objects(term, _SUBPROPERTY)
            yield "subproperties", self._below(term, _SUBPROPERTY)
            yield "inverse of", self._both_ways(term, "inverseOf")
            yield "disjoint with", self._both_ways(term, "propertyDisjointWith")

    def chains(self, term: NamedNode) -> list[list[Term]]:
        """Return the property chains that entail a property."""
        heads = self.graph.values(term, NamedNode(OWL + "propertyChainAxiom"))
        return [self.graph.items(head) for head in heads]

    def annotations(self, term: NamedNode) -> list[tuple[NamedNode, list[Term]]]:
        """Return the properties of a term without dedicated rows, with their values."""
        return [
            (predicate, values)
            for predicate, values in self.properties(term)
            if compact(predicate.value) not in _IN_ROWS
            and (compact(predicate.value) not in _AT_THE_HEAD or len(values) > 1)
        ]

    def header(self) -> list[tuple[NamedNode, list[Term]]]:
        """Return the properties of the ontology that are not in the page's heading.

        Their values are included.
        """
        return [
            (predicate, values)
            for predicate, values in self.properties(HEADER)
            if compact(predicate.value) not in _IN_TITLE
        ]

    def properties_of(self, kind: str) -> list[NamedNode]:
        """Return the properties of this ontology with an OWL type, such as `ObjectProperty`."""
        return [term for term in self._terms.properties if self._terms.is_a(term, kind)]

    def roots(self) -> list[NamedNode]:
        """Return the classes of this ontology without a superclass in this ontology."""
        own = set(self._terms.classes)
        return [term for term in self._terms.classes if own.isdisjoint(self.graph.nodes(term, SUBCLASS))]

    def subclasses(self, term: NamedNode) -> list[NamedNode]:
        """Return the direct subclasses of a class in this ontology."""
        return [kind for kind in sort_terms(self.graph.subjects(SUBCLASS, term)) if kind in self.own]

    def vocabularies(self) -> Iterator[tuple[NamedNode, str, list[Term]]]:
        """Yield the reused vocabularies with their titles, and notes on their versions."""
        for vocabulary in sort_terms(self.graph.subjects(NamedNode(DCTERMS + "title"))):
            notes = [
                value
                for name in (DCTERMS + "description", OWL + "versionInfo")
                for value in self.graph.values(vocabulary, NamedNode(name))
            ]
            if vocabulary != HEADER and notes:
                yield vocabulary, self.text(vocabulary, "dcterms:title"), notes

    def undescribed(self) -> list[NamedNode]:
        """Return the used terms without an entry on the page, except the terms of OWL."""
        used = self._terms.uses.keys() - self._entered
        return sort_terms(term for term in used if not term.value.startswith(OWL))

    def _below(self, term: NamedNode, predicate: NamedNode) -> list[Term]:
        return [*sort_terms(self.graph.subjects(predicate, term))]

    def _both_ways(self, term: NamedNode, name: str, others: Collection[Term] = ()) -> list[Term]:
        """Return the values of a symmetric OWL property, stated in either direction, and `others`."""
        predicate = NamedNode(OWL + name)
        stated = [*self.graph.nodes(term, predicate), *self.graph.subjects(predicate, term)]
        return [*sort_terms([*stated, *(other for other in others if isinstance(other, NamedNode))])]


@cache
def _environment() -> Environment:
    environment = load_templates(_TEMPLATES)
    environment.tests["iri"] = lambda value: isinstance(value, NamedNode)
    environment.tests["literal"] = lambda value: isinstance(value, Literal)
    return environment


def _render(template: str, **values: Any) -> bytes:
    return _environment().get_template(template).render(values).encode()


def files(request: Request) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the ontology and the shapes.

    They are HTML pages, the modules and the shapes in four serialisations, a catalogue, and rules.

    The Turtle files of the modules and in `shapes/` are identical to the source files; only the core, `jhaan.ttl`, is
    renamed to `ontology.ttl`. The other serialisations contain the same triples, with canonical labels of blank nodes
    (RDFC-1.0).

    Args:
        request: the request, which selects the graph for uses and examples.

    Yields:
        The path and the content of each file. The bytes depend only on the request.

    Raises:
        JhaanError: the source files are not available.
    """
    ontology, shapes = (read_authored(request.snapshot, folder) for folder in ("ontology", "shapes"))
    rules = {path: ontology.pop(path) for path in list(ontology) if path.endswith(".rq")}
    store = store_for(request.snapshot, evidence=True, context=request.context)
    yield "index.html", ontology_page(OntologyTerms(read_turtle(*ontology.values()), store))
    yield "diagram.svg", diagram().encode()
    yield "shapes.html", shapes_page(shapes)
    yield from ((path.removeprefix("ontology/"), data) for path, data in rules.items())
    modules = {PurePosixPath(path).stem: data for path, data in ontology.items()}
    modules["ontology"] = modules.pop("jhaan")
    for name, data in modules.items():
        yield f"{name}.ttl", data
        yield from _languages(name, _triples([data]))
    iris = {
        name: HEADER.value if name == "ontology" else f"{HEADER.value}/{name}" for name in sorted(modules)
    }
    entries = (f'  <uri name="{iri}" uri="{name}.ttl"/>\n' for name, iri in iris.items())
    yield "catalog-v001.xml", _CATALOGUE.format("".join(entries)).encode()
    yield from shapes.items()
    whole = _triples(shapes.values())
    yield "shapes.ttl", render_graph(whole, "ttl")
    yield from _languages("shapes", whole)


def _triples(files: Iterable[bytes]) -> set[Triple]:
    return {quad.triple for file in files for quad in parse(file, format=RdfFormat.TURTLE)}


def _languages(name: str, triples: set[Triple]) -> Iterator[tuple[str, bytes]]:
    yield f"{name}.nt", render_graph(triples, "ntriples")
    yield f"{name}.jsonld", render_graph(triples, "jsonld")
    yield f"{name}.rdf", rdfxml(canonical(triples))
