"""The server's application without sockets and processes, with answers from a graph in memory.

The functions of processes (deadlines, memory limits, fairness, faults of the engine) are tested on real servers.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast

from starlette.testclient import TestClient

from jhaan_kg.serve.app import application
from jhaan_kg.serve.config import BODY, HEAD, Limits
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.pool import Pool
from jhaan_kg.serve.protocol import HttpStatusError
from jhaan_kg.serve.service import Service, Serving
from jhaan_kg.serve.spool import Spool
from jhaan_kg.serve.worker import Out, answer

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
    state = Service(Limits(**limits), address, behind_proxy=behind_proxy, log_queries=False, errors=errors)
    state._served = Serving(cast(Pool, _Pool(loaded, state.limits)), loaded.titles)
    return Site(application(state), ADDRESS, raise_server_exceptions=False, follow_redirects=False)


class _Pool:
    """Stand-in for a pool of workers, which answers in this process."""

    is_able, lanes = True, MappingProxyType({"sparql": (1, 0, 0), "pages": (1, 0, 0)})

    def __init__(self, loaded: Loaded, limits: Limits) -> None:
        self._loaded, self._limits = loaded, limits
        self.snapshot, self.release = loaded.snapshot, loaded.snapshot.key

    async def answer(self, job: dict[str, Any], spool: Spool, _client: str, _lane: str) -> None:
        refusals = []

        def receive(part: bytes) -> None:
            kind, body = part[:1], part[1:]
            if kind == BODY:
                spool.put(body)
            elif kind == HEAD:
                head = json.loads(body)
                spool.media, spool.headers = head["media"], head["headers"]
            else:
                refusal = json.loads(body)
                refusals.append(HttpStatusError(refusal["status"], refusal["message"]))

        answer(job, Out(receive, self._limits.size), self._loaded)
        if refusals:
            spool.fail(refusals[0])
        else:
            spool.end()
