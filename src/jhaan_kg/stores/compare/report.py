"""Reports of a comparison: as text from a template, and as JSON."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg import __version__
from jhaan_kg.errors import printable
from jhaan_kg.namespaces import XSD, compact
from jhaan_kg.query.engine import Answer, Row, Term
from jhaan_kg.results import render
from jhaan_kg.stores.compare.answers import CitedRow, Rewriting
from jhaan_kg.stores.compare.questions import Comparison, QuestionComparison, Verdict

_TEMPLATES: Final = Path(__file__).with_name("templates")
_COLUMNS: Final = ("question", "parameters", "rows", "in the store", "answer", "citations", "time")


def as_text(comparison: Comparison, width: int | None) -> str:
    """Return a comparison as text.

    The text contains the content of the store, a table of questions, and the different rows.

    Args:
        comparison: the result of `compare`.
        width: the width of the terminal; None for unlimited lines.
    """
    from jhaan_kg.templates import load_templates

    questions = comparison.questions
    rewritten: dict[str, tuple[Rewriting, int]] = {}
    for question in questions:
        for rewriting, cells in question.rows.rewritten if question.rows else ():
            first, count = rewritten.get(rewriting.how.value, (rewriting, 0))
            rewritten[rewriting.how.value] = first, count + cells
    skipped: dict[str, dict[str, None]] = {}
    for question in questions:
        if question.skipped:
            skipped.setdefault(question.skipped, {})[question.name] = None
    ratios = [ratio for question in questions if (ratio := _ratio(question)) is not None]
    cited = [
        question.citation_verdict
        for question in questions
        if question.citation_verdict is not Verdict.SKIPPED
    ]
    templates = load_templates(_TEMPLATES, autoescape=False)
    templates.filters |= {
        "number": "{:,}".format,
        "compact": compact,
        "term": _show_term,
        "triple": _show_triple,
        "row": _show_row,
        "cited": _show_cited_row,
        "verdicts": _count_verdicts,
    }
    text = templates.get_template("comparison.txt").render(
        comparison=comparison,
        holdings=comparison.holdings,
        questions=questions,
        table=render(Answer(_COLUMNS, tuple(map(_show_cells, questions))), "table", width=width).decode(),
        rewritten=sorted(rewritten.items()),
        skipped=skipped,
        cited=cited,
        ratio=median(ratios) if ratios else None,
    )
    return printable(re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n", lines=True)


def _show_cells(question: QuestionComparison) -> Row:
    ratio, cited = _ratio(question), question.citation_verdict
    return (
        Literal(question.name),
        Literal(question.way.value),
        None if question.skipped else Literal(question.embedded),
        Literal(question.rows.store) if question.rows else None,
        Literal(f"{question.verdict.value}{', in parts' if question.parts else ''}"),
        None if cited is Verdict.SKIPPED else Literal(cited.value),
        None if ratio is None else Literal(f"{ratio:.1f}"),
    )


def _ratio(question: QuestionComparison) -> float | None:
    return question.seconds.store / question.seconds.embedded if question.seconds else None


def _show_term(term: Term | None) -> str:
    """Return a term with its datatype, with IRIs shortened by prefixes.

    >>> print(_show_term(Literal(True)), _show_term(Literal("a")), _show_term(NamedNode(XSD + "date")))
    "true"^^xsd:boolean "a" xsd:date
    """
    if term is None:
        return "unbound"
    if isinstance(term, NamedNode):
        return compact(term.value)
    datatype = term.datatype.value if isinstance(term, Literal) else ""
    if isinstance(term, Literal) and datatype.startswith(XSD) and datatype != XSD + "string":
        return f"{Literal(term.value)}^^{compact(datatype)}"
    return str(term)


def _show_triple(triple: Triple) -> str:
    return " ".join(map(_show_term, (triple.subject, triple.predicate, triple.object)))


def _show_row(row: Row, columns: Sequence[str]) -> str:
    return "; ".join(f"{name} {_show_term(term)}" for name, term in zip(columns, row, strict=True))


def _show_cited_row(cited: CitedRow, columns: Sequence[str]) -> str:
    where = "; ".join(passage.locator for passage in cited.citation.passages) or cited.citation.kind.value
    how = "searched" if cited.searched else "cited"
    return f"{_show_triple(cited.citation.triple)} ({where}), {how} for {_show_row(cited.row, columns)}"


def _count_verdicts(verdicts: Iterable[Verdict]) -> str:
    counts = Counter(verdicts)
    return ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in Verdict if counts[verdict])


# --- JSON --------------------------------------------------------------------------------------------------------


def as_json(comparison: Comparison) -> str:
    """Return a comparison as JSON, with terms as in N-Triples."""
    holdings = comparison.holdings
    data = {
        "program": f"jhaan-kg {__version__}",
        "snapshot": comparison.snapshot,
        "store": comparison.url,
        "differs": comparison.differ,
        "holds": {
            "asked": holdings.asked,
            "namedGraphs": holdings.graphs,
            "evidence": holdings.evidence,
            "context": holdings.context,
            "triples": {"expected": holdings.expected, "found": holdings.found},
            "graphsThatDiffer": [count._asdict() for count in holdings.wrong],
            "inferredByTheStore": [str(triple) for triple in holdings.inferred],
        },
        "questions": [_question_data(question) for question in comparison.questions],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _question_data(question: QuestionComparison) -> dict[str, Any]:
    rows, citations = question.rows, question.citations
    data: dict[str, Any] = {
        "name": question.name,
        "asked": question.way.value,
        "parameters": {
            name: None if values is None else [str(value) for value in values]
            for name, values in question.values.items()
        },
        "answer": question.verdict.value,
        "citations": question.citation_verdict.value,
    }
    if question.skipped:
        return data | {"why": question.skipped}
    data["rows"] = {"embedded": question.embedded, "store": rows.store if rows else None}
    if question.seconds:
        milliseconds = {
            side: round(seconds * 1000, 3) for side, seconds in question.seconds._asdict().items()
        }
        data["milliseconds"] = milliseconds
    if question.parts:
        data["parts"] = question.parts
    if question.problem:
        data["problem"] = question.problem
    if rows:
        data["columnsThatDiffer"] = {
            "onlyEmbedded": list(rows.columns_missing),
            "onlyStore": list(rows.columns_more),
        }
        data["rowsThatDiffer"] = {
            "onlyEmbedded": [_row_data(rows.columns, row) for row in rows.only_embedded],
            "onlyStore": [_row_data(rows.columns, row) for row in rows.only_store],
        }
        data["rewritten"] = [
            {"how": one.how.value, "embedded": str(one.embedded), "store": str(one.store), "cells": cells}
            for one, cells in rows.rewritten
        ]
    if rows and citations:
        data["citationsThatDiffer"] = {
            "onlyEmbedded": [_cited_data(rows.columns, cited) for cited in citations.only_embedded],
            "onlyStore": [_cited_data(rows.columns, cited) for cited in citations.only_store],
        }
    return data


def _row_data(columns: Sequence[str], row: Row) -> dict[str, str | None]:
    return {name: None if term is None else str(term) for name, term in zip(columns, row, strict=True)}


def _cited_data(columns: Sequence[str], cited: CitedRow) -> dict[str, Any]:
    return {
        "row": _row_data(columns, cited.row),
        "triple": str(cited.citation.triple),
        "searched": cited.searched,
        "statedBy": cited.citation.kind.value,
        "passages": [passage.iri.value for passage in cited.citation.passages],
    }
