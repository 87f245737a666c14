"""The server's application without sockets and processes, with answers from a graph in memory.

The functions of processes (deadlines, memory limits, fairness, faults of the engine) are tested on real servers.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast

from starlette.testclient import TestClient

from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.pages.templates import REPORTS
from jhaan_kg.serve import worker
from jhaan_kg.serve.app import application
from jhaan_kg.serve.config import Limits, Settings
from jhaan_kg.serve.lanes import Lanes
from jhaan_kg.serve.service import Release, Service

if TYPE_CHECKING:
    from httpx import Response

ADDRESS: Final = "http://testserver"
JSON: Final = "application/sparql-results+json"
BROWSER: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
"""The header Accept of browsers."""


class Site(TestClient):
    """A client of the application, which caches pages, since they do not change."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._pages: dict[str, str] = {}

    def fetch(self, path: str, accept: str = "*/*", **parameters: Any) -> Response:
        """Return the response for a path, whatever its status."""
        return self.get(path, params=parameters or None, headers={"Accept": accept})

    def ask(self, query: str, accept: str = JSON, **parameters: Any) -> Response:
        """Return the answer to a query, with other parameters of the protocol."""
        return self.fetch("/sparql", accept, query=query, **parameters)

    def page(self, path: str, **parameters: Any) -> str:
        """Return a page as browsers get it."""
        key = f"{path} {parameters}"
        if key not in self._pages:
            reply = self.fetch(path, BROWSER, **parameters)
            assert reply.status_code == 200, reply.text
            assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
            self._pages[key] = reply.text
        return self._pages[key]


def site_of(
    loaded: Loaded, address: str = ADDRESS, *, behind_proxy: bool = False, errors: str = "", **limits: Any
) -> Site:
    """Return a client of an application that serves a graph.

    Args:
        loaded: the graph.
        address: the public address of the application.
        behind_proxy: whether a proxy identifies the client by a header.
        errors: the address for reports on errors.
        limits: the values of `Limits` that are not the default.
    """
    worker.warm_up()
    settings = Settings(Limits(**limits), address, errors, behind_proxy=behind_proxy)
    service = Service(settings, Release(loaded.snapshot, cast(Lanes, _Lanes(loaded, settings))))
    return Site(application(service), ADDRESS, raise_server_exceptions=False, follow_redirects=False)


class _Lanes:
    """Stand-in for the workers, which answers in this process."""

    def __init__(self, loaded: Loaded, settings: Settings) -> None:
        self._loaded, self._settings = loaded, settings
        lane = SimpleNamespace(workers=1, busy=0, waiting=0, run=self._run)
        self.by_name = {"health": lane, "pages": lane}

    async def run(self, job: worker.Job, _client: str, *, is_query: bool) -> worker.Reply:  # noqa: ARG002
        return await self._run(job, 0)

    async def _run(self, job: worker.Job, _patience: float) -> worker.Reply:
        worker._settings, worker._loaded = self._settings, self._loaded
        REPORTS.set(self._loaded.titles)
        return worker.answer(job)
