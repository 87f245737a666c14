"""Metrics for Prometheus, and the access log.

See https://prometheus.io/docs/instrumenting/exposition_formats/.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter as Counts
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from queue import Full, Queue
from threading import Thread
from time import monotonic
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

disable_created_metrics()  # type: ignore[no-untyped-call]  # omits the time when each counter was created

METRICS_MEDIA: Final = CONTENT_TYPE_LATEST
_SECONDS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The metrics of one server.

    Attributes:
        requests: requests, by route and status code.
        seconds: the time of requests until the last byte, in seconds, by route.
        sent: the number of bytes of answers.
        broken_off: interrupted answers.
        refused: rejected connections and requests, by reason.
        ended: workers that were ended, by reason.
        releases: the number of replacements of the release.
    """

    def __init__(self) -> None:
        self._registry = own = CollectorRegistry()
        self.requests = Counter("jhaan_requests", "Requests.", ["place", "status"], registry=own)
        self.seconds = Histogram(
            "jhaan_request_seconds", "Seconds to the last byte.", ["place"], buckets=_SECONDS, registry=own
        )
        self.sent = Counter("jhaan_sent_bytes", "Bytes of answers.", registry=own)
        self.broken_off = Counter("jhaan_broken_off", "Answers that broke off.", registry=own)
        self.refused = Counter(
            "jhaan_refused", "Rejected connections and requests, by reason.", ["reason"], registry=own
        )
        self.ended = Counter(
            "jhaan_workers_ended", "Workers that were ended, and why.", ["reason"], registry=own
        )
        self.releases = Counter(
            "jhaan_releases_replaced", "How often the release was replaced.", registry=own
        )
        self._workers = Gauge(
            "jhaan_workers", "Processes that answer, by what they do.", ["lane", "state"], registry=own
        )
        self._waiting = Gauge(
            "jhaan_requests_waiting", "Requests that wait for a worker.", ["lane"], registry=own
        )
        self._release = Gauge("jhaan_release", "The release that is served, always 1.", ["key"], registry=own)
        ProcessCollector(registry=own)

    def text(self, release: str, lanes: Mapping[str, tuple[int, int, int]]) -> bytes:
        """Return all metrics.

        Args:
            release: the checksum of the current release.
            lanes: the numbers of idle and busy workers and of waiting requests in each lane.
        """
        for lane, (idle, busy, waiting) in lanes.items():
            self._workers.labels(lane, "idle").set(idle)
            self._workers.labels(lane, "busy").set(busy)
            self._waiting.labels(lane).set(waiting)
        self._release.clear()
        self._release.labels(release).set(1)
        return generate_latest(self._registry)


class Refusals:
    """Counter of rejections, which logs them once a second for each reason."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics, self._logged, self._unlogged = metrics, dict[str, float](), Counts[str]()

    def count(self, reason: str, client: str) -> None:
        self._metrics.refused.labels(reason).inc()
        self._unlogged[reason] += 1
        if monotonic() - self._logged.get(reason, -1) >= 1:
            self._logged[reason] = monotonic()
            write_log(event="refused", reason=reason, client=client, count=self._unlogged.pop(reason))


def write_log(**values: str | float | None) -> None:
    """Write one line of JSON, without values that are None."""
    line = _line(**{name: value for name, value in values.items() if value is not None})
    if _threads:
        _threads[-1].put(line)
        return
    with suppress(OSError):  # a full disk must not stop the server
        sys.stderr.write(line)
        sys.stderr.flush()


def _line(**values: str | float) -> str:
    return json.dumps({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **values}) + "\n"


@contextmanager
def log_in_thread() -> Iterator[None]:
    """Write the log in a thread within this context.

    A slow log reader then never blocks the server.
    """
    thread = _LogThread()
    _threads.append(thread)
    thread.start()
    try:
        yield
    finally:
        _threads.remove(thread)
        thread.end()


_MOST_LINES: Final = 10_000
"""The maximum number of log lines that wait to be written.

Further lines are dropped and counted.
"""


class _LogThread(Thread):
    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._lines: Queue[str | None] = Queue(_MOST_LINES)
        self._lost = 0

    def put(self, line: str) -> None:
        try:
            if self._lost:
                self._lines.put_nowait(_line(event="lines of the log were dropped", count=self._lost))
                self._lost = 0
            self._lines.put_nowait(line)
        except Full:
            self._lost += 1

    def run(self) -> None:
        while (line := self._lines.get()) is not None:
            # Write to the descriptor, because a thread that hangs in sys.stderr would hold its lock at exit.
            with suppress(OSError):
                os.write(2, line.encode())

    def end(self) -> None:
        """Write the waiting lines, and stop after one second at most."""
        with suppress(Full):
            self._lines.put_nowait(None)
        self.join(1)


_threads: list[_LogThread] = []
