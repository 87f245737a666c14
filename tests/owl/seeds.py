"""The contradictions of `seeds.yaml`, parsed."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import yaml
from owl_support import turtle
from pyoxigraph import Triple

NAMESPACE = "https://w3id.org/jhaan/id/seed/"


class Seed(NamedTuple):
    """Triples that contradict a kind of axiom, with the required axioms, in Turtle; see `seeds.yaml`."""

    kind: str
    triples: str
    axioms: str = ""


APART = "x:Narrow a owl:Class ; owl:disjointWith x:Wide . x:Wide a owl:Class . "
SEEDS = [
    Seed(case["title"], case["triples"], APART + case["axioms"] if "axioms" in case else "")
    for case in yaml.safe_load(Path(__file__).with_name("seeds.yaml").read_text("utf-8"))
]


def parsed(text: str) -> frozenset[Triple]:
    """Return the triples of Turtle about the entities of seeds."""
    return turtle(f"@prefix x: <{NAMESPACE}> .\n{text}")


def named(seed: Seed) -> str:
    """Return the common prefix of the names of a seed's entities."""
    return seed.triples.split()[0].removeprefix("x:").partition("-")[0]


def everything() -> frozenset[Triple]:
    """Return all seeds with their axioms."""
    return parsed("\n".join(seed.triples + seed.axioms for seed in SEEDS))
