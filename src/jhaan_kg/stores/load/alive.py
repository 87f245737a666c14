"""Keeping a transaction of RDF4J's protocol alive: its server gives up one of which it hears nothing for a minute."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from jhaan_kg.errors import JhaanError
from jhaan_kg.stores.load.session import Session
from jhaan_kg.web.request import HttpRequest

SHORTEST: Final = 0.5
"""How many seconds pass at least between two signs of life."""

LONGEST: Final = 20.0
"""How many seconds pass at most: a third of what RDF4J's server waits (`rdf4j.server.txn.registry.timeout`)."""


@contextmanager
def kept_alive(session: Session, call: HttpRequest) -> Iterator[None]:
    """Give a sign of life again and again, beside what else is sent; that one fails is no matter.

    A large graph on a slow machine takes longer than the server waits, and only other requests tell it that somebody is
    still there.

    Args:
        session: with the store.
        call: the sign of life; its answer says how many milliseconds the server waits for the next.
    """
    ended = threading.Event()

    def give() -> None:
        pause = SHORTEST
        while not ended.wait(pause):
            pause = LONGEST
            with suppress(JhaanError, ValueError), session.send(call) as reply:
                pause = min(LONGEST, max(SHORTEST, int(reply.read(100)) / 3000))

    thread = threading.Thread(target=give, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
