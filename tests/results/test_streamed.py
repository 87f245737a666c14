"""What is written while it comes is what is written at once."""

from __future__ import annotations

from io import BytesIO
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import RDF_TYPE
from jhaan_kg.query.engine import Answer
from jhaan_kg.results import render, render_graph
from jhaan_kg.results.graphs import write_ntriples
from jhaan_kg.results.sparql import STREAMED, write_rows

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
NODES = st.sampled_from(
    [NamedNode(f"urn:{name}") for name in ("a", "b", "é", "a/b", "a b".replace(" ", "%20"))]
)
LITERALS = (
    TEXTS.map(Literal) | TEXTS.map(lambda text: Literal(text, language="en-GB")) | st.integers().map(Literal)
)
UNPRINTABLE = {*map(chr, range(0x20)), "\ufffe", "\uffff"} - {"\t", "\n", "\r"}
"""What XML 1.0 has no place for."""

PREDICATES = NODES | st.just(RDF_TYPE)
TRIPLES = st.lists(st.builds(Triple, NODES, PREDICATES, NODES | LITERALS), max_size=30)
WITH_BLANKS = st.lists(
    st.builds(Triple, NODES | st.just(BlankNode("x")), PREDICATES, NODES | st.just(BlankNode("y"))),
    max_size=12,
)


@given(TRIPLES | WITH_BLANKS, st.integers(1, 8))
def test_triples_are_sorted_as_at_once(triples: list[Triple], run: int) -> None:
    data = BytesIO()
    number = write_ntriples(iter(triples), data, run)
    assert data.getvalue() == render_graph(triples, "ntriples")
    assert number == len(set(triples)) == data.getvalue().count(b"\n")


@given(st.lists(st.tuples(NODES | st.none(), LITERALS | st.none()), max_size=5), st.sampled_from(STREAMED))
def test_rows_are_written_as_at_once(rows: list[tuple], form: str) -> None:  # type: ignore[type-arg]
    data = BytesIO()
    if form == "xml" and any(set(term.value) & UNPRINTABLE for row in rows for term in row if term):
        with pytest.raises(JhaanError, match=r"XML cannot contain the character U\+"):
            write_rows(("x", "y"), iter(rows), form, data)
        return
    write_rows(("x", "y"), iter(rows), form, data)
    assert data.getvalue() == render(Answer(("x", "y"), tuple(rows)), form)


@pytest.mark.parametrize("form", STREAMED)
def test_rows_are_taken_one_by_one(form: str) -> None:
    """Nothing waits for the last row: writing begins long before it comes."""
    data, written = BytesIO(), []

    def rows() -> object:
        for number in range(4000):
            if number == 3999:
                written.append(data.tell())
            yield (Literal(number),)

    write_rows(("x",), rows(), form, data)  # type: ignore[arg-type]
    assert written[0] > data.tell() / 2


def test_triples_wait_in_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of five runs of a hundred triples each, all but the last one go to a file."""
    import tempfile

    files = []
    made = tempfile.TemporaryFile
    monkeypatch.setattr("tempfile.TemporaryFile", lambda: files.append(made()) or files[-1])
    numbers = (Triple(NamedNode(f"urn:{n}"), RDF_TYPE, Literal(n)) for n in range(10**9))
    assert write_ntriples(islice(numbers, 450), BytesIO(), 100) == 450
    assert len(files) == 4
    assert all(file.closed for file in files)
