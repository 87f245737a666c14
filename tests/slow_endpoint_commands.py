"""`--endpoint`: a query of the user prints the same as from the embedded engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bad_input import Run
from endpoints import QUERIES, answering
from jhaan_kg.serve.loaded import Loaded


@pytest.fixture(scope="module")
def urls(loaded: Loaded) -> Iterator[dict[str, str]]:
    """The whole graph with evidence; the default graph is the union of the named ones, or empty."""
    with answering(loaded.store, union=True) as union, answering(loaded.store, union=False) as strict:
        yield {"union": union, "strict": strict}


@pytest.mark.parametrize(
    ("kind", "name", "form"),
    [
        ("union", "odd", "csv"),
        ("union", "ask", "table"),
        ("union", "graph", "ttl"),
        ("strict", "rows", "table"),
    ],
)
def test_a_query_of_the_user_gives_the_same(
    run: Run, urls: dict[str, str], tmp_path: Path, kind: str, name: str, form: str
) -> None:
    file = tmp_path / "query.rq"
    file.write_text(QUERIES[name], encoding="utf-8")
    embedded = run("sparql", str(file), "--format", form)
    assert embedded[0] == 0
    assert run("sparql", str(file), "--format", form, "--endpoint", urls[kind]) == embedded
