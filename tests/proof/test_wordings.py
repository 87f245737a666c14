"""What the lexicon says of finding terms; role patterns: words around a list of names, within a sentence."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal
from small_proof import case_of, node, short

from jhaan_kg.proof.lexicon import BY_DATE, BY_WORDS, RolePattern


def matches(pattern: str, text: str) -> list[bool]:
    return [RolePattern(pattern).matches(names) for names in case_of(text).lists]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("organised by {who}", "It was organised by NORA.", [True]),
        ("{who} organised", "NORA and SUND both organised it.", [True]),
        ("{who} … took part", "NORA, in spite of fog, took part.", [True]),
        ("brought together … {who}", "It brought together people from NORA.", [True]),
        ("led … by {who}", "It was led and owned by NORA.", [True]),
        ("between {who} and", "Talks between NORA, SUND and others.", [True]),
        (
            "{who} organised",
            "In \u0130zmir NORA organised it.",
            [True],
        ),  # a letter whose small form is longer
        ("organised by {who}", "It was organised with NORA.", [False]),
        ("{who} organised", "It was organised by NORA.", [False]),
        ("brought together … {who}", "It brought together people. Some from NORA.", [False]),
        # each list has its own words; a word inside the names
        ("organised by {who}", "It was organised by NORA with SUND, not Tarn.", [True, False, False]),
        ("{observers}", "The ring observers came, NORA went.", [True, False]),
        ("{ring observers}", "The ring observers came, NORA went.", [True, False]),
        ("{fog observers}", "The ring observers came, NORA went.", [False, False]),
    ],
)
def test_patterns(pattern: str, text: str, expected: list[bool]) -> None:
    assert matches(pattern, text) == expected


@pytest.mark.parametrize("written", ["organised by", "{who} with {who}", ""])
def test_a_pattern_has_one_place_for_the_list(written: str) -> None:
    with pytest.raises(ValueError, match="exactly once"):
        RolePattern(written)


def test_a_gap_does_not_pass_over_another_list() -> None:
    lists = case_of("It was organised by NORA and attended, in the end, by SUND.").lists
    pattern = RolePattern("organised … by {who}")
    assert [pattern.matches(names) for names in lists] == [True, True]
    assert [pattern.matches(names, lists) for names in lists] == [True, False]


def test_what_the_lexicon_says() -> None:
    words = case_of("Text.", "", 'jhaan:Lamps jhaan:wording "Oil-Lamps"@en .').report.wordings
    ways = [(BY_DATE, False), (BY_WORDS, False), (None, True), (None, False)]
    for name, way in zip(
        ("schema:startDate", "jhaan:called", "jhaan:basis", "jhaan:edition"), ways, strict=True
    ):
        assert (words.way(node(name)), words.is_declared_formless(node(name))) == way
    assert set(words.of(node("jhaan:Lamps"))) == {("lamps",), ("oil", "-", "lamps")}
    assert words.of(Literal("lamps")) == []
    assert {short(one) for one in words.qualifiers} == {"Almost", "AtLeast", "Several"}
    assert words.qualifiers[node("jhaan:AtLeast")] == [("at", "least")]
    # roles have all their patterns, and the telling ones apart
    organiser = node("jhaan:Organiser")
    assert [one.written for one in words.roles[organiser]] == ["{who} organised", "organised by {who}"]
    assert [one.written for one in words.telling[organiser]] == ["organised by {who}"]
    assert words.telling[node("jhaan:Observer")] == []
    assert node("jhaan:Almost") not in words.roles
