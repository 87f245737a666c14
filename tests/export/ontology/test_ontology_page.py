"""The page of a small ontology: odd texts, what is deprecated, and which links a diagram has."""

from __future__ import annotations

import math
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse

from html_tree import Element, check, ids, read
from jhaan_kg.export.ontology.account import account
from jhaan_kg.export.ontology.diagram import LINKS, PLACES, Link, diagram, links
from jhaan_kg.export.ontology.markup import link
from jhaan_kg.export.ontology.model import Ontology
from jhaan_kg.export.ontology.page import page
from jhaan_kg.export.ontology.shapes import shapes_page
from jhaan_kg.namespaces import jhaan
from jhaan_kg.query.run import StoreEngine

HEAD = """
@prefix jhaan: <https://w3id.org/jhaan/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
<https://w3id.org/jhaan/ontology> a owl:Ontology ; dcterms:title "Small"@en ; dcterms:description "Tiny."@en .
"""
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1)
ODD = '<script>alert("1")</script> & </article> \' "'


def written(turtle: str) -> Element:
    ontology = Ontology((HEAD + turtle).encode())
    told = account(ontology, [], StoreEngine(Store()))
    return read(page(told, {}, links(ontology, [])))


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


def test_a_scheme_that_could_run_something_is_no_link() -> None:
    assert link("x", "JavaScript:alert(1)") == link("x", "data:text/html,x") == "x"
    tree = written(term("Odd", "Class", "rdfs:seeAlso <javascript:alert(1)> , <urn:x:y>"))
    assert "javascript:alert(1)" in entry(tree, "Odd").text
    assert not any(target.startswith(("javascript", "urn")) for target in tree.links)


def test_languages_and_datatypes_are_told() -> None:
    tree = written(term("Odd", "Class", 'rdfs:label "odd"@en ; jhaan:wording "étrange"@fr , 5'))
    (french,) = (span for span in entry(tree, "Odd").all("span") if "lang" in span.attributes)
    assert (french.attributes["lang"], french.text) == ("fr", "étrange")
    assert "5 xsd:integer" in entry(tree, "Odd").text


def test_what_is_said_more_than_once_or_without_a_name_is_told_too() -> None:
    tree = written(
        term("Odd", "Class", 'rdfs:label "odd"@en , "étrange"@fr ; skos:definition "One."@en , "Two."@en')
        + "jhaan:Odd rdfs:subClassOf jhaan:Even , [ a owl:Restriction ; owl:hasValue 7 ] ."
    )
    check(tree)
    shown = entry(tree, "Odd").text
    for text in (
        "odd",
        "étrange",
        "One.",
        "Two.",
        "jhaan:Even",
        "owl:hasValue7 xsd:integer",
        "owl:Restriction",
    ):
        assert text in shown


def test_what_is_deprecated_names_what_takes_its_place() -> None:
    tree = written(
        term("Old", "Class", "owl:deprecated true ; dcterms:isReplacedBy jhaan:New")
        + term("Gone", "ObjectProperty", "owl:deprecated true")
        + term("New", "Class", 'rdfs:label "new"@en')
    )
    assert "deprecateduse jhaan:New" in entry(tree, "Old").text
    assert "deprecatedno longer used" in entry(tree, "Gone").text
    (main,) = tree.all("main")
    after = main.content[
        main.content.index(next(one for one in tree.all("h2") if one.text == "Deprecated terms")) :
    ]
    (named,) = [
        one for one in after if isinstance(one, Element) and one.name == "p" and "jhaan:Old" in one.text
    ]
    assert named.text == "jhaan:Gone, jhaan:Old"
    assert "None so far" in "".join(one.text for one in written("").all("p"))


def test_chains_inverses_and_exclusions_are_told_on_both_sides() -> None:
    tree = written(
        term("one", "ObjectProperty", "owl:inverseOf jhaan:two ; owl:propertyDisjointWith jhaan:three")
        + term("two", "ObjectProperty", "owl:propertyChainAxiom ( jhaan:one jhaan:three )")
        + term("three", "ObjectProperty", "rdfs:subPropertyOf jhaan:one")
        + "".join(term(name, "Class", f'rdfs:label "{name}"') for name in "ABCD")
        + "[] a owl:AllDisjointClasses ; owl:members ( jhaan:A jhaan:B jhaan:C ) . jhaan:D owl:disjointWith jhaan:A ."
    )
    assert "the other wayjhaan:two" in entry(tree, "one").text
    assert "the other wayjhaan:one" in entry(tree, "two").text
    assert "follows fromjhaan:one, then jhaan:three" in entry(tree, "two").text
    assert "never together withjhaan:one" in entry(tree, "three").text
    assert "kinds of itjhaan:three" in entry(tree, "one").text
    assert "shares no instance withjhaan:A, jhaan:C" in entry(tree, "B").text
    assert "shares no instance withjhaan:A" in entry(tree, "D").text
    assert "shares no instance withjhaan:B, jhaan:C, jhaan:D" in entry(tree, "A").text


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


def test_nodes_without_a_name_come_as_in_the_file() -> None:
    parts = " , ".join(f"[ owl:hasValue {number} ]" for number in range(9, 0, -1))
    tree = written(term("Odd", "Class", f"rdfs:seeAlso {parts}"))
    numbers = [cell.raw[0] for cell in entry(tree, "Odd").all("dd") if cell.raw[1:] == " xsd:integer"]
    assert numbers == list("987654321")


DRAWN = """
jhaan:Network a owl:Class . jhaan:Agency a owl:Class ; rdfs:subClassOf jhaan:Body .
jhaan:WorkingGroup a owl:Class .
jhaan:chairedBy rdfs:domain jhaan:WorkingGroup ; rdfs:range {range} .
"""


def held(range_: str, data: str) -> list[Link]:
    head = "@prefix jhaan: <https://w3id.org/jhaan/ontology#> . "
    triples = [quad.triple for quad in parse(head + data, format=RdfFormat.TURTLE)]
    return links(Ontology((HEAD + DRAWN.replace("{range}", range_)).encode()), triples)


def test_a_link_is_drawn_only_if_ontology_and_graph_have_it() -> None:
    used = "<urn:g> a jhaan:WorkingGroup ; jhaan:chairedBy <urn:a> . <urn:a> a jhaan:Agency ."
    chaired = [Link(jhaan("WorkingGroup"), jhaan("chairedBy"), jhaan("Agency"))]
    assert held("jhaan:Agency", used) == held("jhaan:Body", used) == chaired
    assert held("jhaan:Network", used) == []
    assert held("jhaan:Agency", used.replace("chairedBy", "ofBody")) == []
    assert held("jhaan:Agency", used.replace("<urn:a> a jhaan:Agency .", "")) == []


def test_no_box_covers_another_and_no_line_runs_through_one() -> None:
    assert len(set(PLACES.values())) == len(PLACES)
    for source, _, target in LINKS:
        (ax, ay), (bx, by) = PLACES[source], PLACES[target]
        for name, (x, y) in PLACES.items():
            if name not in (source, target):
                # boxes are 178 by 50 on a grid of 304 by 122: how near does the line come to the centre?
                along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
                for share in (max(0.0, min(1.0, along + step / 50)) for step in range(-25, 26)):
                    dx, dy = ax + share * (bx - ax) - x, ay + share * (by - ay) - y
                    assert abs(dx) > 89 / 304 or abs(dy) > 25 / 122, (source, target, name)


def test_no_two_lines_cross() -> None:
    for one, other in combinations(LINKS, 2):
        a, b, c, d = (PLACES[name] for name in (one[0], one[2], other[0], other[2]))
        if len({a, b, c, d}) == 4:
            sides = [
                math.copysign(1, _side(*three)) if _side(*three) else 0
                for three in ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
            ]
            assert not (sides[0] * sides[1] < 0 and sides[2] * sides[3] < 0), (one, other)


def _side(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def test_a_diagram_alone_leads_to_iris_and_within_a_page_to_entries() -> None:
    drawn = [Link(jhaan("Network"), NamedNode("http://www.w3.org/ns/org#hasMember"), jhaan("Agency"))]
    ontology = Ontology(HEAD.encode())
    alone, within = (read(diagram(ontology, drawn, alone=alone).encode()) for alone in (True, False))
    assert "http://www.w3.org/ns/org#hasMember" in alone.links
    assert "https://w3id.org/jhaan/ontology#Agency" in alone.links
    assert {"#org:hasMember", "#Agency"} <= within.links
    assert alone.all("style")
    assert not within.all("style")


def test_an_account_of_nothing_is_empty() -> None:
    told = account(Ontology(HEAD.encode()), [], StoreEngine(Store()))
    assert (told.terms, told.uses, told.others) == ([], {}, [])
    assert Triple(jhaan("a"), jhaan("b"), jhaan("c")) not in told.citations
