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
    """Chromium, closed after the tests of this folder, since other tests need their own event loop."""
    # Playwright is imported only here, since its import is slow and every test run loads this file.
    from browser.window import chromium

    with chromium(programs.program("chromium", "chromium")) as started:
        yield started


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server with default options, except a longer time limit and more simultaneous requests per client."""
    with serving(tmp_path_factory.mktemp("browser"), "--timeout", "60", "--per-client", "50") as running:
        yield running


@pytest.fixture(scope="session")
def axe() -> Path:
    """The accessibility checker axe-core, which `make tools` installs."""
    return programs.tool("node", "node") / "node_modules" / "axe-core" / "axe.min.js"
