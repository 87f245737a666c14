"""Workers in processes of their own: what they can't do, what ends them, and from where they are started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, Store

from aborting import aborting_query
from jhaan_kg import sandbox
from jhaan_kg.api.backends import SandboxEngine, prepare_worker
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.sandbox import Sandbox
from sandboxed import fail_to_prepare, prepare


@pytest.fixture(scope="module")
def sandboxes() -> dict[bool, Sandbox]:
    return {True: Sandbox(prepare), False: Sandbox(prepare)}


@pytest.fixture(params=[True, False], ids=["fork", "no fork"])
def workers(
    request: pytest.FixtureRequest, sandboxes: dict[bool, Sandbox], monkeypatch: pytest.MonkeyPatch
) -> Sandbox:
    monkeypatch.setattr(sandbox, "HAS_FORK", request.param)
    return sandboxes[request.param]


def process(workers: Sandbox) -> int:
    pid, request = workers.call(b"hello").split()
    assert request == b"hello"
    return int(pid)


def test_a_worker_is_another_process_that_is_used_again(workers: Sandbox) -> None:
    assert process(workers) != os.getpid()
    assert (process(workers) == process(workers)) == sandbox.HAS_FORK


@pytest.mark.parametrize(
    ("request_", "message"), [(b"refuse", r"^No\.$"), (b"fail", "Internal error: KeyError: 'x'")]
)
def test_an_error_comes_through(workers: Sandbox, request_: bytes, message: str) -> None:
    with pytest.raises(JhaanError, match=message):
        workers.call(request_)
    assert process(workers)


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (signal.SIGABRT, r"Use ORDER BY STR\(\?x\)"),
        (signal.SIGKILL, "The system stopped the query, probably for lack of memory"),
        (signal.SIGSEGV, r"The engine failed on this query \(signal 11\)"),
    ],
)
def test_a_worker_that_has_died_is_replaced(workers: Sandbox, number: int, message: str) -> None:
    before = process(workers)
    with pytest.raises(JhaanError, match=message):
        workers.call(b"signal %d" % number)
    assert process(workers) != before


def test_a_request_that_takes_too_long_is_ended(workers: Sandbox) -> None:
    with pytest.raises(ServiceError, match=r"stopped after 0\.2 seconds\. Ask for less\."):
        workers.call(b"sleep", 0.2)


def test_a_worker_goes_on_after_an_error_and_can_open_nothing() -> None:
    workers = Sandbox(prepare)
    before = process(workers)
    with pytest.raises(JhaanError, match="Too many open files"):
        workers.call(b"open")
    assert process(workers) == before


@pytest.mark.parametrize("which", ["worker", "fork server"])
def test_a_process_that_has_died_meanwhile_is_replaced(which: str) -> None:
    workers = Sandbox(prepare)
    worker = process(workers)
    server = int(Path(f"/proc/{worker}/stat").read_text().split()[3])
    os.kill(worker if which == "worker" else server, signal.SIGKILL)
    time.sleep(0.1)
    assert process(workers)


def test_a_worker_that_has_taken_much_memory_is_replaced() -> None:
    workers = Sandbox(prepare)
    before = process(workers)
    workers.call(b"take 100")
    assert process(workers) != before


def test_a_worker_takes_no_more_memory_than_it_may() -> None:
    with pytest.raises(JhaanError, match="MemoryError"):
        Sandbox(prepare, memory=2**26).call(b"take 100")


def test_all_end_with_the_sandbox() -> None:
    workers = Sandbox(prepare)
    worker = process(workers)
    del workers
    assert not Path(f"/proc/{worker}").exists()


def test_what_can_not_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(JhaanError, match="There is nothing to load"):
        Sandbox(fail_to_prepare).call(b"hello")
    for python, message in (
        ("", r"sys\.executable is empty"),
        ("/no/such/python", r"Cannot start a Python process for the query: No such file or directory"),
        ("/bin/false", r"Cannot run queries in /bin/false \(exit code 1\)"),
    ):
        monkeypatch.setattr(sys, "executable", python)
        with pytest.raises(JhaanError, match=message):
            Sandbox(prepare).call(b"hello")


# --- the graph in workers ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def engine(small_snapshot: Snapshot) -> SandboxEngine:
    return SandboxEngine(Sandbox(prepare_worker, (small_snapshot.path, None, False, True)), timeout=None)


def test_terms_come_through_as_they_are(engine: SandboxEngine) -> None:
    text = 'é\t"\n\\'
    query = f"SELECT ?x ?y {{ VALUES (?x ?y) {{ ({Literal(text, language='fr')} UNDEF) (true 0.50) }} }}"
    expected = tuple(tuple(solution) for solution in Store().query(query))  # type: ignore[arg-type, union-attr]
    assert engine.select(query).rows == expected
    assert engine.select("SELECT ?x { ?x a jhaan:Spaceship }").rows == ()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT ?x {\n )", r"^Syntax error at line 2, column 3, the end"),
        ("ASK { }", "must be a SELECT query"),
        ("SELECT ?x { SERVICE <http://example.org/> { ?x ?y ?z } }", "Cannot run the query"),
        (aborting_query(), r"^The engine failed .* Use ORDER BY STR\(\?x\)\.$"),
    ],
)
def test_a_query_without_an_answer(engine: SandboxEngine, query: str, message: str) -> None:
    with pytest.raises(JhaanError, match=message):
        engine.select(query)
    assert engine.ask("ASK { ?a a jhaan:Agency }")


SCRIPT = """
import os, sys
from threading import Thread
from jhaan_kg import KnowledgeGraph

graph, answers = KnowledgeGraph.open(SNAPSHOT), []
def ask():
    answers.append(graph.sparql("ASK { ?a a jhaan:Agency }"))
threads = [Thread(target=ask) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
child = os.fork()
if not child:
    ask()
    print(answers, flush=True)
    os._exit(0)
os.waitpid(child, 0)
print(sys.stdin.read())
"""


@pytest.mark.parametrize("place", ["a script", "-c", "standard input"])
def test_queries_of_any_program_are_answered(small_snapshot: Snapshot, tmp_path: Path, place: str) -> None:
    """Its code is not imported again, its standard input stays its own, and it may have threads and forks."""
    program, script = SCRIPT.replace("SNAPSHOT", repr(str(small_snapshot.path))), tmp_path / "script.py"
    script.write_text(program)
    arguments = {"a script": [str(script)], "-c": ["-c", program], "standard input": ["-"]}[place]
    done = subprocess.run(
        [sys.executable, *arguments],
        input=program if place == "standard input" else "its own input",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    lines = ["[True, True, True, True]", *([] if place == "standard input" else ["its own input"])]
    assert done.stdout.split("\n")[:2] == [*lines, ""][:2]
