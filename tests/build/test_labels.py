"""Labels by template."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from tiny_sources import HEAD, node, triple

from jhaan_kg.build.evidence import Premises
from jhaan_kg.build.labels import LabelMaker
from jhaan_kg.errors import JhaanError


class Facts:
    """A graph in which each triple is an assertion of its own."""

    def __init__(self, text: str, derived: dict[Triple, Premises] | None = None) -> None:
        self.triples = [quad.triple for quad in parse(HEAD + text, format=RdfFormat.TURTLE)]
        self.derived = derived or {}
        self.objects: dict[tuple[object, NamedNode], list[NamedNode | Literal]] = defaultdict(list)
        for t in self.triples:
            self.objects[t.subject, t.predicate].append(t.object)  # type: ignore[arg-type]

    def values(self, subject: NamedNode, predicate: NamedNode) -> Iterable[NamedNode | Literal]:
        return self.objects[subject, predicate]

    def premises(self, t: Triple) -> Premises:
        return self.derived.get(t, (t,))


def maker(*templates: str, more: str = "") -> LabelMaker:
    """Templates as `CLASS TEMPLATE`."""
    text = "".join(
        f'jhaan:{t.partition(" ")[0]} jhaan:labelTemplate "{t.partition(" ")[2]}" .\n' for t in templates
    )
    return LabelMaker([quad.triple for quad in parse(HEAD + text + more, format=RdfFormat.TURTLE)])


def label(labels: LabelMaker, text: str, curie: str = "event2023:x") -> str | None:
    made = labels.label(node(curie), Facts(text))
    return made and str(made[0].object.value)  # type: ignore[union-attr]


IN = "event2023:x a jhaan:Event . "


@pytest.mark.parametrize(
    ("template", "facts", "expected"),
    [
        ("the {jhaan:role}", 'event2023:x jhaan:role "host" .', "the host"),
        ("{jhaan:seat}", 'event2023:x jhaan:seat place:isle . place:isle rdfs:label "Isle"@en .', "Isle"),
        ("{jhaan:role}!", 'event2023:x jhaan:role "b", "a", "c" .', "a, b, c!"),
        ("{jhaan:role}", "event2023:x jhaan:role 7 .", "7"),
        ("{jhaan:role}[ in {jhaan:seat}]", 'event2023:x jhaan:role "host" .', "host"),
        (
            "{jhaan:role}[ in {jhaan:seat}]",
            'event2023:x jhaan:role "host" ; jhaan:seat place:isle . place:isle rdfs:label "Isle"@en .',
            "host in Isle",
        ),
        ("[{jhaan:seat} ][{jhaan:role}]", 'event2023:x jhaan:role "host" .', "host"),
        ("{jhaan:seat}", "event2023:x jhaan:seat place:isle .", None),
    ],
)
def test_templates(template: str, facts: str, expected: str | None) -> None:
    assert label(maker(f"Event {template}"), IN + facts) == expected


def test_the_template_of_the_narrowest_class_counts() -> None:
    labels = maker("Body body", "Agency agency", more="jhaan:Agency rdfs:subClassOf jhaan:Body .")
    assert label(labels, "event2023:x a jhaan:Body, jhaan:Agency .") == "agency"


def test_without_template_there_is_no_label() -> None:
    assert label(maker("Body body"), IN) is None


def test_a_value_without_label_gets_one_on_the_way() -> None:
    labels = maker("Event moot of {jhaan:partner}", "Body the {jhaan:role}")
    facts = 'event2023:x jhaan:partner agency:y . agency:y a jhaan:Body ; jhaan:role "host" .'
    assert label(labels, IN + facts) == "moot of the host"


def test_nodes_that_need_each_others_labels_have_none() -> None:
    labels = maker("Event with {jhaan:partner}")
    assert (
        label(
            labels,
            "event2023:x a jhaan:Event ; jhaan:partner event2023:y . "
            "event2023:y a jhaan:Event ; jhaan:partner event2023:x .",
        )
        is None
    )


def test_a_passage_is_named_by_its_place() -> None:
    text = "<https://w3id.org/jhaan/id/report/fbn-2021/section/2.1/paragraph/3> a jhaan:Passage ."
    made = maker().label(
        NamedNode("https://w3id.org/jhaan/id/report/fbn-2021/section/2.1/paragraph/3"), Facts(text)
    )
    assert made is not None
    assert made[0].object == Literal("fbn-2021: Section 2.1, paragraph 3", language="en")
    assert made[1] == ()


def premises(labels: LabelMaker, text: str, derived: dict[Triple, Premises] | None = None) -> set[Triple]:
    made = labels.label(node("event2023:x"), Facts(text, derived))
    assert made is not None
    return set(made[1])


TYPE = triple("event2023:x", "rdf:type", "jhaan:Event")
ROLE = triple("event2023:x", "jhaan:role", Literal("host"))


def test_a_label_rests_on_the_values_and_the_type() -> None:
    assert premises(maker("Event {jhaan:role}"), IN + 'event2023:x jhaan:role "host" .') == {ROLE, TYPE}


@pytest.mark.parametrize(
    "axiom",
    [
        "jhaan:role rdfs:domain jhaan:Event .",
        "jhaan:role rdfs:domain jhaan:Meeting . jhaan:Meeting rdfs:subClassOf jhaan:Event .",
        "jhaan:role rdfs:subPropertyOf jhaan:part . jhaan:part rdfs:domain jhaan:Event .",
    ],
)
def test_a_type_that_follows_from_the_values_is_no_premise(axiom: str) -> None:
    labels = maker("Event {jhaan:role}", more=axiom)
    assert premises(labels, IN + 'event2023:x jhaan:role "host" .') == {ROLE}


def test_premises_are_those_of_the_values_labels_too() -> None:
    labels = maker("Event {jhaan:seat}", more="jhaan:seat rdfs:domain jhaan:Event .")
    seat = triple("event2023:x", "jhaan:seat", "place:isle")
    name = triple("place:isle", "rdfs:label", Literal("Isle", language="en"))
    facts = IN + 'event2023:x jhaan:seat place:isle . place:isle rdfs:label "Isle"@en .'
    assert premises(labels, facts) == {seat, name}
    assert premises(labels, facts, {name: ()}) == {seat}
    assert premises(labels, facts, {name: (), seat: (ROLE, TYPE)}) == {ROLE, TYPE}


@pytest.mark.parametrize("template", ["{jhaan:role", "a]b", "[a[b]]", "{a{b}}", "}"])
def test_a_template_that_cannot_be_read(template: str) -> None:
    with pytest.raises(JhaanError, match="Invalid label template "):
        maker(f"Event {template}")


def test_a_template_with_an_unknown_prefix() -> None:
    with pytest.raises(JhaanError, match="Unknown prefix"):
        maker("Event {nope:role}")
