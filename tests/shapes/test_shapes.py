"""The shapes find what is wrong in faulty graphs; the slow tests check that they find nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from faulty_graphs import FIXTURES, HERE, expected, find, is_named, local, seen, shapes, statements, together
from rdflib import OWL, RDF, SH, BNode, Graph, Namespace, URIRef
from rdflib.term import Node
from shape_rules import Constraint, broken_rules, constraints

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.files import DATA, Kind
from jhaan_kg.rdflib_terms import graph_of
from real_sources import sources

JHAAN = Namespace("https://w3id.org/jhaan/ontology#")
CONSTRUCTED = re.compile(r"CONSTRUCT \{([^}]*)\}")
"""What a rule of the answer layer derives."""

INFERRED = {
    *("endDay", "endYear", "hasParticipation", "hasReading", "party", "startDay", "startYear", "statedIn"),
}
"""Own properties that the build derives without such a rule; violation queries guard both."""

OF_TERMS = {
    *("countsObjectsOf", "countsSubjectsOf", "infrastructure", "inverseLabel", "labelTemplate"),
    "singleValued",
}
"""Own properties of terms: the checks of the ontology guard them."""

OPEN = {"notStated", "onProperty", "prefers"}
"""Own properties that may have any property or any value; the check of terms guards the properties."""

VALUES = (
    *(SH.datatype, SH["in"], SH.languageIn, SH.node, SH.nodeKind, SH["not"], SH["or"], SH.pattern),
    *(SH["class"], SH.qualifiedValueShape),
)
"""The constraints that say what a value must be, and not only how many there are."""


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The shapes, for rdflib."""
    return graph_of(statement.triple for statement in shapes())


@pytest.fixture(scope="module")
def ontology() -> Graph:
    """The ontology, for rdflib."""
    return graph_of(statement.triple for statement in sources().statements(Kind.ONTOLOGY))


def steps(graph: Graph, path: Node | None) -> Iterator[Node]:
    """Yield the properties of a path."""
    if isinstance(path, BNode):
        for value in graph.objects(path):
            yield from steps(graph, value)
    elif path is not None and path != RDF.nil:
        yield path


def derived() -> set[str]:
    """Return the names of the properties that no source states, since the build derives them."""
    templates = [
        match[1] for file in sources().of_kind(Kind.RULE) for match in CONSTRUCTED.finditer(file.text)
    ]
    constructed = {name for template in templates for name in re.findall(r"jhaan:(\w+)", template)}
    assert len(constructed) > 10
    return INFERRED | constructed


def test_each_own_property_has_its_values_checked(graph: Graph, ontology: Graph) -> None:
    checked = {
        step
        for shape, path in graph.subject_objects(SH.path)
        if any((shape, kind, None) in graph for kind in VALUES) or (path, RDF.first, None) in graph
        for step in steps(graph, path)
    }
    checked |= set(graph.objects(None, SH.targetObjectsOf))
    own = {
        term
        for kind in (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
        for term in ontology.subjects(RDF.type, kind)
        if term in JHAAN
    }
    assert {term.removeprefix(JHAAN) for term in own - checked} == derived() | OF_TERMS | OPEN


def test_no_source_states_what_is_derived_or_of_terms() -> None:
    never = {JHAAN[name] for name in derived() | OF_TERMS}
    stated = {URIRef(statement.triple.predicate.value) for statement in sources().statements(*DATA)}
    assert stated & never == set()
    assert stated & {JHAAN[name] for name in OPEN}


def test_a_shape_of_several_properties_looks_at_the_subjects_of_each(graph: Graph) -> None:
    shown = [shape for shape in graph.subjects(SH.path) if (shape, SH.targetSubjectsOf, None) in graph]
    several = [shape for shape in shown if not isinstance(graph.value(shape, SH.path), URIRef)]
    missing = {
        shape: set(steps(graph, graph.value(shape, SH.path))) - set(graph.objects(shape, SH.targetSubjectsOf))
        for shape in several
        if (shape, SH.targetClass, None) not in graph
    }
    assert len(several) >= 8
    assert {shape: left for shape, left in missing.items() if left} == {}


def test_what_has_one_value_is_what_reconciling_watches(graph: Graph, ontology: Graph) -> None:
    shape = URIRef("https://w3id.org/jhaan/shapes#ThingShape-oneValue")
    # Of two periods one may be within the other, as of two places.
    watched = set(ontology.subjects(JHAAN.singleValued)) - {JHAAN.inPeriod}
    assert set(graph.objects(shape, SH.targetSubjectsOf)) == watched


def test_the_shapes_keep_the_projects_rules(graph: Graph) -> None:
    assert list(broken_rules(graph)) == []


def test_each_fault_is_found_among_all_others() -> None:
    found = set(seen(together(FIXTURES)))
    missing = {fixture: sorted(set(expected(fixture)) - found) for fixture in FIXTURES}
    assert {fixture.relative_to(HERE).as_posix(): rest for fixture, rest in missing.items() if rest} == {}


def test_every_constraint_is_broken_by_a_fixture(graph: Graph) -> None:
    broken = {Constraint(result.shape, result.component, result.constraint) for result in together(FIXTURES)}
    assert [str(constraint) for constraint in constraints(graph) if constraint not in broken] == []


def test_each_fixture_expects_something_of_a_shape(graph: Graph) -> None:
    names = {local(iri) for constraint in constraints(graph) for iri in (constraint.shape, constraint.sparql)}
    assert [
        fixture for fixture in FIXTURES if not expected(fixture) or fixture.parent.name not in names
    ] == []


GROUPS = 14


@pytest.mark.slow
def test_the_shapes_are_valid_shacl() -> None:
    from pyshacl.entrypoints import meta_validate

    # Against the shapes for shapes of the SHACL recommendation, appendix C.
    conforms, _, text = meta_validate(
        graph_of(statement.triple for statement in shapes()), max_validation_depth=100
    )
    assert conforms, text


@pytest.mark.slow
def test_the_base_has_no_fault() -> None:
    assert find(()) == ()


@pytest.mark.slow
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


@pytest.mark.slow
def test_the_shapes_find_nothing_where_inference_has_added_to_the_graph() -> None:
    """The tests of the release validate the file of what is asserted."""
    from pyshacl import validate

    triples = [quad.triple for quad in open_snapshot().quads(evidence=False, context=True)]
    graph = graph_of(statement.triple for statement in shapes())
    conforms, _, text = validate(graph_of(triples), shacl_graph=graph, inference="none", inplace=True)
    assert conforms, text[:2000]
