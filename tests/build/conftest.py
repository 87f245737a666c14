"""Small sources, and a separate cache for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_sources import QUERY, write

from jhaan_kg import cache_folder
from jhaan_kg.build import cache, pipeline


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small stand-in for the program on which cached snapshots depend; reading the real one is slow."""
    folder = tmp_path_factory.mktemp("program")
    (folder / "rules.py").write_text("")
    return folder


@pytest.fixture
def own_cache(tmp_path: Path, program: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a cache, not yet created; builds skip the checks, since small sources break conventions."""
    monkeypatch.setenv("JHAAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache_folder, "_PACKAGE", program)
    monkeypatch.setattr(pipeline, "check_sources", lambda _: [])
    cache._note.cache_clear()
    return tmp_path / "cache"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Small sources without queries, since checking queries is slow."""
    return write(tmp_path / "sources", **{QUERY: None})
