"""The closure by the inference engine, against owlrl, the reference.

Both get the same ontology, which has every kind of rule, and the same generated data, without parsing. Their closures
must be the same. owlrl takes minutes for the largest graph, so it is left out there; the time per triple should grow
little with the data.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial

import owlrl
import pyoxigraph
import rdflib
from pyoxigraph import NamedNode, RdfFormat, Triple
from timing import Row, compared, elapsed, in_turn, run

from jhaan_kg.infer import close, compile_rules, find_premises
from jhaan_kg.namespaces import OWL, RDFS

ONTOLOGY = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

:Agency rdfs:subClassOf :Body . :Body rdfs:subClassOf :Organisation .
:Meeting rdfs:subClassOf :Event . :Webinar rdfs:subClassOf :Meeting .
:inActivity rdfs:domain :Participation ; rdfs:range :Event .
:inMeeting rdfs:subPropertyOf :inActivity . :inMeeting rdfs:range :Meeting .
:hasParticipation owl:inverseOf :inActivity .
:participant rdfs:range :Organisation . :hasPart rdfs:subPropertyOf :contains . :contains rdfs:range :Item .
:cooperatesWith a owl:SymmetricProperty .
:within a owl:TransitiveProperty .
:attendedBy owl:propertyChainAxiom ( :hasParticipation :participant ) .
:recordedIn owl:inverseOf :recordOf . :heldIn owl:propertyChainAxiom ( :hasParticipation :recordedIn ) .
:hostCountry owl:propertyChainAxiom ( :heldIn :within ) .
:title rdfs:domain :Named . :mode rdfs:domain :Event . :attendedBy rdfs:domain :AgencyEvent .
:Agency owl:disjointWith :Event . :inMeeting a owl:AsymmetricProperty .
"""
SIZES = (500, 5_000)
LARGEST = 50_000


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in pyoxigraph.parse(text, format=RdfFormat.TURTLE)]


def generate(size: int) -> list[Triple]:
    """Return triples on meetings and participants, about a given number, in the proportions of a report."""
    chance = random.Random(2023)  # noqa: S311
    agencies, places = [f":agency{i}" for i in range(12)], [f":place{i}" for i in range(40)]
    lines = [f"{place} :within :country{i % 8} ." for i, place in enumerate(places)]
    lines += [f":country{i} :within :europe ." for i in range(8)] + [
        f"{agency} a :Agency ." for agency in agencies
    ]
    for number in range(size // 10):
        event, record = f":event{number}", f":record{number}"
        one, other = chance.sample(agencies, 2)
        lines += [
            f"{record} :inMeeting {event} ; :participant {one} , {other} .",
            f"{chance.choice(places)} :recordOf {record} .",
            f"{event} :title 'Meeting {number}' ; :mode {chance.choice([':online', ':onsite'])} .",
            f":series{number // 10} :hasPart {event} .",
            f":series{number // 10} a :Series .",
            f"{one} :cooperatesWith {other} .",
            f"{event} :number {number} .",
        ]
    return triples("@prefix : <http://example.org/> .\n" + "\n".join(lines))


def as_rdflib(triples: set[Triple]) -> rdflib.Graph:
    return rdflib.Graph().parse(data="".join(f"{triple} .\n" for triple in triples), format="nt")


def entailed(closed: rdflib.Graph, stated: set[Triple]) -> set[Triple]:
    """Return the entailments of owlrl about individuals."""
    lines = [" ".join(term.n3() for term in t) + " ." for t in closed if isinstance(t[0], rdflib.URIRef)]
    found = {quad.triple for quad in pyoxigraph.parse("\n".join(lines), format=RdfFormat.N_TRIPLES)}
    return {triple for triple in found - stated if about_individuals(triple)}


def about_individuals(triple: Triple) -> bool:
    """Whether a triple is not about the schema, owl:sameAs, or membership of an anonymous class."""
    terms = (triple.predicate, triple.object)
    return not any(
        isinstance(term, NamedNode) and term.value.startswith((OWL, RDFS)) for term in terms
    ) and not (isinstance(triple.object, pyoxigraph.BlankNode))


def against_owlrl(rounds: int) -> Iterator[Row]:
    ontology = triples(ONTOLOGY)
    rules, reference = compile_rules(ontology), owlrl.DeductiveClosure(owlrl.OWLRL_Semantics)
    for size in SIZES:
        data = generate(size)
        stated = {*ontology, *data}
        graphs = [as_rdflib(stated) for _ in range(min(rounds, 3))]
        works = {
            "ours": elapsed(partial(close, rules, [data])),
            "owlrl": elapsed(partial(next, map(reference.expand, graphs))),
        }
        values = in_turn(len(graphs), works, warm=False)
        yield from compared(f"closure of {len(data):,} triples", "ms", values)
        if set(close(rules, [data]).inferred(0)) != entailed(graphs[0], stated):
            raise SystemExit("The closures differ.")


def growth(rounds: int) -> Iterator[Row]:
    rules = compile_rules(triples(ONTOLOGY))
    small, large = generate(SIZES[-1]), generate(LARGEST)
    peer = f"{len(small):,} triples"
    for what, premises in (("closure", False), ("closure with premises", True)):

        def work(data: list[Triple], premises: bool = premises) -> None:
            closure = close(rules, [data])
            if premises:
                find_premises(closure, lambda _: True)

        values = in_turn(rounds, {"large": elapsed(lambda: work(large)), peer: elapsed(lambda: work(small))})
        each = {
            name: [1000 * spent / len(data) for spent in values[name]]
            for name, data in (("large", large), (peer, small))
        }
        yield from compared(f"{what} of {len(large):,} triples, per triple", "µs", each)


if __name__ == "__main__":
    run(5, against_owlrl, growth)
