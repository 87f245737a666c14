"""A real server in short: a worker is killed, and another release takes the place of the first."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from serving import Serving
from under_load import IN_TWO_GRAPHS, events, family, rows, small_release, switch, until, workers


def test_a_worker_that_is_killed_is_replaced(running: Serving) -> None:
    until(lambda: len(workers(running)) == 3, "all are there")
    before = workers(running)
    os.kill(before[0], signal.SIGKILL)
    until(lambda: len(workers(running)) == 3 and workers(running) != before, "there is another")
    assert rows(running.ask(IN_TWO_GRAPHS)) == [{"mark": "old"}] * 2


def test_another_release_takes_its_place_and_the_server_ends_in_order(running: Serving, link: Path) -> None:
    switch(link, small_release(link.parent / "new", "new").path)
    running.signal(signal.SIGHUP)
    until(lambda: events(running, "release replaced"), "the release is replaced")
    assert rows(running.ask(IN_TWO_GRAPHS)) == [{"mark": "new"}] * 2
    running.signal(signal.SIGTERM)
    assert running.wait() == 0
    until(lambda: not family(running), "all its processes have ended")
    assert "Traceback" not in running.log
