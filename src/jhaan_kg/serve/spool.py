"""An answer on its way: filled as quickly as it comes, emptied as slowly as the client takes it.

So a slow client does not keep a worker: it is free once the answer is here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile
from typing import Final

from jhaan_kg.serve.protocol import HttpStatusError

HELD: Final = 2**20
"""How many bytes are held back, so that a late error has its own status; as many are kept in memory."""

_PIECE: Final = 1 << 16


class BrokenOffError(Exception):
    """An answer ends early; the connection is closed, so that the client notices."""


class Spool:
    """The bytes of an answer.

    Attributes:
        media: the media type, once it is known.
        headers: others, known at the same time.
        length: how many bytes have come.
        whole: whether all have come.
    """

    def __init__(self) -> None:
        self.media, self.length, self.whole = "", 0, False
        self.headers: dict[str, str] = {}
        self._file = SpooledTemporaryFile(max_size=HELD)  # noqa: SIM115 - closed by `close`
        self._refusal: HttpStatusError | None = None
        self._more = asyncio.Event()

    def put(self, data: bytes) -> None:
        self._file.seek(self.length)
        self._file.write(data)
        self.length += len(data)
        self._more.set()

    def end(self) -> None:
        self.whole = True
        self._more.set()

    def fail(self, refusal: HttpStatusError) -> None:
        self._refusal = refusal
        self._more.set()

    async def ready(self, held: float = HELD) -> None:
        """Wait until all have come, or more than is held back.

        Args:
            held: how many bytes are held back.

        Raises:
            HttpStatusError: there is no answer.
        """
        while not self.whole and self.length <= held:
            await self._wait_for_more()
            if self._refusal is not None:
                raise self._refusal

    async def pieces(self) -> AsyncIterator[tuple[bytes, bool]]:
        """Yield the bytes as they arrive, and with each piece whether it is the last.

        Raises:
            BrokenOffError: the answer ends early.
        """
        given, is_last = 0, False
        while not is_last:
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
        self._file.close()

    async def _wait_for_more(self) -> None:
        await self._more.wait()
        self._more.clear()
