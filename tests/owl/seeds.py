"""Clashes that are seeded: for each kind of axiom that the ontology uses, triples that contradict one of them.

A judge that never finds anything would be useless, so each must find these.
"""

from __future__ import annotations

from typing import NamedTuple

from owl_support import turtle
from pyoxigraph import Triple

NAMESPACE = "https://w3id.org/jhaan/id/seed/"


class Seed(NamedTuple):
    """Some triples that contradict one axiom of the ontology.

    Attributes:
        kind: the kind of axiom, by its property or class.
        triples: the triples, in Turtle; the names of its things begin alike, with a word of the kind's own.
        axioms: axioms that turn what follows from the tested axiom into a contradiction, where it is none by itself:
            what `x:Narrow` contains, nothing `x:Wide` is.
    """

    kind: str
    triples: str
    axioms: str = ""


APART = "x:Narrow a owl:Class ; owl:disjointWith x:Wide . x:Wide a owl:Class . "

SEEDS = (
    Seed("rdfs:subClassOf", "x:subclass a jhaan:Meeting, jhaan:Place ."),
    Seed("owl:disjointWith", "x:disjoint a jhaan:Agency, jhaan:Network ."),
    Seed("owl:AllDisjointClasses", "x:alldisjoint a jhaan:Event, jhaan:Survey ."),
    Seed("rdfs:domain", "x:domain jhaan:state jhaan:Held ; a jhaan:Place ."),
    Seed("rdfs:range", "x:range-part jhaan:inEvent x:range . x:range a jhaan:Place ."),
    Seed(
        "rdfs:subPropertyOf",
        "x:subproperty-part jhaan:participant x:subproperty . x:subproperty a x:Wide .",
        APART + "jhaan:party rdfs:range x:Narrow .",
    ),
    Seed(
        "owl:inverseOf",
        "x:inverse jhaan:inActivity x:inverse-event . x:inverse a x:Wide .",
        APART + "jhaan:hasParticipation rdfs:range x:Narrow .",
    ),
    Seed(
        "owl:propertyChainAxiom",
        "x:chain-reading jhaan:readingOf x:chain-group ; jhaan:readAs x:chain . x:chain a x:Wide .",
        APART + "jhaan:comprises rdfs:range x:Narrow .",
    ),
    Seed(
        "owl:TransitiveProperty",
        "x:transitive-a jhaan:within x:transitive-b . x:transitive-b jhaan:within x:transitive-c . "
        "x:transitive-c x:marks x:transitive-d . x:transitive-a a x:Wide .",
        APART + "x:marks a owl:ObjectProperty . x:nears a owl:ObjectProperty ; rdfs:domain x:Narrow ; "
        "owl:propertyChainAxiom ( jhaan:within x:marks ) .",
    ),
    Seed(
        "owl:AsymmetricProperty",
        "x:asymmetric jhaan:precedes x:asymmetric-b . x:asymmetric-b jhaan:precedes x:asymmetric .",
    ),
    Seed("owl:propertyDisjointWith", "x:apart jhaan:participant x:apart-a ; jhaan:group x:apart-a ."),
    Seed(
        "owl:FunctionalProperty",
        "x:functional org:member x:functional-a, x:functional-b . x:functional-a owl:differentFrom x:functional-b .",
    ),
)


def parsed(text: str) -> frozenset[Triple]:
    """Return the triples of Turtle about the things of seeds."""
    return turtle(f"@prefix x: <{NAMESPACE}> .\n{text}")


def named(seed: Seed) -> str:
    """Return what the names of a seed's things begin with."""
    return seed.triples.split()[0].removeprefix("x:").partition("-")[0]


def everything() -> frozenset[Triple]:
    """Return all seeds with their axioms."""
    return parsed("\n".join(seed.triples + seed.axioms for seed in SEEDS))
