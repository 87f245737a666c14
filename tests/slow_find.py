"""`jhaan find` without context, and in real processes: the order of its hits depends on no seed of Python's hashes."""

from __future__ import annotations

from bad_input import Run, environment, jhaan


def test_the_same_search_gives_the_same_bytes() -> None:
    one, other = (
        jhaan("find", "information", "provison", env=environment(PYTHONHASHSEED=seed)).stdout for seed in "12"
    )
    assert one == other != ""


def test_names_from_outside_are_left_out_without_context(run: Run) -> None:
    assert "agency:euaa" in run("find", "EASO")[1]
    assert "agency:euaa" not in run("find", "EASO", "--no-context")[1]
