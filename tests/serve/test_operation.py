"""What operators do: start and end the server, watch it, kill parts of it, and put another release in place."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from serving import serving
from under_load import (
    ENDLESS,
    IN_TWO_GRAPHS,
    LONG,
    Load,
    events,
    family,
    is_refused,
    rows,
    small_release,
    switch,
    until,
    workers,
)

from bad_input import jhaan
from jhaan_kg.build.snapshot import Snapshot
from programs import program

pytestmark = pytest.mark.slow


MOST_WORKERS = 4
"""The workers with the options of `few`: one for each lane."""

UNIT = Path(__file__).resolve().parents[2] / "docs" / "serving" / "jhaan.service"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A small release, which changes for nobody."""
    return small_release(tmp_path_factory.mktemp("releases") / "small", "small")


def few(release: Path, workers: int = 1) -> list[str]:
    """Return the options for a release with so many workers for SPARQL, and one for all else."""
    return ["--snapshot", str(release), "--workers", str(workers), "--page-workers", "1"]


# --- the start, and what the server says of itself -----------------------------------------------------------


def test_only_the_address_is_output_and_the_options_of_the_command_line_win(
    small: Snapshot, tmp_path: Path
) -> None:
    options = {"JHAAN_SERVE_OPTIONS": "--public-url 'https://one.example/' --workers 3"}
    given = (*few(small.path), "--public-url", "https://two.example/kg/")
    with serving(tmp_path, *given, environment=options) as server:
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+", server.url)
        described = requests.get(server.sparql, headers={"Accept": "text/turtle"}, timeout=60).text
        assert "<https://two.example/kg/sparql>" in described
        assert server.workers("long", "idle") == 1
        for name in ("live", "ready"):
            assert requests.get(f"{server.url}/health/{name}", timeout=60).text == f"{name}\n"
        server.signal(signal.SIGTERM)
        assert server.wait() == 0
        assert server.process.stdout is not None
        assert server.process.stdout.read() == ""
        assert f"SPARQL endpoint: {server.sparql} " in server.log.splitlines()[0]


def test_metrics_count_requests(small: Snapshot, tmp_path: Path) -> None:
    with serving(tmp_path, *few(small.path)) as server:
        sent = [server.ask(query).content for query in (*[IN_TWO_GRAPHS] * 3, "SELECT")]
        sent.append(requests.get(f"{server.url}/nothing/here", timeout=60).content)
        with pytest.raises(requests.Timeout):  # whoever leaves has the worker ended
            server.ask(ENDLESS, timeout=1)
        until(lambda: server.metric('jhaan_requests_total{place="sparql",status="499"}') == 1, "it left")
        until(lambda: server.busy == 0, "its query is ended before the deadline", 3)
        assert server.metric('jhaan_requests_total{place="sparql",status="200"}') == 3
        assert server.metric('jhaan_requests_total{place="sparql",status="400"}') == 1
        assert server.metric('jhaan_requests_total{place="elsewhere",status="404"}') == 1
        assert server.metric('jhaan_request_seconds_count{place="sparql"}') == 5
        assert server.metric("jhaan_sent_bytes_total") > sum(map(len, sent))
        assert server.metric(f'jhaan_release{{key="{small.key}"}}') == 1
        assert server.metric("process_open_fds") > 0


# --- the end -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "is_at_terminal", [False, True], ids=["SIGTERM to the server", "Ctrl-C at a terminal"]
)
def test_what_is_asked_is_answered_before_the_end(
    is_at_terminal: bool, small: Snapshot, tmp_path: Path
) -> None:
    """Long queries that run and one that waits are answered whole, while nobody else comes in."""

    def short(session: requests.Session) -> list[dict[str, str]] | None:
        try:
            return rows(session.get(server.sparql, params={"query": IN_TWO_GRAPHS}, timeout=60))
        except requests.ConnectionError:  # nobody took it; an answer that breaks off is another error
            return None

    given = (*few(small.path, 2), "--per-client", "50")
    with serving(tmp_path, *given) as server, ThreadPoolExecutor(3) as clients:
        expected = rows(server.ask(LONG))
        with Load(short) as load:
            load.more(3)
            asked = [clients.submit(server.ask, LONG) for _ in range(3)]
            until(lambda: server.busy == 2, "two queries run")
            if is_at_terminal:
                os.killpg(server.process.pid, signal.SIGINT)
            else:
                server.signal(signal.SIGTERM)
            until(lambda: is_refused(server), "new connections are refused")
            assert [rows(one.result()) for one in asked] == [expected] * 3
            assert server.wait() == 0
        assert load.failed == []
        assert all(answer == [{"mark": "small"}] * 2 for answer in load.got if answer is not None)
        until(lambda: not family(server), "all its processes have ended")
        assert "Traceback" not in server.log


@pytest.mark.parametrize(
    ("numbers", "code"),
    [([signal.SIGTERM] * 2, 0), ([signal.SIGKILL], -signal.SIGKILL)],
    ids=["twice", "killed"],
)
def test_it_can_be_ended_at_once(
    numbers: list[signal.Signals], code: int, small: Snapshot, tmp_path: Path
) -> None:
    """The query would take longer than the test waits; all processes end."""
    given = (*few(small.path, 2), "--timeout", "600")
    with serving(tmp_path, *given) as server, ThreadPoolExecutor(1) as clients:
        asked = clients.submit(server.ask, ENDLESS, timeout=600)
        until(lambda: server.busy == 1, "it runs")
        for number in numbers:
            server.signal(number)
            until(lambda: is_refused(server), "the signal has arrived")
        assert server.wait() == code
        until(lambda: not family(server), "what holds the graph and what answers have gone")
        assert isinstance(asked.exception(60), requests.RequestException) or not asked.result().ok


# --- what is killed ------------------------------------------------------------------------------------------


def test_whatever_is_killed_is_replaced(small: Snapshot, tmp_path: Path) -> None:
    """Idle workers, those with a query, and what forks them too; the client whose query it was is told so."""

    def is_answered() -> bool:
        reply = server.ask(IN_TWO_GRAPHS)
        assert reply.status_code in (200, 503), reply.text
        return reply.status_code == 200

    with serving(tmp_path, *few(small.path)) as server, ThreadPoolExecutor(1) as clients:
        for number in workers(server):
            os.kill(number, signal.SIGKILL)
        until(is_answered, "there are others")
        for find in (workers, lambda server: family(server).keys() - {server.process.pid}):
            asked = clients.submit(server.ask, ENDLESS)
            until(lambda: server.workers("long", "busy") == 1, "it runs among the long ones")
            for number in find(server):
                os.kill(number, signal.SIGKILL)
            assert asked.result().status_code == 503
            until(is_answered, "the next query is answered")
            assert requests.get(f"{server.url}/health/ready", timeout=60).status_code == 200


# --- another release -----------------------------------------------------------------------------------------


def test_a_query_that_runs_is_answered_from_the_release_before(small: Snapshot, tmp_path: Path) -> None:
    """It goes on while the next ones are answered from the new release, and nothing is kept of the old one then."""
    other, link = small_release(tmp_path / "other", "other"), tmp_path / "current"
    switch(link, small.path)
    query = f"SELECT ?mark ?n {{ {{ {IN_TWO_GRAPHS} }} {{ {LONG} }} }}"
    with serving(tmp_path, *few(link)) as server, ThreadPoolExecutor(3) as clients:
        asked = [clients.submit(server.ask, query) for _ in range(3)]
        until(lambda: server.busy, "one runs, two wait")
        switch(link, other.path)
        server.signal(signal.SIGHUP)
        until(lambda: events(server, "release replaced"), "the release is replaced")
        assert rows(server.ask(IN_TWO_GRAPHS)) == [{"mark": "other"}] * 2
        for one in asked:
            assert {row["mark"] for row in rows(one.result())} == {"small"}
            assert one.result().headers["Jhaan-Release"] == small.key[:16]
        until(lambda: len(workers(server)) <= MOST_WORKERS, "the former release is no longer held")
        server.signal(signal.SIGHUP)
        until(lambda: events(server, "release is the same"), "it is the same")
        assert rows(server.ask(IN_TWO_GRAPHS)) == [{"mark": "other"}] * 2


def test_a_broken_release_is_not_taken(small: Snapshot, tmp_path: Path) -> None:
    """Nor is a folder without a release; a server with a release goes on with it, and says why."""
    link, changed, cut = tmp_path / "current", tmp_path / "changed", tmp_path / "cut"
    switch(link, small.path)
    small_release(changed, "changed")
    small_release(cut, "another")
    file = next((changed / "graphs").glob("register*"))
    file.write_bytes(file.read_bytes().replace(b"changed", b"CHANGED"))
    (cut / "graphs" / file.name).write_bytes(file.read_bytes()[:-1])
    broken = ((tmp_path, "must be a snapshot"), (changed, "was changed"), (cut, "does not have"))
    for folder, said in broken:
        done = jhaan("serve", "--port", "0", "--snapshot", folder)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert said in done.stderr
    with serving(tmp_path, *few(link)) as server:
        for number, (folder, said) in enumerate(broken, 1):
            switch(link, folder)
            server.signal(signal.SIGHUP)
            until(lambda number=number: len(events(server, "release not replaced")) == number, "it is logged")
            assert said in events(server, "release not replaced")[-1]["why"]
            assert rows(server.ask(IN_TWO_GRAPHS)) == [{"mark": "small"}] * 2
            assert requests.get(f"{server.url}/health/ready", timeout=60).status_code == 200
            until(lambda: len(workers(server)) <= MOST_WORKERS, "nothing is left of what couldn't be loaded")


# --- systemd -------------------------------------------------------------------------------------------------


def test_the_unit_of_the_documentation_is_right_and_as_confined_as_its_page_says(tmp_path: Path) -> None:
    text, count = re.subn(r"(?m)^ExecStart=\S+", f"ExecStart={shutil.which('true')}", UNIT.read_text())
    assert count == 1
    (tmp_path / UNIT.name).write_text(text)

    def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [program("systemd-analyze", "systemd"), *arguments, tmp_path / UNIT.name]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    done = analyze("verify", "--man=no")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = analyze("security", "--offline=true", "--no-pager")
    level = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
    assert level is not None, done.stderr
    assert f"exposure level {level[1]} " in (UNIT.parents[1] / "server.md").read_text("utf-8")
