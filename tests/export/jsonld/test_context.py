"""The context has a key or a name for each term, and nothing that would hide another."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from context_keys import CONTEXT, KEYS, KEYWORDS, NAMES, REVERSE, local
from jhaan_kg.namespaces import ONTOLOGY, OWL, RDF, RDF_TYPE, RDFS, SCHEMA, SH, XSD
from jhaan_kg.results.jsonld import FILE

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
