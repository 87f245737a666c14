"""The small graph with the answer layer, of which networks are made."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from meetings_graph import Builder
from pyoxigraph import Triple

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.namespaces import GRAPH


def attendance() -> dict[str, list[Triple]]:
    """Return what the answer layer states of the meetings, with its premises."""
    layer = Builder()
    for agency in ("alba", "brig"):
        premises = [
            f"part:named jhaan:participant agency:{agency} .",
            "part:named jhaan:inEvent event2023:spring .",
        ]
        for relation in ("namedAt", "tookPartIn"):
            layer.derive(
                "derived/jhaan-2023", f"agency:{agency} jhaan:{relation} event2023:spring .", *premises
            )
    for agency in ("alba", "brig", "cone-x"):
        layer.derive(
            "derived/curation/jhaan-2023",
            f"agency:{agency} jhaan:tookPartIn event2023:autumn .",
            "part:group jhaan:inEvent event2023:autumn .",
            f"reading:all-agencies jhaan:readAs agency:{agency} .",
        )
    found: dict[str, list[Triple]] = {}
    for quad in layer.finish():
        found.setdefault(str(quad.graph_name).strip("<>").removeprefix(GRAPH), []).append(quad.triple)
    return found


@pytest.fixture(scope="module")
def world(make: Callable[..., Snapshot]) -> Snapshot:
    """The small graph, with the answer layer."""
    return make(attendance())
