"""Comparing citations: their order never matters, and any other source is found."""

from __future__ import annotations

import pytest
from meetings_graph import passage, term, triple
from pyoxigraph import Literal, NamedNode

from jhaan_kg.query.cite import Citation, CitationKind, Passage, RowCitations, Side
from jhaan_kg.query.run import Answer
from jhaan_kg.stores.compare.answers import compare_citations

ALBA, BRIG = term("agency:alba"), term("agency:brig")
STATED = triple("part:named jhaan:participant agency:alba .")
OTHER = triple("part:named jhaan:role jhaan:Participant .")
VIA = triple("part:named jhaan:party agency:alba ."), triple("part:named jhaan:party agency:brig .")
LEAD = Passage(passage("5.1/paragraph/2"), "5.1 paragraph 2")
ITEM = Passage(passage("5.1/item/1"), "5.1 item 1", (LEAD,))
FIRST = Citation(
    STATED,
    CitationKind.STATED,
    (ITEM,),
    (NamedNode("https://example.org/seats"),),
    VIA,
    (Side(Literal(True), (LEAD,)), Side(BRIG, (ITEM,))),
)
SECOND = Citation(OTHER, CitationKind.CURATION, (LEAD,))
ROWS = Answer(("agency", "named"), ((ALBA, Literal(True)), (BRIG, Literal(False))))
CITED = (RowCitations((FIRST, SECOND)), RowCitations((), "Not recorded.", (SECOND,)))


def test_order_and_what_a_store_writes_otherwise_never_matter() -> None:
    mixed = Answer(("named", "agency"), ((Literal(0), BRIG), (Literal(1), ALBA)))
    sides = (Side(BRIG, (ITEM,)), Side(Literal("1", datatype=Literal(True).datatype), (LEAD,)))
    first = FIRST._replace(via=VIA[::-1], others=sides)
    found = compare_citations((ROWS, CITED), (mixed, (CITED[1], RowCitations((SECOND, first)))))
    assert not found.differ
    assert found.embedded == found.store == 3


@pytest.mark.parametrize(
    "changed",
    [
        FIRST._replace(triple=OTHER),
        FIRST._replace(kind=CitationKind.CONTEXT),
        FIRST._replace(passages=(LEAD,)),
        FIRST._replace(passages=(ITEM._replace(lead_ins=()),)),
        FIRST._replace(sources=()),
        FIRST._replace(via=VIA[:1]),
        FIRST._replace(others=FIRST.others[:1]),
        FIRST._replace(others=(FIRST.others[0], Side(BRIG, (LEAD,)))),
    ],
    ids=["triple", "kind", "passage", "lead-in", "source", "via", "side", "passage of a side"],
)
def test_any_other_source_is_found(changed: Citation) -> None:
    found = compare_citations((ROWS, CITED), (ROWS, (RowCitations((changed, SECOND)), CITED[1])))
    assert [one.citation for one in found.only_embedded] == [FIRST]
    assert [one.citation for one in found.only_store] == [changed]


def test_what_one_side_lacks_or_has_searched_is_found() -> None:
    lost = compare_citations((ROWS, CITED), (ROWS, (RowCitations((FIRST,)), CITED[1])))
    assert ([one.citation for one in lost.only_embedded], lost.only_store) == ([SECOND], ())
    stated = compare_citations((ROWS, CITED), (ROWS, (CITED[0], RowCitations((SECOND,)))))
    assert [one.searched for one in stated.only_embedded] == [True]
    assert [one.searched for one in stated.only_store] == [False]
    moved = compare_citations((ROWS, CITED), (ROWS, (CITED[1], CITED[0])))
    assert len(moved.only_embedded) == len(moved.only_store) == 3
