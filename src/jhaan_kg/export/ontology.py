"""The terms of the ontology, for documentation.

They have definitions, uses, examples and questions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Store, Triple

from jhaan_kg.build.graphs import graph_name
from jhaan_kg.graph import Graph, Term
from jhaan_kg.namespaces import (
    DCTERMS,
    GRAPH,
    ONTOLOGY,
    ORG,
    OWL,
    RDF_TYPE,
    RDFS,
    RDFS_LABEL,
    SCHEMA,
    SKOSXL,
    compact,
)
from jhaan_kg.query.cite import Citation, CitationKind, cite_triples
from jhaan_kg.query.engine import StoreEngine
from jhaan_kg.results.graphs import in_reading_order, render_graph

HEADER: Final = NamedNode(ONTOLOGY.rstrip("#"))
"""The IRI of the ontology."""

SUBCLASS: Final = NamedNode(RDFS + "subClassOf")

KINDS: Final = {
    "ObjectProperty": "object property",
    "DatatypeProperty": "datatype property",
    "AnnotationProperty": "annotation property",
}
"""The OWL types of properties, with names for display."""

_RANKS: Final = (
    *("report", "curation", "reconciled", "inferred"),
    *("register", "context", "document", "evidence", "derived"),
)
"""The preferred graphs for examples, best first, by the first segment after `…/graph/`."""

_FEW: Final = 3
"""The maximum number of passages shown for one statement."""

_LINES: Final = 8
"""The maximum number of statements in the example of a class."""

_LONGEST: Final = 100
"""The maximum number of characters of a text in the example of a class."""

_LAST: Final = tuple(map(NamedNode, (ONTOLOGY + "statedIn", DCTERMS + "source", SKOSXL + "altLabel")))
"""Properties of low priority in examples.

For instance, passages are also shown separately.
"""


class Uses(NamedTuple):
    """The number of statements that use a term, and an example.

    For a class, these are the statements that an entity is an instance of the class.
    """

    times: int
    example: Triple


class Example(NamedTuple):
    """An instance of a class in Turtle, with a note on its sources and on omitted statements."""

    node: NamedNode
    notes: str
    turtle: str


class OntologyTerms:
    """The terms of the ontology, with data for their documentation.

    Attributes:
        ontology: the source files of the ontology, as a graph.
        graph: the graph with its evidence.
        own: the terms that the ontology defines, sorted.
        classes: the classes of `own`.
        properties: the properties of `own`.
        lists: the codes of each code list.
        uses: the uses of each term; unused terms are missing.
        citations: the citations of the example statement of each use.
        questions: the names of the questions that mention each term, sorted.
        through: the terms that questions use only through a related term, such as a subclass.
    """

    def __init__(self, ontology: Graph, store: Store) -> None:
        engine = self._engine = StoreEngine(store)
        self.ontology, self.graph = ontology, Graph(store)
        self.own = sort_terms(ontology.subjects(NamedNode(RDFS + "isDefinedBy"), HEADER))
        self.classes = [term for term in self.own if self.is_a(term, "Class")]
        self.properties = [term for term in self.own if any(self.is_a(term, kind) for kind in KINDS)]
        self.lists: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        # A class that is also an individual, such as a type of event, is documented as a class, not as a code.
        codes = [term for term in self.own if self.is_a(term, "NamedIndividual") and term not in self.classes]
        for term in codes:
            kinds = [kind for kind in ontology.nodes(term, RDF_TYPE) if kind.value != OWL + "NamedIndividual"]
            for kind in kinds:
                if ontology.superclasses(kind).intersection(kinds) == {kind}:
                    self.lists[kind].append(term)  # the widest class of a code is the code list
        self.uses = _find_uses(store, set(codes))
        self.citations = cite_triples(engine, [uses.example for uses in self.uses.values()])
        mentions = NamedNode(SCHEMA + "mentions")
        questions: dict[Term, set[str]] = defaultdict(set)
        for triple in self.graph.triples(predicate=mentions):
            questions[triple.object].add(str(triple.subject).strip("<>").rpartition("/")[2])
        self.questions = {term: sorted(names) for term, names in questions.items()}
        steps = f"<{RDFS}subClassOf>|<{RDFS}subPropertyOf>|{RDF_TYPE}|^<{RDFS}range>|^<{RDFS}domain>"
        through = engine.select(
            f"SELECT DISTINCT ?term {{ ?term <{RDFS}isDefinedBy> {HEADER} ; ({steps})+ ?other . "
            f"?query {mentions} ?other }}"
        )
        self.through = {row[0] for row in through.rows}

    def is_a(self, term: NamedNode, kind: str) -> bool:
        """Return whether a term has an OWL type, such as `Class`."""
        return Triple(term, RDF_TYPE, NamedNode(OWL + kind)) in self.ontology

    def examples(self) -> dict[NamedNode, Example]:
        """Return an example of each class with instances: the instance with the most properties.

        Instances without a narrower class are preferred. Ties are resolved by IRI.
        """
        above = {kind: self.ontology.superclasses(kind) for kind in self.classes}
        types: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for kind in self.classes:
            for node in self.graph.instances(kind):
                types[node].add(kind)
        counted = self._engine.select(
            "SELECT ?node (COUNT(DISTINCT ?property) AS ?n) { ?node ?property ?value } GROUP BY ?node"
        )
        properties = {node: int(number.value) for node, number in counted.rows if isinstance(number, Literal)}
        best: dict[NamedNode, tuple[bool, int, str]] = {}
        for node, kinds in types.items():
            for kind in kinds:
                narrower = any(kind in above[other] for other in kinds if other != kind)
                rank = narrower, -properties[node], node.value
                best[kind] = min(best.get(kind, rank), rank)
        nodes = {kind: NamedNode(iri) for kind, (_, _, iri) in best.items()}
        chosen = {kind: _choose(kind, self.graph.triples(node)) for kind, node in nodes.items()}
        cited = cite_triples(self._engine, (triple for triples in chosen.values() for triple in triples))
        examples = {}
        for kind, node in nodes.items():
            citations = [citation for triple in chosen[kind] for citation in cited[triple]]
            source = describe_origin(
                [citation for citation in citations if not citation.via and citation.passages] or citations
            )
            left = len(set(self.graph.triples(node))) - len(chosen[kind])
            rest = f"{left} more statement{'' if left == 1 else 's'} left out" if left else ""
            lines = render_graph(chosen[kind], "ttl").decode().splitlines()
            turtle = "\n".join(line for line in lines if line and not line.startswith("@prefix "))
            examples[kind] = Example(node, "; ".join(note for note in (source, rest) if note), turtle)
        return examples


def describe_origin(citations: Sequence[Citation]) -> str:
    """Return a description of the sources of a statement; empty if there are none."""
    if not citations:
        return ""
    if citations[0].kind is CitationKind.CONTEXT:
        return "external fact"
    if citations[0].kind is CitationKind.CURATION:
        return "interpretation of the curators"
    passages = dict.fromkeys(passage.locator for citation in citations for passage in citation.passages)
    more = " and elsewhere" if len(passages) > _FEW else ""
    how = "inferred from " if citations[0].via else ""
    return f"{how}{'; '.join(list(passages)[:_FEW])}{more}"


def sort_terms(terms: Iterable[NamedNode]) -> list[NamedNode]:
    """Sort distinct terms alphabetically, ignoring case."""
    return sorted(set(terms), key=lambda term: (compact(term.value).casefold(), term.value))


def _find_uses(store: Store, codes: Collection[NamedNode]) -> dict[NamedNode, Uses]:
    """Return the uses of each class, property and code.

    They are the number of instances or statements, and one of these statements.
    """
    counts: dict[NamedNode, int] = defaultdict(int)
    best: dict[NamedNode, tuple[int, str, Triple]] = {}
    ranks: dict[str, int] = {}
    for quad in store:
        graph = graph_name(quad)
        if graph not in ranks:
            layer = graph.removeprefix(GRAPH).partition("/")[0]
            ranks[graph] = _RANKS.index(layer) if layer in _RANKS else len(_RANKS)
        rank = ranks[graph]
        for term in _find_used_terms(quad.triple, codes, in_ontology=rank == len(_RANKS)):
            counts[term] += 1
            if term not in best or rank <= best[term][0]:
                candidate = (rank, str(quad.triple), quad.triple)
                best[term] = min(best.get(term, candidate), candidate, key=lambda ranked: ranked[:2])
    return {term: Uses(counts[term], triple) for term, (_, _, triple) in best.items()}


def _find_used_terms(
    triple: Triple, codes: Collection[NamedNode], *, in_ontology: bool
) -> Iterator[NamedNode]:
    """Yield the terms that count as used by a triple.

    Triples of the ontology and the catalogue only count if they state the type of a code, or use a property of this
    ontology.
    """
    subject, predicate, value = triple
    is_own = predicate.value.startswith(ONTOLOGY)
    if predicate == RDF_TYPE:
        if isinstance(value, NamedNode) and (not in_ontology or subject in codes):
            yield value
        return
    if not in_ontology or is_own:
        yield predicate
    if isinstance(value, NamedNode) and value in codes and (is_own or predicate.value == ORG + "role"):
        yield value


def _choose(kind: NamedNode, triples: Iterable[Triple]) -> list[Triple]:
    """Choose up to `_LINES` statements about an instance, with different properties.

    The type and the label are chosen first.
    """
    best: dict[NamedNode, Triple] = {}
    for triple in sorted(set(triples), key=in_reading_order):
        if triple.predicate == RDF_TYPE and triple.object != kind:
            continue
        if isinstance(triple.object, Literal) and len(triple.object.value) > _LONGEST:
            continue
        best.setdefault(triple.predicate, triple)

    def place(predicate: NamedNode) -> tuple[int, str]:
        weight = 0 if predicate in (RDF_TYPE, RDFS_LABEL) else 2 if predicate in _LAST else 1
        return weight, predicate.value

    return sorted((best[predicate] for predicate in sorted(best, key=place)[:_LINES]), key=in_reading_order)
