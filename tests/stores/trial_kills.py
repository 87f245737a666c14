"""Loaders and servers killed fifty times, and two loads at once; see `slow_kills.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from releases import Installed, two_installed
from slow_kills import see_killed, see_two_loads

from stores import PROMISING, STORES

KILLS: Final = 50


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installed, Installed]:
    return two_installed(tmp_path_factory.mktemp("releases"), each=4)  # 26 graphs, 10,000 triples


@pytest.mark.parametrize("name", PROMISING)
def test_killed_at_any_moment(name: str, releases: tuple[Installed, Installed], tmp_path: Path) -> None:
    see_killed(name, releases, tmp_path, KILLS)


@pytest.mark.parametrize("pair", [(0, 1), (1, 1)], ids=["two releases", "one release"])
@pytest.mark.parametrize("name", PROMISING)
def test_two_loads_at_once(
    name: str, pair: tuple[int, int], releases: tuple[Installed, Installed], tmp_path: Path
) -> None:
    with STORES[name](tmp_path) as server:
        see_two_loads(server, (releases[pair[0]], releases[pair[1]]), releases[1])
