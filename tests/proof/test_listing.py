"""Names that only commas and small words keep apart are one list; each other word or sign ends it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_proof import case_of, listed, node, things

from jhaan_kg.proof.lexicon import NameMention, outermost

A, B = node("agency:a"), node("agency:b")
MENTIONS = st.builds(
    lambda first, size, thing: NameMention(first, first + size, frozenset([thing])),
    st.integers(0, 8),
    st.integers(1, 4),
    st.sampled_from([A, B]),
)


@pytest.mark.parametrize(
    "text",
    [
        "NORA, SUND and Tarn met.",
        "NORA, SUND, as well as Tarn met.",
        "Both NORA and the SUND, also Tarn, met.",
        "NORA & SUND & Tarn met.",
        "NORA/SUND/Tarn met.",
        "NORA and, from Norway, SUND, Tarn.",
    ],
)
def test_names_of_one_list(text: str) -> None:
    (one, *_) = case_of(text).lists
    assert {"nora", "sund"} <= {thing for name in one.items for thing in things(name.things)}
    assert len(case_of(text).lists) == 1


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("NORA with SUND.", [["nora"], ["sund"]]),
        ("NORA organised it for SUND and Tarn.", [["nora"], ["sund", "tarn"]]),
        ("NORA, SUND. Tarn, eu-VEGA.", [["nora", "sund"], ["tarn", "eu-vega"]]),
        ("NORA (SUND) met.", [["nora"], ["sund"]]),
        ("NORA SUND met.", [["nora"], ["sund"]]),
        ("NORA, hosted, SUND.", [["nora"], ["sund"]]),
        ("The Harbour Ring, NORA and SUND.", [["ring"], ["nora", "sund"]]),
        ("NORA and the Harbour Ring, SUND.", [["nora"], ["ring"], ["sund"]]),
        ("The Wind Board of Norway, NORA.", [["wind-board", "nora"]]),
        ("The fog in Oslo.", []),
    ],
)
def test_what_ends_a_list(text: str, lists: list[list[str]]) -> None:
    assert listed(case_of(text).lists) == lists


def test_a_list_names_and_is_within() -> None:
    (one,) = case_of("NORA and SUND met.").lists
    nora, sund, tarn = node("agency:nora"), node("agency:sund"), node("agency:tarn")
    assert (one.first, one.last) == (0, 3)
    assert (one.names(nora), one.names(sund), one.names(tarn)) == (True, True, False)
    assert one.is_within([nora, sund, tarn])
    assert one.is_within([nora, sund])
    assert not one.is_within([nora, tarn])


@given(st.lists(MENTIONS, max_size=8, unique_by=lambda name: name[:2]))
def test_outermost_names(names: list[NameMention]) -> None:
    counted = [name for name in names if A in name.things]
    expected = [
        name
        for name in counted
        if not any(o.first <= name.first and name.last <= o.last and o != name for o in counted)
    ]
    assert outermost(names, lambda thing: thing == A) == sorted(expected)
