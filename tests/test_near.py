"""Nearness: what people mistype, and what they meant."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jhaan_kg.find import Lookup, Nearness
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
        ("exprot", COMMANDS, ["export"]),
        ("EXPLAIN", COMMANDS, ["explain"]),
        ("exp", COMMANDS, ["export", "explain"]),  # both begin so; the shorter is more of it
        ("cover age", COMMANDS, ["coverage"]),
        ("co-run", QUESTIONS, ["empact-co-run"]),
        ("run empact", QUESTIONS, ["empact-co-run"]),
        ("whoiswho", QUESTIONS, ["who-is-who"]),
        ("most-centrl", QUESTIONS, ["most-central-agencies"]),
        ("joint activites", QUESTIONS, ["pairs-without-joint-activity"]),
        ("Netwerk", TERMS, ["Network"]),
        ("agncy", TERMS, ["agency", "Agency"]),  # small as it was typed
        ("Agncy", TERMS, ["Agency", "agency"]),
        ("particpant", TERMS, ["participant"]),
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


NAMES = (
    "Frontex",
    "Standing Corps of Frontex",
    "Frontex Situation Centre",
    "eu-LISA Liaison Office",
    "European Border and Coast Guard Agency",
    "Section 5.2.2",
    "Section 5.2.3",
    "communication",
    "FRA training on communicating on migration",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FRONTEX", [("SAME", 0), ("WORDS", 2), ("WORDS", 1)]),
        ("frontx", [("SLIP", 0), ("NEAR", 2), ("NEAR", 1)]),
        ("corps frontex", [("WORDS", 1)]),
        ("fron", [("WORDS", 0), ("WORDS", 2), ("WORDS", 1)]),
        ("eulisa liaison", [("WORDS", 3)]),  # a compound written as one word
        ("coast gaurd", [("NEAR", 4)]),
        ("Section 5.2.2", [("SAME", 5), ("NEAR", 6)]),  # another number is no slip
        ("communicatin", [("SLIP", 7), ("WORDS", 8)]),  # before names that merely have a word that begins so
        ("vaccine frontex", []),
        ("is frontex", [("NEAR", 0), ("NEAR", 2), ("NEAR", 1)]),  # most of the letters
    ],
)
def test_names_are_ranked(text: str, expected: list[tuple[str, int]]) -> None:
    found = Lookup(NAMES).names(text, least=0.8)
    assert [(match.nearness.name, match.position) for match in found] == expected


def test_whole_words_go_before_words_that_begin_so() -> None:
    texts = ["planning of it all", "all of the plan there is at all"]
    assert [match.position for match in Lookup(texts).mentions("plan")] == [1, 0]


def test_numbers_are_never_near() -> None:
    assert Lookup(["report 2023"]).mentions("report 2022") == []
    assert Lookup(["report 2023"]).unknown("report 2022") == ["2022"]


@given(ANY_TEXT)
@example("frontex " * LONGEST)
def test_any_text_is_compared(text: str) -> None:
    lookup = Lookup(NAMES)
    matches = [*lookup.names(text), *lookup.mentions(text)]
    assert not matches or len(text) <= LONGEST
    assert all(0 <= match.position < len(NAMES) and -1 <= match.farness <= 0 for match in matches)
    assert all(key(NAMES[m.position]) == key(text) for m in matches if m.nearness == Nearness.SAME)
    nearest(text, COMMANDS)


@given(st.lists(ANY_TEXT, max_size=5), ANY_TEXT)
def test_any_names_are_compared(names: list[str], text: str) -> None:
    lookup = Lookup(names)
    lookup.names(text)
    for position, name in enumerate(names):
        if key(name):
            best = lookup.names(name)[0]
            assert best.nearness == Nearness.SAME
            assert key(names[best.position]) == key(names[position])
