"""A real server in short: one test of each kind. The slow tests beside have the rest."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import Serving, serving
from under_load import (
    IN_TWO_GRAPHS,
    events,
    family,
    rows,
    small_release,
    switch,
    until,
    workers,
)


@pytest.fixture(scope="module")
def link(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A link to a small release."""
    folder = tmp_path_factory.mktemp("releases")
    switch(folder / "current", small_release(folder / "old", "old").path)
    return folder / "current"


@pytest.fixture(scope="module")
def running(link: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server of the release, with little of everything."""
    limits = "--timeout 1 --workers 2 --memory 64 --max-rows 5000 --max-request 4"
    with serving(tmp_path_factory.mktemp("running"), "--snapshot", str(link), *limits.split()) as server:
        yield server


def test_a_worker_that_is_killed_is_replaced(running: Serving) -> None:
    until(lambda: len(workers(running)) == 2, "all are there")
    before = workers(running)
    os.kill(before[0], signal.SIGKILL)
    until(lambda: len(workers(running)) == 2 and workers(running) != before, "there is another")
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
