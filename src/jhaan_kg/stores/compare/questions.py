"""The stored questions, asked of a store and of the embedded engine, one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from statistics import median
from typing import Final, NamedTuple

from pyoxigraph import Triple

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import ONTOLOGY
from jhaan_kg.query.answer import answer, measured
from jhaan_kg.query.bind import Value, Values, bind
from jhaan_kg.query.catalogue import Catalogue
from jhaan_kg.query.cite import cite
from jhaan_kg.query.endpoint import CutAnswerError
from jhaan_kg.query.model import StoredQuery
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.query.run import Answer, Engine
from jhaan_kg.stores.compare.citations import CitationsCompared, compare_citations
from jhaan_kg.stores.compare.holdings import Held
from jhaan_kg.stores.compare.parts import in_parts
from jhaan_kg.stores.compare.rows import RowsCompared, compare_rows

QUICK: Final = 0.5
"""Up to how many seconds an answer may take to be asked for again, for the median of the times."""

_TIMES: Final = 3
"""How often a quick question is asked."""

_ALIVE: Final = f"ASK {{ ?agency a <{ONTOLOGY}Agency> }}"


class Way(Enum):
    """With which parameters a question is asked."""

    USUAL = "usual"
    OPEN = "open"


class Verdict(Enum):
    """What comparing has shown; `SAME`, `REWRITTEN` and `SKIPPED` are no difference."""

    SAME = "same"
    REWRITTEN = "rewritten"
    DIFFERENT = "different"
    FAILED = "failed"
    SKIPPED = "not compared"


class Seconds(NamedTuple):
    """How many seconds an answer took, the median of a few times."""

    embedded: float
    store: float


class Compared(NamedTuple):
    """A question that was asked of both.

    Attributes:
        name: of the question.
        way: with which parameters.
        values: of its parameters; None for one that was left open.
        embedded: how many rows the embedded engine gives.
        rows: the two answers, compared; None if there are no two.
        citations: their citations, compared; None if they weren't.
        seconds: how long each took; None if one gave no answer, or not in one piece.
        parts: in how many parts the store was asked because it cuts the answer; 0 if it gave it in one piece.
        problem: why the store has no answer, or no citations; empty if it has.
        skipped: why the question wasn't asked; empty if it was.
    """

    name: str
    way: Way
    values: Values
    embedded: int = 0
    rows: RowsCompared | None = None
    citations: CitationsCompared | None = None
    seconds: Seconds | None = None
    parts: int = 0
    problem: str = ""
    skipped: str = ""

    @property
    def verdict(self) -> Verdict:
        """What comparing has shown of the rows."""
        if self.skipped:
            return Verdict.SKIPPED
        if self.rows is None:
            return Verdict.FAILED
        if self.rows.differ:
            return Verdict.DIFFERENT
        return Verdict.REWRITTEN if self.rows.rewritten else Verdict.SAME

    @property
    def cited(self) -> Verdict:
        """What comparing has shown of the citations."""
        if self.citations is None:
            return Verdict.FAILED if self.problem and self.rows else Verdict.SKIPPED
        return Verdict.DIFFERENT if self.citations.differ else Verdict.SAME

    @property
    def differs(self) -> bool:
        """Whether the store doesn't answer as the embedded engine does, or doesn't cite the same."""
        bad = (Verdict.DIFFERENT, Verdict.FAILED)
        return self.verdict in bad or self.cited in bad


def compare_questions(
    catalogue: Catalogue, embedded: Mapping[bool, Engine], held: Held, tell: Callable[[str], None]
) -> Iterator[Compared]:
    """Ask all questions, each with its usual parameters, and those that have some also with all parameters open.

    Citations are compared for the usual parameters.

    Args:
        catalogue: the questions.
        embedded: the embedded engine without and with evidence, over the same parts of the release as the store.
        held: the store.
        tell: takes how far it is, in few words.

    Yields:
        Each question, by name.

    Raises:
        ServiceError: the store can't be reached any more.
    """
    for index, query in enumerate(catalogue, start=1):
        tell(f"{index} of {len(catalogue)}: {query.name}")
        usual = resolve_parameters(embedded[True], query, {})
        yield _compared(query, Way.USUAL, usual, embedded, held)
        if any(values is not None for values in usual.values()):
            yield _compared(query, Way.OPEN, dict.fromkeys(usual), embedded, held)


def _compared(
    query: StoredQuery,
    way: Way,
    values: Mapping[str, tuple[Value, ...] | None],
    embedded: Mapping[bool, Engine],
    held: Held,
) -> Compared:
    engine = held.evidence if query.needs_evidence else held.engine
    if engine is None:
        return Compared(
            query.name, way, values, skipped="it asks about the evidence, which the store has not"
        )
    first = _Timed(embedded[query.needs_evidence])
    ours = answer(first, query, values)
    result = Compared(query.name, way, values, len(ours.rows))
    second = _Timed(engine)
    try:
        try:
            theirs = answer(second, query, values)
            result = result._replace(seconds=_seconds(bind(query.text, values), first, second))
        except CutAnswerError as cut:
            # the rows of the SPARQL, of which a measure makes others
            whole = ours if not query.measure else first.select(bind(query.text, values))
            found, parts = in_parts(engine, query, values, whole, cut)
            theirs, result = measured(query, found), result._replace(parts=parts)
        result = result._replace(rows=compare_rows(ours, theirs))
        if way is Way.USUAL and held.citable:
            result = result._replace(citations=_cited(query, values, embedded[True], ours, held, theirs))
    except JhaanError as error:
        _make_sure(held.engine)
        return result._replace(problem=str(error))
    return result


def _cited(
    query: StoredQuery, values: Values, embedded: Engine, ours: Answer, held: Held, theirs: Answer
) -> CitationsCompared | None:
    if held.evidence is None or set(ours.variables) != set(theirs.variables):
        return None
    return compare_citations(
        (ours, cite(embedded, query, values, ours)), (theirs, cite(held.evidence, query, values, theirs))
    )


def _make_sure(engine: Engine) -> None:
    """Make sure that a store that gave no answer is still there.

    Raises:
        ServiceError: it is not.
    """
    engine.ask(_ALIVE)


def _seconds(text: str, embedded: _Timed, store: _Timed) -> Seconds:
    """Ask again what was quick, so that one slow moment doesn't count."""
    if max(*embedded.seconds, *store.seconds) <= QUICK:
        for _ in range(_TIMES - 1):
            embedded.select(text)
            store.select(text)
    return Seconds(median(embedded.seconds), median(store.seconds))


class _Timed:
    """An engine that notes how long each of its answers took."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.seconds: list[float] = []

    def select(self, query: str) -> Answer:
        begun = time.perf_counter()
        found = self._engine.select(query)
        self.seconds.append(time.perf_counter() - begun)
        return found

    def ask(self, query: str) -> bool:
        return self._engine.ask(query)

    def construct(self, query: str) -> list[Triple]:
        return self._engine.construct(query)
