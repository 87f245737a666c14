"""The shapes, each against graphs that break it.

`base.ttl` is a small graph without fault. Each file in `faulty/SHAPE/` is added to it, where SHAPE is the local name of
the shape (or SPARQL constraint) that must find the fault. It begins with the results to expect, one a line:

    # expect: violation The message as it reads, with its placeholders filled.

The severities are `violation`, `warning` and `info`. A fixture must give these results and no other, and together the
fixtures must break every constraint of every shape: so no shape is dead, too strict, or mute.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from jhaan_kg.build.read import Statement
from jhaan_kg.checks.rdflib_terms import graph_of
from jhaan_kg.checks.shape_rules import Constraint, check_shape_rules, constraints
from jhaan_kg.checks.shapes import Result, results
from jhaan_kg.errors import Severity
from jhaan_kg.turtle.syntax import parse_source

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FIXTURES = sorted((HERE / "faulty").glob("*/*.ttl"))
EXPECT = re.compile(r"# expect: (violation|warning|info) (.+)")
SEVERITIES = {"violation": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFO}


@cache
def statements(*files: Path) -> tuple[Statement, ...]:
    """Give the triples of Turtle files."""
    found = []
    for file in files:
        tree = parse_source(file.read_text(encoding="utf-8"), trig=False, name=file.name)
        found += [Statement(item.triple, file.name, item.line) for item in tree.triples()]
    return tuple(found)


def shapes() -> tuple[Statement, ...]:
    """Give the triples of all shapes."""
    return statements(*sorted((ROOT / "shapes").glob("*.ttl")))


@cache
def results_of(fixture: Path | None) -> tuple[Result, ...]:
    """Give what the shapes find in the base, with a fixture added."""
    files = [HERE / "base.ttl"] + ([fixture] if fixture else [])
    ontology = statements(ROOT / "ontology/jhaan.ttl", ROOT / "ontology/reused-terms.ttl")
    return tuple(results(statements(*files), ontology, shapes()))


def expected(fixture: Path) -> list[tuple[Severity, str]]:
    """Read what a fixture expects from the comments at its start."""
    found = []
    for line in fixture.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        match = EXPECT.fullmatch(line)
        if match:
            found.append((SEVERITIES[match[1]], match[2]))
    return sorted(found)


def local(iri: str) -> str:
    """Give the local name of a shape."""
    return iri.rpartition("#")[2]


def constraints_of(found: Iterable[Result]) -> set[Constraint]:
    """Give the constraints that some results name."""
    return {Constraint(result.shape, result.component, result.constraint) for result in found}


def test_the_shapes_keep_the_projects_rules() -> None:
    assert [str(finding) for finding in check_shape_rules(shapes())] == []


def test_the_shapes_are_valid_shacl() -> None:
    from pyshacl import validate
    from rdflib import Graph

    # Raises an error if the shapes break the shapes for shapes of the SHACL recommendation, appendix C.
    conforms, _, _ = validate(Graph(), shacl_graph=graph_of(shapes()), meta_shacl=True)
    assert conforms


def test_the_base_has_no_fault() -> None:
    assert results_of(None) == ()


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_faulty_graph_gives_its_results_and_no_other(fixture: Path) -> None:
    wanted = expected(fixture)
    assert wanted, "The file must begin with `# expect: SEVERITY MESSAGE`."
    found = results_of(fixture)
    assert sorted((result.severity, result.message) for result in found) == wanted
    names = {local(result.constraint or result.shape) for result in found} | {local(result.shape) for result in found}
    assert fixture.parent.name in names


def test_every_constraint_is_broken_by_a_fixture() -> None:
    broken = {constraint for fixture in FIXTURES for constraint in constraints_of(results_of(fixture))}
    assert [str(constraint) for constraint in constraints(shapes()) if constraint not in broken] == []
