from __future__ import annotations

import pytest
from pyoxigraph import Quad, Triple

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot


@pytest.fixture(scope="session")
def snapshot() -> Snapshot:
    return open_snapshot()


@pytest.fixture(scope="session")
def dataset(snapshot: Snapshot) -> frozenset[Quad]:
    """All that a snapshot holds, with its evidence."""
    return frozenset(snapshot.quads(evidence=True, context=True))


@pytest.fixture(scope="session")
def flat(snapshot: Snapshot) -> frozenset[Triple]:
    """The flat graph without evidence."""
    return frozenset(quad.triple for quad in snapshot.quads(evidence=False, context=True))
