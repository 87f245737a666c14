"""The page of all stored questions, with the beginning of each answer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from jhaan_kg.namespaces import compact
from jhaan_kg.query.answer import answer
from jhaan_kg.query.catalogue import Parameter, StoredQuery
from jhaan_kg.query.engine import Answer, Engine
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.results.tables import escape_markdown, write_markdown
from jhaan_kg.templates import load_templates

ROWS: Final = 5
"""How many rows of each answer are shown."""

_FEW: Final = 12
"""Up to how many values of a parameter are named."""

_TITLES: Final = {"empact": "EMPACT"}
"""Titles of topics that are not words."""


def questions_page(catalogue: Iterable[StoredQuery], engine: Engine) -> str:
    """Write the page, in Markdown.

    Args:
        catalogue: the stored questions.
        engine: what answers them; it needs the evidence.

    Raises:
        JhaanError: a question can't be answered.
    """
    templates = load_templates(Path(__file__).with_name("templates"), autoescape=False)
    templates.filters.update(escaped=escape_markdown, title_of=_title, type_of=_type, values=_values)
    page = templates.get_template("questions.md.j2").render(
        queries=sorted(catalogue, key=lambda query: (query.topic, query.name)),
        answer=lambda query: answer(engine, query, resolve_parameters(engine, query, {})),
        table=_table,
        limit=ROWS,
    )
    return page.rstrip() + "\n"


def _title(topic: str) -> str:
    return _TITLES.get(topic, topic.capitalize())


def _table(rows: Answer, query: StoredQuery) -> str:
    return write_markdown(rows._replace(rows=rows.rows[:ROWS]), None, "", query.absence).decode()


def _type(parameter: Parameter) -> str:
    if 0 < len(parameter.enumeration) <= _FEW:
        return _values(parameter.enumeration)
    return f"`{parameter.type.removeprefix('jhaan:')}`"


def _values(values: Iterable[str]) -> str:
    return ", ".join(f"`{compact(value) if '://' in value else value}`" for value in values)
