"""A comparison in JSON, for programs; terms are written as N-Triples writes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from jhaan_kg import __version__
from jhaan_kg.query.run import Row
from jhaan_kg.stores.compare import Comparison
from jhaan_kg.stores.compare.citations import CitationsCompared, CitedRow
from jhaan_kg.stores.compare.holdings import Holdings
from jhaan_kg.stores.compare.questions import Compared
from jhaan_kg.stores.compare.rows import RowsCompared

_MILLISECONDS: Final = 1000


def report(comparison: Comparison) -> str:
    """Write a comparison in JSON.

    Args:
        comparison: as `compare` gives it.
    """
    data = {
        "program": f"jhaan-kg {__version__}",
        "snapshot": comparison.snapshot,
        "store": comparison.url,
        "differs": comparison.differ,
        "holds": _held(comparison.holdings),
        "questions": [_question(question) for question in comparison.questions],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _held(holdings: Holdings) -> dict[str, Any]:
    return {
        "asked": holdings.asked,
        "namedGraphs": holdings.graphs,
        "evidence": holdings.evidence,
        "context": holdings.context,
        "triples": {"expected": holdings.expected, "found": holdings.found},
        "graphsThatDiffer": [count._asdict() for count in holdings.wrong],
        "inferredByTheStore": [str(triple) for triple in holdings.inferred],
    }


def _question(question: Compared) -> dict[str, Any]:
    data: dict[str, Any] = {
        "name": question.name,
        "asked": question.way.value,
        "parameters": {
            name: None if values is None else [str(value) for value in values]
            for name, values in question.values.items()
        },
        "answer": question.verdict.value,
        "citations": question.cited.value,
    }
    if question.skipped:
        return data | {"why": question.skipped}
    data["rows"] = {"embedded": question.embedded, "store": question.rows.store if question.rows else None}
    if question.seconds:
        data["milliseconds"] = {
            side: round(seconds * _MILLISECONDS, 3) for side, seconds in question.seconds._asdict().items()
        }
    if question.parts:
        data["parts"] = question.parts
    if question.problem:
        data["problem"] = question.problem
    if question.rows:
        data |= _rows(question.rows)
        if question.citations:
            data["citationsThatDiffer"] = _citations(question.rows.columns, question.citations)
    return data


def _rows(rows: RowsCompared) -> dict[str, Any]:
    return {
        "columnsThatDiffer": {
            "onlyEmbedded": list(rows.columns_missing),
            "onlyStore": list(rows.columns_more),
        },
        "rowsThatDiffer": {
            "onlyEmbedded": [_row(rows.columns, row) for row in rows.only_embedded],
            "onlyStore": [_row(rows.columns, row) for row in rows.only_store],
        },
        "rewritten": [
            {"how": one.how.value, "embedded": str(one.embedded), "store": str(one.store), "cells": cells}
            for one, cells in rows.rewritten
        ],
    }


def _citations(columns: Sequence[str], citations: CitationsCompared) -> dict[str, Any]:
    return {
        "onlyEmbedded": [_cited(columns, cited) for cited in citations.only_embedded],
        "onlyStore": [_cited(columns, cited) for cited in citations.only_store],
    }


def _cited(columns: Sequence[str], cited: CitedRow) -> dict[str, Any]:
    return {
        "row": _row(columns, cited.row),
        "triple": str(cited.citation.triple),
        "searched": cited.searched,
        "statedBy": cited.citation.kind.value,
        "passages": [passage.iri.value for passage in cited.citation.passages],
    }


def _row(columns: Sequence[str], row: Row) -> dict[str, str | None]:
    return {name: None if term is None else str(term) for name, term in zip(columns, row, strict=True)}
