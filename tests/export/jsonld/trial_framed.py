"""PyLD frames all documents of the real graph as we do."""

from __future__ import annotations

import pytest

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export.jsonld.frame import frame_names
from jsonld_judged import comparable, expanded, flat, framed_by_pyld, framed_document


@pytest.mark.parametrize("name", frame_names())
def test_pyld_frames_the_same_document(name: str) -> None:
    assert comparable(framed_document(name)["@graph"]) == framed_by_pyld(
        expanded(flat(open_snapshot())), name
    )
