"""The shapes find what is wrong in faulty graphs and nothing else, and they are valid themselves."""

from __future__ import annotations

import pytest
from faulty_graphs import FIXTURES, expected, find, is_named, seen, shapes, statements, together

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.rdflib_terms import graph_of

GROUPS = 14


def test_the_shapes_are_valid_shacl() -> None:
    from pyshacl.entrypoints import meta_validate

    # Against the shapes for shapes of the SHACL recommendation, appendix C.
    conforms, _, text = meta_validate(
        graph_of(statement.triple for statement in shapes()), max_validation_depth=100
    )
    assert conforms, text


def test_the_base_has_no_fault() -> None:
    assert find(()) == ()


@pytest.mark.parametrize("group", range(GROUPS))
def test_faulty_graphs_give_their_results_and_no_other(group: int) -> None:
    """Each takes half a second alone, so it is tried alone only where some get in each other's way."""
    fixtures = FIXTURES[group::GROUPS]
    found = together(fixtures)
    alike = seen(found) == sorted(one for fixture in fixtures for one in expected(fixture))
    for fixture in fixtures:
        own = found if alike else find(statements(fixture))
        assert alike or seen(own) == expected(fixture), fixture
        assert is_named(fixture, own), fixture


def test_the_shapes_find_nothing_where_inference_has_added_to_the_graph() -> None:
    """The tests of the release validate the file of what is asserted."""
    from pyshacl import validate

    triples = [quad.triple for quad in open_snapshot().quads(evidence=False, context=True)]
    graph = graph_of(statement.triple for statement in shapes())
    conforms, _, text = validate(graph_of(triples), shacl_graph=graph, inference="none", inplace=True)
    assert conforms, text[:2000]
