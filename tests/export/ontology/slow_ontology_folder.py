"""What `jhaan export ontology` writes for the real graph, compared with the files as authored and with the graph."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Quad, RdfFormat, parse
from rdflib import OWL, RDF, RDFS, BNode, Literal, URIRef
from rdflib.collection import Collection

from html_tree import Element, check, ids, read
from jhaan_kg.build.cache import snapshot_for
from jhaan_kg.build.progress import Progress
from jhaan_kg.export import export_files
from jhaan_kg.namespaces import BASE, ONTOLOGY, PREFIXES, compact
from readers import canonical

SCHEMA_MENTIONS = "https://schema.org/mentions"
FORMATS = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml"}
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def folder(root: Path) -> Files:
    return dict(export_files(snapshot_for(root, Progress()), "ontology"))


@pytest.fixture(scope="module")
def page(folder: Files) -> Element:
    return read(folder["index.html"])


def authored(files: Path) -> rdflib.Graph:
    graph = rdflib.Graph()
    for file in files.glob("*.ttl"):
        graph.parse(file)
    return graph


@pytest.fixture(scope="module")
def ontology(root: Path) -> rdflib.Graph:
    return authored(root / "ontology")


@pytest.fixture(scope="module")
def shapes(root: Path) -> rdflib.Graph:
    return authored(root / "shapes")


@pytest.fixture(scope="module")
def quads(root: Path) -> list[Quad]:
    return list(snapshot_for(root, Progress()).quads(evidence=True, context=True))


@pytest.fixture(scope="module")
def instances(quads: list[Quad]) -> dict[str, set[str]]:
    """The instances of each class in the graph, its evidence included."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.predicate.value == str(RDF.type):
            found[quad.object.value].add(quad.subject.value)
    return found


def entries(page: Element) -> dict[str, Element]:
    return {element.attributes["id"]: element for element in page.all("article")}


def place(term: URIRef) -> str:
    """Where the entry of a term stands: the part after # for ours, the CURIE for others."""
    return str(term).removeprefix(ONTOLOGY) if str(term).startswith(ONTOLOGY) else compact(str(term))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize("name", ["index.html", "shapes.html"])
def test_a_page_is_well_formed_loads_nothing_and_its_links_lead_somewhere(folder: Files, name: str) -> None:
    assert folder[name].startswith(b"<!DOCTYPE html>\n")
    page = read(folder[name])
    check(page)
    there = {page_name: ids(read(folder[page_name])) for page_name in ("index.html", "shapes.html")}
    for target in page.links:
        if not re.match(r"https?:", target):
            file, _, fragment = target.partition("#")
            assert file == "" or file in folder, target
            assert not fragment or fragment in there[file or name], target
    for element in page.walk():
        named = re.findall(r"url\(#([^)]*)\)", " ".join(element.attributes.values()))
        assert {*named, *element.attributes.get("aria-labelledby", "").split()} <= there[name]


def test_an_entry_has_all_that_the_ontology_says_of_its_term(page: Element, ontology: rdflib.Graph) -> None:
    there = entries(page)
    compared = 0
    for term in set(ontology.subjects(RDF.type)):
        if isinstance(term, BNode) or (term, RDF.type, OWL.Ontology) in ontology:
            continue
        entry = there[place(term)]
        assert str(term) in entry.text
        assert entry.all("code")[0].text == compact(str(term))
        text, links = entry.text, entry.links
        for said, value in ontology.predicate_objects(term):
            compared += 1
            if said == OWL.deprecated:
                assert "deprecated" in text
                continue
            values = [value]
            if isinstance(value, BNode):
                assert said == OWL.propertyChainAxiom
                values = list(Collection(ontology, value))
            for one in values:
                if isinstance(one, Literal):
                    assert squeezed(str(one)) in text, (term, said)
                else:
                    assert {f"#{place(one)}", str(one)} & links, (term, said, one)
                    if (
                        said in (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range)
                        and place(one) in there
                    ):
                        assert f"#{place(term)}" in there[place(one)].links
            if str(said).startswith(ONTOLOGY):
                assert f"#{place(said)}" in links, (term, said)
    assert compared > 2000
    own = {place(term) for term in ontology.subjects(RDFS.isDefinedBy, URIRef(ONTOLOGY.rstrip("#")))}
    assert own == {name for name in there if ":" not in name}


def test_a_class_with_instances_has_one_as_an_example(
    page: Element, ontology: rdflib.Graph, instances: dict[str, set[str]], quads: list[Quad]
) -> None:
    stated = {str(quad.triple) for quad in quads}
    prefixes = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
    shown = 0
    for name, entry in entries(page).items():
        term = URIRef(ONTOLOGY + name)
        examples = entry.all("pre")
        if ":" in name or (term, RDF.type, OWL.Class) not in ontology or not instances[str(term)]:
            assert examples == [], name
            continue
        (example,) = examples
        triples = [quad.triple for quad in parse(prefixes + example.raw, format=RdfFormat.TURTLE)]
        assert 1 < len(triples) <= 8
        assert {str(triple) for triple in triples} <= stated
        assert {triple.object.value for triple in triples if triple.predicate.value == str(RDF.type)} == {
            str(term)
        }
        assert len({triple.subject for triple in triples}) == 1
        if name in ("Agency", "Event", "Assertion", "WorkingGroup"):
            assert f"in the graph{len(instances[str(term)]):,} times" in entry.text
        shown += 1
    assert shown > 80
    assert prefixes.strip() in page.raw


def test_an_entry_has_the_questions_that_mention_its_term(page: Element, quads: list[Quad]) -> None:
    there = entries(page)
    expected: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.predicate.value == SCHEMA_MENTIONS and quad.object.value.startswith(ONTOLOGY):
            expected[quad.object.value.removeprefix(ONTOLOGY)].add(quad.subject.value)
    assert len(expected) > 100
    for name, entry in there.items():
        assert {link for link in entry.links if link.startswith(BASE + "query/")} == expected[name], name


def test_the_head_says_what_the_ontology_says_of_itself(page: Element, ontology: rdflib.Graph) -> None:
    (header,) = page.all("header")
    for said, value in ontology.predicate_objects(URIRef(ONTOLOGY.rstrip("#"))):
        assert said == RDF.type or str(value) in header.text
    (script,) = page.all("script")
    described = json.loads(script.raw)
    assert described["@id"] == ONTOLOGY.rstrip("#")
    assert described["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert described["version"] == str(ontology.value(URIRef(ONTOLOGY.rstrip("#")), OWL.versionInfo))


def test_every_shape_has_an_entry_with_all_that_it_says(folder: Files, shapes: rdflib.Graph) -> None:
    there = entries(read(folder["shapes.html"]))
    named = {term for term in shapes.subjects() if str(term).startswith(BASE + "shapes#")}
    assert {str(term).partition("#")[2] for term in named} == set(there)
    for term in named:
        entry = there[str(term).partition("#")[2]]
        waiting, seen = [term], set()
        while waiting:
            for said, value in shapes.predicate_objects(waiting.pop()):
                if isinstance(value, BNode) and value not in seen:
                    seen.add(value)
                    waiting.append(value)
                elif isinstance(value, Literal):
                    assert squeezed(str(value)) in entry.text
                elif isinstance(value, URIRef) and value != RDF.nil:
                    assert compact(str(value)).strip("<>") in entry.text, (term, said)


@pytest.mark.parametrize("name", ["jhaan", "empact", "evidence", "alignment", "reused-terms", "shapes"])
def test_every_language_says_what_is_authored(
    folder: Files, root: Path, shapes: rdflib.Graph, name: str
) -> None:
    expected = shapes if name == "shapes" else rdflib.Graph().parse(root / "ontology" / f"{name}.ttl")
    assert len(expected) > 30
    for suffix, form in FORMATS.items():
        data = folder[f"{'ontology' if name == 'jhaan' else name}.{suffix}"]
        # with names for blank nodes after RDFC-1.0; rdflib's own way takes ten times as long
        read_again, as_authored = (
            canonical(parse(graph.serialize(format="nt").encode(), format=RdfFormat.N_TRIPLES))
            for graph in (rdflib.Graph().parse(data=data, format=form), expected)
        )
        assert read_again == as_authored, suffix
    sources = {f"shapes/{path.name}": path.read_bytes() for path in (root / "shapes").glob("*.ttl")}
    assert {path: data for path, data in folder.items() if path.startswith("shapes/")} == sources
