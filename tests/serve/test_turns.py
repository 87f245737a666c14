"""Whose turn it is: for a worker, and for the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from jhaan_kg.serve.protocol import HttpStatusError
from jhaan_kg.serve.turns import Job, Lane


def in_loop(work: Callable[[], None]) -> None:
    async def run() -> None:
        work()

    asyncio.run(run())


def start_all(lane: Lane[str]) -> str:
    """Give workers to all that may have one, and return their clients."""
    started = ""
    while (job := lane.next_job()) is not None:
        lane.start(job, "worker")
        started += job.client
    return started


def enter(lane: Lane[str], clients: str) -> list[Job[str]]:
    jobs = [Job[str](client) for client in clients]
    for job in jobs:
        lane.enter(job)
    return jobs


@pytest.mark.parametrize(
    ("size", "waiting", "started"),
    [
        (2, "aab", "ab"),  # the one with fewest at work
        (4, "aaaa", "aaa"),  # the last one is kept for others
        (4, "aaaab", "aba"),
        (1, "aa", "a"),
    ],
)
def test_whose_turn_it_is(size: int, waiting: str, started: str) -> None:
    def check() -> None:
        lane = Lane[str](size, 64)
        enter(lane, waiting)
        assert start_all(lane) == started

    in_loop(check)


def test_a_client_with_none_at_work_finds_a_worker() -> None:
    def check() -> None:
        lane = Lane[str](8, 64)
        enter(lane, "aaaaaabbbbbb")
        assert start_all(lane) == "ababab"
        enter(lane, "cd")
        assert start_all(lane) == "cd"

    in_loop(check)


def test_too_many_wait() -> None:
    """The client that has most of them waiting loses its place to one that has fewer."""

    def check() -> None:
        lane = Lane[str](1, 3)
        *_, last = enter(lane, "aaa")
        with pytest.raises(HttpStatusError) as refused:
            enter(lane, "a")
        assert (refused.value.status, "Retry-After" in refused.value.headers) == (503, True)
        enter(lane, "b")
        assert isinstance(last.worker.exception(), HttpStatusError)
        assert [job.client for job in lane.waiting] == ["a", "a", "b"]
        with pytest.raises(HttpStatusError):
            enter(lane, "b")

    in_loop(check)
