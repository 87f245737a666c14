"""Markdown pages of the documentation: questions and validation rules.

The page of the questions has sample rows of their answers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from jhaan_kg.build.cache import store_for
from jhaan_kg.export.sources import source_root
from jhaan_kg.namespaces import SH, compact
from jhaan_kg.query.catalogue import VIOLATIONS, Parameter, StoredQuery, load_catalogue, topic_title
from jhaan_kg.query.engine import Answer, Engine, StoreEngine, answer
from jhaan_kg.query.found import sum_up
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.query.source import read_query
from jhaan_kg.results.cells import explain_absence
from jhaan_kg.results.tables import escape_markdown, write_markdown
from jhaan_kg.templates import load_templates

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot

ROWS: Final = 5
"""The number of rows shown for each answer."""

_FEW: Final = 12
"""The maximum number of values of a parameter that are listed."""

_CHECKS: Final = """# Validation rules

`jhaan check` and every build check the data. Shapes (`shapes/`) check each entity as it is stated. Violation queries
(`queries/violations/`) check the finished graph, with inferred statements. Each violation is printed with its file, its
line and how to correct it. It stops the build.

- [Violations](#violations)
- [Shapes](#shapes)

## Violations
"""

_SHAPES: Final = """## Shapes

There is one table for each file of `shapes/`.
"""


def reading_pages(snapshot: Snapshot) -> Iterator[tuple[str, str, bytes]]:
    """Yield the file name, title and UTF-8 text of each page."""
    engine = StoreEngine(store_for(snapshot, evidence=True, context=True))
    questions = questions_page(load_catalogue(snapshot.catalogue_path), engine)
    yield "questions.md", "The stored questions", questions.encode()
    yield "checks.md", "Validation rules", checks_page(source_root(snapshot, "shapes")).encode()


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


def checks_page(root: Path) -> str:
    """Return the page of the validation rules in Markdown.

    It contains the source text of the violation queries and the shapes.
    """
    parts = [_CHECKS]
    for path in sorted((root / "queries" / VIOLATIONS).glob("*.rq")):
        query = read_query(path, root)
        description = " ".join(query.description.split())
        parts.append(f"### {query.name}\n\n{prose(query.summary)} {prose(description)}\n")
        parts.append(f"What to do: {prose(query.fix)}\n")
    parts.append(_SHAPES)
    for path in sorted((root / "shapes").glob("*.ttl")):
        messages: dict[str, list[str]] = defaultdict(list)
        for quad in parse(path=path, format=RdfFormat.TURTLE):
            if quad.predicate == NamedNode(SH + "message") and isinstance(quad.object, Literal):
                subject = quad.subject
                name = compact(subject.value) if isinstance(subject, NamedNode) else "part of a shape"
                messages[name].append(quad.object.value)
        rows = ([code(name), prose(text)] for name in sorted(messages) for text in sorted(messages[name]))
        parts.append(f"### {path.stem.replace('-', ' ').capitalize()}\n")
        parts.append(table(["Shape", "Message"], rows))
    return "\n".join(parts)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""Return a Markdown table, from cells in Markdown; vertical bars are escaped.

    >>> print(table(["Code", "Meaning"], [["`a|b`", "either"]]), end="")
    | Code | Meaning |
    |---|---|
    | `a\|b` | either |
    """
    lines = [
        f"| {' | '.join(re.sub('`[^`]*`', _protect, cell) for cell in cells)} |\n" for cells in (head, *rows)
    ]
    return "".join([lines[0], f"|{'---|' * len(head)}\n", *lines[1:]])


def prose(text: str) -> str:
    r"""Return text as Markdown: code in backquotes remains, and other characters are escaped.

    >>> prose("see `a_b` <here>")
    'see `a_b` \\<here\\>'
    """
    parts = re.split(r"(`[^`]+`)", text)
    return "".join(part if part.startswith("`") else escape_markdown(part) for part in parts)


def code(text: str) -> str:
    """Return text as inline code in Markdown."""
    return f"`{text}`"


def _protect(match: re.Match[str]) -> str:
    return match[0].replace("|", r"\|")
