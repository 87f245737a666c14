"""`jhaan find` in real processes: the order of its hits does not depend on the seed of Python's hashes."""

from __future__ import annotations

from bad_input import environment, jhaan


def test_the_same_search_gives_the_same_bytes() -> None:
    one, other = (
        jhaan("find", "information", "provison", env=environment(PYTHONHASHSEED=seed)).stdout for seed in "12"
    )
    assert one == other != ""
