"""Workers end with the program that asks, whatever ends it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.release  # it counts the workers of all programs on the machine


PROGRAM = """
import os, subprocess
from jhaan_kg import KnowledgeGraph
graph = KnowledgeGraph.open()
graph.sparql("ASK { }")
print("asking", flush=True)
try:
    graph.sparql("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
except KeyboardInterrupt:
    print("interrupted", graph.sparql("ASK { }"), flush=True)
"""


def children_of() -> set[str]:
    listed = subprocess.run(["ps", "-eww", "-o", "pid,stat,args"], capture_output=True, text=True, check=True)
    lines = [line.split(maxsplit=2) for line in listed.stdout.splitlines() if "sandbox.serve_forks" in line]
    return {pid for pid, state, _ in lines if not state.startswith("Z")}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_its_program(number: signal.Signals) -> None:
    """The workers get no signal of their own here."""
    before = children_of()
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True) as asking:
        assert asking.stdout is not None
        assert asking.stdout.readline() == "asking\n"
        time.sleep(1)
        at_work = children_of() - before
        asking.send_signal(number)
        out = asking.communicate(timeout=30)[0]
    assert len(at_work) == 2
    assert out == ("interrupted True\n" if number == signal.SIGINT else "")
    time.sleep(0.5)
    assert children_of() - before == set()
