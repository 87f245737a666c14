"""Our texts avoid private words and long sentences; `prose.yaml` has the rules, the limits and the exceptions."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from jhaan_kg.query.source import parse_query
from kinds_of_text import KINDS, Text, sentences, without_code
from pages import ROOT

QUESTIONS = ROOT / "queries"
RULES = yaml.safe_load(Path(__file__).with_name("prose.yaml").read_text("utf-8"))


@cache
def texts(kind: str) -> list[Text]:
    return [(place, without_code(text)) for place, text in KINDS[kind]()]


@pytest.mark.parametrize("kind", KINDS)
def test_avoided_phrases(kind: str) -> None:
    rules = {
        re.compile(rf"(?<![\w-])({avoided})(?![\w-])", re.IGNORECASE): use
        for avoided, use in RULES["avoid"].items()
    }
    assert [
        f'{place}: "{match[0]}"; use: {use}'
        for place, text in texts(kind)
        for avoided, use in rules.items()
        for match in avoided.finditer(text)
        if not any(part in text for part in RULES["except"])
    ] == []


@pytest.mark.parametrize("kind", KINDS)
def test_readability(kind: str) -> None:
    found = [words for _, text in texts(kind) for words in sentences(text)]
    mean = sum(map(len, found)) / len(found)
    long = sum(len(words) > 25 for words in found) / len(found)
    print(f"{kind}: {len(found)} sentences, {mean:.1f} words in the mean, {long:.1%} longer than 25 words")  # noqa: T201 - for pytest -rP
    limit = RULES["limits"][kind]
    assert mean <= limit["words"]
    assert long <= limit["long"]


def test_headers_of_questions_are_short() -> None:
    queries = [
        parse_query(file.read_text("utf-8"), str(file)) for file in sorted(QUESTIONS.glob("[!v]*/*.rq"))
    ]
    assert len(queries) > 60
    assert [each.name for each in queries if len(each.summary.split()) > 12] == []
    assert [each.name for each in queries if len(each.description.split()) > 60] == []


def test_all_exceptions_are_needed() -> None:
    everything = [text for kind in KINDS for _, text in texts(kind)]
    assert [part for part in RULES["except"] if not any(part in text for text in everything)] == []
