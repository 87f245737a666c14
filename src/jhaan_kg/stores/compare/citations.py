"""The citations of two answers to one question, compared: each row must rest on the same passages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import Triple

from jhaan_kg.query.cite import Citation, Passage, RowCitations
from jhaan_kg.query.run import Answer, Row, Term
from jhaan_kg.stores.compare.rows import row_key
from jhaan_kg.stores.normal import normal


class CitedRow(NamedTuple):
    """A row with one thing that it rests on.

    Attributes:
        row: the row.
        citation: what it rests on.
        searched: whether it is about an absence, and this is among what was searched.
    """

    row: Row
    citation: Citation
    searched: bool


class CitationsCompared(NamedTuple):
    """What tells the citations of two answers apart.

    Attributes:
        embedded: how many the embedded engine gives.
        store: how many the store gives.
        only_embedded: those that only the embedded engine gives.
        only_store: those that only the store gives.
    """

    embedded: int
    store: int
    only_embedded: tuple[CitedRow, ...]
    only_store: tuple[CitedRow, ...]

    @property
    def differ(self) -> bool:
        """Whether the citations are not the same."""
        return bool(self.only_embedded or self.only_store)


def compare_citations(
    embedded: tuple[Answer, Sequence[RowCitations]], store: tuple[Answer, Sequence[RowCitations]]
) -> CitationsCompared:
    """Compare the citations of the embedded engine and of a store.

    Args:
        embedded: the answer of the embedded engine, and the citations of its rows.
        store: the answer of the store with the same columns, and the citations of its rows.
    """
    order = [store[0].variables.index(name) for name in embedded[0].variables]
    ours = list(_cited(*embedded))
    theirs = [cited._replace(row=tuple(cited.row[at] for at in order)) for cited in _cited(*store)]
    first, second = _by_key(ours), _by_key(theirs)
    return CitationsCompared(
        len(ours), len(theirs), tuple(_only_in(first, second)), tuple(_only_in(second, first))
    )


def _cited(answer: Answer, citations: Sequence[RowCitations]) -> Iterator[CitedRow]:
    for row, cited in zip(answer.rows, citations, strict=True):
        for citation in cited.citations:
            yield CitedRow(row, citation, searched=False)
        for citation in cited.searched:
            yield CitedRow(row, citation, searched=True)


def _by_key(cited: Iterable[CitedRow]) -> dict[object, list[CitedRow]]:
    found: dict[object, list[CitedRow]] = defaultdict(list)
    for one in cited:
        found[_key(one)].append(one)
    return found


def _only_in(
    one: Mapping[object, list[CitedRow]], other: Mapping[object, list[CitedRow]]
) -> Iterator[CitedRow]:
    for key, cited in one.items():
        yield from cited[len(other.get(key, ())) :]


def _key(cited: CitedRow) -> object:
    """Give the form in which a citation is compared; through what it follows, and what it contests, has no order."""
    citation = cited.citation
    return (
        row_key(cited.row),
        cited.searched,
        _triple(citation.triple),
        citation.kind,
        _passages(citation.passages),
        frozenset(citation.sources),
        frozenset(map(_triple, citation.via)),
        frozenset((normal(side.value), _passages(side.passages)) for side in citation.others),
    )


def _triple(triple: Triple) -> tuple[Term, ...]:
    return triple.subject, triple.predicate, normal(triple.object)


def _passages(passages: Iterable[Passage]) -> tuple[object, ...]:
    return tuple((passage.iri, tuple(lead.iri for lead in passage.lead_ins)) for passage in passages)
