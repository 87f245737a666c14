"""Queries of a program in other processes: they abort, end at a deadline, and end with their program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import Literal, Store

from aborting import aborting_query
from jhaan_kg.api.process import ProcessEngine
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError, ServiceError

ENDLESS = (
    "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{n} {{ 0 1 2 3 4 5 6 7 8 9 }}" for n in range(12))
    + " }"
)
PROGRAM = """
import sys
from threading import Thread
from jhaan_kg import KnowledgeGraph
graph = KnowledgeGraph.open(sys.argv[1], timeout=600)
print(graph.sparql("ASK { ?s ?p ?o }"), flush=True)
Thread(target=graph.sparql, args=[sys.argv[2]]).start()
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> ProcessEngine:
    import small_graph

    made = small_graph.snapshot(tmp_path_factory.mktemp("small") / "snapshot", small_graph.graphs())
    return ProcessEngine(made.path, None, True, True, timeout=1)


def test_terms_come_through_as_they_are(engine: ProcessEngine) -> None:
    text = 'é\t"\n\\'
    query = f"SELECT ?x ?y {{ VALUES (?x ?y) {{ ({Literal(text, language='fr')} UNDEF) (true 0.50) }} }}"
    expected = tuple(tuple(solution) for solution in Store().query(query))  # type: ignore[arg-type, union-attr]
    assert engine.select(query).rows == expected
    assert engine.select("SELECT ?x { ?x a jhaan:Spaceship }").rows == ()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (aborting_query(), "cannot order values of different types"),
        ("SELECT {", "Syntax error at line 1"),
        ("SELECT ?x { SERVICE <http://example.org/> { ?x ?y ?z } }", "Cannot run the query"),
    ],
)
def test_what_cannot_be_answered_is_an_error_and_the_next_is_answered(
    engine: ProcessEngine, query: str, message: str
) -> None:
    with pytest.raises(JhaanError, match=message):
        engine.select(query)
    assert engine.ask("ASK {}")


def test_a_query_ends_at_its_deadline(engine: ProcessEngine) -> None:
    with pytest.raises(ServiceError, match="stopped after 1 seconds"):
        engine.select(ENDLESS)
    assert engine.ask("ASK {}")


def test_many_threads_ask_at_once(engine: ProcessEngine) -> None:
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda n: engine.select(f"SELECT ({n} AS ?n) {{}}").rows[0][0], range(30)))
    assert [str(each) for each in found] == [str(Literal(n)) for n in range(30)]


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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_its_program(
    small_snapshot: Snapshot, tmp_path: Path, number: signal.Signals
) -> None:
    """Not even one whose query runs."""
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    with subprocess.Popen(
        [sys.executable, script, small_snapshot.path, ENDLESS], stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "True\n"
        children = [int(each) for each in _children(program.pid)]
        assert children
        os.kill(program.pid, number)
        program.wait(60)
        end = time.monotonic() + 30
        while any(_is_alive(child) for child in children):
            assert time.monotonic() < end, "a process has outlived its program"
            time.sleep(0.1)


def _children(pid: int) -> list[str]:
    return [
        child
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
