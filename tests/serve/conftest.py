"""The application in this process, and real servers, shared by tests that do not change them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from anyio.from_thread import start_blocking_portal
from in_process import Site, site_of
from pyoxigraph import RdfFormat, parse
from report_read import DATA
from serving import Serving, serving
from under_load import small_release, until

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.pages.loaded import Loaded, load
from jhaan_kg.passages import Document, read_document


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server with default options, except a shorter time limit and more simultaneous requests per client."""
    with serving(tmp_path_factory.mktemp("serve"), "--timeout", "5", "--per-client", "50") as running:
        yield running


@pytest.fixture(scope="session")
def tight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server with low limits, which identifies clients by the header X-Forwarded-For."""
    limits = "--timeout 4 --memory 64 --max-answer 3 --workers 2 --per-client 2 --behind-proxy"
    with serving(tmp_path_factory.mktemp("tight"), *limits.split()) as running:
        yield running


@pytest.fixture
def idle(tight: Serving) -> Serving:
    """The server `tight`, once it has nothing to do."""
    until(lambda: tight.busy == 0, "all workers are free")
    return tight


@pytest.fixture(scope="session")
def site(loaded: Loaded) -> Iterator[Site]:
    """A client of the application in this process, without worker processes and time limits."""
    made = site_of(loaded)
    with start_blocking_portal(**made.async_backend) as made.portal:  # one event loop for all requests
        yield made


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A client of an application that serves a small release."""
    return site_of(load(small_release(tmp_path_factory.mktemp("small") / "snapshot", "small")))


@pytest.fixture(scope="session")
def snapshot(loaded: Loaded) -> Snapshot:
    """The snapshot that `site` serves."""
    return loaded.snapshot


@pytest.fixture(scope="session")
def document() -> Document:
    """The tree of passages of the report, from its source file."""
    file = DATA / "reports" / "jhaan-2023" / "document.ttl"
    return read_document(quad.triple for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE))
