"""The tree in RDF: written, read back, and refused when a value is missing or wrong."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from rdflib import Graph

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import jhaan
from jhaan_kg.passages import Document, read_document, split, write_document
from jhaan_kg.passages.document import document_triples


def test_the_file_has_the_tree_and_no_text(mini: Document) -> None:
    """That of the report of 2023 is committed, and as `jhaan passages` writes it (`test_split_report.py`)."""
    written = write_document(mini)
    triples = [quad.triple for quad in parse(written.encode(), format=RdfFormat.TURTLE)]
    assert read_document(triples) == read_document(reversed(triples)) == mini
    assert set(triples) == set(document_triples(mini))
    assert len(Graph().parse(data=written, format="turtle")) == len(set(triples))
    assert "Skerry" not in written


@pytest.mark.parametrize(
    ("local", "values", "expected"),
    [
        ("textDigest", [], "textDigest of .*1/paragraph/1> is missing"),
        ("startOffset", ["x"], 'startOffset .* must be a whole number, not "x"'),
        ("endOffset", ["-1"], 'endOffset .* must be a whole number, not "-1"'),
        ("endOffset", ["7", "8"], "endOffset .* must have one value, not 2"),
        ("headingStatus", ["Lost"], "headingStatus .* must be a status of a heading, not <Lost>"),
    ],
)
def test_wrong_values_are_told_with_the_passage(
    mini: Document, local: str, values: list[str], expected: str
) -> None:
    subject, predicate = NamedNode("https://example.org/report/1907/section/1/paragraph/1"), jhaan(local)
    kept = [one for one in document_triples(mini) if (one.subject, one.predicate) != (subject, predicate)]
    with pytest.raises(JhaanError, match=expected):
        read_document([*kept, *(Triple(subject, predicate, Literal(value)) for value in values)])


def test_a_tree_has_one_report(mini: Document, mini_text: str) -> None:
    other = split(mini_text, "https://example.org/report/1908")
    for triples, number in (([*document_triples(mini), *document_triples(other)], 2), ([], 0)):
        with pytest.raises(JhaanError, match=f"must have one jhaan:Report, not {number}"):
            read_document(triples)
