"""The page of all stored questions, with the beginning of each answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from jhaan_kg.namespaces import compact
from jhaan_kg.query.answer import answer
from jhaan_kg.query.catalogue import Parameter, StoredQuery
from jhaan_kg.query.engine import Engine
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.results.tables import escape_markdown, write_markdown

ROWS: Final = 5
"""How many rows of each answer are shown."""

_FEW: Final = 12
"""Up to how many values of a parameter are named."""

_TITLES: Final = {"empact": "EMPACT"}
"""Titles of topics that are no words."""

HEAD: Final = f"""# The stored questions

Each question can be asked with `jhaan query NAME`, with its parameters as options, and with `--cite` for the passages
behind each row. The SPARQL runs in any tool as it stands, on a store that holds the graph. Shown are the
first {ROWS} rows of each answer with the usual parameters. A parameter may be left open with `all`.
"""


def questions_page(catalogue: Iterable[StoredQuery], engine: Engine) -> str:
    """Write the page, in Markdown.

    Args:
        catalogue: the stored questions.
        engine: what answers them; it needs the evidence.

    Raises:
        JhaanError: a question can't be answered.
    """
    queries = sorted(catalogue, key=lambda query: (query.topic, query.name))
    parts = [HEAD, "".join(_contents(queries))]
    for topic, group in groupby(queries, key=lambda query: query.topic):
        parts.append(f"## {_title(topic)}\n")
        parts += ["\n".join(_question(query, engine)) for query in group]
    return "\n".join(parts)


def _contents(queries: Iterable[StoredQuery]) -> Iterator[str]:
    for topic, group in groupby(queries, key=lambda query: query.topic):
        yield f"- **{_title(topic)}**\n"
        for query in group:
            yield f"  - [{escape_markdown(query.summary)}](#{query.name})\n"


def _question(query: StoredQuery, engine: Engine) -> Iterator[str]:
    yield f'<a id="{query.name}"></a>\n\n### {escape_markdown(query.summary)}\n\n```sh\njhaan query {query.name}\n```\n'
    yield f"{escape_markdown(query.description)}\n"
    if query.notes:
        yield f"{escape_markdown(query.notes)}\n"
    if query.parameters:
        yield "| Parameter | What it is | Kind | If it is not given |"
        yield "|---|---|---|---|"
        for parameter in query.parameters:
            cells = (
                f"`--{parameter.name}`",
                escape_markdown(parameter.description),
                _kind(parameter),
                _default(parameter),
            )
            yield f"| {' | '.join(cells)} |"
        yield ""
    found = answer(engine, query, resolve_parameters(engine, query, {}))
    shown = found._replace(rows=found.rows[:ROWS])
    yield write_markdown(shown, None, "", query.absence).decode()
    rows = len(found.rows)
    if rows > ROWS:
        yield f"The first {ROWS} of {rows} rows.\n"
    yield f"<details><summary>SPARQL</summary>\n\n```sparql\n{query.text}```\n\n</details>\n"


def _title(topic: str) -> str:
    return _TITLES.get(topic, topic.capitalize())


def _kind(parameter: Parameter) -> str:
    if 0 < len(parameter.enumeration) <= _FEW:
        return ", ".join(f"`{_short(value)}`" for value in parameter.enumeration)
    return f"`{parameter.type.removeprefix('jhaan:')}`"


def _default(parameter: Parameter) -> str:
    return ", ".join(f"`{_short(value)}`" for value in parameter.default) or "all"


def _short(value: str) -> str:
    return compact(value) if "://" in value else value
