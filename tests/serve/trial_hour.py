"""An hour of a mixed load beside kills and replacements: no answer is wrong, and nothing grows.

`JHAAN_HOUR_SECONDS` in the environment makes it shorter. In every other tenth of it nothing is killed or replaced. In
less than ten minutes the server has not come to rest, so that memory is only shown.

What workers take depends on how many were busy at once, as each keeps what it has touched of the graph. So the server
itself is compared with the second tenth, and all its processes with the most that they took before.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import median
from typing import Final
from urllib.parse import urlsplit

import pytest
import requests
from asking import memory
from mixed_load import (
    PROCESSES,
    Outcome,
    Wanted,
    ask_once,
    errors,
    loaded,
    rising,
    site_requests,
    sparql_request,
    sparql_requests,
)
from serving import Serving, serving
from siege import memory_of
from slow_leaving import descriptors
from slow_operation import is_answered
from under_load import IN_TWO_GRAPHS, nurseries, real_release, switch, until, workers

from jhaan_kg.build.snapshot import Snapshot

SECONDS: Final = float(os.environ.get("JHAAN_HOUR_SECONDS", "3600"))
TENTH: Final = SECONDS / 10
KNOWN: Final = {
    "event": {"release replaced", "fork server started again", "no worker can be started", "refused"},
    "broken off": {"the client took nothing for too long"},
}
"""What the log may say; a fault is none of it."""

Right = dict[tuple[str, str, str], str]
"""The digests of answers, by release, kind and name of the request."""


class Disturbance:
    """Kills parts of a server and replaces its release, in turn.

    Attributes:
        replaced: how often it has replaced the release.
        killed: how many workers it has killed.
        without: from when to when there was no graph.
    """

    def __init__(self, server: Serving, link: Path, releases: list[Snapshot]) -> None:
        self._server, self._link, self._chance = server, link, Random(1)
        self.replaced, self.killed, self.without = 0, 0, list[tuple[float, float]]()
        self._releases = cycle(releases)
        self._due = list[tuple[float, Callable[[], object]]]()

    def replace(self) -> str:
        """Replace the release by the next one, and return the digest that its answers name."""
        release = next(self._releases)
        switch(self._link, release.path)
        self._server.signal(signal.SIGHUP)
        self.replaced += 1
        until(lambda: self._server.metric("jhaan_releases_replaced_total") == self.replaced, "it is replaced")
        return release.key[:16]

    def explains(self, outcome: Outcome) -> bool:
        """Return whether a request was there while the graph was not."""
        ended = outcome.due + outcome.seconds
        return any(begun < ended and outcome.due < end for begun, end in self.without)

    def begin(self) -> None:
        """Begin a tenth of the time with as many turns as it has two minutes, or one."""
        turn = (self._kill_worker, self.replace, self._kill_worker, self._kill_fork_server)
        steps = turn * max(1, int(TENTH // 120))
        pause = TENTH / len(steps)
        self._due = [(time.monotonic() + (number + 0.5) * pause, step) for number, step in enumerate(steps)]

    def step(self) -> None:
        """Do the next thing if it is due."""
        if self._due and time.monotonic() >= self._due[0][0]:
            self._due.pop(0)[1]()

    def _kill_worker(self) -> None:
        with suppress(ProcessLookupError, IndexError):  # it has just ended
            os.kill(self._chance.choice(workers(self._server)), signal.SIGKILL)
            self.killed += 1

    def _kill_fork_server(self) -> None:
        """Kill it, and the one that comes instead while it loads the graph, as where memory is short."""
        begun, held = time.monotonic(), nurseries(self._server)
        for pid in held:
            os.kill(pid, signal.SIGKILL)
        until(lambda: set(nurseries(self._server)) - set(held), "it is started again")
        for pid in set(nurseries(self._server)) - set(held):
            os.kill(pid, signal.SIGKILL)
        until(lambda: is_answered(self._server), "queries are answered again")
        self.without.append((begun, time.monotonic()))


def test_an_hour(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    releases = [real_release(tmp_path / mark, mark) for mark in ("mark-old", "mark-new")]
    link = tmp_path / "current"
    switch(link, releases[1].path)
    with (
        ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool,
        serving(tmp_path, "--snapshot", str(link)) as server,
    ):
        port, pid = urlsplit(server.url).port or 0, server.process.pid
        wanted = [*site_requests(), *sparql_requests("/sparql")]
        wanted.append(sparql_request("short", "marks", "/sparql", IN_TWO_GRAPHS))
        disturbance, right = Disturbance(server, link, releases), Right()
        for _ in releases:
            release = disturbance.replace()
            right |= right_answers(port, wanted, release)
        assert len({digest for (_, _, name), digest in right.items() if name == "marks"}) == len(releases)
        requests.get(f"{server.url}/.well-known/void", timeout=60)
        until(lambda: len(nurseries(server)) == 1, "one release is left")
        before = descriptors(pid), len(workers(server))

        ask = partial(loaded, pool, port, wanted, 5, partial(memory, pid))
        rate = max(at for at, _ in rising(ask, 10)) / 2

        own = list[list[float]]()

        def watch() -> float:
            disturbance.step()
            own[-1].append(memory_of(pid))
            return memory(pid)

        tenths = []
        for number in range(10):
            own.append([])
            if number % 2 == 0:
                disturbance.begin()
            tenths.append(loaded(pool, port, wanted, TENTH, watch, rate))
        until(lambda: (descriptors(pid), len(workers(server))) == before, "all is as before")

        outcomes = [outcome for tenth in tenths for outcome in tenth.outcomes]
        alone, of_all = [median(each) for each in own], [median(tenth.watched) for tenth in tenths]
        logged = Counter(problem for line in server.log.splitlines()[1:] if (problem := problem_of(line)))
        with capsys.disabled():
            print(  # noqa: T201
                f"\n{len(outcomes):,} requests at {rate:.0f} a second, errors {dict(errors(outcomes))}",
                f"{disturbance.replaced - 2} replacements; releases {Counter(each.release for each in outcomes)}",
                f"memory, MB, by tenth: {' '.join(f'{each:.0f}' for each in of_all)}",
                f"of the server itself: {' '.join(f'{each:.1f}' for each in alone)}",
                sep="\n",
            )
        assert not [each for each in outcomes if is_wrong(each, right)]
        assert not [each for each in outcomes if each.end not in ("200", "429 later", "503 later", "503")]
        abrupt = [each for each in outcomes if each.end == "503" and not disturbance.explains(each)]
        assert len(abrupt) <= disturbance.killed, abrupt[:5]
        undisturbed = Counter(each.end for each in outcomes if not disturbance.explains(each))
        assert undisturbed["200"] > 0.9 * undisturbed.total(), undisturbed
        assert {each.release for each in outcomes if each.kind == "page"} >= {
            each.key[:16] for each in releases
        }
        assert not logged
        assert server.ended("end") == 0
        assert SECONDS < 600 or (alone[-1] <= 1.1 * alone[1] and of_all[-1] <= 1.1 * max(of_all[1:-1]))


def right_answers(port: int, wanted: list[Wanted], release: str) -> Right:
    """Ask for everything while nobody else asks."""
    outcomes = ask_once(port, [each for each in wanted if each.kind != "broken"])
    assert {(outcome.end, outcome.release) for outcome in outcomes} == {("200", release)}
    return {(release, outcome.kind, outcome.name): outcome.digest for outcome in outcomes}


def is_wrong(outcome: Outcome, right: Right) -> bool:
    """Return whether an answer with status 200 is none of the release that it names."""
    is_answer = outcome.end == "200" and outcome.kind != "broken"
    return is_answer and right.get((outcome.release, outcome.kind, outcome.name)) != outcome.digest


def problem_of(line: str) -> str:
    """Return what is wrong with a line of the log; nothing, if it is of a known kind."""
    try:
        entry = json.loads(line)
    except ValueError:
        return line
    is_known = all(entry[name] in known for name, known in KNOWN.items() if name in entry)
    is_whole = "event" in entry or {"time", "method", "path", "status", "client"} <= set(entry)
    return "" if is_known and is_whole and "fault" not in entry else line
