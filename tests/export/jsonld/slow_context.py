"""The context fits the graph: what a key says of its values is what the ontology, the shapes and the data say."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from context_keys import CONTEXT, KEYS, NAMES, REVERSE, local
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.namespaces import ONTOLOGY, OWL, RDF, RDF_TYPE, RDFS, SCHEMA, SH, SKOSXL, XSD
from jhaan_kg.results.jsonld import FILE, Compaction, load_context
from jsonld_judged import compacted, comparable

ONCE = {
    RDFS + "label": "the design: one label for each thing",
    RDFS + "comment": "the summary of a query's header",
    "http://www.w3.org/2004/02/skos/core#definition": "one definition for each term",
    "http://purl.org/dc/terms/title": "the heading of a section, the title of a vocabulary",
    "http://purl.org/dc/terms/description": "of a vocabulary",
    SKOSXL + "literalForm": "SKOS-XL, section B.2: exactly one",
    SH + "select": "SHACL, section 5.2.1: exactly one",
    SH + "prefix": "SHACL, section 5.2.1: exactly one",
    SH + "namespace": "SHACL, section 5.2.1: exactly one",
    OWL + "versionIRI": "OWL 2, section 3.1: at most one",
    OWL + "deprecated": "a truth value",
    **dict.fromkeys((ONTOLOGY + "mode", ONTOLOGY + "state"), "jhsh:ThingShape-oneValue"),
    **dict.fromkeys((SCHEMA + "startDate", SCHEMA + "endDate"), "jhsh:ThingShape-oneValue"),
    **{ONTOLOGY + name: "made by one rule" for name in ("when", "sortDay")},
    ONTOLOGY + "inverseLabel": "one for each property",
    "http://www.w3.org/2004/02/skos/core#scopeNote": "one for each term",
    SCHEMA + "eventAttendanceMode": "follows from jhaan:mode, which a shape limits",
    **{ONTOLOGY + name: "made of one date" for name in ("startDay", "endDay", "startYear", "endYear")},
    **{ONTOLOGY + name: "of a passage" for name in ("number", "textLength", "splitterVersion")},
}
"""Properties that a thing has once, though neither a shape nor the ontology says so."""

SEVERAL = {
    ONTOLOGY + "inPeriod": "a period may stand beside one that it contains",
    ONTOLOGY + "seat": "an array from the first version of the context on",
    ONTOLOGY + "grounded": "an array from the first version of the context on",
}
"""Properties of which a shape allows one for some things, and other things have several."""

KEPT = {"RdfStatement"}
"""Names that the graph no longer needs: a version of the context never loses one."""


@pytest.fixture(scope="module")
def dataset() -> frozenset[Quad]:
    """All that the real graph contains, with its evidence."""
    return frozenset(open_snapshot().quads(evidence=True, context=True))


def test_pyld_compacts_to_the_same_nodes_wherever_it_looks(dataset: frozenset[Quad]) -> None:
    """Some of each class."""
    members = defaultdict(set)
    for quad in dataset:
        if quad.predicate == RDF_TYPE:
            members[quad.object].add(quad.subject)
    subjects = {subject for found in members.values() for subject in sorted(found, key=str)[:20]}
    triples = [quad.triple for quad in dataset if quad.subject in subjects]
    nodes = list(Compaction(load_context()).nodes(triples))
    assert len(nodes) > 1000
    assert {node["id"]: comparable(node) for node in nodes} == compacted(nodes)


def test_each_property_has_a_key(dataset: frozenset[Quad]) -> None:
    properties = {quad.predicate.value for quad in dataset} - {RDF_TYPE.value}
    without = sorted(properties - set(KEYS) - set(NAMES))
    assert not without, f"Give these properties a key, in {FILE.name}: {', '.join(without)}"


def test_each_class_code_and_datatype_has_a_name(dataset: frozenset[Quad]) -> None:
    wanted = {
        quad.object.datatype.value
        for quad in dataset
        if isinstance(quad.object, Literal) and not quad.object.language
    }
    for quad in dataset:
        if isinstance(quad.object, NamedNode):
            if quad.predicate == RDF_TYPE:
                wanted.add(quad.object.value)
                if local(quad.object.value) == "NamedIndividual":
                    wanted.add(str(quad.subject.value))
            elif (
                quad.predicate.value in KEYS and CONTEXT[KEYS[quad.predicate.value]].get("@type") == "@vocab"
            ):
                wanted.add(quad.object.value)
    without = sorted(wanted - set(NAMES))
    assert not without, f"Give these terms a name, in {FILE.name}: {', '.join(without)}"


def test_each_key_and_name_is_used(dataset: frozenset[Quad]) -> None:
    predicates = {quad.predicate.value for quad in dataset}
    deprecated = {str(q.subject.value) for q in dataset if q.predicate == NamedNode(OWL + "deprecated")}
    assert set(KEYS) - predicates - deprecated == set()
    assert {CONTEXT[name]["@reverse"] for name in REVERSE} - predicates == set()
    plain = {quad.object.value for quad in dataset if isinstance(quad.object, NamedNode)}
    datatypes = {quad.object.datatype.value for quad in dataset if isinstance(quad.object, Literal)}
    # a code that no thing has is used all the same: the graph says what it means
    codes = {str(quad.subject.value) for quad in dataset if quad.predicate == RDF_TYPE}
    assert {NAMES[iri] for iri in set(NAMES) - plain - datatypes - codes - predicates} == KEPT


def test_no_value_needs_more_than_a_key(dataset: frozenset[Quad]) -> None:
    """Values of any kind: the objects of statements, and the preferred sides of contested values."""
    several = {RDF + "object", ONTOLOGY + "contestedValue", ONTOLOGY + "prefers"}
    misfits = set()
    for quad in dataset:
        key = load_context().keys.get(quad.predicate.value)
        if key is None or quad.predicate.value in several:
            continue
        value = quad.object
        if key.language:
            fits = isinstance(value, Literal) and bool(value.language)
        elif key.type in ("@id", "@vocab"):
            fits = isinstance(value, NamedNode)
        else:
            fits = isinstance(value, Literal) and value.datatype.value == (key.type or XSD + "string")
        if not fits:
            misfits.add(str(quad))
    assert misfits == set()


def test_a_key_has_one_value_where_a_thing_can_have_only_one(dataset: frozenset[Quad], root: Path) -> None:
    limited = set()
    for file in sorted((root / "shapes").glob("*.ttl")):
        said: dict[object, dict[str, object]] = defaultdict(dict)
        for quad in parse(path=file, format=RdfFormat.TURTLE):
            said[quad.subject][quad.predicate.value] = quad.object
        for shape in said.values():
            path, most = shape.get(SH + "path"), shape.get(SH + "maxCount")
            if isinstance(path, NamedNode) and isinstance(most, Literal) and most.value == "1":
                limited.add(path.value)
    functional = {
        str(quad.subject.value)
        for quad in dataset
        if quad.predicate == RDF_TYPE and quad.object == NamedNode(OWL + "FunctionalProperty")
    }
    keys = load_context().keys
    single = {iri for iri, key in keys.items() if not key.many and iri not in NAMES}
    single |= {quad.predicate.value for quad in dataset} & set(NAMES)
    assert single == ((limited | functional | set(ONCE)) - set(SEVERAL)) & set(keys)

    times = Counter(
        (quad.predicate.value, quad.subject) for quad in dataset if quad.predicate.value in single
    )
    assert {iri for (iri, _), number in times.items() if number > 1} == set()


def test_narrower_classes_stand_before_wider_ones(dataset: frozenset[Quad]) -> None:
    places = {name: place for place, name in enumerate(CONTEXT)}
    pairs = [
        (quad.subject.value, quad.object.value)
        for quad in dataset
        if quad.predicate.value == RDFS + "subClassOf"
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode)
    ]
    assert len(pairs) > 80
    equal = {pair for pair in pairs if pair[::-1] in pairs}  # FOAF's person and schema.org's
    wrong = {pair for pair in pairs if places[NAMES[pair[0]]] > places[NAMES[pair[1]]]}
    assert wrong - equal == set()
