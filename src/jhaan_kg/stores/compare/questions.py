"""Proof that a store answers every stored question as the embedded engine does: each is asked of both."""

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
"""Up to how many seconds an answer may take to be asked for again, for the median of the times."""

_TIMES: Final = 3
"""How often a quick question is asked."""

_MOST_VALUES: Final = 100
"""How many values of a parameter one request names at most; stores get slow by long lists, or refuse them."""

_ALIVE: Final = f"ASK {{ ?agency a <{ONTOLOGY}Agency> }}"


class Way(Enum):
    """With which parameters a question is asked."""

    USUAL = "default"
    OPEN = "any"


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


class QuestionComparison(NamedTuple):
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
    rows: RowsComparison | None = None
    citations: CitationsComparison | None = None
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
    def citation_verdict(self) -> Verdict:
        """What comparing has shown of the citations."""
        if self.citations is None:
            return Verdict.FAILED if self.problem and self.rows else Verdict.SKIPPED
        return Verdict.DIFFERENT if self.citations.differ else Verdict.SAME

    @property
    def differs(self) -> bool:
        """Whether the store doesn't answer as the embedded engine does, or doesn't cite the same."""
        return not {self.verdict, self.citation_verdict}.isdisjoint((Verdict.DIFFERENT, Verdict.FAILED))


class Comparison(NamedTuple):
    """What tells a store and the embedded engine apart.

    Attributes:
        url: the address of the store, as it may be shown.
        snapshot: the SHA-256 that stands for the release.
        holdings: what the store holds of the release.
        questions: the stored questions, by name, each as often as it was asked.
    """

    url: str
    snapshot: str
    holdings: Holdings
    questions: tuple[QuestionComparison, ...]

    @property
    def differ(self) -> bool:
        """Whether the store lacks something, or answers or cites otherwise."""
        return self.holdings.differ or any(question.differs for question in self.questions)


def compare(snapshot: Snapshot, store: EndpointEngine, tell: Callable[[str], None]) -> Comparison:
    """Ask a store and the embedded engine all stored questions.

    The embedded engine has the same parts of the release as the store, with or without evidence and context.

    Args:
        snapshot: the release.
        store: the store; it is only asked.
        tell: takes how far it is, in few words.

    Raises:
        JhaanError: the store holds nothing of this project.
        ServiceError: it can't be reached, or refuses to say what it holds.
    """
    tell("what the store holds")
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
    """Ask all questions, each with its usual parameters, and those that have some also with all parameters open.

    Citations are compared for the usual parameters.

    Args:
        catalogue: the questions.
        embedded: the embedded engine without and with evidence, over the same parts of the release as the store.
        store: the store.
        tell: takes how far it is, in few words.

    Yields:
        Each question, by name.

    Raises:
        ServiceError: the store can't be reached any more.
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
    """Ask one question of both; see `compare_questions`."""
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
            # the rows of the SPARQL, of which a measure makes others
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
        store.engine.ask(_ALIVE)  # if the store is gone, this raises the error that ends the comparison
        return result._replace(problem=str(error))
    return result


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


def _time(text: str, embedded: _Timed, store: _Timed) -> Seconds:
    """Ask again what was quick, so that one slow moment doesn't count."""
    if max(*embedded.seconds, *store.seconds) <= QUICK:
        for _ in range(_TIMES - 1):
            embedded.select(text)
            store.select(text)
    return Seconds(median(embedded.seconds), median(store.seconds))


# --- answers that a store cuts -----------------------------------------------------------------------------------


def select_in_parts(
    engine: Engine, query: StoredQuery, values: Values, embedded: Answer, cut: CutAnswerError
) -> tuple[Answer, int]:
    """Ask for the rows of a question by the values of parameters that were left open, some at a time.

    Each parameter is a column, so the values are those in the rows of the embedded engine. That the parts are the
    whole, the number of rows shows that the store counts.

    Args:
        engine: asks the store.
        query: the question.
        values: of its parameters.
        embedded: the rows that the embedded engine gives.
        cut: what the store has cut.

    Returns:
        The answer, and in how many parts it came.

    Raises:
        CutAnswerError: there are no such parameters, the parts are cut too, or they are not the whole.
        ServiceError: as for `Engine.select`.
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
    """Return as few open parameters as will do for parts without too many rows, and how many rows each choice has."""
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
    """Yield the values of parameters for each part: several of the last parameter, one of each other."""
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
