"""`jhaan coverage` of a section asks the stored question on it."""

from __future__ import annotations

import pytest

from bad_input import Run
from jhaan_kg.serve.loaded import Loaded

# --- the command -----------------------------------------------------------------------------------------------


@pytest.fixture
def quick_run(run: Run, loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run commands on the graph in memory, which answers sooner than the store on disk."""
    monkeypatch.setattr("jhaan_kg.build.cache.store_for", lambda *_, **__: loaded.store)
    return run


def test_the_command_asks_for_the_passages_of_a_section(quick_run: Run) -> None:
    code, out, err = quick_run("coverage", "9.5", "--format", "tsv")
    asked = quick_run("query", "coverage-of-section", "--section", "9.5", "--format", "tsv")
    assert (code, out) == asked[:2]
    assert err.startswith("2 passages in 1 section: ")
