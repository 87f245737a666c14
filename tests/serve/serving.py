"""A server for tests, which can be started on a free port, queried, signalled and ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

STOP_SECONDS = 60


class Serving:
    """A running server.

    Attributes:
        url: its address.
        process: its main process, which leads a separate process group.
    """

    def __init__(self, url: str, process: subprocess.Popen[str], log: Path) -> None:
        self.url, self.process, self._log = url, process, log

    @property
    def sparql(self) -> str:
        """The address of the endpoint."""
        return f"{self.url}/sparql"

    @property
    def log(self) -> str:
        """The output of the server on standard error."""
        return self._log.read_text()

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The lines of its access log."""
        return [json.loads(line) for line in self.log.splitlines() if line.startswith("{")]

    def ask(
        self, query: str, accept: str = "application/sparql-results+json", **options: Any
    ) -> requests.Response:
        """Send a query as a form."""
        headers = {"Accept": accept, **options.pop("headers", {})}
        seconds = options.pop("timeout", 60)
        return requests.post(self.sparql, data={"query": query}, headers=headers, timeout=seconds, **options)

    def metric(self, name: str) -> float:
        """Return the value of a metric, by its name with labels."""
        lines = requests.get(f"{self.url}/metrics", timeout=60).text.splitlines()
        return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name} ")), 0.0)

    @property
    def busy(self) -> float:
        """The number of workers that answer a SPARQL query."""
        return self.workers("quick", "busy") + self.workers("long", "busy")

    def workers(self, lane: str, state: str) -> float:
        """Return the number of workers of a lane that are `busy` or `idle`."""
        return self.metric(f'jhaan_workers{{lane="{lane}",state="{state}"}}')

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the main process only."""
        os.kill(self.process.pid, number)

    def wait(self) -> int:
        """Wait for the end of the server, and return its exit code."""
        return self.process.wait(STOP_SECONDS)


@contextmanager
def serving(
    folder: Path,
    *options: str,
    environment: Mapping[str, str] | None = None,
    port: int = 0,
    program: Sequence[str | Path] = (sys.executable, "-m", "jhaan_kg"),
) -> Iterator[Serving]:
    """Start a server, wait for its address, and end it afterwards.

    Args:
        folder: the folder of its log.
        options: options of `jhaan serve`.
        environment: more environment variables.
        port: the port; 0 for any free one.
        program: the command `jhaan` to run.
    """
    log = folder / "serve.log"
    command = [*program, "serve", "--port", str(port), *options]
    with (
        log.open("w") as file,
        subprocess.Popen(
            command,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
            start_new_session=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert url, f"it has ended with {process.wait(STOP_SECONDS)}:\n{log.read_text()}"
            yield Serving(url, process, log)
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    raise
