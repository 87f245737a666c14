"""The inferences from assembled sources, and checks that their premises are sufficient and minimal."""

from __future__ import annotations

import random
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pyoxigraph import Triple

from jhaan_kg.build.assemble import Assembled, assemble
from jhaan_kg.build.entailment import Entailed, entailment
from jhaan_kg.build.pipeline import entail
from jhaan_kg.build.read import read_sources
from jhaan_kg.build.reconcile import reconcile
from jhaan_kg.namespaces import GRAPH


def everything(built: Assembled) -> set[Triple]:
    """Return the stated and the inferred triples."""
    return {quad.triple for quad in entail(built)}


def graphs(found: Entailed) -> dict[str, set[Triple]]:
    """Return the triples of each graph, by the last part of its name."""
    return {
        graph.value.removeprefix(GRAPH): set(triples) for graph, triples in found.graphs.items() if triples
    }


def derived(found: Entailed) -> list[Triple]:
    """Return the triples that are not stated."""
    return [
        t
        for name, triples in graphs(found).items()
        if name.startswith(("derived/", "inferred/", "reconciled/"))
        for t in triples
    ]


def check_premises(built: Assembled, found: Entailed, triples: Iterable[Triple]) -> None:
    """Assert that the premises of each triple entail it, and that no proper subset does."""

    @cache
    def entailed_by(premises: frozenset[Triple]) -> set[Triple]:
        return everything(built.without(built.assertions.keys() - premises))

    for t in triples:
        premises = frozenset(found.premises[t])
        assert premises <= built.assertions.keys(), t
        assert t in entailed_by(premises), (str(t), list(map(str, premises)))
        for premise in premises:
            assert t not in entailed_by(premises - {premise}), (str(t), str(premise))


def check_sample(root: Path, size: int) -> None:
    """Check the premises of a sample of the project's inferred triples, since each takes about a second."""
    built = assemble(read_sources(root))
    settled, findings = reconcile(built)
    assert findings == []
    assert settled.contested
    found = entailment(settled)
    layer = [t for name, triples in graphs(found).items() if name.startswith("derived/") for t in triples]
    for triples in (derived(found), layer):
        check_premises(built, found, random.Random(2023).sample(sorted(triples, key=str), size // 2))
