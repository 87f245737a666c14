"""A query on which the engine aborts its process (seen with pyoxigraph 0.5.13)."""

from __future__ import annotations

from collections.abc import Callable
from random import Random


def aborting_query(choose: Random | None = None) -> str:
    """Return a query that sorts many values of mixed types, whose comparison in the engine is inconsistent."""
    choose = choose or Random(0)
    day = '"2023-0{}-01"^^<http://www.w3.org/2001/XMLSchema#date>'
    kinds: list[Callable[[], str]] = [
        lambda: str(choose.randint(0, 999)),
        lambda: f'"{choose.randint(0, 999)}"',
        lambda: day.format(choose.randint(1, 9)),
        lambda: f'"x{choose.randint(0, 99)}"@en',
        lambda: "true",
    ]
    values = " ".join(choose.choice(kinds)() for _ in range(100))
    return f"SELECT ?x {{ VALUES ?x {{ {values} }} }} ORDER BY ?x"
