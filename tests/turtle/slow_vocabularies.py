"""Vocabularies of others, read and formatted; the four largest ones are tried by `trial_vocabularies.py`."""

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


def test_vocabularies_keep_their_meaning_and_comments(vocab_dir: Path) -> None:
    files = [file for file in sorted(vocab_dir.rglob("*.ttl")) if file.stat().st_size < 300_000]
    assert len(files) > 30
    assert check(files) == {"prefix-differs", "a base", 'locn.ttl: "<locn.svg>" is a relative IRI.'}
