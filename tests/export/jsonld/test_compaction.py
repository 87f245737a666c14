"""Node objects are what the compaction algorithm gives, and lose nothing of a term, however odd."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import BaseDirection, Literal, NamedNode, Triple

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import ONTOLOGY, RDF_TYPE, RDFS_LABEL, SCHEMA, XSD, jhaan
from jhaan_kg.results.jsonld import Compaction, context_of, lay_out, load_context
from jsonld_judged import compacted, comparable
from readers import by_pyld, by_pyoxigraph, by_rdflib
from small_graph import typed

THING = NamedNode("https://w3id.org/jhaan/id/event/2031/test")
CONTEXT = load_context()


def node_of(*triples: Triple) -> dict[str, Any]:
    (node,) = Compaction(CONTEXT).nodes(triples)
    return node


def document_of(triples: list[Triple]) -> bytes:
    compaction = Compaction(CONTEXT)
    nodes = list(compaction.nodes(triples))
    return lay_out({"@context": context_of(CONTEXT, compaction.used), "@graph": nodes})


def test_pyld_compacts_to_the_same_nodes(small: Snapshot) -> None:
    triples = {quad.triple for quad in small.quads(evidence=True, context=True)}
    # PyLD writes doubles anew
    kept = [triple for triple in triples if "XMLSchema#double" not in str(triple.object)]
    nodes = list(Compaction(CONTEXT).nodes(kept))
    assert len(nodes) > 100
    assert {node["id"]: comparable(node) for node in nodes} == compacted(nodes)


def test_a_node_reads_as_people_would_write_it() -> None:
    node = node_of(
        Triple(THING, jhaan("mode"), NamedNode(SCHEMA + "OnlineEventAttendanceMode")),
        Triple(THING, jhaan("called"), Literal("second name", language="en")),
        Triple(THING, jhaan("called"), Literal("first name", language="en")),
        Triple(THING, NamedNode(SCHEMA + "startDate"), typed("2031-05-06", "date")),
        Triple(THING, jhaan("startDay"), typed("22405", "integer")),
        Triple(THING, jhaan("inSeries"), NamedNode("https://w3id.org/jhaan/id/concept/series-test")),
        Triple(THING, RDF_TYPE, NamedNode(SCHEMA + "Event")),
        Triple(THING, RDF_TYPE, jhaan("Event")),
        Triple(THING, RDF_TYPE, jhaan("Meeting")),
        Triple(THING, RDFS_LABEL, Literal("Test", language="en")),
        Triple(THING, RDFS_LABEL, Literal("Trial", language="en")),
        Triple(THING, NamedNode(SCHEMA + "endDate"), typed("2031-05-07", "date")),
        Triple(THING, NamedNode(SCHEMA + "endDate"), typed("2031-05-08", "date")),
    )
    assert list(node.items()) == [
        ("id", "https://w3id.org/jhaan/id/event/2031/test"),
        ("type", ["Meeting", "Event", "SchemaEvent"]),
        ("label", {"en": ["Test", "Trial"]}),  # two values of a key that has one are kept
        ("called", {"en": ["first name", "second name"]}),
        ("startDate", "2031-05-06"),
        ("endDate", ["2031-05-07", "2031-05-08"]),
        ("startDay", 22405),
        ("mode", "OnlineEventAttendanceMode"),
        ("inSeries", ["https://w3id.org/jhaan/id/concept/series-test"]),
    ]


def test_a_property_that_the_context_does_not_know_stands_under_its_iri() -> None:
    triples = [
        Triple(THING, jhaan("noKeyYet"), Literal("x", language="en")),
        Triple(THING, jhaan("noKeyYet"), NamedNode(ONTOLOGY + "Chair")),
        Triple(THING, RDF_TYPE, jhaan("NoNameYet")),
    ]
    assert node_of(*triples) == {
        "id": THING.value,
        "type": [ONTOLOGY + "NoNameYet"],
        ONTOLOGY + "noKeyYet": [{"@language": "en", "@value": "x"}, {"id": ONTOLOGY + "Chair"}],
    }
    for reads in (by_pyld, by_rdflib, by_pyoxigraph):
        assert {quad.triple for quad in reads("jsonld", [document_of(triples)])} == set(triples)


@pytest.mark.parametrize(
    ("property_name", "value", "written"),
    [
        ("value", typed("5", "integer"), {"value": 5}),
        ("value", typed("007", "integer"), {"value": "007"}),
        ("value", typed("9" * 15, "integer"), {"value": 10**15 - 1}),
        ("value", typed("9" * 16, "integer"), {"value": "9" * 16}),  # which JavaScript would round
        (
            "value",
            typed("1.50", "decimal"),
            {ONTOLOGY + "value": {"@type": XSD + "decimal", "@value": "1.50"}},
        ),
        ("singleValued", typed("true", "boolean"), {"singleValued": [True]}),
        ("prefers", typed("2023-02-30", "date"), {"prefers": {"@type": "date", "@value": "2023-02-30"}}),
        ("prefers", typed("12", "integer"), {"prefers": 12}),
        ("prefers", Literal("a", language="de"), {"prefers": {"@language": "de", "@value": "a"}}),
        ("prefers", jhaan("Chair"), {"prefers": {"id": ONTOLOGY + "Chair"}}),
        ("role", NamedNode("https://example.org/clown"), {"role": "https://example.org/clown"}),
        ("role", Literal("Chair"), {ONTOLOGY + "role": "Chair"}),
        ("inEvent", jhaan("Chair"), {"inEvent": [ONTOLOGY + "Chair"]}),
        ("summary", Literal("no language"), {"summary": {"@none": "no language"}}),
        ("summary", Literal("satu", language="id"), {"summary": {"id": "satu"}}),
        ("planNumber", Literal("6.10"), {"planNumber": "6.10"}),
    ],
)
def test_values_keep_their_form(property_name: str, value: Any, written: dict[str, Any]) -> None:
    triple = Triple(THING, jhaan(property_name), value)
    assert node_of(triple) == {"id": THING.value, **written}
    for reads in (by_pyld, by_rdflib, by_pyoxigraph):
        assert {quad.triple for quad in reads("jsonld", [document_of([triple])])} == {triple}


@pytest.mark.parametrize(
    "odd",
    [Triple(THING, RDF_TYPE, THING), Literal("x", language="ar", direction=BaseDirection.RTL)],
    ids=["triple", "direction"],
)
@pytest.mark.parametrize("property_name", ["summary", "inEvent", "prefers", "noKeyYet"])
def test_what_json_ld_1_1_can_not_say_is_refused(odd: Any, property_name: str) -> None:
    with pytest.raises(JhaanError, match=r"JSON-LD 1\.1 cannot contain .*\. Choose ntriples\."):
        node_of(Triple(THING, jhaan(property_name), odd))
