"""Two loads into one store at once: it has a release then, or a load has said that it has not."""

from __future__ import annotations

from pathlib import Path

import pytest
from watching import expected, foreign, put_foreign, state

from jhaan_kg.build.cache import open_snapshot
from releases import Installed, two_releases
from stores import STORES, load, secrets

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installed, Installed]:
    return two_releases(open_snapshot(), tmp_path_factory.mktemp("releases"), each=4)


@pytest.mark.parametrize("pair", [(0, 1), (1, 1)], ids=["two releases", "one release"])
@pytest.mark.parametrize("name", STORES)
def test_two_loads_at_once(
    name: str, pair: tuple[int, int], releases: tuple[Installed, Installed], tmp_path: Path
) -> None:
    with STORES[name](tmp_path) as server:
        put_foreign(server)
        others = foreign(server)
        loaders = [releases[which].start(*load(server), **secrets(server)) for which in pair]
        said = [loader.communicate(timeout=600)[1] for loader in loaders]
        codes = [loader.returncode for loader in loaders]
        assert set(codes) <= {0, 1, 3}, said
        assert not any("Traceback" in text for text in said)
        whole = state(server) in [expected(releases[which].graphs) for which in pair]
        assert whole or any(codes), said
        assert foreign(server) == others

        code, _, err = releases[1].run(*load(server), **secrets(server))
        assert code == 0, err
        assert state(server) == expected(releases[1].graphs)
        assert foreign(server) == others
