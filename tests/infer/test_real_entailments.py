"""The project's own ontology and data: what owlrl entails from them, no contradiction, premises that are minimal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph
import pytest
from owlrl_oracle import owlrl_complaints, owlrl_entailments
from pyoxigraph import BlankNode, Triple

from jhaan_kg.infer import Closure, RuleSet, close, compile_rules, contradictions, premises

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"

pytestmark = pytest.mark.slow


def read(paths: Iterable[Path]) -> frozenset[Triple]:
    return frozenset(quad.triple for path in paths for quad in pyoxigraph.parse(path=path))


@pytest.fixture(scope="module")
def ontology() -> frozenset[Triple]:
    return read((ROOT / "ontology").glob("*.ttl"))


@pytest.fixture(scope="module")
def background(ontology: frozenset[Triple]) -> frozenset[Triple]:
    named = {
        t for t in ontology if not isinstance(t.subject, BlankNode) and not isinstance(t.object, BlankNode)
    }
    return named | read([*DATA.glob("register/*.ttl"), *DATA.glob("reports/*/*.ttl")])


@pytest.fixture(scope="module")
def layers(background: frozenset[Triple]) -> list[frozenset[Triple]]:
    report, curation, context = (
        read(DATA.glob(pattern)) for pattern in ("reports/*/*.trig", "curation/*/*.ttl", "context/*.ttl")
    )
    return [background | report, curation, context]


@pytest.fixture(scope="module")
def rules(ontology: frozenset[Triple]) -> RuleSet:
    return compile_rules(ontology)


@pytest.fixture(scope="module")
def closure(rules: RuleSet, layers: list[frozenset[Triple]]) -> Closure:
    return close(rules, layers)


def test_equals_owlrl(ontology: frozenset[Triple], layers: list[frozenset[Triple]], closure: Closure) -> None:
    ours = {triple for stage in range(closure.stages) for triple in closure.inferred(stage)}
    assert len(ours) > 1000
    stated = frozenset().union(*layers)
    # A later layer may state what an earlier one entails.
    assert ours - stated == owlrl_entailments(ontology, stated)


def test_is_consistent(ontology: frozenset[Triple], layers: list, rules: RuleSet, closure: Closure) -> None:
    assert [str(clash) for clash in contradictions(rules, closure)] == []
    assert owlrl_complaints(ontology, frozenset().union(*layers)) == []


def test_premises_are_minimal(rules: RuleSet, background: frozenset[Triple], closure: Closure) -> None:
    result = premises(closure, lambda triple: triple not in background)
    several = {leaves: triple for triple, leaves in result.items() if len(leaves) > 1}
    assert len(several) > 20
    # Only those: a look at all would take minutes.
    for leaves, triple in sorted(several.items(), key=str)[:: max(1, len(several) // 20)]:
        assert triple in close(rules, [background | set(leaves)])
        for leaf in leaves:
            assert triple not in close(rules, [background | (set(leaves) - {leaf})])
