"""The page of a small ontology: odd texts and what is deprecated; the diagram, against the ontology and the graph."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

from html_tree import Element, check, ids, read
from jhaan_kg.export.ontology import OntologyTerms
from jhaan_kg.export.ontology_pages import diagram, ontology_page, shapes_page
from jhaan_kg.export.sources import read_turtle
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import ONTOLOGY, PREFIXES, RDFS, expand
from jhaan_kg.serve.loaded import Loaded

HEAD = (
    "".join(
        f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n"
        for prefix in ("jhaan", "owl", "rdf", "rdfs", "skos", "dcterms")
    )
    + """
<https://w3id.org/jhaan/ontology> a owl:Ontology ; dcterms:title "Small"@en ; dcterms:description "Tiny."@en .
"""
)
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1)
ODD = '<script>alert("1")</script> & </article> \' "'


def written(turtle: str) -> Element:
    return read(ontology_page(OntologyTerms(read_turtle((HEAD + turtle).encode()), Store())))


def entry(tree: Element, name: str) -> Element:
    (found,) = (one for one in tree.all("article") if one.attributes["id"] == name)
    return found


def term(name: str, kind: str, said: str) -> str:
    return f"jhaan:{name} a owl:{kind} ; rdfs:isDefinedBy <https://w3id.org/jhaan/ontology> ; {said} .\n"


def test_markup_in_texts_is_text() -> None:
    odd = str(Literal(ODD, language="en"))
    tree = written(
        term("Odd", "Class", f"rdfs:label {odd} ; skos:definition {odd} ; jhaan:wording {odd}")
        + f"<https://w3id.org/jhaan/ontology> dcterms:title {odd} ; dcterms:description {odd} ."
    )
    check(tree)
    ids(tree)
    assert entry(tree, "Odd").text.count(ODD) == 3
    (script,) = tree.all("script")
    assert "<" not in script.raw


@given(TEXTS, TEXTS, TEXTS)
def test_any_text_is_shown_as_it_is(label: str, definition: str, value: str) -> None:
    said = f"rdfs:label {Literal(label)} ; skos:definition {Literal(definition)} ; jhaan:wording {Literal(value)}"
    tree = written(term("Odd", "Class", said))
    check(tree)
    shown = entry(tree, "Odd")
    assert shown.all("h3")[0].raw == f"jhaan:Odd {label}"
    assert shown.all("p")[0].raw == definition
    assert value in [cell.raw for cell in shown.all("dd")]


def test_an_entry_has_all_that_is_said_in_each_language_and_without_a_name() -> None:
    """Nodes without a name come as in the file; a scheme that could run something is no link."""
    parts = " , ".join(f"[ owl:hasValue {number} ]" for number in range(9, 0, -1))
    tree = written(
        term("Odd", "Class", 'rdfs:label "odd"@en , "étrange"@fr ; skos:definition "One."@en , "Two."@en')
        + "jhaan:Odd rdfs:subClassOf jhaan:Even , [ a owl:Restriction ; owl:hasValue 7 ] ."
        + f"jhaan:Odd rdfs:seeAlso <javascript:alert(1)> , <urn:x:y> , {parts} ."
    )
    check(tree)
    shown = entry(tree, "Odd")
    for text in ("odd", "One.", "Two.", "jhaan:Even", "owl:hasValue7 xsd:integer", "owl:Restriction"):
        assert text in shown.text
    (french,) = (span for span in shown.all("span") if "lang" in span.attributes)
    assert (french.attributes["lang"], french.text) == ("fr", "étrange")
    numbers = [cell.raw[0] for cell in shown.all("dd") if cell.raw[1:] == " xsd:integer"]
    assert "".join(numbers) in ("9876543217", "7987654321")
    assert "javascript:alert(1)" in shown.text
    assert not any(target.startswith(("javascript", "urn")) for target in tree.links)


def test_what_is_deprecated_names_what_takes_its_place() -> None:
    tree = written(
        term("Old", "Class", "owl:deprecated true ; dcterms:isReplacedBy jhaan:New")
        + term("Gone", "ObjectProperty", "owl:deprecated true")
        + term("New", "Class", 'rdfs:label "new"@en')
    )
    assert "deprecateduse jhaan:New" in entry(tree, "Old").text
    assert "deprecatedno longer used" in entry(tree, "Gone").text
    assert "jhaan:Gone, jhaan:Old" in [paragraph.text for paragraph in tree.all("p")]
    assert "None." in "".join(paragraph.text for paragraph in written("").all("p"))


def test_chains_inverses_and_exclusions_are_told_on_both_sides() -> None:
    tree = written(
        term("one", "ObjectProperty", "owl:inverseOf jhaan:two ; owl:propertyDisjointWith jhaan:three")
        + term("two", "ObjectProperty", "owl:propertyChainAxiom ( jhaan:one jhaan:three )")
        + term("three", "ObjectProperty", "rdfs:subPropertyOf jhaan:one")
        + "".join(term(name, "Class", f'rdfs:label "{name}"') for name in "ABCD")
        + "[] a owl:AllDisjointClasses ; owl:members ( jhaan:A jhaan:B jhaan:C ) . jhaan:D owl:disjointWith jhaan:A ."
    )
    for name, row in (
        ("one", "inverse ofjhaan:two"),
        ("two", "inverse ofjhaan:one"),
        ("two", "inferred fromjhaan:one, then jhaan:three"),
        ("three", "disjoint withjhaan:one"),
        ("one", "subpropertiesjhaan:three"),
        ("B", "disjoint withjhaan:A, jhaan:C"),
        ("D", "disjoint withjhaan:A"),
        ("A", "disjoint withjhaan:B, jhaan:C, jhaan:D"),
    ):
        assert row in entry(tree, name).text


def test_shapes_are_written_out_with_what_has_no_name() -> None:
    turtle = """
        @prefix jhsh: <https://w3id.org/jhaan/shapes#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
        jhsh:OddShape sh:message "<b>bold</b>" ; sh:in ( "a<b" 2 ) ; sh:property [ sh:path ( jhsh:x jhsh:OddShape ) ] ;
            sh:select "SELECT *\\n WHERE { }" .
    """
    tree = read(shapes_page({"shapes/odd-ones.ttl": turtle.encode()}))
    check(tree)
    shown = entry(tree, "OddShape")
    assert "<b>bold</b>" in shown.text
    assert "(a<b, 2 xsd:integer)" in shown.text
    assert "sh:path(jhsh:x, jhsh:OddShape)" in shown.text
    assert shown.all("pre")[0].raw == "SELECT *\n WHERE { }"


SVG = {"svg": "http://www.w3.org/2000/svg"}
DRAWING = ElementTree.fromstring(diagram())  # noqa: S314 - our own


@pytest.fixture(scope="module")
def graph(loaded: Loaded) -> Graph:
    return Graph(loaded.store)


def test_a_box_of_the_diagram_has_the_label_of_its_class(graph: Graph) -> None:
    boxes = [a for a in DRAWING.findall("svg:a", SVG) if a.find("svg:rect", SVG) is not None]
    assert len(boxes) == 24
    for box in boxes:
        words = [line.text or "" for line in box.iterfind(".//svg:tspan", SVG)]
        assert " ".join(words) == graph.label(NamedNode(box.attrib["href"]))


def test_a_link_of_the_diagram_is_in_ontology_and_graph(graph: Graph) -> None:
    """The property has no domain or range beside the two classes and what is above them, and the graph has a use."""
    links = (DRAWING.findtext("svg:desc", namespaces=SVG) or "").split("; ")
    assert len(links) == len(set(links)) == len(DRAWING.findall("svg:path", SVG)) == 24
    for link in links:
        source, said, target = (
            NamedNode(expand(word) if ":" in word else ONTOLOGY + word) for word in link.split()
        )
        if said.value == RDFS + "subClassOf":
            assert target in graph.superclasses(source)
            continue
        assert set(graph.nodes(said, NamedNode(RDFS + "domain"))) <= graph.superclasses(source), link
        assert set(graph.nodes(said, NamedNode(RDFS + "range"))) <= graph.superclasses(target), link
        pattern = f"{{ ?a a {source} ; {said} ?b . ?b a {target} }}"
        assert graph.store.query(f"ASK {pattern}", use_default_graph_as_union=True), link


def test_a_diagram_alone_links_to_iris_and_within_a_page_to_entries() -> None:
    alone, within = read(diagram().encode()), written("").all("svg")[0]
    assert {PREFIXES["org"] + "hasMember", ONTOLOGY + "Agency"} <= alone.links
    assert {"#org:hasMember", "#Agency"} <= within.links
