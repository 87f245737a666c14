"""The small graph as a snapshot, and readers of its exports."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Triple

import readers
import small_graph
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot

Make = Callable[..., Snapshot]


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Function that writes the small graph, with more triples, as a snapshot with the real questions."""
    real = open_snapshot()
    catalogue = json.loads(real.catalogue_path.read_bytes())

    def made(more: Mapping[str, list[Triple]] | None = None) -> Snapshot:
        folder = tmp_path_factory.mktemp("small") / "snapshot"
        graphs: Mapping[NamedNode, Any] = small_graph.graphs(more)
        return small_graph.snapshot(folder, graphs, catalogue, real.inputs)._replace(root=real.root)

    return made


@pytest.fixture(scope="session")
def world(make: Make) -> Snapshot:
    """The small graph."""
    return make()


@pytest.fixture(scope="session")
def small(make: Make) -> Snapshot:
    """The small graph, with values that are hard to write."""
    return make({"report/jhaan-2023/7": small_graph.hard(controls=True)})


@pytest.fixture(scope="session")
def small_for_xml(make: Make) -> Snapshot:
    """The small graph, with those values that are hard to write and that XML can contain."""
    return make({"report/jhaan-2023/7": small_graph.hard(controls=False)})


@pytest.fixture(scope="module")
def stored_world(world: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """The small graph, with a separate cache, so that its stores do not replace those of the real graph."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JHAAN_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield world


@pytest.fixture
def reader(request: pytest.FixtureRequest, tmp_path: Path) -> readers.Reader:
    """Function that reads documents with the program that the test names."""

    def needs(name: str) -> Any:
        return request.getfixturevalue(name)

    programs: dict[str, Callable[[], readers.Reader]] = {
        "pyoxigraph": lambda: readers.by_pyoxigraph,
        "rdflib": lambda: readers.by_rdflib,
        "PyLD": lambda: readers.by_pyld,
        "serd": lambda: readers.by_serd(needs("serdi"), tmp_path),
        "Jena": lambda: readers.by_jena(needs("riot"), tmp_path),
        "N3.js": lambda: readers.by_n3(needs("node"), tmp_path),
        "jsonld.js": lambda: readers.by_jsonld_js(needs("node"), tmp_path),
    }
    return programs[request.param]()
