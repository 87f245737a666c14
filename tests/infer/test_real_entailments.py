"""The project's own ontology and data: what owlrl entails from them, no contradiction, premises that are minimal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from owlrl_oracle import complaints, entailed, owlrl_closure
from pyoxigraph import BlankNode, Triple

from jhaan_kg.infer import Closure, RuleSet, close, compile_rules, find_contradictions, find_premises

pytestmark = pytest.mark.release


def read(paths: Iterable[Path]) -> frozenset[Triple]:
    return frozenset(quad.triple for path in paths for quad in pyoxigraph.parse(path=path))


@pytest.fixture(scope="module")
def ontology(root: Path) -> frozenset[Triple]:
    return read((root / "ontology").glob("*.ttl"))


@pytest.fixture(scope="module")
def background(ontology: frozenset[Triple], root: Path) -> frozenset[Triple]:
    data = root / "data"
    named = {
        t for t in ontology if not isinstance(t.subject, BlankNode) and not isinstance(t.object, BlankNode)
    }
    return named | read([*data.glob("register/*.ttl"), *data.glob("reports/*/*.ttl")])


@pytest.fixture(scope="module")
def layers(background: frozenset[Triple], root: Path) -> list[frozenset[Triple]]:
    report, curation, context = (
        read((root / "data").glob(pattern))
        for pattern in ("reports/*/*.trig", "curation/*/*.ttl", "context/*.ttl")
    )
    return [background | report, curation, context]


@pytest.fixture(scope="module")
def rules(ontology: frozenset[Triple]) -> RuleSet:
    return compile_rules(ontology)


@pytest.fixture(scope="module")
def closure(rules: RuleSet, layers: list[frozenset[Triple]]) -> Closure:
    return close(rules, layers)


@pytest.fixture(scope="module")
def judged(ontology: frozenset[Triple], layers: list[frozenset[Triple]]) -> rdflib.Graph:
    """The closure that owlrl computes, which takes it a minute."""
    return owlrl_closure(ontology, frozenset().union(*layers))


def test_equals_owlrl(
    ontology: frozenset[Triple], layers: list[frozenset[Triple]], closure: Closure, judged: rdflib.Graph
) -> None:
    ours = {triple for stage in range(closure.stages) for triple in closure.inferred(stage)}
    assert len(ours) > 1000
    stated = frozenset().union(*layers)
    # A later layer may state what an earlier one entails.
    assert ours - stated == entailed(judged) - stated - ontology


def test_is_consistent(rules: RuleSet, closure: Closure, judged: rdflib.Graph) -> None:
    assert [str(clash) for clash in find_contradictions(rules, closure)] == []
    assert complaints(judged) == []


def test_premises_are_minimal(rules: RuleSet, background: frozenset[Triple], closure: Closure) -> None:
    result = find_premises(closure, lambda triple: triple not in background)
    several = {leaves: triple for triple, leaves in result.items() if len(leaves) > 1}
    assert len(several) > 20
    # Only some: a look at all would take minutes.
    for leaves, triple in sorted(several.items(), key=str)[:: max(1, len(several) // 10)]:
        assert triple in close(rules, [background | set(leaves)])
        for leaf in leaves:
            assert triple not in close(rules, [background | (set(leaves) - {leaf})])
