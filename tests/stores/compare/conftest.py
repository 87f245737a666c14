"""A release of the meetings, and stores that contain it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import pytest
import requests
from comparing import Serving, compared, moody
from meetings_release import FEW, all_quads, release_of
from pyoxigraph import Quad

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.stores.compare import questions
from jhaan_kg.stores.compare.questions import Comparison
from servers import Server
from stores import cleared


@pytest.fixture(scope="session")
def quads() -> list[Quad]:
    """The graph of the meetings, with values that stores write differently."""
    return all_quads()


@pytest.fixture(scope="session")
def snapshot(quads: list[Quad], tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A release of the quads."""
    return release_of(quads, tmp_path_factory.mktemp("meetings") / "snapshot")


@pytest.fixture(scope="session")
def few(quads: list[Quad], tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A release of the quads with only three questions."""
    return release_of(quads, tmp_path_factory.mktemp("few") / "snapshot", FEW)


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Use a separate cache for the stores of this release, and answer each question only once."""
    monkeypatch.setenv("JHAAN_CACHE", str(tmp_path_factory.getbasetemp() / "cache-of-comparing"))
    monkeypatch.setattr(questions, "QUICK", -1)


@pytest.fixture
def serve(start: Callable[[str], Server]) -> Serving:
    """Function that serves quads, and returns the address of the endpoint."""

    @contextmanager
    def serving(quads: Iterable[Quad], *, union: bool = True) -> Iterator[str]:
        server = cleared(start("oxigraph-union" if union else "oxigraph"))
        lines = "".join(f"{quad} .\n" for quad in quads).encode()
        headers = {"Content-Type": "application/n-quads"}
        requests.post(f"{server.url}/store", lines, headers=headers, timeout=60).raise_for_status()
        yield server.query

    return serving


@pytest.fixture
def compare_few(serve: Serving, few: Snapshot) -> Callable[..., Comparison]:
    """Function that compares the release of three questions with a store of quads, which may have faults."""

    def comparing(quads: Iterable[Quad], *, union: bool = True, mood: str = "") -> Comparison:
        with serve(quads, union=union) as url, moody(url, mood) as address:
            return compared(few, address)

    return comparing
