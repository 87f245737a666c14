"""What the pages of the ontology say of its terms beyond the ontology itself: uses in the graph, and questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Triple

from jhaan_kg.build.graphs import graph_name
from jhaan_kg.export.ontology.model import HEADER, KINDS, Ontology, in_order
from jhaan_kg.namespaces import GRAPH, ONTOLOGY, ORG, OWL, RDF, RDF_TYPE, RDFS, RDFS_LABEL, SCHEMA
from jhaan_kg.query.cite import Citation, CitationKind, cite_triples
from jhaan_kg.query.run import Engine

_FEW: Final = 3
"""How many passages are named for one statement."""

_RANKS: Final = (
    "report/",
    "curation/",
    "reconciled/",
    "inferred/",
    "register/",
    "context/",
    "document/",
    "evidence/",
)
"""From which graphs an example is taken, the best first; then come the ontology and the catalogue."""


class Uses(NamedTuple):
    """How the graph uses a term.

    Attributes:
        times: how many instances of a class, statements of a property, or statements that name a code.
        example: one of them; for a class the triple that gives its instance the type.
    """

    times: int
    example: Triple


class Account(NamedTuple):
    """What there is to tell of the terms.

    Attributes:
        ontology: as authored.
        terms: all that are ours, sorted.
        classes: of these, the classes.
        properties: of these, the properties.
        lists: the codes of each code list.
        others: the terms of other vocabularies that the graph uses, less those of OWL; sorted.
        uses: how the graph uses each term; a term without use is missing.
        citations: what the example of each use rests on.
        labels: the label of each thing.
        mentions: the questions that mention each term, sorted.
        through: the terms that questions use through another one.
    """

    ontology: Ontology
    terms: list[NamedNode]
    classes: list[NamedNode]
    properties: list[NamedNode]
    lists: dict[NamedNode, list[NamedNode]]
    others: list[NamedNode]
    uses: dict[NamedNode, Uses]
    citations: Mapping[Triple, Sequence[Citation]]
    labels: dict[NamedNode, str]
    mentions: Mapping[NamedNode, list[str]]
    through: set[NamedNode]


def account(ontology: Ontology, quads: Iterable[Quad], engine: Engine) -> Account:
    """Tell what there is to tell of the terms of the ontology.

    Args:
        ontology: as authored.
        quads: those in which uses are looked for.
        engine: the graph with its evidence, for labels, citations and questions.
    """
    terms = ontology.terms()
    lists: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    classes = [term for term in terms if ontology.is_a(term, "Class")]
    # A class that is a value too, such as a type of event or a concept scheme, is shown as a class.
    codes = [term for term in terms if ontology.is_a(term, "NamedIndividual") and term not in classes]
    for term in codes:
        kinds = [
            kind for kind in ontology.values(term, RDF_TYPE.value) if kind.value != OWL + "NamedIndividual"
        ]
        for kind in kinds:
            if ontology.above(kind).intersection(kinds) == {
                kind
            }:  # a class of codes is part of its code list
                lists[kind].append(term)
    uses = _uses(quads, set(codes))
    mentions, through = _questions(engine)
    return Account(
        ontology,
        terms,
        classes,
        [term for term in terms if any(ontology.is_a(term, kind) for kind in KINDS)],
        lists,
        in_order(term for term in uses.keys() - set(terms) if not term.value.startswith(OWL)),
        uses,
        cite_triples(engine, [found.example for found in uses.values()]),
        _labels(engine),
        mentions,
        through,
    )


def origin(citations: Sequence[Citation]) -> str:
    """Say who makes a statement, and where; nothing where nobody does."""
    if not citations:
        return ""
    if citations[0].kind is CitationKind.CONTEXT:
        return "from outside the report"
    if citations[0].kind is CitationKind.CURATION:
        return "the curators say so"
    passages = dict.fromkeys(passage.locator for citation in citations for passage in citation.passages)
    more = " and elsewhere" if len(passages) > _FEW else ""
    how = "it follows from " if citations[0].via else ""
    return f"{how}{', '.join(list(passages)[:_FEW])}{more}"


def _uses(quads: Iterable[Quad], codes: Collection[NamedNode]) -> dict[NamedNode, Uses]:
    """Give for each class, property and code how the graph uses it."""
    counts: dict[NamedNode, int] = defaultdict(int)
    best: dict[NamedNode, tuple[int, str, Triple]] = {}
    ranks: dict[str, int] = {}
    for quad in quads:
        graph = graph_name(quad)
        rank = ranks.setdefault(graph, _rank(graph))
        for term in _used(quad.triple, rank, codes):
            counts[term] += 1
            if term not in best or rank <= best[term][0]:
                found = (rank, str(quad.triple), quad.triple)
                best[term] = min(best.get(term, found), found, key=lambda one: one[:2])
    return {term: Uses(counts[term], triple) for term, (_, _, triple) in best.items()}


def _used(triple: Triple, rank: int, codes: Collection[NamedNode]) -> Iterator[NamedNode]:
    """Give the terms of which a triple is a use.

    What the ontology and the catalogue say is no use, but for codes, which are instances, and annotations of ours.
    """
    said, value = triple.predicate, triple.object
    in_ontology = rank == len(_RANKS)
    is_own = said.value.startswith(ONTOLOGY)
    if said == RDF_TYPE:
        if isinstance(value, NamedNode) and (not in_ontology or triple.subject in codes):
            yield value
        return
    if not in_ontology or is_own:
        yield said
    if isinstance(value, NamedNode) and value in codes and (is_own or said.value == ORG + "role"):
        yield value


def _rank(graph: str) -> int:
    name = graph.removeprefix(GRAPH)
    return next((rank for rank, start in enumerate(_RANKS) if name.startswith(start)), len(_RANKS))


def _labels(engine: Engine) -> dict[NamedNode, str]:
    found: dict[NamedNode, str] = {}
    for thing, label in engine.select(
        f"SELECT ?thing ?label WHERE {{ ?thing {RDFS_LABEL} ?label }} ORDER BY ?thing ?label"
    ).rows:
        if isinstance(thing, NamedNode) and isinstance(label, Literal):
            found.setdefault(thing, label.value)
    return found


def _questions(engine: Engine) -> tuple[Mapping[NamedNode, list[str]], set[NamedNode]]:
    """Give for each term the questions that mention it, and the terms that are used through another one."""
    mentioned = f"?query <{SCHEMA}mentions>"
    direct: dict[NamedNode, list[str]] = defaultdict(list)
    for term, query in engine.select(
        f"SELECT DISTINCT ?term ?query WHERE {{ {mentioned} ?term }} ORDER BY ?query"
    ).rows:
        if isinstance(term, NamedNode) and isinstance(query, NamedNode):
            direct[term].append(query.value.rpartition("/")[2])
    ways = f"<{RDFS}subClassOf>|<{RDFS}subPropertyOf>|<{RDF}type>|^<{RDFS}range>|^<{RDFS}domain>"
    through = engine.select(
        f"SELECT DISTINCT ?term WHERE {{ ?term <{RDFS}isDefinedBy> {HEADER} ; ({ways})+ ?other . "
        f"{mentioned} ?other }}"
    )
    return direct, {row[0] for row in through.rows if isinstance(row[0], NamedNode)}
