"""Loaders and servers that are killed at any moment, and two loads at once: a sample; see `kill_cases`."""

from __future__ import annotations

from pathlib import Path

import pytest
from kill_cases import see_killed, see_two_loads

from releases import Installed, two_installed
from servers import Server
from stores import CI, FAST

SERVERS = FAST + CI


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
