"""The shapes, each against graphs that break it.

`base.ttl` is a small graph without fault. Each file in `faulty/SHAPE/` is added to it, where SHAPE is the local name of
the shape (or SPARQL constraint) that must find the fault. It begins with the results to expect, one a line:

    # expect: violation The message as it reads, with its placeholders filled.

The severities are `violation`, `warning` and `info`. A fixture must give these results and no other, and together the
fixtures must break every constraint of every shape: so no shape is dead, too strict, or mute.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from jhaan_kg.build.read import Statement
from jhaan_kg.checks.shape_rules import Constraint, check_shape_rules, constraints
from jhaan_kg.checks.shapes import Result, results
from jhaan_kg.errors import Severity
from jhaan_kg.rdflib_terms import graph_of

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FIXTURES = sorted((HERE / "faulty").glob("*/*.ttl"))
NUMBER = "90210"
EXPECT = re.compile(r"# expect: (violation|warning|info) (.+)")
SEVERITIES = {"violation": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFO}


@cache
def statements(*files: Path) -> tuple[Statement, ...]:
    """Give the triples of Turtle files."""
    return tuple(
        Statement(quad.triple, file.name, 0)
        for file in files
        for quad in parse(path=file, format=RdfFormat.TURTLE, rename_blank_nodes=True)
    )


def shapes() -> tuple[Statement, ...]:
    """Give the triples of all shapes."""
    return statements(*sorted((ROOT / "shapes").glob("*.ttl")))


def find(data: Iterable[Statement]) -> tuple[Result, ...]:
    """Give what the shapes find in the base with more triples."""
    ontology = statements(ROOT / "ontology/jhaan.ttl", ROOT / "ontology/reused-terms.ttl")
    return tuple(results((*statements(HERE / "base.ttl"), *data), ontology, shapes()))


def numbered(fixture: Path, number: str) -> Iterator[Statement]:
    """Give the triples of a fixture, with a number behind the names of the nodes that it adds to the base.

    So fixtures that use the same names don't hide each other's faults. The number is made of digits, since some shapes
    demand that an IRI ends in them.
    """
    added = {s.triple.subject for s in statements(fixture)} - {
        s.triple.subject for s in statements(HERE / "base.ttl")
    }
    new = {node: NamedNode(node.value + number) for node in added if isinstance(node, NamedNode)}
    for triple, path, line, _ in statements(fixture):
        yield Statement(
            Triple(
                new.get(triple.subject, triple.subject),
                triple.predicate,
                new.get(triple.object, triple.object),
            ),
            path,
            line,
        )


@cache
def results_of_all() -> tuple[Result, ...]:
    """Give what the shapes find in the base with all fixtures added at once."""
    return find(s for index, fixture in enumerate(FIXTURES) for s in numbered(fixture, f"{NUMBER}{index:03}"))


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


def test_the_shapes_keep_the_projects_rules() -> None:
    assert [str(finding) for finding in check_shape_rules(shapes())] == []


@pytest.mark.slow
def test_the_shapes_are_valid_shacl() -> None:
    from pyshacl.entrypoints import meta_validate

    # Against the shapes for shapes of the SHACL recommendation, appendix C.
    conforms, _, text = meta_validate(
        graph_of(statement.triple for statement in shapes()), max_validation_depth=100
    )
    assert conforms, text


def test_the_base_has_no_fault() -> None:
    assert find(()) == ()


def test_each_fault_is_found_among_all_others() -> None:
    """The quick version of the next test: it can't tell whether a fault has results besides its own."""
    found = {(result.severity, re.sub(rf"{NUMBER}\d\d\d", "", result.message)) for result in results_of_all()}
    missing = {fixture: sorted(set(expected(fixture)) - found) for fixture in FIXTURES}
    assert {fixture.relative_to(HERE).as_posix(): rest for fixture, rest in missing.items() if rest} == {}


@pytest.mark.slow
@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_faulty_graph_gives_its_results_and_no_other(fixture: Path) -> None:
    wanted = expected(fixture)
    assert wanted, "The file must begin with `# expect: SEVERITY MESSAGE`."
    found = find(statements(fixture))
    assert sorted((result.severity, result.message) for result in found) == wanted
    names = {local(iri) for result in found for iri in (result.shape, result.constraint)}
    assert fixture.parent.name in names


def test_every_constraint_is_broken_by_a_fixture() -> None:
    broken = {Constraint(result.shape, result.component, result.constraint) for result in results_of_all()}
    assert [str(constraint) for constraint in constraints(shapes()) if constraint not in broken] == []


def test_each_fixture_expects_something_of_a_shape() -> None:
    names = {
        local(iri) for constraint in constraints(shapes()) for iri in (constraint.shape, constraint.sparql)
    }
    assert [
        fixture for fixture in FIXTURES if not expected(fixture) or fixture.parent.name not in names
    ] == []
