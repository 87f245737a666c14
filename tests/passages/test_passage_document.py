"""The tree in RDF: written, read back, and refused when a value is missing or wrong."""

from __future__ import annotations

from collections import Counter

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from rdflib import Graph

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import RDF_TYPE, jhaan
from jhaan_kg.passages import Document, digest, read_document, split, write_document
from jhaan_kg.passages.document import document_triples
from jhaan_kg.turtle.format import is_formatted

BASE = "https://example.org/report/1907"


def triples_of(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse(turtle.encode(), format=RdfFormat.TURTLE)]


def test_reading_back_gives_the_same_tree(mini: Document) -> None:
    triples = triples_of(write_document(mini))
    assert read_document(triples) == read_document(reversed(triples)) == mini


def test_turtle_states_the_triples_and_no_others(mini: Document) -> None:
    written = write_document(mini)
    assert set(triples_of(written)) == set(document_triples(mini))
    assert len(Graph().parse(data=written, format="turtle")) == len(set(document_triples(mini)))
    assert is_formatted(written, trig=False, name="document.ttl")
    assert "Skerry" not in written, "no text of the report"


def test_block_of_a_section_and_of_a_row(mini: Document, mini_text: str) -> None:
    blocks = [" ".join(block.split()) for block in write_document(mini).split("\n\n")]
    annexes = next(block for block in blocks if block.startswith(f"<{BASE}/section/4.1> "))
    assert annexes.startswith(
        f"<{BASE}/section/4.1> a jhaan:Section ; dcterms:isPartOf <{BASE}/section/4> ; jhaan:position 45 ; "
        'jhaan:sectionNumber "4.1" ; dcterms:title "Signals"@en ; jhaan:startPage 6 ; '
        "jhaan:headingStatus jhaan:HeadingMisplaced ; jhaan:startOffset "
    )
    row = next(block for block in blocks if block.startswith(f"<{BASE}/section/4.2/row/3> "))
    start = mini_text.index("3\tSpare lamp")
    assert row.startswith(
        f"<{BASE}/section/4.2/row/3> a jhaan:TableRow ; dcterms:isPartOf <{BASE}/section/4.2> ; "
        "jhaan:position 58 ; jhaan:number 3 ; "
        f"jhaan:leadIn <{BASE}/section/4.2/caption/1>, <{BASE}/section/4.2/table-header/1> ; "
        f"jhaan:startOffset {start} ; jhaan:endOffset {start + len('3 Spare lamp')} ; "
        f'jhaan:textDigest "{digest("3 Spare lamp")}" .'
    )


def test_no_blank_node_and_one_type_each(mini: Document) -> None:
    triples = list(document_triples(mini))
    assert {type(triple.subject) for triple in triples} == {NamedNode}
    types = Counter(triple.subject for triple in triples if triple.predicate == RDF_TYPE)
    assert set(types.values()) == {1}
    assert len(types) == len(mini.passages) + 1


def damaged(tree: Document, local: str, value: Literal | None) -> list[Triple]:
    """Return the triples of a tree with another value (or none) of one property of its first paragraph."""
    subject = NamedNode(f"{BASE}/section/1/paragraph/1")
    kept = [one for one in document_triples(tree) if (one.subject, one.predicate) != (subject, jhaan(local))]
    return [*kept, Triple(subject, jhaan(local), value)] if value else kept


@pytest.mark.parametrize(
    ("local", "value", "expected"),
    [
        ("textDigest", None, "textDigest of .*1/paragraph/1> is missing"),
        ("startOffset", Literal("x"), "startOffset .* is 'x'; expected a whole number"),
        ("endOffset", Literal("-1"), "endOffset .* is '-1'; expected a whole number"),
        ("headingStatus", Literal("Lost"), "headingStatus .* is <Lost>, which is no status"),
    ],
)
def test_wrong_values_are_told_with_the_passage(
    mini: Document, local: str, value: Literal | None, expected: str
) -> None:
    with pytest.raises(JhaanError, match=expected):
        read_document(damaged(mini, local, value))


def test_two_values_are_one_too_many(mini: Document) -> None:
    extra = Triple(NamedNode(f"{BASE}/section/1/paragraph/1"), jhaan("endOffset"), Literal(7))
    with pytest.raises(JhaanError, match=r"endOffset .* has 2 values; expected one"):
        read_document([*document_triples(mini), extra])


def test_a_tree_has_one_report(mini: Document, mini_text: str) -> None:
    other = split(mini_text, "https://example.org/report/1908")
    with pytest.raises(JhaanError, match="2 nodes of type jhaan:Report"):
        read_document([*document_triples(mini), *document_triples(other)])
    with pytest.raises(JhaanError, match="0 nodes of type jhaan:Report"):
        read_document([])
