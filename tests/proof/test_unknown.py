"""Words that look like a name where nothing known is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_proof import case_of

from jhaan_kg.proof.completeness import unknown_names
from jhaan_kg.proof.passage import PassageText


def unknown(text: str) -> list[str]:
    first = case_of(text).first
    return spans(first, [(name.first, name.last) for name in first.names])


def spans(text: PassageText, known: list[tuple[int, int]]) -> list[str]:
    return [" ".join(text.words.tokens[first:last]) for first, last in unknown_names(text, known)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("They told the Rain Office of it.", ["Rain Office"]),
        ("Rain Office staff came.", ["Office"]),  # the first word of a sentence has a capital anyhow
        ("RO came, and so did the RO.", ["RO", "RO"]),
        ("They met the eu-MIST.", ["MIST"]),
        ("They met Rain and Hail.", ["Rain", "Hail"]),
        ("They met NORA Rain.", ["Rain"]),
        ("They told NORA and the Wind Board of Norway of fog.", []),
        ("It rained. Then it hailed! It stopped.", []),
        ("They met on 3 x-rays.", []),
    ],
)
def test_what_looks_like_a_name(text: str, names: list[str]) -> None:
    assert unknown(text) == names


@pytest.mark.parametrize("text", ["It rained. (Nobody came.)", 'They said: yes. "Nobody came."'])
def test_a_sentence_may_begin_with_a_sign(text: str) -> None:
    assert unknown(text) == []


@given(
    st.lists(st.sampled_from(["rain", "Rain", "RO", ".", "a"]), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 7), st.integers(1, 3)), max_size=3),
)
def test_unknown_names_are_apart_from_known_ones(words: list[str], known: list[tuple[int, int]]) -> None:
    first = case_of(" ".join(["so", *words])).first
    taken = [(start, start + size) for start, size in known]
    tokens = first.words.tokens
    found = list(unknown_names(first, taken))
    inside = {index for start, end in found for index in range(start, end)}
    assert all(tokens[index][0].isupper() for index in inside)
    assert not inside & {index for start, end in taken for index in range(start, end)}
    acronyms = {index for index, word in enumerate(tokens) if word == "RO"}
    assert acronyms <= inside | {index for start, end in taken for index in range(start, end)}
