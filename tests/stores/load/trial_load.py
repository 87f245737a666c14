"""Loads into the stores that CI leaves out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from load_cases import *  # noqa: F403
from load_cases import lines, loading

from jhaan_kg.namespaces import GRAPH
from servers import Server
from small_graph import release, triple
from stores import RELEASES as SERVERS  # noqa: F401 - which load_cases.py is to try
from stores import cleared


def test_blazegraph_takes_texts_for_one_another_and_the_load_says_so(
    start: Callable[[str], Server], tmp_path: Path
) -> None:
    """Its index knows neither composed letters from letters with marks, nor a text from one with an unseen mark."""
    texts = {GRAPH + "report/jhaan-2023/1": [triple("a", "caf\u00e9"), triple("b", "cafe\u0301")]}
    work = loading(cleared(start("blazegraph")), release(tmp_path / "new", texts))
    plan = work.plan()
    work.carry_out(plan)
    (found,) = work.differences(plan)
    assert found.missing == tuple(lines([triple("b", "cafe\u0301")]))
    assert found.extra == tuple(lines([triple("b", "caf\u00e9")]))
