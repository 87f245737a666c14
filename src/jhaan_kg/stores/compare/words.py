"""A comparison in words: what the store holds, a table of the questions, and the rows that tell the answers apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import XSD, compact
from jhaan_kg.query.run import Answer, Row, Term
from jhaan_kg.results import render
from jhaan_kg.stores.compare import Comparison
from jhaan_kg.stores.compare.citations import CitedRow
from jhaan_kg.stores.compare.holdings import Holdings
from jhaan_kg.stores.compare.questions import Compared, Verdict
from jhaan_kg.stores.compare.rows import Rewriting

_ROWS: Final = 3
"""How many rows of each side are shown."""

_GRAPHS: Final = 5
"""How many graphs with a wrong number of triples are shown."""

_COLUMNS: Final = ("question", "parameters", "rows", "in the store", "answer", "citations", "time")


def tell(comparison: Comparison, width: int | None) -> str:
    """Say what tells a store and the embedded engine apart.

    Args:
        comparison: as `compare` gives it.
        width: the characters of a line of the terminal; None for lines as long as need be.

    Returns:
        Text for people, lines ended by line feeds.
    """
    questions = comparison.questions
    parts = [
        [f"Store: {comparison.url}", *_held(comparison.holdings)],
        [render(_table(questions), "table", width=width).decode().rstrip("\n")],
        [line for question in questions for line in _difference(question)],
        list(_rewritten(questions)),
        list(_parted(questions)),
        list(_skipped(questions)),
        list(_summary(comparison)),
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _held(holdings: Holdings) -> Iterator[str]:
    yield f"Asked: {holdings.asked}"
    where = (
        f"{holdings.graphs} named graphs of this project"
        if holdings.graphs
        else "no named graph of this project"
    )
    yield f"Holds: {where}; evidence: {_yes(holdings.evidence)}; context: {_yes(holdings.context)}"
    for count in holdings.wrong[:_GRAPHS]:
        what = f"{count.found:,} triples, and {count.expected:,} were expected"
        if not count.found:
            what = f"missing, with its {count.expected:,} triples"
        elif not count.expected:
            what = f"none of this release, with {count.found:,} triples"
        yield f"  different: {compact(count.graph)}: {what}"
    yield from _more(holdings.wrong, _GRAPHS, "graphs")
    if holdings.found is None:
        yield "Triples: the store can't count them in time"
    elif holdings.found < holdings.expected:
        yield f"Triples: {holdings.found:,}, which is {holdings.expected - holdings.found:,} less than in the release"
    elif holdings.found > holdings.expected:
        yield (
            f"Triples: {holdings.found:,}, which is {holdings.found - holdings.expected:,} more than in the release: "
            "what others loaded, or what the store infers"
        )
    else:
        yield f"Triples: {holdings.found:,}, as in the release"
    if holdings.inferred:
        found = ", ".join(
            " ".join(_shown(term) for term in (triple.subject, triple.predicate, triple.object))
            for triple in holdings.inferred
        )
        yield f"Reasoning: the store infers by itself: {found}"
    else:
        yield "Reasoning: none was found"


def _yes(there: bool) -> str:
    return "yes" if there else "no"


def _table(questions: Sequence[Compared]) -> Answer:
    return Answer(_COLUMNS, tuple(_cells(question) for question in questions))


def _cells(question: Compared) -> Row:
    counts = None if question.skipped else Literal(question.embedded)
    return (
        Literal(question.name),
        Literal(question.way.value),
        counts,
        Literal(question.rows.store) if question.rows else None,
        Literal(f"{question.verdict.value}{', in parts' if question.parts else ''}"),
        None if question.cited is Verdict.SKIPPED else Literal(question.cited.value),
        Literal(f"{ratio:.1f}") if (ratio := _ratio(question)) is not None else None,
    )


def _ratio(question: Compared) -> float | None:
    return question.seconds.store / question.seconds.embedded if question.seconds else None


def _difference(question: Compared) -> Iterator[str]:
    """Say what is different about a question, with the rows that only one side has."""
    if not question.differs:
        return
    yield f"{question.name} ({question.way.value})"
    if question.problem:
        yield f"  {'no citations' if question.rows else 'no answer'}: {question.problem}"
    if question.rows:
        rows = question.rows
        for side, names in (
            ("only the embedded engine", rows.columns_missing),
            ("only the store", rows.columns_more),
        ):
            if names:
                yield f"  columns that {side} gives: {', '.join(names)}"
        for side, only in (("embedded engine", rows.only_embedded), ("store", rows.only_store)):
            for row in only[:_ROWS]:
                yield f"  only the {side}: {_in_line(rows.columns, row)}"
            yield from _more(only, _ROWS, f"rows of the {side}")
    if question.rows and question.citations:
        cited = question.citations
        for side, only_cited in (("embedded engine", cited.only_embedded), ("store", cited.only_store)):
            for one in only_cited[:_ROWS]:
                yield f"  only the {side} cites: {_cited(question.rows.columns, one)}"
            yield from _more(only_cited, _ROWS, f"citations of the {side}")


def _cited(columns: Sequence[str], cited: CitedRow) -> str:
    triple = cited.citation.triple
    what = " ".join(_shown(term) for term in (triple.subject, triple.predicate, triple.object))
    where = ", ".join(passage.locator for passage in cited.citation.passages) or cited.citation.kind.value
    how = "searched" if cited.searched else "cited"
    return f"{what} ({where}), {how} for {_in_line(columns, cited.row)}"


def _in_line(columns: Sequence[str], row: Row) -> str:
    return "; ".join(
        f"{name} {'unbound' if term is None else _shown(term)}"
        for name, term in zip(columns, row, strict=True)
    )


def _shown(term: Term) -> str:
    """Write a term with its type, as short as prefixes make it.

    >>> print(_shown(Literal(True)), _shown(Literal("a")), _shown(NamedNode(XSD + "date")))
    "true"^^xsd:boolean "a" xsd:date
    """
    if isinstance(term, NamedNode):
        return compact(term.value)
    if (
        isinstance(term, Literal)
        and term.datatype.value.startswith(XSD)
        and term.datatype.value != XSD + "string"
    ):
        return f"{Literal(term.value)}^^{compact(term.datatype.value)}"
    return str(term)


def _more(found: Sequence[object], shown: int, what: str) -> Iterator[str]:
    if len(found) > shown:
        yield f"  and {len(found) - shown:,} more {what}"


def _rewritten(questions: Iterable[Compared]) -> Iterator[str]:
    found: Counter[str] = Counter()
    examples: dict[str, Rewriting] = {}
    for question in questions:
        for rewriting, cells in question.rows.rewritten if question.rows else ():
            found[rewriting.how.value] += cells
            examples.setdefault(rewriting.how.value, rewriting)
    for how in sorted(found):
        example = examples[how]
        yield (
            f"Rewritten by the store, {how}: {found[how]:,} cells, "
            f"such as {_shown(example.embedded)} to {_shown(example.store)}"
        )


def _parted(questions: Iterable[Compared]) -> Iterator[str]:
    parted = [
        f"{question.name} ({question.way.value}, {question.embedded:,} rows in {question.parts} parts)"
        for question in questions
        if question.parts
    ]
    if parted:
        yield f"The store cuts these answers, so they were asked for in parts: {', '.join(parted)}"


def _skipped(questions: Iterable[Compared]) -> Iterator[str]:
    reasons: dict[str, dict[str, None]] = {}
    for question in questions:
        if question.skipped:
            reasons.setdefault(question.skipped, {})[question.name] = None
    for reason, names in reasons.items():
        yield f"Not compared, since {reason}: {', '.join(names)}"


def _summary(comparison: Comparison) -> Iterator[str]:
    questions = comparison.questions
    names = len({question.name for question in questions})
    yield f"{names} questions, {len(questions)} answers: {_counted(question.verdict for question in questions)}."
    cited = [question.cited for question in questions if question.cited is not Verdict.SKIPPED]
    if cited:
        yield f"Citations of {len(cited)} answers: {_counted(cited)}."
    else:
        yield "Citations were not compared, since the store has not the evidence in named graphs."
    ratios = [ratio for question in questions if (ratio := _ratio(question)) is not None]
    if ratios:
        yield f"Time: the median answer takes {median(ratios):.1f} times that of the embedded engine."
    yield (
        "The store differs from this release."
        if comparison.differ
        else "The store answers as the embedded engine does."
    )


def _counted(verdicts: Iterable[Verdict]) -> str:
    counts = Counter(verdicts)
    return ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in Verdict if counts[verdict])
