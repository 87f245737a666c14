"""The Markdown page of the stored questions, with sample rows of their answers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from jhaan_kg.namespaces import compact
from jhaan_kg.query.catalogue import Parameter, StoredQuery, topic_title
from jhaan_kg.query.engine import Answer, Engine, answer
from jhaan_kg.query.found import sum_up
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.results.cells import explain_absence
from jhaan_kg.results.tables import escape_markdown, write_markdown
from jhaan_kg.templates import load_templates

ROWS: Final = 5
"""The number of rows shown for each answer."""

_FEW: Final = 12
"""The maximum number of values of a parameter that are listed."""


def questions_page(catalogue: Iterable[StoredQuery], engine: Engine) -> str:
    """Return the page of the questions in Markdown.

    Args:
        catalogue: the stored questions.
        engine: the engine for the answers, with the evidence.

    Raises:
        JhaanError: a question cannot be answered.
    """
    templates = load_templates(Path(__file__).with_name("templates"), autoescape=False)
    templates.filters.update(escaped=escape_markdown, title_of=topic_title, type_of=_type, values=_values)
    page = templates.get_template("questions.md").render(
        queries=sorted(catalogue, key=lambda query: (query.topic, query.name)),
        answer=lambda query: answer(engine, query, resolve_parameters(engine, query, {})),
        table=lambda rows, query: _table(rows, query, engine),
        limit=ROWS,
    )
    return page.rstrip() + "\n"


def _table(rows: Answer, query: StoredQuery, engine: Engine) -> str:
    found = sum_up(query, resolve_parameters(engine, query, {}), rows)
    note = explain_absence(query.absence) if query.absence else ""
    return write_markdown(rows, None, found=found, note=note, most=ROWS).decode()


def _type(parameter: Parameter) -> str:
    if 0 < len(parameter.enumeration) <= _FEW:
        return _values(parameter.enumeration)
    return f"`{parameter.type.removeprefix('jhaan:')}`"


def _values(values: Iterable[str]) -> str:
    return ", ".join(f"`{compact(value) if '://' in value else value}`" for value in values)
