"""A command whose answer is long, and whose reader goes."""

from __future__ import annotations

from bad_input import PAIRS, first_line


def test_a_million_rows_into_a_closed_pipe() -> None:
    assert first_line(PAIRS.format(1_000_000)) == ("a,d\n", "", 0)
