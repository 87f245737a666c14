"""The shapes find what is wrong in faulty graphs; `slow_shapes.py` checks that they find nothing else."""

from __future__ import annotations

from faulty_graphs import FIXTURES, HERE, expected, local, seen, shapes, together

from jhaan_kg.checks.shape_rules import Constraint, check_shape_rules, constraints


def test_the_shapes_keep_the_projects_rules() -> None:
    assert [str(finding) for finding in check_shape_rules(shapes())] == []


def test_each_fault_is_found_among_all_others() -> None:
    found = set(seen(together(FIXTURES)))
    missing = {fixture: sorted(set(expected(fixture)) - found) for fixture in FIXTURES}
    assert {fixture.relative_to(HERE).as_posix(): rest for fixture, rest in missing.items() if rest} == {}


def test_every_constraint_is_broken_by_a_fixture() -> None:
    broken = {Constraint(result.shape, result.component, result.constraint) for result in together(FIXTURES)}
    assert [str(constraint) for constraint in constraints(shapes()) if constraint not in broken] == []


def test_each_fixture_expects_something_of_a_shape() -> None:
    names = {
        local(iri) for constraint in constraints(shapes()) for iri in (constraint.shape, constraint.sparql)
    }
    assert [
        fixture for fixture in FIXTURES if not expected(fixture) or fixture.parent.name not in names
    ] == []
