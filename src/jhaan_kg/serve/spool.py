"""Buffers for answers, so that a slow client does not block a worker.

A worker fills a buffer at full speed, and the server sends it at the speed of the client.
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
"""The number of bytes buffered before sending starts.

An error before that has its own status code.
"""

_IN_MEMORY: Final = 2**18
"""The maximum number of bytes of an answer in memory.

Longer answers are in temporary files.
"""

_PIECE: Final = 1 << 16


class BrokenOffError(Exception):
    """An answer is incomplete; the server closes the connection, so that the client notices."""


class Space:
    """The disk space for long answers in temporary files, with a maximum share for each client."""

    def __init__(self, most: int) -> None:
        self._most, self._taken = most, Counter[str]()

    def take(self, client: str, size: int) -> None:
        """Reserve disk space for a number of bytes.

        Raises:
            HttpStatusError: not enough space is left.
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
    """The buffer of an answer.

    Attributes:
        media: the media type; empty until the worker sends it.
        headers: other headers; empty until the worker sends them.
        length: the number of bytes received so far.
        whole: whether the answer is complete.
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
            HttpStatusError: not enough disk space is left.
            OSError: the disk is full.
        """
        if self.length + len(data) > _IN_MEMORY:
            size = self.length + len(data) - self._taken
            self._space.take(self._client, size)
            self._taken += size
        self._file.seek(self.length)
        self._file.write(data)
        if self._taken:
            self._file.flush()  # raises OSError now if the disk is full
        self.length += len(data)
        self._more.set()

    def end(self) -> None:
        self.whole = True
        self._more.set()

    def fail(self, refusal: HttpStatusError) -> None:
        self._refusal = refusal
        self._more.set()

    def abandon(self) -> None:
        """Cancel the answer, because the client has disconnected."""
        self._is_abandoned = True
        self._more.set()

    async def ready(self, held: float = HELD) -> None:
        """Wait until the answer is complete, or longer than a number of bytes.

        Args:
            held: the number of bytes to buffer before sending starts.

        Raises:
            HttpStatusError: the answer failed.
            ClientDisconnect: the client has disconnected.
        """
        while not self.whole and self.length <= held:
            await self._wait_for_more()
            if self._refusal is not None:
                raise self._refusal
            if self._is_abandoned:
                raise ClientDisconnect

    async def pieces(self) -> AsyncIterator[tuple[bytes, bool]]:
        """Yield the pieces of the answer as they arrive, each with whether it is the last.

        Raises:
            BrokenOffError: the answer ends too early.
        """
        sent, is_last = 0, False
        while not is_last and not self._is_abandoned:
            if sent == self.length and not self.whole:
                if self._refusal is not None:
                    raise BrokenOffError(self._refusal.message)
                await self._wait_for_more()
                continue
            self._file.seek(sent)
            piece = self._file.read(_PIECE)
            sent += len(piece)
            is_last = self.whole and sent == self.length
            yield piece, is_last

    def close(self) -> None:
        with suppress(OSError):  # closing fails if unwritten data do not fit on the disk
            self._file.close()
        self._space.give_back(self._client, self._taken)
        self._taken = 0

    async def _wait_for_more(self) -> None:
        await self._more.wait()
        self._more.clear()
