"""Nearness: what people mistype, and what they meant."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jhaan_kg.near import LONGEST, did_you_mean, key, nearest

COMMANDS = ("query", "sparql", "explain", "find", "coverage", "export", "verify", "check", "format", "build")
QUESTIONS = (
    "empact-co-run",
    "agency-events",
    "events-by-month",
    "event-participants",
    "who-is-who",
    "contradictions",
    "pairs-without-joint-activity",
    "most-central-agencies",
)
TERMS = ("Agency", "agency", "Network", "inEvent", "participant", "Participation", "startDay", "endDay")
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("word", "choices", "meant"),
    [
        ("qurey", COMMANDS, ["query"]),  # two letters changed places
        ("EXPLAIN", COMMANDS, ["explain"]),
        ("exp", COMMANDS, ["export", "explain"]),  # both begin so; the shorter is more of it
        ("cover age", COMMANDS, ["coverage"]),
        ("co-run", QUESTIONS, ["empact-co-run"]),
        ("whoiswho", QUESTIONS, ["who-is-who"]),
        ("most-centrl", QUESTIONS, ["most-central-agencies"]),
        ("joint activites", QUESTIONS, ["pairs-without-joint-activity"]),
        ("Netwerk", TERMS, ["Network"]),
        ("Agncy", TERMS, ["Agency", "agency"]),
    ],
)
def test_a_mistyped_word_leads_to_what_was_meant(
    word: str, choices: tuple[str, ...], meant: list[str]
) -> None:
    assert nearest(word, choices) == meant
    assert nearest(word, reversed(choices)) == meant  # the order of the choices decides nothing


@pytest.mark.parametrize("word", ["", " ", "-", "x", "zebra", "42", "\ud800", "q" * 5000])
def test_what_is_near_to_nothing_gives_nothing(word: str) -> None:
    assert nearest(word, COMMANDS) == []
    assert did_you_mean(word, COMMANDS) == ""


def test_hints_have_at_most_three_words() -> None:
    hint = did_you_mean("eve", ["events", "event", "even", "evens"])
    assert hint == ' Did you mean "even" or "evens" or "event"?'
    assert nearest("xyz", ["abc"], least=0) == ["abc"]


@pytest.mark.parametrize(
    ("name", "compared"),
    [
        *((name, "eulisa") for name in ("eu-LISA", "EU LISA", "Eu\u2013Lisa")),
        *((name, "agnes") for name in ("Agn\u00e8s", "Agne\u0300s")),
        *((name, "strasse") for name in ("STRASSE", "Stra\u00dfe")),
        *((name, name) for name in ("5.2.2", "5.22")),
        *(("section_5", "section5"), ("v.1", "v1"), ("2022\u20132025", "2022.2025"), ("\u2026", "")),
        ("\u2121 \u0130", "teli"),  # a sign for three letters; a capital with a dot
    ],
)
def test_what_is_left_of_a_name(name: str, compared: str) -> None:
    assert key(name) == compared


@given(ANY_TEXT)
@example("frontex " * LONGEST)
def test_any_text_is_compared(text: str) -> None:
    assert set(nearest(text, COMMANDS)) <= set(COMMANDS)
