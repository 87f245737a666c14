"""Queries in a process of their own that Ctrl-C ends, or that abort the engine."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from aborting import aborting_query
from jhaan_kg.api.separate import SeparateEngine
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.errors import JhaanError


@pytest.mark.skipif(sys.platform == "win32", reason="signals are different there")
def test_ctrl_c_ends_a_query_that_never_would() -> None:
    """The child gets no signal of its own here: it must not outlive the one that asked."""
    program = """
import os, subprocess
from jhaan_kg import KnowledgeGraph
graph = KnowledgeGraph.open()
print("asking", flush=True)
try:
    graph.sparql("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
except KeyboardInterrupt:
    listed = subprocess.run(["ps", "-o", "args", "--ppid", str(os.getpid())], capture_output=True, text=True)
    print("interrupted", "jhaan_kg.api.separate" in listed.stdout, flush=True)
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as asking:
        assert asking.stdout is not None
        assert asking.stdout.readline() == "asking\n"
        time.sleep(1)
        asking.send_signal(signal.SIGINT)
        assert asking.communicate(timeout=30)[0] == "interrupted False\n"


@pytest.fixture(scope="module")
def engine() -> SeparateEngine:
    return SeparateEngine(open_snapshot(), evidence=False, context=True)


def test_a_query_that_aborts_the_engine_leaves_this_process_alive(engine: SeparateEngine) -> None:
    with pytest.raises(JhaanError, match=r"^The engine gave up .* write ORDER BY STR\(\?x\)\.$") as caught:
        engine.select(aborting_query())
    assert caught.value.exit_code == 2
    assert engine.ask("ASK { ?a a jhaan:Agency }")
