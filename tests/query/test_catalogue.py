"""The catalogue: compiled from files, loaded again, and described in RDF."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from meetings_graph import QUERIES, stored, triples
from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.errors import FindingsError, JhaanError
from jhaan_kg.namespaces import SH
from jhaan_kg.query.catalogue import catalogue_from_json, load_catalogue
from jhaan_kg.query.engine import StoreEngine
from jhaan_kg.query.source import catalogue_triples, compile_catalogue


def test_compiled_and_loaded_again_it_is_the_same(folder: Path, tmp_path: Path) -> None:
    data = compile_catalogue(folder)
    file = tmp_path / "catalogue.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    catalogue = load_catalogue(file)
    assert list(catalogue) == [stored(name) for name in sorted(QUERIES)]
    assert catalogue.get("who-met") == stored("who-met")
    assert len(catalogue) == len(QUERIES)


def test_the_catalogue_of_an_older_release_can_be_read() -> None:
    query = stored("who-met").to_json()
    later = ("found", "key", "picture", "profile", "notes", "fix", "measure")
    older = {name: value for name, value in query.items() if name not in later}
    catalogue = catalogue_from_json({"format": 1, "queries": [older]})
    assert catalogue.get("who-met") == stored("who-met")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "damaged"),
        ('{"format": 99, "queries": []}', "its format is 99 instead of 1"),
        (None, r"Cannot open .*c\.json: "),
    ],
)
def test_a_catalogue_that_can_not_be_read(text: str | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(JhaanError, match=message):
        load_catalogue(path)


def test_one_name_in_two_folders_is_a_fault(folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "other" / "seats.rq").write_text(QUERIES["seats"], encoding="utf-8")
    with pytest.raises(
        FindingsError, match=r"queries/other/seats\.rq:1: .*is already used by queries/meetings/seats\.rq"
    ):
        compile_catalogue(folder)


def test_faults_of_all_files_are_named(folder: Path) -> None:
    for name in ("a", "b"):
        (folder / f"{name}.rq").write_text("SELECT ?x { }", encoding="utf-8")
    with pytest.raises(FindingsError) as error:
        compile_catalogue(folder)
    assert {finding.path for finding in error.value.findings} == {"queries/a.rq", "queries/b.rq"}


ENUMERATED = QUERIES["who-met"].replace(
    "#+     description: one agency\n",
    "#+     description: one agency\n"
    "#+     enumeration: {query: 'SELECT ?value { ?value a jhaan:Agency } ORDER BY ?value'}\n",
)


def test_an_enumeration_is_taken_from_the_graph(folder: Path, engine: StoreEngine) -> None:
    query = ENUMERATED.replace("a jhaan:Agency }", "a <https://w3id.org/jhaan/ontology#Agency> }")
    (folder / "meetings" / "who-met.rq").write_text(query, encoding="utf-8")
    parameter = catalogue_from_json(compile_catalogue(folder, engine)).get("who-met").parameters[0]
    base = "https://w3id.org/jhaan/id/agency/"
    assert parameter.enumeration == (base + "alba", base + "brig", base + "cone-x", base + "dora")
    open_parameter = catalogue_from_json(compile_catalogue(folder)).get("who-met").parameters[0]
    assert open_parameter.enumeration == ()


@pytest.mark.parametrize(
    ("select", "message"),
    [("?value { ?value", "Syntax error"), ("?x { ?x ?y ?value }", r"it must be a SELECT of \?value")],
)
def test_an_enumeration_query_at_fault_is_named(
    select: str, message: str, folder: Path, engine: StoreEngine
) -> None:
    query = ENUMERATED.replace("?value { ?value a jhaan:Agency } ORDER BY ?value", select)
    (folder / "meetings" / "who-met.rq").write_text(query, encoding="utf-8")
    with pytest.raises(FindingsError, match=f"parameter agency fails: {message}"):
        compile_catalogue(folder, engine)


def test_queries_in_rdf_follow_the_convention_for_examples() -> None:
    query = stored("who-met")
    found = set(catalogue_triples([query]))
    node, prefixes = "https://w3id.org/jhaan/query/who-met", "https://w3id.org/jhaan/prefixes"
    described = triples(f"""
        <{node}> a sh:SPARQLExecutable, sh:SPARQLSelectExecutable ; rdfs:label "Who met"@en ;
            rdfs:comment "Who was in which meeting?"@en ; schema:keywords "meetings" ; sh:prefixes <{prefixes}> ;
            schema:mentions jhaan:Agency, jhaan:Event, jhaan:inEvent, jhaan:party .
    """)
    own = {triple for triple in found if triple.subject.value == node}
    assert own == {*described, Triple(NamedNode(node), NamedNode(SH + "select"), Literal(query.text))}
    declared = triples(f"""
        <{prefixes}> sh:declare <{prefixes}/jhaan>, <{prefixes}/rdfs> .
        <{prefixes}/jhaan> a sh:PrefixDeclaration ; sh:prefix "jhaan" ;
            sh:namespace "https://w3id.org/jhaan/ontology#"^^xsd:anyURI .
    """)
    assert found >= set(declared)
    assert query.text.startswith("PREFIX jhaan:")
