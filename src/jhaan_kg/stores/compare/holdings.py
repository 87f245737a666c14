"""Inspection of a store: graphs of a release, graphs that queries see, and inferred triples."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from jhaan_kg.build.graphs import is_context, is_evidence
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.namespaces import ONTOLOGY, OWL, RDF_TYPE, RDFS, jhaan
from jhaan_kg.query.endpoint import JENA_UNION, EndpointEngine, with_all_graphs
from jhaan_kg.query.engine import Engine
from jhaan_kg.stores.load.store import count_graphs

_ALL: Final = "SELECT (COUNT(?s) AS ?triples) WHERE { ?s ?p ?o }"
_HAS_EVIDENCE: Final = f"ASK {{ ?assertion a <{ONTOLOGY}Assertion> }}"
_AGENCY: Final = jhaan("Agency")
_FOLLOWS: Final = (
    Triple(_AGENCY, NamedNode(RDFS + "subClassOf"), _AGENCY),
    Triple(_AGENCY, RDF_TYPE, NamedNode(RDFS + "Resource")),
    Triple(_AGENCY, RDF_TYPE, NamedNode(RDFS + "Class")),
    Triple(_AGENCY, NamedNode(RDFS + "subClassOf"), NamedNode(OWL + "Thing")),
    Triple(_AGENCY, NamedNode(OWL + "equivalentClass"), _AGENCY),
)
"""Triples that RDFS or OWL reasoners infer, and that no release contains.

See https://www.w3.org/TR/rdf11-mt/#patterns-of-rdfs-entailment-informative.
"""

_FARTHER: Final = f"""
SELECT DISTINCT ?narrow ?wide WHERE {{
  ?narrow <{RDFS}subClassOf> ?middle .
  ?middle <{RDFS}subClassOf> ?wide .
  FILTER (STRSTARTS(STR(?narrow), "{ONTOLOGY}"))
  FILTER NOT EXISTS {{ ?narrow <{RDFS}subClassOf> ?wide }}
}}"""
"""Query for classes and the superclasses of their superclasses.

Reasoners infer the latter as superclasses.
"""


class GraphCount(NamedTuple):
    """The number of triples of a named graph.

    Attributes:
        graph: the IRI of the graph.
        expected: the number of triples in the release; 0 if the release does not contain the graph.
        found: the number of triples in the store; 0 if the store does not contain the graph.
    """

    graph: str
    expected: int
    found: int


class Holdings(NamedTuple):
    """The content of a release in a store.

    Attributes:
        asked: a description of the queried graphs.
        graphs: the number of this project's named graphs; 0 if all data are in the default graph.
        evidence: whether the store contains the evidence.
        context: whether the store contains the external facts.
        wrong: this project's named graphs with another number of triples than in the release. Additional triples
            are allowed if the store infers, because RDF4J adds inferred triples to the graphs of their premises.
        expected: the number of queried triples in the release.
        found: the number of queried triples in the store; None if it cannot count them.
        inferred: the sample triples that the store infers and the release does not contain.
    """

    asked: str
    graphs: int
    evidence: bool
    context: bool
    wrong: tuple[GraphCount, ...]
    expected: int
    found: int | None
    inferred: tuple[Triple, ...]

    @property
    def differ(self) -> bool:
        """Whether the content of the store differs from the release.

        The store may lack a part of the release, or contain other graphs in this project's namespace.
        """
        return bool(self.wrong) or (self.found is not None and self.found < self.expected)


class InspectedStore(NamedTuple):
    """A store, with its content and the engines to query it.

    Attributes:
        holdings: the content of the store.
        engine: the engine for stored questions, which excludes the evidence.
        evidence: the engine that includes the evidence; None if the store has no evidence.
        citable: whether rows can be cited, which requires evidence in named graphs.
    """

    holdings: Holdings
    engine: EndpointEngine
    evidence: EndpointEngine | None
    citable: bool


def inspect_store(endpoint: EndpointEngine, snapshot: Snapshot, embedded: Engine) -> InspectedStore:
    """Determine which content of a release a store contains.

    Args:
        endpoint: the store.
        snapshot: the release.
        embedded: the built-in engine with the whole release.

    Raises:
        JhaanError: the store contains nothing of this project.
        ServiceError: the store cannot be reached, or rejects the query.
    """
    engine = with_all_graphs(endpoint, evidence=False)
    endpoint = engine.with_dataset(endpoint.dataset)  # with the address at which the store answered
    full: EndpointEngine | None = None
    try:
        full = with_all_graphs(endpoint, evidence=True)
    except ServiceError:
        raise
    except JhaanError:  # the store has no evidence in named graphs
        pass
    counts = count_graphs(endpoint)
    evidence = full or (engine if engine.ask(_HAS_EVIDENCE) else None)
    context = bool(_find_present(engine, _select_samples(snapshot)))
    has_evidence = evidence is not None
    expected = {
        file.graph: file.triples
        for file in snapshot.files(evidence=has_evidence or any(map(is_evidence, counts)), context=context)
    }
    everything = evidence or engine
    inferred = _find_inferred(everything, embedded)
    holdings = Holdings(
        _describe_graphs(engine),
        len(counts),
        has_evidence,
        context,
        _find_wrong_counts(expected, counts, more_is_fine=bool(inferred)) if counts else (),
        snapshot.triples(evidence=has_evidence, context=context),
        _count_total(everything),
        inferred,
    )
    return InspectedStore(holdings, engine, evidence, citable=full is not None)


def _describe_graphs(engine: EndpointEngine) -> str:
    """Return a description of the graphs that an engine queries."""
    named = [value for name, value in engine.dataset if name == "default-graph-uri"]
    if engine.dataset and named in ([], [JENA_UNION]):
        return "the union of its named graphs, which each request names, since its default graph is another"
    if named:
        return (
            f"{len(named)} named graphs, which each request lists, since its default graph has none of them"
        )
    return "the graphs that its address names" if "default-graph-uri=" in engine.url else "its default graph"


def _find_wrong_counts(
    expected: dict[str, int], found: dict[str, int], *, more_is_fine: bool
) -> tuple[GraphCount, ...]:
    counts = (
        GraphCount(graph, expected.get(graph, 0), found.get(graph, 0))
        for graph in sorted(expected.keys() | found.keys())
    )
    return tuple(
        count
        for count in counts
        if count.found < count.expected
        or (count.found > count.expected and not (more_is_fine and count.expected))
    )


def _count_total(engine: EndpointEngine) -> int | None:
    """Return the number of all queried triples.

    Return None if counting fails, for example because of a timeout.
    """
    try:
        return engine.count(_ALL)
    except ServiceError:
        return None


def _select_samples(snapshot: Snapshot) -> list[Triple]:
    """Return a triple of each graph with external facts.

    The triples contain no literals, because a store may return them in another form.
    """
    files = [file for file in snapshot.files(evidence=False, context=True) if is_context(file.graph)]
    triples = (
        next(
            (
                quad.triple
                for quad in parse(file.read(), format=RdfFormat.N_QUADS)
                if isinstance(quad.object, NamedNode)
            ),
            None,
        )
        for file in files
    )
    return [triple for triple in triples if triple is not None]


def _find_inferred(engine: Engine, embedded: Engine) -> tuple[Triple, ...]:
    farther = [
        Triple(narrow, NamedNode(RDFS + "subClassOf"), wide)
        for narrow, wide in sorted(embedded.select(_FARTHER).rows, key=str)[:1]
        if isinstance(narrow, NamedNode) and isinstance(wide, NamedNode)
    ]
    asked = [*farther, *_FOLLOWS]
    more = _find_present(engine, asked) - _find_present(embedded, asked)
    return tuple(triple for triple in asked if triple in more)


def _find_present(engine: Engine, triples: Iterable[Triple]) -> set[Triple]:
    """Return the triples that the store contains, from a list of triples."""
    asked = list(triples)
    if not asked:
        return set()
    rows = " ".join(f"({one.subject} {one.predicate} {one.object})" for one in asked)
    found = engine.select(f"SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES (?s ?p ?o) {{ {rows} }} ?s ?p ?o }}")
    there = set(found.rows)
    return {one for one in asked if (one.subject, one.predicate, one.object) in there}
