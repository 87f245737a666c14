"""Metrics for Prometheus, and the access log, whose lines are JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from queue import SimpleQueue
from threading import Thread
from time import sleep
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from jhaan_kg.serve.lanes import Lane

disable_created_metrics()  # type: ignore[no-untyped-call]  # omits the time when each counter was created

METRICS_MEDIA: Final = CONTENT_TYPE_LATEST
_SECONDS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_LOG_SECONDS: Final = 0.05
"""How long lines of the log are collected: to wake the thread for each one would cost a tenth of all requests."""

_MOST_LINES: Final = 10_000
"""The number of lines of the log that may wait; if nobody reads them, further ones are dropped."""

_lines: Final = SimpleQueue[str]()
_LAST: Final = ""


class Metrics:
    """The metrics of a server.

    Attributes:
        requests: requests, by route and status code.
        seconds: the time of requests until the last byte in seconds, by route.
        sent: the number of bytes of answers.
    """

    def __init__(self) -> None:
        self._registry = own = CollectorRegistry()
        self.requests = Counter("jhaan_requests", "Requests.", ["place", "status"], registry=own)
        self.seconds = Histogram(
            "jhaan_request_seconds", "Seconds to the last byte.", ["place"], buckets=_SECONDS, registry=own
        )
        self.sent = Counter("jhaan_sent_bytes", "Bytes of answers.", registry=own)
        self._workers = Gauge("jhaan_workers", "Workers, by lane and state.", ["lane", "state"], registry=own)
        self._waiting = Gauge("jhaan_requests_waiting", "Requests that wait.", ["lane"], registry=own)
        self._release = Gauge("jhaan_release", "The release that is served, always 1.", ["key"], registry=own)
        ProcessCollector(registry=own)

    def text(self, release: str, lanes: Mapping[str, Lane]) -> bytes:
        """Return all metrics.

        Args:
            release: the checksum of the release.
            lanes: the pools of workers by name.
        """
        for name, lane in lanes.items():
            self._workers.labels(name, "idle").set(lane.workers - lane.busy)
            self._workers.labels(name, "busy").set(lane.busy)
            self._waiting.labels(name).set(lane.waiting)
        self._release.clear()  # the former release
        self._release.labels(release).set(1)
        return generate_latest(self._registry)


def write_log(**values: str | float | None) -> None:
    """Write a line of the log, which is JSON, without values that are None."""
    given = {name: value for name, value in values.items() if value is not None}
    line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **given}
    if _lines.qsize() < _MOST_LINES:
        _lines.put(json.dumps(line) + "\n")


@contextmanager
def log_in_thread() -> Iterator[None]:
    """Write the log in a thread within this context, so that a slow reader of it never blocks the server."""

    def write() -> None:
        for line in iter(_lines.get, _LAST):
            with suppress(OSError):
                sys.stderr.write(line)
            if _lines.empty():
                sleep(_LOG_SECONDS)

    writing = Thread(target=write, daemon=True)
    writing.start()
    try:
        yield
    finally:
        _lines.put(_LAST)
        writing.join(1)
