"""A browser and a server for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from serving import Serving, serving

import programs

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium; it ends with the tests of this folder, since others want an event loop of their own."""
    # every run of the suite reads this file, and Playwright takes long to import
    from browser.window import chromium

    with chromium(programs.program("chromium", "chromium")) as started:
        yield started


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server as it is by itself, but with more time for a query, and for more requests of one client at once."""
    with serving(tmp_path_factory.mktemp("browser"), "--timeout", "60", "--per-client", "50") as running:
        yield running


@pytest.fixture(scope="session")
def axe() -> Path:
    """The script axe-core, which finds what people with disabilities can't use; `make tools` brings it."""
    return programs.tool("node", "node") / "node_modules" / "axe-core" / "axe.min.js"
