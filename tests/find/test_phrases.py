"""Phrases of the report lead to the entity or passage that they are about, with the report's text and without it."""

from __future__ import annotations

from pathlib import Path

from jhaan_kg.find import Search
from jhaan_kg.namespaces import expand
from jhaan_kg.pages.loaded import Loaded
from tables import read_table

PHRASES = Path(__file__).with_name("phrases.tsv")
"""Phrases of two or three words, chosen by reading the report before there was this search, some mistyped, and what
they are about. Some that only the text has are found without it too, since our own texts say the same."""


def phrases() -> dict[str, set[str]]:
    head, *rows = read_table(PHRASES)
    assert head == ["phrase", "expected"]
    assert len(rows) == 50
    return {phrase: set(map(expand, curies.split())) for phrase, curies in rows}


def missed(search: Search) -> list[str]:
    """Return the phrases for which nothing that is expected is among the first three hits."""
    return [
        phrase
        for phrase, expected in phrases().items()
        if expected.isdisjoint(hit.iri for hit in search.find(phrase, 3).hits)
    ]


def test_what_is_expected_can_be_found(loaded: Loaded) -> None:
    for iri in set().union(*phrases().values()):
        assert [hit.iri for hit in loaded.search.find(iri).hits] == [iri]


def test_phrases_lead_to_what_they_are_about_without_the_text(loaded: Loaded) -> None:
    assert len(missed(loaded.search)) <= 2, missed(loaded.search)


def test_phrases_lead_to_what_they_are_about_with_the_text(loaded: Loaded, report_text: str) -> None:
    search = Search(loaded.index, [report_text])
    assert len(missed(search)) <= 2, missed(search)
