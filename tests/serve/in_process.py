"""The server's application without sockets and processes: what its addresses answer, from a graph in memory.

What processes are for (deadlines, limits of memory, fairness, faults of the engine) is tried on real servers.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

from starlette.testclient import TestClient

from jhaan_kg.serve.app import application
from jhaan_kg.serve.described import Described
from jhaan_kg.serve.description import service
from jhaan_kg.serve.formats import GRAPHS, write_graph
from jhaan_kg.serve.frames import What
from jhaan_kg.serve.limits import Limits
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.pool import Pool
from jhaan_kg.serve.refusal import RefusalError
from jhaan_kg.serve.service import Service, Serving
from jhaan_kg.serve.spool import Spool
from jhaan_kg.serve.worker import Out, answer

ADDRESS = "http://testserver"


def client_for(loaded: Loaded, **limits: Any) -> TestClient:
    """Return a client of an application that serves a graph."""
    state = Service(Limits(**limits), ADDRESS, behind_proxy=False, log_queries=False)
    state._served = Serving(cast(Pool, _Pool(loaded, state.limits)), cast(Described, _Described(loaded)))
    return TestClient(application(state), ADDRESS, raise_server_exceptions=False, follow_redirects=False)


class _Pool:
    """Answers in this process what a pool's workers would."""

    running = waiting = idle = 0

    def __init__(self, loaded: Loaded, limits: Limits) -> None:
        self._loaded, self._limits = loaded, limits
        self.snapshot, self.release, self.gone = loaded.snapshot, loaded.snapshot.key, asyncio.Event()

    async def answer(self, job: dict[str, Any], spool: Spool) -> None:
        out = _Out(spool, self._limits.size)
        answer(job, out, self._loaded, self._limits)
        if out.refusal:
            spool.fail(RefusalError(out.refusal["status"], out.refusal["message"]))
        else:
            spool.end()


class _Out(Out):
    """Puts an answer into the spool from which the client gets it."""

    def __init__(self, spool: Spool, most: int) -> None:
        super().__init__(cast(Any, None), most)
        self._spool = spool

    def send(self, _what: What, body: bytes | dict[str, Any]) -> None:
        if isinstance(body, dict):
            self._spool.media, self._spool.headers = body["media"], body.get("headers", {})
        else:
            self._spool.put(body)


class _Described:
    """The service description, made anew for each request."""

    def __init__(self, loaded: Loaded) -> None:
        self._graphs = loaded.snapshot.graphs

    async def service(self, media: str) -> bytes:
        from io import BytesIO

        out = BytesIO()
        write_graph(service(f"{ADDRESS}/sparql", self._graphs), GRAPHS[media], out)
        return out.getvalue()
