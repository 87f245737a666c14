"""Metrics for Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/), and the access log."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from datetime import UTC, datetime
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

disable_created_metrics()  # type: ignore[no-untyped-call]  # when a number was first counted helps nobody

METRICS_MEDIA: Final = CONTENT_TYPE_LATEST
_SECONDS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The metrics of one server.

    Attributes:
        requests: requests, by place and status code.
        seconds: how long they took, to the last byte, by place.
        sent: bytes of answers.
        broken_off: answers that broke off.
        ended: workers that were ended, by reason.
        releases: how often the release was replaced.
    """

    def __init__(self) -> None:
        self._registry = own = CollectorRegistry()
        self.requests = Counter("jhaan_requests", "Requests.", ["place", "status"], registry=own)
        self.seconds = Histogram(
            "jhaan_request_seconds", "Seconds to the last byte.", ["place"], buckets=_SECONDS, registry=own
        )
        self.sent = Counter("jhaan_sent_bytes", "Bytes of answers.", registry=own)
        self.broken_off = Counter("jhaan_broken_off", "Answers that broke off.", registry=own)
        self.ended = Counter(
            "jhaan_workers_ended", "Workers that were ended, and why.", ["reason"], registry=own
        )
        self.releases = Counter(
            "jhaan_releases_replaced", "How often the release was replaced.", registry=own
        )
        self._workers = Gauge(
            "jhaan_workers", "Processes that answer, by what they do.", ["state"], registry=own
        )
        self._waiting = Gauge("jhaan_queries_waiting", "Queries that wait for a worker.", registry=own)
        self._release = Gauge("jhaan_release", "The release that is served, always 1.", ["key"], registry=own)
        ProcessCollector(registry=own)

    def text(self, *, release: str, idle: int, busy: int, waiting: int) -> bytes:
        """Return all metrics, with the current release, the workers that are idle and busy, and the waiting queries."""
        self._workers.labels("idle").set(idle)
        self._workers.labels("busy").set(busy)
        self._waiting.set(waiting)
        self._release.clear()
        self._release.labels(release).set(1)
        return generate_latest(self._registry)


def write_log(**values: str | float | None) -> None:
    """Write one line of JSON, without values that are None."""
    kept = {name: value for name, value in values.items() if value is not None}
    line = json.dumps({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **kept})
    with suppress(OSError):  # a full disk must not stop the server
        sys.stderr.write(line + "\n")
        sys.stderr.flush()
