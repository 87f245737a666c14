"""What the parser and the formatter make of vocabularies that others have written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from turtle_strategies import comments, meaning, meaning_of_tree

from jhaan_kg.errors import FindingsError
from jhaan_kg.turtle.format import format_source
from jhaan_kg.turtle.lexer import TurtleSyntaxError
from jhaan_kg.turtle.syntax import parse_source


def check(files: Iterable[Path]) -> set[str]:
    """Assert that each file is read as pyoxigraph reads it, and keeps meaning and comments when it is formatted.

    Returns:
        Why files are not formatted.
    """
    refused: set[str] = set()
    for file in files:
        text = file.read_bytes().decode()
        try:
            tree = parse_source(text, trig=False, name=file.name)
            assert meaning_of_tree(tree) == meaning(text, trig=False), file.name
            result = format_source(text, trig=False, name=file.name)
        except FindingsError as error:
            refused |= {finding.code for finding in error.findings}
            continue
        except TurtleSyntaxError as error:
            based = error.message.startswith("a base IRI is declared")
            refused.add("a base" if based else f"{file.name}: {error.message}")
            continue
        assert format_source(result, trig=False, name=file.name) == result, file.name
        assert meaning(result, trig=False) == meaning(text, trig=False), file.name
        assert Counter(comments(result)) == Counter(comments(text)), file.name
    return refused
