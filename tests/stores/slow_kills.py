"""Loaders and servers that are killed at any moment, and two loads at once: no graph of others is harmed.

The next run completes.

A reader asks all the while. What it sees must be what the kind of the store promises (`StoreKind.meanwhile`).

A sample of the stores sees two kills each; `trial_kills.py` has all of them and more kills.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest
from releases import Installed, two_installed
from watching import Graph, Seen, expected, foreign, put_foreign, reader, state

from jhaan_kg.stores.kinds import KINDS
from servers import Server
from stores import CI, FAST, IN_MEMORY, STORES, load

SERVERS = FAST + CI
State = Mapping[str, Graph]


def of_neither(found: State, old: State, new: State) -> dict[str, tuple[Graph | None, ...]]:
    """Return the graphs that are in neither state: what they had, and what they have before and after the load."""
    return {
        graph: states
        for graph in sorted(found.keys() | old.keys() | new.keys())
        if (states := (found.get(graph), old.get(graph), new.get(graph)))[0] not in states[1:]
    }


def old_or_new(found: State, old: State, new: State) -> bool:
    return found in (old, new)


def some_in_part(found: State, old: State, new: State) -> bool:
    """Tell whether there is no graph but those of the releases, and none has more than it has in both together."""
    graphs = of_neither(found, old, new).items()
    return found.keys() <= old.keys() | new.keys() and all(
        had is None or had[0] <= sum(one[0] for one in ends if one) for _, (had, *ends) in graphs
    )


PROMISED: Final[dict[str, Callable[[State, State, State], bool]]] = {
    "the old release or the new one": old_or_new,
    "for a moment some graphs in their old state, some in their new one, and some in part": some_in_part,
}
"""What a reader may see, by the words in which the documentation says it."""


def complete(release: Installed, server: Server) -> float:
    """Load a release to the end, and return how many seconds it took."""
    begin = time.monotonic()
    code, out, err = release.run(*load(server), **server.secrets)
    assert code == 0, (out[-1000:], err[-1000:], server.log[-1000:])
    assert state(server) == expected(release.graphs)
    return time.monotonic() - begin


def unpromised(server: Server, seen: Seen, old: State, new: State) -> list[object]:
    """Return what a reader saw that it was not to see: of each state how many graphs it had, and those of neither."""
    promise = PROMISED[KINDS[server.kind].meanwhile]
    if promise is old_or_new:
        assert seen.pairs <= {0}
    return [
        (len(found), of_neither(found, old, new)) for found in seen.states if not promise(found, old, new)
    ]


def see_killed(name: str, releases: tuple[Installed, Installed], folder: Path, kills: int) -> None:
    """Load one release over the other, first undisturbed and then with kills, while a reader looks on."""
    chance = random.Random(name)
    coming, present = releases
    with STORES[name](folder) as server:
        put_foreign(server)
        others = foreign(server)
        old: State = {}
        for release in (coming, present):
            new = expected(release.graphs)
            with reader(server) as seen:
                seconds = complete(release, server)
            assert seen.states
            assert unpromised(server, seen, old, new) == []
            old = new
        for _ in range(kills):
            old, new = expected(present.graphs), expected(coming.graphs)
            kills_server = name != IN_MEMORY and chance.random() < 0.5
            with reader(server) as seen, coming.start(*load(server), **server.secrets) as loader:
                time.sleep(chance.uniform(0, seconds))
                if kills_server:
                    server.kill()
                else:
                    loader.kill()
                _, err = loader.communicate(timeout=600)
            if kills_server:
                assert loader.returncode in (0, 3), err
                server.start()
            left = state(server)
            seen.states.append(left)
            assert unpromised(server, seen, old, new) == []
            # what a reader sees while graphs are written may be more
            assert len(of_neither(left, old, new)) <= 1
            assert foreign(server) == others
            complete(coming, server)
            assert foreign(server) == others
            coming, present = present, coming


def see_two_loads(server: Server, pair: tuple[Installed, Installed], last: Installed) -> None:
    """Load two releases, or one twice, at once, and then the last one."""
    put_foreign(server)
    others = foreign(server)
    loaders = [release.start(*load(server), **server.secrets) for release in pair]
    said = [loader.communicate(timeout=600)[1] for loader in loaders]
    codes = [loader.returncode for loader in loaders]
    assert set(codes) <= {0, 1, 3}, said
    assert not any("Traceback" in text for text in said)
    whole = state(server) in [expected(release.graphs) for release in pair]
    assert whole or any(codes), said
    assert foreign(server) == others
    complete(last, server)
    assert foreign(server) == others


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installed, Installed]:
    return two_installed(tmp_path_factory.mktemp("releases"), each=8)


@pytest.mark.parametrize("name", ["oxigraph", "virtuoso", "rdf4j"])
def test_killed_at_any_moment(name: str, releases: tuple[Installed, Installed], tmp_path: Path) -> None:
    """One store for each way to write."""
    see_killed(name, releases, tmp_path, kills=2)


def test_two_loads_at_once(server: Server, releases: tuple[Installed, Installed]) -> None:
    """It has a release then, or a load has said that it has not."""
    see_two_loads(server, releases, releases[1])
