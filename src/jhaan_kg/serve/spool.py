"""An answer on its way: filled as quickly as it comes, emptied as slowly as the client takes it.

So a slow client does not keep a worker: it is free once the answer is here.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import Final

from starlette.requests import ClientDisconnect

from jhaan_kg.serve.clients import SHARES, decrease
from jhaan_kg.serve.protocol import HttpStatusError

HELD: Final = 2**20
"""How many bytes are held back, so that a late error has its own status."""

_IN_MEMORY: Final = 2**18
"""How many bytes of an answer are kept in memory; a longer one lies in a temporary file."""

_PIECE: Final = 1 << 16


class BrokenOffError(Exception):
    """An answer ends early; the connection is closed, so that the client notices."""


class Space:
    """The room for long answers in temporary files, of which one client gets a share."""

    def __init__(self, most: int) -> None:
        self._most, self._taken = most, Counter[str]()

    def take(self, client: str, size: int) -> None:
        """Take room for so many bytes.

        Raises:
            HttpStatusError: there is none.
        """
        if self._taken[client] + size > self._most // SHARES:
            raise HttpStatusError(
                429, "Your open answers are too large. Read them before you request more.", _LATER
            )
        if self._taken.total() + size > self._most:
            raise HttpStatusError(503, NO_ROOM, _LATER)
        self._taken[client] += size

    def give_back(self, client: str, size: int) -> None:
        if size:
            decrease(self._taken, client, size)


_LATER: Final = {"Retry-After": "10"}
NO_ROOM: Final = "The server has no space for this answer. Try again in a moment."


class Spool:
    """The bytes of an answer.

    Attributes:
        media: the media type, once it is known.
        headers: others, known at the same time.
        length: how many bytes have come.
        whole: whether all have come.
    """

    def __init__(self, space: Space, client: str) -> None:
        self.media, self.length, self.whole = "", 0, False
        self.headers: dict[str, str] = {}
        self._space, self._client, self._taken = space, client, 0
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self._refusal: HttpStatusError | None = None
        self._is_abandoned = False
        self._more = asyncio.Event()

    def put(self, data: bytes) -> None:
        """Add bytes.

        Raises:
            HttpStatusError: there is no room for them.
            OSError: the disk has none.
        """
        if self.length + len(data) > _IN_MEMORY:
            size = self.length + len(data) - self._taken
            self._space.take(self._client, size)
            self._taken += size
        self._file.seek(self.length)
        self._file.write(data)
        if self._taken:
            self._file.flush()  # a full disk is noticed here
        self.length += len(data)
        self._more.set()

    def end(self) -> None:
        self.whole = True
        self._more.set()

    def fail(self, refusal: HttpStatusError) -> None:
        self._refusal = refusal
        self._more.set()

    def abandon(self) -> None:
        """End it, since nobody takes it any more."""
        self._is_abandoned = True
        self._more.set()

    async def ready(self, held: float = HELD) -> None:
        """Wait until all have come, or more than is held back.

        Args:
            held: how many bytes are held back.

        Raises:
            HttpStatusError: there is no answer.
            ClientDisconnect: nobody takes it any more.
        """
        while not self.whole and self.length <= held:
            await self._wait_for_more()
            if self._refusal is not None:
                raise self._refusal
            if self._is_abandoned:
                raise ClientDisconnect

    async def pieces(self) -> AsyncIterator[tuple[bytes, bool]]:
        """Yield the bytes as they arrive, and with each piece whether it is the last.

        Raises:
            BrokenOffError: the answer ends early.
        """
        given, is_last = 0, False
        while not is_last and not self._is_abandoned:
            if given == self.length and not self.whole:
                if self._refusal is not None:
                    raise BrokenOffError(self._refusal.message)
                await self._wait_for_more()
                continue
            self._file.seek(given)
            piece = self._file.read(_PIECE)
            given += len(piece)
            is_last = self.whole and given == self.length
            yield piece, is_last

    def close(self) -> None:
        with suppress(OSError):  # what a full disk has not taken
            self._file.close()
        self._space.give_back(self._client, self._taken)
        self._taken = 0

    async def _wait_for_more(self) -> None:
        await self._more.wait()
        self._more.clear()
