"""Bad queries in processes of their own: a signal ends a query, and a reader may leave before the last row."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from bad_input import COMMAND, ENDLESS, PAIRS, Run, alive, environment, first_line
from real_sources import ROOT

# --- without end -----------------------------------------------------------------------------------------------


def children(pid: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(word) for word in found.stdout.split()]


@pytest.mark.parametrize(
    ("number", "code", "message"),
    [(signal.SIGINT, 130, "jhaan: Interrupted. No incomplete file was left.\n"), (signal.SIGTERM, 143, "")],
    ids=["Ctrl-C", "kill"],
)
def test_a_signal_ends_a_query(number: signal.Signals, code: int, message: str, tmp_path: Path) -> None:
    (tmp_path / "endless.rq").write_bytes(ENDLESS)
    process = subprocess.Popen(
        [*COMMAND, "sparql", str(tmp_path / "endless.rq")],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        end = time.monotonic() + 60
        while not (found := children(process.pid)) and time.monotonic() < end:
            time.sleep(0.02)
        (child,) = found
        time.sleep(0.2)  # until the child is in the engine
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (code, "", message)
    assert not alive(child)


# --- many rows -------------------------------------------------------------------------------------------------


def test_rows_into_a_closed_pipe() -> None:
    """Far more than a pipe holds."""
    assert first_line(PAIRS.format(20_000)) == ("a,d\n", "", 0)


def test_within_its_time_a_question_is_answered_as_without(run: Run) -> None:
    question = ("query", "official-timeline", "--format", "csv")
    without = run(*question)
    assert "passages disagree about row" in without[2]
    assert run(*question, "--timeout", "100") == without
