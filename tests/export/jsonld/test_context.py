"""The context has a key or a name for each term, and nothing that would hide another."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from context_keys import CONTEXT, KEYS, KEYWORDS, NAMES, REVERSE, local
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.namespaces import ONTOLOGY, OWL, RDF, RDF_TYPE, RDFS, SCHEMA, SH, XSD
from jhaan_kg.results.jsonld import FILE, load_context

GENERATED = {SCHEMA + "keywords"}
"""What only the build uses, of queries, so that the ontology does not declare it."""


def test_the_file_holds_nothing_but_the_context_and_no_key_twice() -> None:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        assert [key for key, times in Counter(key for key, _ in pairs).items() if times > 1] == []
        return dict(pairs)

    document = json.loads(FILE.read_bytes(), object_pairs_hook=once)
    assert list(document) == ["@context"]
    assert document["@context"]["@version"] == 1.1


def test_no_iri_has_two_keys() -> None:
    iris = Counter(
        entry if isinstance(entry, str) else entry["@id"]
        for name, entry in CONTEXT.items()
        if name not in KEYWORDS | REVERSE
    )
    assert [iri for iri, times in iris.items() if times > 1] == []


def test_nothing_depends_on_another_document_or_catches_all() -> None:
    """No @vocab, @base, @import or default language; no prefix that would shorten the IRIs of things."""
    assert {name for name in CONTEXT if name.startswith("@")} == {"@version"}
    allowed = {"@id", "@reverse", "@type", "@container"}
    assert {key for entry in CONTEXT.values() if isinstance(entry, dict) for key in entry} <= allowed
    assert all("://" in iri and not iri.endswith(("#", "/")) for iri in (*KEYS, *NAMES))


@pytest.fixture(scope="module")
def declared(root: Path) -> dict[str, set[str]]:
    """The classes of the terms in the files of the ontology."""
    found: dict[str, set[str]] = {}
    for file in (root / "ontology").glob("*.ttl"):
        for quad in parse(path=file, format=RdfFormat.TURTLE):
            if quad.predicate == RDF_TYPE and isinstance(quad.subject, NamedNode):
                found.setdefault(quad.subject.value, set()).add(local(quad.object.value))
    return found


def test_each_term_is_declared_in_the_ontology_or_in_its_reused_terms(declared: dict[str, set[str]]) -> None:
    languages = (RDF, RDFS, OWL, XSD, SH)  # of the ontology itself, and of its queries
    undeclared = {*KEYS, *NAMES} - declared.keys() - GENERATED
    assert {iri for iri in undeclared if not iri.startswith(languages)} == set()


def test_each_term_of_the_ontology_has_a_key_or_a_name(declared: dict[str, set[str]]) -> None:
    own = {iri for iri in declared if iri.startswith(ONTOLOGY)}
    assert len(own) > 400
    assert own - {*KEYS, *NAMES} == set()


@pytest.fixture(scope="module")
def dataset() -> frozenset[Quad]:
    """All that the real graph contains, with its evidence."""
    return frozenset(open_snapshot().quads(evidence=True, context=True))


@pytest.mark.slow
def test_each_property_has_a_key(dataset: frozenset[Quad]) -> None:
    properties = {quad.predicate.value for quad in dataset} - {RDF_TYPE.value}
    without = sorted(properties - set(KEYS) - set(NAMES))
    assert not without, f"Give these properties a key, in {FILE.name}: {', '.join(without)}"


@pytest.mark.slow
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


@pytest.mark.slow
def test_no_value_needs_more_than_a_key(dataset: frozenset[Quad]) -> None:
    """Values of any kind: the objects of statements, and the values of conflicts."""
    named = ("contestedValue", "prefers")
    several = {RDF + "object", *(ONTOLOGY + name for name in named)}
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


@pytest.mark.slow
def test_a_thing_has_each_key_of_one_value_once(dataset: frozenset[Quad]) -> None:
    single = {iri for iri, key in load_context().keys.items() if not key.many}
    times = Counter(
        (quad.predicate.value, quad.subject) for quad in dataset if quad.predicate.value in single
    )
    assert {iri for (iri, _), number in times.items() if number > 1} == set()


@pytest.mark.slow
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
