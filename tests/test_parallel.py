"""Work beside the build: its result, its errors, and what happens where no process can be started."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from jhaan_kg.errors import JhaanError
from jhaan_kg.parallel import beside


def test_the_work_is_done_in_another_process() -> None:
    can_fork = sys.platform == "linux" and threading.active_count() == 1  # pytest-xdist has threads
    with beside(os.getpid) as other, beside(lambda: "done") as result:
        assert (other() != os.getpid()) == can_fork
        assert (result(), result()) == ("done", "done")


def test_an_error_is_raised_where_the_result_is_asked_for() -> None:
    def fail() -> None:
        raise JhaanError("oops")

    with beside(fail) as result, pytest.raises(JhaanError, match="oops"):
        result()


def test_a_process_that_is_killed_leaves_the_work_to_this_one() -> None:
    here = os.getpid()
    with beside(lambda: os.getpid() if os.getpid() == here else os._exit(9)) as result:
        assert result() == here


def test_with_other_threads_nothing_is_forked() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        with beside(os.getpid) as result:
            assert result() == os.getpid()
    finally:
        done.set()
        thread.join()
