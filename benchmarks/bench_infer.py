"""Benchmark of the inference engine against owlrl, the reference, in one run.

Both get the same ontology, which has every kind of rule, and the same generated data. The table shows the median times
of the closure without parsing, their ratio, and their growth with the data. The closures are also compared, since speed
is useless if triples are missing. owlrl takes minutes for the larger graphs, so it is left out there.

Usage: python benchmarks/bench_infer.py
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import owlrl
import pyoxigraph
import rdflib
from pyoxigraph import NamedNode, RdfFormat, Triple

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
SIZES = (500, 5_000, 50_000)
LARGEST_FOR_OWLRL = 5_000
RUNS = 5
RUNS_OF_OWLRL = 3


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in pyoxigraph.parse(text, format=RdfFormat.TURTLE)]


def generate(size: int) -> list[Triple]:
    """Return about a number of triples on meetings and participants, in the proportions of a report."""
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


def median(runs: int, work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the median time of a function in seconds, and its last result."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), result


def run_owlrl(ontology: list[Triple], data: list[Triple]) -> tuple[float, set[Triple]]:
    """Return the median time of owlrl's closure in seconds, and its entailments about individuals."""
    text = "".join(f"{triple} .\n" for triple in {*ontology, *data})
    seconds = []
    for _ in range(RUNS_OF_OWLRL):
        graph = rdflib.Graph()
        graph.parse(data=text, format="nt")
        start = time.perf_counter()
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
        seconds.append(time.perf_counter() - start)
    lines = [" ".join(term.n3() for term in t) + " ." for t in graph if isinstance(t[0], rdflib.URIRef)]
    found = {quad.triple for quad in pyoxigraph.parse("\n".join(lines), format=RdfFormat.N_TRIPLES)}
    return statistics.median(seconds), {
        triple for triple in found - {*ontology, *data} if about_individuals(triple)
    }


def about_individuals(triple: Triple) -> bool:
    """Whether a triple is not about the schema, owl:sameAs, or membership of an anonymous class."""
    terms = (triple.predicate, triple.object)
    return not any(
        isinstance(term, NamedNode) and term.value.startswith((OWL, RDFS)) for term in terms
    ) and not (isinstance(triple.object, pyoxigraph.BlankNode))


def main() -> int:
    ontology = triples(ONTOLOGY)
    rules = compile_rules(ontology)
    rows, differences = [], 0
    seconds: list[tuple[int, float, float]] = []
    for size in SIZES:
        data = generate(size)
        ours, closure = median(RUNS, lambda data=data: close(rules, [data]))
        inferred = set(closure.inferred(0))
        cited, _ = median(RUNS, lambda closure=closure: find_premises(closure, lambda _: True))
        seconds.append((len(data), ours, ours + cited))
        row = [len(data), len(inferred), f"{ours * 1000:.1f}", f"{(ours + cited) * 1000:.1f}"]
        if size <= LARGEST_FOR_OWLRL:
            theirs, expected = run_owlrl(ontology, data)
            differences += len(inferred ^ expected)
            row += [f"{theirs * 1000:.0f}", f"{theirs / ours:.0f}", len(inferred ^ expected)]
        rows.append(row)
    headers = [
        "triples",
        "inferred",
        "closure ms",
        "with premises ms",
        "owlrl ms",
        "owlrl / closure",
        "differences",
    ]
    for row in [headers, *rows]:
        print("".join(f"{cell:>18}" for cell in row))
    for (small, *before), (large, *after) in pairwise(seconds):
        closure, with_premises = (late / early for early, late in zip(before, after, strict=True))
        print(
            f"{large / small:.1f} times the triples: {closure:.1f} times the time for the closure, "
            f"{with_premises:.1f} with premises"
        )
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
