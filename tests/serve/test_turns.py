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


def test_a_long_query_gives_way_to_a_client_with_fewer() -> None:
    def check() -> None:
        lane = Lane[str](4, 64)
        enter(lane, "aab")
        start_all(lane)
        enter(lane, "c")
        start_all(lane)
        enter(lane, "ab")
        assert start_all(lane) == ""
        assert lane.job_to_end() is None, "none is long"
        lane.running[-1].is_long = True
        assert lane.job_to_end() is None, "it is the only one of its client, as those of who waits"
        for job in lane.running:
            job.is_long = True
        first, *_ = (job for job in lane.running if job.client == "a")
        assert lane.job_to_end() is first, "b waits with one at work, a has two"
        lane.end(first)
        assert start_all(lane) == "", "one is kept for clients that have none at work"
        enter(lane, "d")
        assert start_all(lane) == "d"

    in_loop(check)


def test_the_only_query_of_a_client_gives_way_after_five_seconds() -> None:
    def check() -> None:
        lane = Lane[str](2, 64)
        enter(lane, "ab")
        assert start_all(lane) == "ab"
        enter(lane, "c")
        for job in lane.running:
            job.is_long = True
        assert lane.job_to_end() is None
        oldest, _ = lane.running
        oldest.begun -= 6
        assert lane.job_to_end() is oldest

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
