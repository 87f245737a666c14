"""Each triple stands in one graph, the first that states it, and knows all its passages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal
from tiny_sources import ONTOLOGY, REUSED, assembled, date, node, passage, section, triple

from jhaan_kg.build.assemble import Assembled
from jhaan_kg.build.graphs import Layer
from jhaan_kg.namespaces import GRAPH


def graphs_with(built: Assembled, wanted: object) -> list[str]:
    return [graph.value.removeprefix(GRAPH) for graph, triples in built.graphs.items() if wanted in triples]


MOOT_DAY = triple("event2023:moot", "schema:startDate", date("2021-05-04"))


def test_graphs_come_in_the_order_of_layers_and_of_reading() -> None:
    built = assembled(
        **{
            "data/reports/fbn-2021/2.1-more.trig": section(
                "2.1/heading: agency:south jhaan:seat place:isle ."
            )
        },
    )
    assert [graph.value.removeprefix(GRAPH) for graph in built.graphs] == [
        "ontology",
        "ontology/reused",
        "document/fbn-2021",
        "document/fbn-2022",
        "register/things",
        "report/fbn-2021/1",
        "report/fbn-2021/2",
        "report/fbn-2021/2.1",
        "report/fbn-2022/1",
        "curation/fbn-2021/readings",
        "context/wikidata",
        "lexicon/fbn-2021",
        "lexicon",
    ]


def test_what_the_register_holds_too_stays_there_and_is_asserted() -> None:
    label = triple("agency:north", "rdfs:label", Literal("Northern Board", language="en"))
    built = assembled(summary=section('1/paragraph/1: agency:north rdfs:label "Northern Board"@en .'))
    assert graphs_with(built, label) == ["register/things"]
    assert built.assertions[label].passages == (passage("1/paragraph/1"),)


def test_curation_rests_on_the_passages_that_its_subject_names() -> None:
    built = assembled()
    reading = triple("body:fleet", "jhaan:seat", "place:isle").subject  # some node of data
    curated = [a for a in built.assertions.values() if a.layer is Layer.CURATION]
    of_the_reading = {a.passages for a in curated if "/reading/" in a.triple.subject.value}
    others = {a.passages for a in curated if "/reading/" not in a.triple.subject.value}
    assert reading is not None
    assert of_the_reading == {(passage("1/paragraph/1"),)}
    assert others == {()}


def test_context_has_assertions_without_passages() -> None:
    within = triple("place:quay", "jhaan:within", "place:port")
    stated = assembled().assertions[within]
    assert (stated.layer, stated.report, stated.passages) == (Layer.CONTEXT, "context", ())


def test_graphs_have_no_blank_nodes_but_the_ontology_keeps_them_for_the_rules() -> None:
    built = assembled()

    def blank(triples: object) -> bool:
        return any(isinstance(term, BlankNode) for t in triples for term in (t.subject, t.object))  # type: ignore[attr-defined]

    assert not blank(t for triples in built.graphs.values() for t in triples)
    assert blank(built.ontology)


def test_the_graphs_of_several_ontologies_are_one_ontology() -> None:
    own, other = "<https://w3id.org/jhaan/ontology>", "<https://w3id.org/jhaan/ontology/reused-terms>"
    built = assembled(
        **{
            "ontology/jhaan.ttl": f"{ONTOLOGY}{own} a owl:Ontology ; owl:imports {other} .",
            "ontology/reused-terms.ttl": f'{REUSED}{other} a owl:Ontology ; rdfs:label "reused terms"@en .',
        }
    )
    found = list(built.triples(Layer.ONTOLOGY))
    assert [str(t.subject) for t in found if t.object == node("owl:Ontology")] == [own]
    assert [t for t in found if t.predicate == node("owl:imports")] == []
    assert [t.object for t in found if str(t.subject) == other] == [Literal("reused terms", language="en")]


def test_the_datatype_of_days_is_declared_once() -> None:
    assert graphs_with(assembled(), triple("xsd:date", "rdf:type", "rdfs:Datatype")) == ["ontology"]


def test_without_an_assertion_neither_graph_nor_evidence_has_it() -> None:
    less = assembled().without([MOOT_DAY])
    assert graphs_with(less, MOOT_DAY) == []
    assert MOOT_DAY not in less.assertions


def test_without_an_assertion_the_background_stays() -> None:
    label = triple("agency:north", "rdfs:label", Literal("Northern Board", language="en"))
    built = assembled(summary=section('1/paragraph/1: agency:north rdfs:label "Northern Board"@en .'))
    assert graphs_with(built.without([label]), label) == ["register/things"]


PLACES = [(section, f"{section}/paragraph/{n}") for section in ("1", "2", "2.1") for n in range(1, 5)]
SUBJECTS = ["agency:north", "agency:south", "body:fleet"]


@given(
    st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(SUBJECTS), st.sampled_from(SUBJECTS)), max_size=25
    )
)
def test_whatever_is_stated_stands_in_the_first_section_and_names_all_passages(
    stated: list[tuple[tuple[str, str], str, str]],
) -> None:
    blocks: dict[str, list[str]] = {"1": [], "2": [], "2.1": []}
    for (number, place), subject, value in stated:
        blocks[number].append(f"{place}: {subject} jhaan:partner {value} .")
    files = {f"data/reports/fbn-2021/{number}-x.trig": section(*own) for number, own in blocks.items() if own}
    built = assembled(summary=None, detail=None, later=None, readings=None, context=None, **files)
    for subject in SUBJECTS:
        for value in SUBJECTS:
            places = [place for place in PLACES if (place, subject, value) in stated]
            fact = triple(subject, "jhaan:partner", value)
            assert graphs_with(built, fact) == [f"report/fbn-2021/{number}" for number, _ in places][:1]
            passages = tuple(passage(place) for _, place in places)
            assert (built.assertions[fact].passages if places else ()) == passages
