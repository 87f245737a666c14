"""Graphs that break the shapes.

`base.ttl` is a small graph without faults. Each file in `faulty/SHAPE/` adds faulty triples to it. SHAPE is the local
name of the shape, or SPARQL constraint, that must find the fault. A file begins with the expected results, one a line:

    # expect: violation The message, with its placeholders filled.

The severities are `violation`, `warning` and `info`. A file must produce exactly these results. Together, the files
must break every constraint of every shape, so that no shape is unused, too strict, or without a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from jhaan_kg.build.read import Statement
from jhaan_kg.checks.shapes import ValidationResult, read_results
from jhaan_kg.errors import Severity
from jhaan_kg.namespaces import RDFS_LABEL

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FIXTURES = tuple(sorted((HERE / "faulty").glob("*/*.ttl")))
NUMBER = "90210"
EXPECT = re.compile(r"# expect: (violation|warning|info) (.+)")
SEVERITIES = {"violation": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFO}


@cache
def statements(*files: Path) -> tuple[Statement, ...]:
    """Return the triples of Turtle files."""
    return tuple(
        Statement(quad.triple, file.name, 0)
        for file in files
        for quad in parse(path=file, format=RdfFormat.TURTLE, rename_blank_nodes=True)
    )


def shapes() -> tuple[Statement, ...]:
    """Return the triples of all shapes."""
    return statements(*sorted((ROOT / "shapes").glob("*.ttl")))


def find(data: Iterable[Statement]) -> tuple[ValidationResult, ...]:
    """Return the validation results for the base with more triples."""
    ontology = statements(*sorted((ROOT / "ontology").glob("*.ttl")))
    return tuple(read_results((*statements(HERE / "base.ttl"), *data), ontology, shapes()))


def numbered(fixture: Path, number: str) -> Iterator[Statement]:
    """Yield the triples of a fixture, with a number appended to the names of the nodes that it adds to the base.

    The number keeps apart fixtures that use the same names. It consists of digits, since some shapes require an IRI to
    end in digits. It is also appended to labels, except those that the base has too, since that is a fault.
    """
    base = [s.triple for s in statements(HERE / "base.ttl")]
    added = {s.triple.subject for s in statements(fixture)} - {triple.subject for triple in base}
    new: dict[object, NamedNode | Literal] = {
        node: NamedNode(node.value + number) for node in added if isinstance(node, NamedNode)
    }
    labels = {s.triple.object for s in statements(fixture) if s.triple.predicate == RDFS_LABEL}
    for label in labels - {triple.object for triple in base}:
        if isinstance(label, Literal) and label.language:
            new[label] = Literal(label.value + number, language=label.language)
    for triple, path, line, _ in statements(fixture):
        subject, value = (new.get(term, term) for term in (triple.subject, triple.object))
        yield Statement(Triple(subject, triple.predicate, value), path, line)


@cache
def together(fixtures: tuple[Path, ...]) -> tuple[ValidationResult, ...]:
    """Return the validation results for the base with several fixtures, without the numbers in messages."""
    triples = (
        statement
        for index, fixture in enumerate(fixtures)
        for statement in numbered(fixture, f"{NUMBER}{index:03}")
    )
    return tuple(
        replace(result, message=re.sub(rf"{NUMBER}\d\d\d", "", result.message)) for result in find(triples)
    )


def seen(found: Iterable[ValidationResult]) -> list[tuple[Severity, str]]:
    """Return the severities and messages of results, sorted."""
    return sorted((result.severity, result.message) for result in found)


def is_named(fixture: Path, found: Iterable[ValidationResult]) -> bool:
    """Whether the shape that names the folder of a fixture produces one of the expected results."""
    wanted = expected(fixture)
    return any(
        fixture.parent.name in (local(result.shape), local(result.constraint))
        and (result.severity, result.message) in wanted
        for result in found
    )


def expected(fixture: Path) -> list[tuple[Severity, str]]:
    """Return the results that the comments at the start of a fixture expect."""
    found = []
    for line in fixture.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        match = EXPECT.fullmatch(line)
        if match:
            found.append((SEVERITIES[match[1]], match[2]))
    return sorted(found)


def local(iri: str) -> str:
    """Return the local name of a shape."""
    return iri.rpartition("#")[2]
