"""What is said of deprecated things, and that jhaan explain leads on."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from jhaan_kg.errors import JhaanError
from jhaan_kg.explain import explain
from jhaan_kg.namespaces import PREFIXES, expand
from jhaan_kg.query.engine import StoreEngine
from jhaan_kg.query.names import Deprecation, deprecation, resolve

HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
THINGS = """
agency:north a jhaan:Agency ; rdfs:label "Northern Board"@en .
agency:nameless a jhaan:Agency .
agency:old rdfs:label "the old one (deprecated)"@en ; owl:deprecated true ; dcterms:isReplacedBy agency:north .
agency:merged rdfs:label "the merged one (deprecated)"@en ; owl:deprecated true ;
    dcterms:isReplacedBy agency:nameless ; skos:changeNote "The two were one."@en .
agency:never rdfs:label "the one that never was (deprecated)"@en ; owl:deprecated true ;
    skos:changeNote "It never was."@en .
"""


@pytest.fixture(scope="module")
def engine() -> StoreEngine:
    store = Store()
    store.extend(parse(HEAD + THINGS, format=RdfFormat.TURTLE))
    return StoreEngine(store)


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        ("agency:north", None),
        ("agency:old", Deprecation(NamedNode(expand("agency:north")), "Northern Board", "")),
        ("agency:merged", Deprecation(NamedNode(expand("agency:nameless")), "", "The two were one.")),
        ("agency:never", Deprecation(None, "", "It never was.")),
    ],
)
def test_what_is_used_instead(engine: StoreEngine, thing: str, expected: Deprecation | None) -> None:
    assert deprecation(engine, NamedNode(expand(thing))) == expected


def test_in_words() -> None:
    merged = Deprecation(NamedNode(expand("agency:nameless")), "", "The two were one.")
    assert str(merged) == "Deprecated. Use agency:nameless instead. The two were one."


def test_explain_leads_on(engine: StoreEngine) -> None:
    told = explain(engine, "agency:old").splitlines()
    assert told[0] == "the old one (deprecated)  agency:old"
    for text in (told, explain(engine, "agency:old", "isReplacedBy").splitlines()):
        assert "Deprecated. Use Northern Board (agency:north) instead." in text
    assert "Deprecated" not in explain(engine, "agency:north").splitlines()


def test_a_deprecated_iri_still_names_a_value(engine: StoreEngine) -> None:
    north = NamedNode(expand("agency:north"))
    assert resolve(engine, "agency:old", expand("jhaan:Agency")) == north
    assert resolve(engine, expand("agency:old"), expand("jhaan:Agency")) == north
    with pytest.raises(
        JhaanError, match=r"agency:never: Deprecated, and nothing is used instead: It never was\."
    ):
        resolve(engine, "agency:never", expand("jhaan:Agency"))
    with pytest.raises(JhaanError, match="No jhaan:Agency is called"):
        resolve(engine, "<not an IRI>", expand("jhaan:Agency"))
