"""The files for download, which `jhaan export` makes once per release."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export.formats import FORMATS
from jhaan_kg.pages.representation import HttpStatusError
from jhaan_kg.pages.resources import DOWNLOADS


class Downloads:
    """The files of a release. One is made at a time, in a process of its own."""

    def __init__(self, snapshot: Snapshot, folder: Path) -> None:
        self._snapshot, self._folder = snapshot, folder
        self._making = asyncio.Lock()

    def media(self, path: str) -> str:
        """Return the media type of a download; empty if the path is not that of one."""
        _, is_below, name = path.partition("downloads/")
        return FORMATS[DOWNLOADS[name]].media_type if is_below and name in DOWNLOADS else ""

    async def find(self, path: str) -> Path:
        """Return the file of a download.

        Raises:
            HttpStatusError: the file cannot be made (503).
        """
        file = self._folder / Path(path).name
        if not file.exists():
            await asyncio.shield(self._make(file))  # the next client needs it, even if this one leaves
        return file

    async def _make(self, file: Path) -> None:
        async with self._making:
            if file.exists():
                return
            command = [
                *(sys.executable, "-m", "jhaan_kg", "export", DOWNLOADS[file.name]),
                *("--snapshot", str(self._snapshot.path), "--output", str(file)),
            ]
            nothing = asyncio.subprocess.DEVNULL
            # Ctrl-C reaches a whole process group, but open requests are answered before the end.
            process = await asyncio.create_subprocess_exec(
                *command, stdin=nothing, stdout=nothing, process_group=0
            )
            if await process.wait():
                raise HttpStatusError(503, "The file cannot be made. Try again later.", {"Retry-After": "60"})
