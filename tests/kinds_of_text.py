"""The texts for users and contributors by kind, each with its place and without code."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, RdfFormat, parse

from jhaan_kg.cli import COMMANDS, command, overview
from jhaan_kg.query.source import parse_query
from pages import ROOT, prose

Text = tuple[str, str]
"""The place of a text, and the text."""

_SOURCE: Final = ROOT / "src" / "jhaan_kg"


def _docs() -> Iterator[Text]:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md")]:
        if page.name != "CHANGELOG.md":  # it describes former states, in former words
            yield str(page.relative_to(ROOT)), prose(page)


def _help() -> Iterator[Text]:
    yield "jhaan --help", overview()
    for name in COMMANDS:
        parser = command(name).parser()
        yield f"jhaan {name} --help", f"{parser.description or ''}"
        for action in parser._actions:
            yield f"jhaan {name} {'/'.join(action.option_strings) or action.dest}", action.help or ""


def _headers() -> Iterator[Text]:
    for file in sorted((ROOT / "queries").glob("*/*.rq")):
        query = parse_query(file.read_text("utf-8"), str(file))
        texts = (
            query.summary,
            query.description,
            query.notes,
            *(each.description for each in query.parameters),
        )
        yield from ((f"{query.topic}/{query.name}", text) for text in texts)


def _ontology() -> Iterator[Text]:
    for file in (ROOT / "ontology").glob("*.ttl"):
        yield from _literals(file, "label", "definition", "inverseLabel", "example", "scopeNote", "comment")


def _messages() -> Iterator[Text]:
    for file in (ROOT / "shapes").glob("**/*.ttl"):
        yield from _literals(file, "message", "description")
    for file, node in _nodes():
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            words = "".join(map(_written, node.exc.args))
            yield f"{file.relative_to(ROOT)}:{node.lineno}", words


def _pages() -> Iterator[Text]:
    for file in (_SOURCE / "pages" / "templates").glob("*.html"):
        text = re.sub(
            r"\{%.*?%\}|<pre.*?</pre>|<code>.*?</code>", " ", file.read_text("utf-8"), flags=re.DOTALL
        )
        for number, line in enumerate(re.sub(r"\{\{.*?\}\}", "X", text, flags=re.DOTALL).splitlines(), 1):
            yield f"{file.relative_to(ROOT)}:{number}", re.sub(r"<[^>]*>", " ", line)


def _docstrings() -> Iterator[Text]:
    for file, node in _nodes():
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (
            text := ast.get_docstring(node)
        ):
            prose_only = re.sub(r"^\s*(>>>|\.\.\.).*(\n.+)*", "", text, flags=re.MULTILINE)
            yield f"{file.relative_to(ROOT)}: {getattr(node, 'name', 'module')}", prose_only


@cache  # two kinds of text use it: messages and docstrings
def _nodes() -> list[tuple[Path, ast.AST]]:
    return [
        (file, node)
        for file in sorted(_SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
    ]


def _literals(file: Path, *names: str) -> Iterator[Text]:
    for quad in parse(path=str(file), format=RdfFormat.TURTLE):
        if isinstance(quad.object, Literal) and re.split("[/#]", quad.predicate.value)[-1] in names:
            yield f"{file.relative_to(ROOT)}: {quad.subject}", quad.object.value


def _written(node: ast.expr) -> str:
    """Return the literal parts of an expression that yields a text, with X for all other parts."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_written(part) if isinstance(part, ast.Constant) else "X" for part in node.values)
    return "".join(_written(part) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))


KINDS: Final[Mapping[str, Callable[[], Iterator[Text]]]] = {
    "docs": _docs,
    "help": _help,
    "headers of questions": _headers,
    "labels and definitions": _ontology,
    "messages": _messages,
    "pages": _pages,
    "docstrings": _docstrings,
}


def without_code(text: str) -> str:
    """Return a text without code, CURIEs, addresses, tables and marks of Markdown."""
    text = re.sub(r"`[^`\n]*`|\b[a-z]+:\w+", "X", text)
    text = re.sub(r"\]\([^)]*\)|https?://\S+|\S+\.(md|py|html|ttl|txt|ipynb)\b", "", text)
    return re.sub(r"^\|.*$|^#+ ", "", text, flags=re.MULTILINE)


def sentences(text: str) -> list[list[str]]:
    """Return the sentences of a text as lists of words; parts of a list are sentences.

    >>> sentences("Read a file. It is\\nold.\\n\\n- one\\n- two words")
    [['Read', 'a', 'file'], ['It', 'is', 'old'], ['one'], ['two', 'words']]
    """
    parts = re.split(r"(?<=[.?!:;])\s+|\n\s*\n|^\s*(?:[-*]|\d+\.)\s|\n\s*\w+: ", text, flags=re.MULTILINE)
    found = (re.findall(r"[\w'\u2019-]+", part) for part in parts)
    return [words for words in found if words]
