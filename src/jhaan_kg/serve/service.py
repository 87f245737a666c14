"""The state of the server, and the release that it serves."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Final

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.pages.representation import HttpStatusError
from jhaan_kg.serve.config import Settings
from jhaan_kg.serve.downloads import Downloads
from jhaan_kg.serve.lanes import Lanes, Turns
from jhaan_kg.serve.monitoring import Metrics
from jhaan_kg.serve.worker import Job


class Release:
    """A release that is served, with its workers and files.

    Attributes:
        snapshot: the release.
        lanes: its workers.
        downloads: its files for download.
        uses: the number of open requests that it answers.
    """

    def __init__(self, snapshot: Snapshot, lanes: Lanes) -> None:
        self.snapshot, self.lanes, self.uses = snapshot, lanes, 0
        self._folder: Final = Path(tempfile.mkdtemp(prefix="jhaan-serve-"))
        self._names = count()
        self.downloads = Downloads(snapshot, self._folder)

    def new_file(self) -> Path:
        """Return a path for the file of an answer."""
        return self._folder / f"{next(self._names)}"

    async def find_fault(self) -> str:
        """Return why the release cannot be served; empty if a worker that does nothing else answers a query."""
        file = self.new_file()
        job = Job("sparql", b"query=ASK%7B%7D", "application/json", str(file))
        try:
            await self.lanes.by_name["health"].run(job, 2)
            return ""
        except (TimeoutError, HttpStatusError) as error:
            return getattr(error, "message", "The workers do not answer.")
        finally:
            file.unlink(missing_ok=True)

    def close(self) -> None:
        """End the workers, and delete all files."""
        self.lanes.close()
        shutil.rmtree(self._folder, ignore_errors=True)


async def start_release(snapshot: Snapshot, settings: Settings) -> Release:
    """Start the workers of a release.

    Raises:
        JhaanError: they cannot answer.
    """
    release = Release(snapshot, Lanes(snapshot.path, settings))
    try:
        if fault := await release.find_fault():
            raise JhaanError(fault)
    except BaseException:
        release.close()
        raise
    return release


class Service:
    """The state of a server.

    Attributes:
        settings: the settings of the server.
        release: the release that answers new requests.
        metrics: the metrics for Prometheus.
        turns: the turns of clients.
        is_leaving: whether the server is shutting down.
    """

    def __init__(self, settings: Settings, release: Release) -> None:
        self.settings, self.release = settings, release
        self.metrics, self.turns = Metrics(), Turns(settings.limits.per_client)
        self.is_leaving = False

    @contextmanager
    def use_release(self) -> Iterator[Release]:
        """Yield the release, which lasts until the end of the block, even if another one replaces it."""
        release = self.release
        release.uses += 1
        try:
            yield release
        finally:
            release.uses -= 1
            if not release.uses and release is not self.release:
                release.close()

    async def replace_release(self, snapshot: Snapshot, settings: Settings) -> None:
        """Answer new requests from another release.

        Raises:
            JhaanError: its workers cannot answer.
        """
        release = await start_release(snapshot, settings)
        with self.use_release():  # which closes the former release, unless it has open requests
            self.release = release
