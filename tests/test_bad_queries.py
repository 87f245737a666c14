"""Bad queries, parameters and values: what is said, with which exit code, and that nothing happens.

| Case | Test |
|---|---|
| unknown query, parameter, value | `test_what_is_unknown_is_told` |
| a parameter that tries to inject SPARQL | the same, and `test_any_value_…` in `query/test_engine.py` |
| SERVICE or FROM, however it is spelled | `test_a_query_that_reaches_out_is_refused_or_reaches_nobody` |
| the same before anything runs | `test_the_command_refuses_before_it_asks` |
| a query that never ends, `--timeout` | `test_a_query_ends_when_its_time_is_over` and the one behind it |
| a query that never ends, Ctrl-C | `test_a_signal_ends_a_query` |
| its process is gone | the same, and `test_the_child_is_gone_when_its_time_is_over` |
| many rows into a closed pipe | `test_rows_into_a_closed_pipe` |
| query files: empty, not UTF-8, large, folder, link | `test_a_query_file_that_is_none` |
| a byte-order mark | `test_a_byte_order_mark_is_no_fault_of_a_query` |
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from bad_input import COMMAND, ENDLESS, PAIRS, Run, alive, environment, first_line
from calls import CALLS, UNREACHED
from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.isolation import confine, run_isolated
from jhaan_kg.query.adhoc import guard
from jhaan_kg.query.source import parse_query
from real_sources import ROOT

# --- unknown ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["empact-plan"], "Did you mean"),
        (["xyzzy"], 'Unknown question "xyzzy". List the questions: jhaan query; or search: jhaan find WORD'),
        (["organisers", "--agncy", "x"], 'Unknown option "--agncy". Did you mean "--agency"?'),
        (["organisers", "--agency"], "--agency: expected one argument."),
        (["organisers", "--agency", "Eurpol"], 'Did you mean "Europol" (agency:europol)'),
        (
            ["organisers", "--agency", "agency:europol> } SERVICE <http://x> {"],
            'Unknown agency "agency:europol> } SERVICE <http://x> {"',
        ),
        (
            ["organisers", "--timeout", "0"],
            '--timeout must be a number of seconds above 0, up to 86400, not "0".',
        ),
        (["organisers", "--timeout", "nan"], 'must be a number of seconds above 0, up to 86400, not "nan"'),
    ],
)
def test_what_is_unknown_is_told(arguments: list[str], message: str, tmp_path: Path, run: Run) -> None:
    target = tmp_path / "rows.csv"
    target.write_text("old")
    code, out, err = run("query", *arguments, "-o", str(target))
    assert (code, out) == (2, "")
    assert message in err
    assert target.read_text() == "old"


@given(st.text())
def test_any_header_is_read_or_explained(header: str) -> None:
    text = "".join(f"#+ {line}\n" for line in header.splitlines()) + "SELECT ?x { ?x ?y ?z }"
    for source in (text, header):
        try:
            parse_query(source, "queries/topic/name.rq")
        except JhaanError as error:
            message = str(error)
            assert "queries/topic/name.rq" in message


# --- reaching out ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """An address of this machine, and what is asked of it."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    asked.append(connection.recv(64))

        threading.Thread(target=answer, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", asked
        server.shutdown(socket.SHUT_RDWR)


SPELLINGS = [*CALLS.values(), *UNREACHED, "DELETE WHERE { ?s ?p ?o }", "DROP ALL", "CLEAR DEFAULT"]


def refusal(query: str) -> str:
    try:
        guard(query.replace("URL", "http://127.0.0.1:1/"))
    except JhaanError as error:
        return str(error)
    return ""


def test_a_query_that_reaches_out_is_refused_or_reaches_nobody(listener: tuple[str, list[bytes]]) -> None:
    """Some calls only the engine's own parser sees; a process that can open nothing stops those."""
    url, asked = listener
    said = re.compile("is not allowed|is an update")
    passing = [query for query in SPELLINGS if not said.search(refusal(query))]

    def work() -> int:
        for query in passing:
            with suppress(SyntaxError, OSError, RuntimeError), confine():
                list(Store().query(query.replace("URL", url)))  # type: ignore[arg-type]
        return 5

    assert 0 < len(passing) < len(SPELLINGS) / 3
    assert run_isolated(work) == 5
    assert asked == []


def test_the_command_refuses_before_it_asks(
    listener: tuple[str, list[bytes]], tmp_path: Path, run: Run
) -> None:
    url, asked = listener
    (tmp_path / "rows").write_text("old")
    for query in (SPELLINGS[0], "SELECT * FROM <URL> { ?s ?p ?o }", "LOAD <URL>"):
        (tmp_path / "query.rq").write_text(query.replace("URL", url))
        code, out, err = run("sparql", str(tmp_path / "query.rq"), "-o", str(tmp_path / "rows"))
        assert (code, out) == (2, "")
        assert "is not allowed" in err or "update" in err
    assert asked == []
    assert (tmp_path / "rows").read_text() == "old"


@pytest.mark.parametrize("opening", ['"', "'", '"""', "'''"])
def test_a_string_that_is_never_closed_is_told_at_once(opening: str) -> None:
    """A search for its end from each quote that follows would take hours."""
    with pytest.raises(
        JhaanError, match=r"Syntax error at line 2, column [0-9]+: the string is never closed"
    ):
        guard("ASK { ?s ?p\n" + opening + '\\"' * 100_000 + "\\'" * 100_000)


def test_a_query_ends_when_its_time_is_over(tmp_path: Path, run: Run) -> None:
    query, target = tmp_path / "endless.rq", tmp_path / "rows.csv"
    query.write_bytes(ENDLESS)
    target.write_text("old")
    ended = "jhaan: The query was stopped after 0.3 seconds. "
    advice = "Increase --timeout or ask for less.\n"
    assert run("sparql", str(query), "--timeout", "0.3", "-o", str(target)) == (3, "", ended + advice)
    assert target.read_text() == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"endless.rq", "rows.csv"}


def test_a_question_ends_when_its_time_is_over(run: Run) -> None:
    code, out, err = run("query", "coverage", "--timeout", "0.0001")
    assert (code, out) == (3, "")
    assert "stopped after 0.0001 seconds" in err


def test_the_child_is_gone_when_its_time_is_over(tmp_path: Path) -> None:
    place = tmp_path / "pid"

    def work() -> int:
        place.write_text(str(os.getpid()))
        time.sleep(60)
        return 0

    with pytest.raises(ServiceError, match=r"after 0\.2 seconds"):
        run_isolated(work, 0.2)
    assert not alive(int(place.read_text()))


# --- query files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the query is empty. A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE."),
        (b"\xff\xfeA\0", "query.rq: not UTF-8 at line 1 (byte 0). Save it as UTF-8."),
        (b'ASK {\n ?s ?p "caf\xe9" }', "query.rq: not UTF-8 at line 2 (byte 17). Save it as UTF-8."),
        (b"ASK { ?s ?p ", "Syntax error at line 1, column 13, the end of the query."),
        (b"\0" * 2**21, "query.rq: larger than 1 MB."),
        (None, "query.rq: Is a directory."),
        ("nowhere", "query.rq: No such file or directory."),
        ("/dev/zero", "query.rq: larger than 1 MB."),
    ],
    ids=["empty", "UTF-16", "Latin-1", "cut off", "2 MB", "folder", "broken link", "without end"],
)
def test_a_query_file_that_is_none(
    content: bytes | str | None, message: str, tmp_path: Path, run: Run
) -> None:
    path = tmp_path / "query.rq"
    if content is None:
        path.mkdir()
    elif isinstance(content, str):
        path.symlink_to(content)
    else:
        path.write_bytes(content)
    code, out, err = run("sparql", str(path))
    assert (code, out) == (2, "")
    assert message in err


def test_a_byte_order_mark_is_no_fault_of_a_query(tmp_path: Path, run: Run) -> None:
    (tmp_path / "query.rq").write_bytes(b"\xef\xbb\xbfASK { ?s ?p ?o }")
    assert run("sparql", str(tmp_path / "query.rq")) == (0, "yes\n", "")


# --- without end -----------------------------------------------------------------------------------------------


def children(pid: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(word) for word in found.stdout.split()]


@pytest.mark.slow
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


@pytest.mark.slow
def test_rows_into_a_closed_pipe() -> None:
    """Far more than a pipe holds."""
    assert first_line(PAIRS.format(20_000)) == ("a,d\n", "", 0)


@pytest.mark.slow
def test_within_its_time_a_question_is_answered_as_without(run: Run) -> None:
    question = ("query", "official-timeline", "--format", "csv")
    without = run(*question)
    assert "passages disagree about row" in without[2]
    assert run(*question, "--timeout", "100") == without
