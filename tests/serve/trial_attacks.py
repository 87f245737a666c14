"""Each attack from one to five addresses, without nginx and behind it, and the slowest readers; it takes an hour.

`JHAAN_ATTACK_SECONDS` in the environment makes it shorter.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest
from attacks import ATTACKS, check, outcome_of, read_slowly
from proxied import proxied
from raw_http import answers
from serving import Serving, serving
from under_load import real_release

SECONDS: Final = float(os.environ.get("JHAAN_ATTACK_SECONDS", "40"))
"""More than the time after which a client must have taken something of its answer."""


@pytest.fixture(scope="module", params=["direct", "nginx"])
def attacked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Serving]]:
    """What clients reach, and what is behind it: one instance, as two processors can have."""
    folder = tmp_path_factory.mktemp("attacked")
    if request.param == "direct":
        with serving(folder) as server:
            yield [server]
        return
    with proxied(folder, "--workers", "8", make=real_release, count=1) as made:
        yield [made.front, *made.instances]


@pytest.mark.parametrize("count", [1, 3, 5])
@pytest.mark.parametrize("attack", ATTACKS)
def test_others_hardly_notice(
    attack: str,
    count: int,
    attacked: list[Serving],
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Printed: right and wrong answers; median, p95, maximum in ms; MB before, at most, without workers, after."""
    outcome = outcome_of(attack, count, SECONDS, attacked)
    with capsys.disabled():
        print(f"\n{request.node.callspec.id:32} {outcome}", *outcome.wrong[:2], end="")  # noqa: T201
    check(outcome)


def test_slow_readers_get_the_whole_answer(attacked: list[Serving]) -> None:
    """With a small buffer and with one that the system chooses."""
    with ThreadPoolExecutor(2) as threads:
        reading = [
            threads.submit(read_slowly, attacked[0], 40_000, 20_000, buffer, 1200) for buffer in (4096, 0)
        ]
    for one in reading:
        (got,) = answers(one.result().data, "GET")
        assert len(json.loads(got.body)["results"]["bindings"]) == 40_000
