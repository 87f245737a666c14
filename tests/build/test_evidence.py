"""Evidence: assertions with their passages, derivations with their premises, in graphs of their own."""

from __future__ import annotations

from hashlib import sha256

from pyoxigraph import NamedNode, Triple
from tiny_sources import assembled, date, node, passage, triple

from jhaan_kg.build.evidence import assertion_triples, derivation_triples
from jhaan_kg.namespaces import ID

DAY = triple("event2023:moot", "schema:startDate", date("2021-05-04"))
LINE = (
    "<https://w3id.org/jhaan/id/event/2023/moot> <https://schema.org/startDate> "
    '"2021-05-04"^^<http://www.w3.org/2001/XMLSchema#date> .'
)
DIGEST = sha256(LINE.encode()).hexdigest()[:32]


def test_an_assertion_is_named_by_the_digest_of_its_triple() -> None:
    stated = assembled().assertions[DAY]
    subject = NamedNode(f"{ID}assertion/{DIGEST}")
    assert set(assertion_triples(stated)) == {
        Triple(subject, node("rdf:type"), node("jhaan:Assertion")),
        Triple(subject, node("rdf:subject"), node("event2023:moot")),
        Triple(subject, node("rdf:predicate"), node("schema:startDate")),
        Triple(subject, node("rdf:object"), date("2021-05-04")),
        Triple(subject, node("jhaan:evidenceIn"), passage("1/paragraph/1")),
        Triple(subject, node("jhaan:evidenceIn"), passage("2/paragraph/1")),
        Triple(subject, node("jhaan:evidenceIn"), passage("1/paragraph/1", "fbn-2022")),
    }


def test_a_derivation_names_its_premises() -> None:
    number = triple("event2023:moot", "rdf:type", "jhaan:Event")
    described = derivation_triples(number, (DAY,))
    assert described[0].subject.value.startswith(f"{ID}derivation/")
    assert described[-1] == Triple(
        described[0].subject, node("jhaan:premise"), NamedNode(f"{ID}assertion/{DIGEST}")
    )
    assert len(derivation_triples(number, ())) == 4
