"""A loader or a server that is killed at any moment: no graph of others is harmed, and the next run completes.

A reader asks all the while. What it sees must be what the kind of the store promises (`Kind.seen`).

Each store is killed five times, or as often as JHAAN_KILLS says; `make test-kills` kills each fifty times.
"""

from __future__ import annotations

import os
import random
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
from releases import Installed, two_releases
from stores import IN_MEMORY, STORES, load, secrets
from watching import Graph, Seen, expected, foreign, put_foreign, reader, state

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.stores.kinds import KINDS, OLD_OR_NEW
from servers import Server

pytestmark = pytest.mark.slow

KILLS: Final = int(os.environ.get("JHAAN_KILLS", "5"))


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installed, Installed]:
    return two_releases(open_snapshot(), tmp_path_factory.mktemp("releases"))


def complete(release: Installed, server: Server) -> float:
    """Load a release to the end, and give how many seconds it took."""
    begin = time.monotonic()
    code, out, err = release.run(*load(server), **secrets(server))
    assert (code, out[-2000:], err[-2000:]) == (0, out[-2000:], err[-2000:])
    assert state(server) == expected(release.graphs)
    return time.monotonic() - begin


def check(seen: Seen, kind: str, before: dict[str, Graph], after: dict[str, Graph]) -> None:
    """Make sure that a reader saw what the kind of the store promises."""
    if KINDS[kind].seen == OLD_OR_NEW:
        assert [found for found in seen.states if found not in (before, after)] == []
        assert seen.pairs <= {0}
        return
    for found in seen.states:
        for graph, has in found.items():
            assert has in (before.get(graph), after.get(graph)), graph


@pytest.mark.parametrize("name", STORES)
def test_killed_at_any_moment(name: str, releases: tuple[Installed, Installed], tmp_path: Path) -> None:
    chance = random.Random(name)
    present, coming = releases
    with STORES[name](tmp_path) as server:
        put_foreign(server)
        others = foreign(server)
        complete(coming, server)
        seconds = complete(present, server)
        for number in range(KILLS):
            before, after = expected(present.graphs), expected(coming.graphs)
            kills_server = name != IN_MEMORY and chance.random() < 0.5
            with reader(server) as seen, coming.start(*load(server), **secrets(server)) as loader:
                time.sleep(chance.uniform(0, seconds))
                if kills_server:
                    server.kill()
                else:
                    loader.kill()
                _, err = loader.communicate(timeout=600)
            ...
