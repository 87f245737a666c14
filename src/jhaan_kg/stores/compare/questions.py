"""Comparison of a store's answers to stored questions with those of the built-in engine."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from itertools import combinations, groupby
from statistics import median
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.cache import store_for
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import ONTOLOGY
from jhaan_kg.query.catalogue import Catalogue, StoredQuery, load_catalogue
from jhaan_kg.query.cite import cite
from jhaan_kg.query.endpoint import CutAnswerError, EndpointEngine
from jhaan_kg.query.engine import (
    Answer,
    Engine,
    StoreEngine,
    Value,
    Values,
    answer,
    apply_measure,
    bind,
)
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.stores.compare.answers import (
    CitationsComparison,
    RowsComparison,
    compare_citations,
    compare_rows,
)
from jhaan_kg.stores.compare.holdings import Holdings, InspectedStore, inspect_store
from jhaan_kg.web.credentials import mask_secrets

QUICK: Final = 0.5
"""The maximum time in seconds of a quick query.

Quick queries are repeated to measure the median time.
"""

_TIMES: Final = 3
"""The number of measurements of a quick query."""

_MOST_VALUES: Final = 100
"""The maximum number of values of a parameter in one request.

Stores are slow with longer lists, or reject them.
"""

_ALIVE: Final = f"ASK {{ ?agency a <{ONTOLOGY}Agency> }}"


class Way(Enum):
    """The parameter values used in a comparison: the defaults, or any value."""

    USUAL = "default"
    OPEN = "any"


class Verdict(Enum):
    """The result of a comparison.

    `SAME`, `REWRITTEN` and `SKIPPED` do not count as differences.
    """

    SAME = "same"
    REWRITTEN = "rewritten"
    DIFFERENT = "different"
    FAILED = "failed"
    SKIPPED = "not compared"


class Seconds(NamedTuple):
    """The median response times of the built-in engine and of the store, in seconds."""

    embedded: float
    store: float


class QuestionComparison(NamedTuple):
    """The comparison of a question.

    Attributes:
        name: the name of the question.
        way: the choice of parameter values.
        values: the values by parameter name; None for any value.
        embedded: the number of rows of the built-in engine's answer.
        rows: the comparison of the rows; None if an answer is missing.
        citations: the comparison of the citations; None if they were not compared.
        seconds: the response times; None if an answer is missing, or was retrieved in parts.
        parts: the number of partial queries to a store that truncates the answer; 0 for a single query.
        problem: the reason why the store's answer or citations are missing; empty otherwise.
        skipped: the reason why the question was not compared; empty otherwise.
    """

    name: str
    way: Way
    values: Values
    embedded: int = 0
    rows: RowsComparison | None = None
    citations: CitationsComparison | None = None
    seconds: Seconds | None = None
    parts: int = 0
    problem: str = ""
    skipped: str = ""

    @property
    def verdict(self) -> Verdict:
        """The result of the comparison of rows."""
        if self.skipped:
            return Verdict.SKIPPED
        if self.rows is None:
            return Verdict.FAILED
        if self.rows.differ:
            return Verdict.DIFFERENT
        return Verdict.REWRITTEN if self.rows.rewritten else Verdict.SAME

    @property
    def citation_verdict(self) -> Verdict:
        """The result of the comparison of citations."""
        if self.citations is None:
            return Verdict.FAILED if self.problem and self.rows else Verdict.SKIPPED
        return Verdict.DIFFERENT if self.citations.differ else Verdict.SAME

    @property
    def differs(self) -> bool:
        """Whether the answers or the citations differ."""
        return not {self.verdict, self.citation_verdict}.isdisjoint((Verdict.DIFFERENT, Verdict.FAILED))


class Comparison(NamedTuple):
    """The comparison of a store with the built-in engine.

    Attributes:
        url: the URL of the store, without secrets.
        snapshot: the checksum (SHA-256) of the release.
        holdings: the content of the release in the store.
        questions: the comparisons sorted by question; a question with parameters has one for each `Way`.
    """

    url: str
    snapshot: str
    holdings: Holdings
    questions: tuple[QuestionComparison, ...]

    @property
    def differ(self) -> bool:
        """Whether the content, an answer or a citation differs."""
        return self.holdings.differ or any(question.differs for question in self.questions)


def compare(snapshot: Snapshot, store: EndpointEngine, tell: Callable[[str], None]) -> Comparison:
    """Compare the answers of a store and of the built-in engine to all stored questions.

    The built-in engine is loaded with the same parts of the release as the store, so evidence and external facts may
    be missing.

    Args:
        snapshot: the release.
        store: the store, which is not changed.
        tell: function that receives short progress messages.

    Raises:
        JhaanError: the store contains nothing of this project.
        ServiceError: the store cannot be reached, or rejects queries on its content.
    """
    tell("contents of the store")
    whole = StoreEngine(store_for(snapshot, evidence=True, context=True))
    inspected = inspect_store(store, snapshot, whole)
    context = inspected.holdings.context
    embedded = {
        False: StoreEngine(store_for(snapshot, evidence=False, context=context)),
        True: whole if context else StoreEngine(store_for(snapshot, evidence=True, context=False)),
    }
    questions = compare_questions(load_catalogue(snapshot.catalogue_path), embedded, inspected, tell)
    return Comparison(mask_secrets(store.url), snapshot.key, inspected.holdings, tuple(questions))


def compare_questions(
    catalogue: Catalogue, embedded: Mapping[bool, Engine], store: InspectedStore, tell: Callable[[str], None]
) -> Iterator[QuestionComparison]:
    """Yield the comparisons of the answers to all questions.

    Questions with parameters are compared twice: with the default values, and with any value for all parameters.

    Citations are compared for the default values only.

    Args:
        catalogue: the questions.
        embedded: the built-in engines without (False) and with evidence (True), with the same content as the store.
        store: the store.
        tell: function that receives short progress messages.

    Yields:
        The comparison of each question, sorted by name.

    Raises:
        ServiceError: the store no longer responds.
    """
    for index, query in enumerate(catalogue, start=1):
        tell(f"{index} of {len(catalogue)}: {query.name}")
        usual = resolve_parameters(embedded[True], query, {})
        yield compare_question(query, Way.USUAL, usual, embedded, store)
        if any(values is not None for values in usual.values()):
            yield compare_question(query, Way.OPEN, dict.fromkeys(usual), embedded, store)


def compare_question(
    query: StoredQuery, way: Way, values: Values, embedded: Mapping[bool, Engine], store: InspectedStore
) -> QuestionComparison:
    """Compare the answers to one question; see `compare_questions`."""
    engine = store.evidence if query.needs_evidence else store.engine
    if engine is None:
        why = "it needs the evidence, which the store does not have"
        return QuestionComparison(query.name, way, values, skipped=why)
    first, second = _Timed(embedded[query.needs_evidence]), _Timed(engine)
    ours = answer(first, query, values)
    result = QuestionComparison(query.name, way, values, len(ours.rows))
    try:
        try:
            theirs = answer(second, query, values)
            result = result._replace(seconds=_time(bind(query.text, values), first, second))
        except CutAnswerError as cut:
            # A measure computes other rows from those of the query, so run the query alone.
            whole = ours if not query.measure else first.select(bind(query.text, values))
            found, parts = select_in_parts(engine, query, values, whole, cut)
            theirs, result = apply_measure(query, found), result._replace(parts=parts)
        result = result._replace(rows=compare_rows(ours, theirs))
        same_columns = set(ours.variables) == set(theirs.variables)
        if way is Way.USUAL and store.citable and store.evidence and same_columns:
            cited = (ours, cite(embedded[True], query, values, ours))
            cited_by_store = (theirs, cite(store.evidence, query, values, theirs))
            result = result._replace(citations=compare_citations(cited, cited_by_store))
    except JhaanError as error:
        # If the store no longer responds, this raises ServiceError, which ends the comparison.
        store.engine.ask(_ALIVE)
        return result._replace(problem=str(error))
    return result


class _Timed:
    """Engine that records the response times of SELECT queries."""

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


def _time(text: str, embedded: _Timed, store: _Timed) -> Seconds:
    """Return the median times of a query, which is repeated if it is quick."""
    if max(*embedded.seconds, *store.seconds) <= QUICK:
        for _ in range(_TIMES - 1):
            embedded.select(text)
            store.select(text)
    return Seconds(median(embedded.seconds), median(store.seconds))


# --- truncated answers --------------------------------------------------------------------------------------


def select_in_parts(
    engine: Engine, query: StoredQuery, values: Values, embedded: Answer, cut: CutAnswerError
) -> tuple[Answer, int]:
    """Query a store for an answer in parts, by the values of parameters without a value.

    These parameters are columns of the answer, so their possible values are in the rows of the built-in engine. The
    number of rows counted by the store shows whether the parts are complete.

    Args:
        engine: the engine for the store.
        query: the question.
        values: the values by parameter name; None for any value.
        embedded: the answer of the built-in engine.
        cut: the error that reports the truncated answer.

    Returns:
        The answer, and the number of parts.

    Raises:
        CutAnswerError: no parameter can split the answer, a part is truncated too, or the parts are incomplete.
        ServiceError: see `Engine.select`.
    """
    most_rows = max(1, cut.given // 2)
    names, rows_of = _split(query, values, embedded, most_rows)
    if not names or cut.total is None:
        raise cut
    found = [
        engine.select(bind(query.text, {**values, **part})) for part in _divide(names, rows_of, most_rows)
    ]
    rows = tuple(row for part in found for row in part.rows)
    if len(rows) != cut.total:
        raise CutAnswerError(f"{cut} Asked in parts, it returns {len(rows):,}.", cut.given, cut.total)
    return Answer(found[0].variables, rows), len(found)


def _split(
    query: StoredQuery, values: Values, embedded: Answer, most_rows: int
) -> tuple[tuple[str, ...], Counter[tuple[Value, ...]]]:
    """Return the fewest parameters that split an answer.

    The number of rows for their values is included.

    Both are empty if no combination of parameters is enough.
    """
    columns: dict[str, list[Value]] = {}
    for parameter in query.parameters:
        if values.get(parameter.name) is None and parameter.name in embedded.variables:
            at = embedded.variables.index(parameter.name)
            terms = [term for row in embedded.rows if isinstance(term := row[at], NamedNode | Literal)]
            if len(terms) == len(embedded.rows) > 0:
                columns[parameter.name] = terms
    for number in range(1, len(columns) + 1):
        choices = [
            (names, Counter(zip(*map(columns.get, names), strict=True)))
            for names in combinations(columns, number)
        ]
        enough = [choice for choice in choices if max(choice[1].values()) <= most_rows]
        if enough:
            return min(enough, key=lambda choice: len(choice[1]))
    return (), Counter()


def _divide(
    names: tuple[str, ...], rows_of: Counter[tuple[Value, ...]], most_rows: int
) -> Iterator[dict[str, tuple[Value, ...]]]:
    """Yield the parameter values for each part.

    A part has several values of the last parameter, and one value of each other parameter.
    """
    ordered = sorted(rows_of, key=lambda choice: [str(value) for value in choice])
    for first, group in groupby(ordered, key=lambda choice: choice[:-1]):
        fixed = {name: (value,) for name, value in zip(names, first, strict=False)}
        chunk: list[Value] = []
        rows = 0
        for choice in group:
            if chunk and (rows + rows_of[choice] > most_rows or len(chunk) == _MOST_VALUES):
                yield {**fixed, names[-1]: tuple(chunk)}
                chunk, rows = [], 0
            chunk.append(choice[-1])
            rows += rows_of[choice]
        yield {**fixed, names[-1]: tuple(chunk)}
