"""Loads into Oxigraph."""

from __future__ import annotations

from pathlib import Path

import pytest
from load_cases import *  # noqa: F403

from jhaan_kg.errors import ServiceError
from jhaan_kg.stores.load.run import Loading, open_store
from small_graph import NEW, release
from stores import FAST as SERVERS  # noqa: F401 - which load_cases.py is to try


def test_a_store_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"http://127\.0\.0\.1:9/query: it can't be reached"):
        Loading(open_store("http://127.0.0.1:9", "oxigraph", 10), release(tmp_path / "new", NEW)).plan()
