"""What operators do: start and end the server, watch it, kill parts of it, and put another release in place."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families
from serving import Serving, serving
from under_load import (
    ENDLESS,
    IN_TWO_GRAPHS,
    LONG,
    Load,
    events,
    family,
    fork_servers,
    is_refused,
    rows,
    small_release,
    switch,
    until,
    workers,
)

from bad_input import jhaan
from jhaan_kg.build.snapshot import MANIFEST, Snapshot
from programs import program

pytestmark = pytest.mark.slow


UNIT = Path(__file__).resolve().parents[2] / "docs" / "serving" / "jhaan.service"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A small release, which changes for nobody."""
    return small_release(tmp_path_factory.mktemp("releases") / "small", "small")


@pytest.fixture(scope="module")
def running(small: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server of the small release, which changes for nobody."""
    folder = tmp_path_factory.mktemp("running")
    with serving(folder, "--snapshot", str(small.path), *few(2), "--timeout", "20") as server:
        yield server


def few(workers: int) -> list[str]:
    """Return the options for so many workers for SPARQL, and one for all else."""
    return ["--workers", str(workers), "--page-workers", "1"]


# --- the start -----------------------------------------------------------------------------------------------


def test_standard_output_is_the_address_in_one_line(small: Snapshot, tmp_path: Path) -> None:
    with serving(tmp_path, "--snapshot", str(small.path), *few(1)) as server:
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+", server.url)
        assert server.ask(IN_TWO_GRAPHS).status_code == 200
        server.signal(signal.SIGTERM)
        assert server.wait() == 0
        assert server.process.stdout is not None
        assert server.process.stdout.read() == ""
        assert f"SPARQL endpoint: {server.sparql} " in server.log.splitlines()[0]


def test_a_port_is_taken_by_one_server(running: Serving, small: Snapshot) -> None:
    port = running.url.rpartition(":")[2]
    done = jhaan("serve", "--port", port, "--snapshot", str(small.path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"jhaan: Cannot listen at 127.0.0.1:{port}: another program uses the port. "
        "Choose another with --port, or 0 for any free port.\n"
    )
    assert running.ask(IN_TWO_GRAPHS).status_code == 200


@pytest.mark.parametrize("module", ["uvicorn", "starlette"])
def test_without_the_extra_it_is_said_how_to_install_it(module: str, tmp_path: Path) -> None:
    """Other packages bring some of the libraries, so that one may be there without another."""
    start = f"import sys; sys.modules[{module!r}] = None; from jhaan_kg.cli import script; script()"
    done = subprocess.run(
        [sys.executable, "-c", start, "serve", "--port", "0"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        f'jhaan: Missing library "{module}" of the extra "server". Install it: pip install {module}\n',
    )


def test_the_options_of_the_command_line_win(small: Snapshot, tmp_path: Path) -> None:
    options = {"JHAAN_SERVE_OPTIONS": "--public-url 'https://one.example/' --workers 3"}
    given = (
        "--snapshot",
        str(small.path),
        *few(1),
        "--public-url",
        "https://two.example/kg/",
    )
    with serving(tmp_path, *given, environment=options) as server:
        described = requests.get(server.sparql, headers={"Accept": "text/turtle"}, timeout=60).text
        assert "<https://two.example/kg/sparql>" in described
        assert server.workers("long", "idle") == 1


def truncated(folder: Path) -> None:
    file = next(iter(sorted((folder / "graphs").iterdir())))
    file.write_bytes(file.read_bytes()[:-1])


def nested_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_text("[" * 100_000)


def outside_of_its_folder(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    file = folder / manifest["graphs"][0]["file"]
    file.rename(folder.with_name("outside"))
    manifest["graphs"][0]["file"] = "../outside"
    (folder / MANIFEST).write_text(json.dumps(manifest))


def of_another_format(folder: Path) -> None:
    text = (folder / MANIFEST).read_text()
    (folder / MANIFEST).write_text(text.replace('"format": 1', '"format": 99'))


DAMAGED = [
    (truncated, "does not have"),
    (nested_manifest, "manifest.json is not valid"),
    (outside_of_its_folder, "manifest.json is not valid"),
    (of_another_format, "its format is 99"),
]


@pytest.mark.parametrize(
    ("damage", "said"), DAMAGED, ids=[damage.__name__.replace("_", " ") for damage, _ in DAMAGED]
)
def test_a_damaged_snapshot_is_not_served(
    damage: Callable[[Path], None],
    said: str,
    small: Snapshot,
    run: Callable[..., tuple[int, str, str]],
    tmp_path: Path,
) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(small.path, folder)
    damage(folder)
    code, out, err = run("serve", "--port", "0", "--snapshot", str(folder))
    assert (code, out) == (2, "")
    assert err.startswith("jhaan: ")
    assert said in err
    assert err.count("\n") == 1


# --- what the server says of itself --------------------------------------------------------------------------


def test_it_says_that_it_lives_and_is_ready(running: Serving, small: Snapshot) -> None:
    live = requests.get(f"{running.url}/health/live", timeout=60)
    assert (live.status_code, live.text) == (200, "live\n")
    ready = requests.get(f"{running.url}/health/ready", timeout=60)
    assert (ready.status_code, ready.text) == (200, "ready\n")
    assert ready.headers["Jhaan-Release"] == small.key[:16]


Numbers = dict[tuple[str, frozenset[str]], float]


def numbers(server: Serving) -> Numbers:
    """Return the metrics as Prometheus reads them."""
    reply = requests.get(f"{server.url}/metrics", timeout=60)
    assert reply.headers["Content-Type"].startswith("text/plain; version=")
    families = list(text_string_to_metric_families(reply.text))
    assert len({one.name for one in families}) == len(families)
    assert all(one.documentation and one.type != "unknown" for one in families)
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for one in families
        for sample in one.samples
    }


def test_numbers_move_as_requests_come(running: Serving, small: Snapshot) -> None:
    before = numbers(running)
    sent = [running.ask(IN_TWO_GRAPHS).content for _ in range(3)]
    sent.append(running.ask("SELECT").content)
    sent.append(requests.get(f"{running.url}/nothing/here", timeout=60).content)
    with pytest.raises(requests.Timeout):  # whoever leaves has the worker ended
        running.ask(ENDLESS, timeout=1)
    left = ("jhaan_requests_total", frozenset({"sparql", "499"}))
    until(lambda: numbers(running).get(left), "a client left")
    after = numbers(running)

    def moved(name: str, *labels: str) -> float:
        at = (name, frozenset(labels))
        return after.get(at, 0) - before.get(at, 0)

    assert moved("jhaan_requests_total", "sparql", "200") == 3
    assert moved("jhaan_requests_total", "sparql", "400") == 1
    assert moved("jhaan_requests_total", "sparql", "499") == 1
    assert moved("jhaan_requests_total", "elsewhere", "404") == 1
    assert moved("jhaan_request_seconds_count", "sparql") == 5
    assert moved("jhaan_request_seconds_bucket", "sparql", "+Inf") == 5
    assert moved("jhaan_sent_bytes_total") > sum(map(len, sent))
    assert after["jhaan_release", frozenset({small.key})] == 1
    assert {name for name, _ in after} >= {"process_resident_memory_bytes", "process_open_fds"}


# --- the end -------------------------------------------------------------------------------------------------


ENDINGS = [
    pytest.param(signal.SIGTERM, False, id="SIGTERM to the server"),
    pytest.param(signal.SIGINT, True, id="Ctrl-C at a terminal"),
]


@pytest.mark.parametrize(("number", "to_all"), ENDINGS)
def test_what_is_asked_is_answered_before_the_end(
    number: signal.Signals, to_all: bool, small: Snapshot, tmp_path: Path
) -> None:
    """Long queries that run and one that waits are answered whole, while nobody else comes in."""
    given = ("--snapshot", str(small.path), *few(2), "--per-client", "50")
    with serving(tmp_path, *given) as server, ThreadPoolExecutor(3) as clients:
        expected = rows(server.ask(LONG))

        def short(session: requests.Session) -> list[dict[str, str]] | None:
            try:
                return rows(session.get(server.sparql, params={"query": IN_TWO_GRAPHS}, timeout=60))
            except (
                requests.ConnectionError
            ):  # nobody took the request; an answer that breaks off is another error
                return None

        with Load(short) as load:
            load.more(3)
            asked = [clients.submit(server.ask, LONG) for _ in range(3)]
            until(lambda: server.busy == 2, "two queries run")
            if to_all:
                os.killpg(server.process.pid, number)
            else:
                server.signal(number)
            until(lambda: is_refused(server), "new connections are refused")
            assert [rows(one.result()) for one in asked] == [expected] * 3
            assert server.wait() == 0
        assert load.failed == []
        assert all(answer == [{"mark": "small"}] * 2 for answer in load.got if answer is not None)
        until(lambda: not family(server), "all its processes have ended")
        assert "Traceback" not in server.log


def test_a_second_signal_ends_it_at_once(small: Snapshot, tmp_path: Path) -> None:
    """The query would take longer than the test waits."""
    given = ("--snapshot", str(small.path), *few(1), "--timeout", "600")
    with serving(tmp_path, *given) as server, ThreadPoolExecutor(1) as clients:
        asked = clients.submit(server.ask, ENDLESS, timeout=600)
        until(lambda: server.busy == 1, "it runs")
        server.signal(signal.SIGTERM)
        until(lambda: is_refused(server), "the first signal has arrived")
        server.signal(signal.SIGTERM)
        assert server.wait() == 0
        until(lambda: not family(server), "all its processes have ended")
        assert isinstance(asked.exception(60), requests.RequestException) or not asked.result().ok


def test_whatever_is_killed_takes_its_children_along(small: Snapshot, tmp_path: Path) -> None:
    """The server is killed while one query runs and the other workers wait."""
    given = ("--snapshot", str(small.path), *few(2), "--timeout", "600")
    with serving(tmp_path, *given) as server, ThreadPoolExecutor(1) as clients:
        asked = clients.submit(server.ask, ENDLESS, timeout=600)
        until(lambda: server.busy == 1, "it runs")
        until(lambda: (len(fork_servers(server)), len(workers(server))) == (1, 3), "all are there")
        server.signal(signal.SIGKILL)
        assert server.wait() == -signal.SIGKILL
        until(lambda: not family(server), "what holds the graph and what answers have gone")
        assert isinstance(asked.exception(60), requests.ConnectionError)


# --- what is killed ------------------------------------------------------------------------------------------


def is_answered(server: Serving) -> bool:
    """Tell whether a query is answered; what can't be answered just now has a status that says so."""
    reply = server.ask(IN_TWO_GRAPHS)
    assert reply.status_code in (200, 503), reply.text
    return reply.status_code == 200


def test_whatever_is_killed_is_replaced(small: Snapshot, tmp_path: Path) -> None:
    """Idle workers, those with a query, and what forks them too; the client whose query it was is told so."""
    with (
        serving(tmp_path, "--snapshot", str(small.path), *few(1)) as server,
        ThreadPoolExecutor(1) as clients,
    ):
        for number in workers(server):
            os.kill(number, signal.SIGKILL)
        until(lambda: is_answered(server), "there are others")
        for find in (workers, lambda server: [*fork_servers(server), *workers(server)]):
            asked = clients.submit(server.ask, ENDLESS)
            until(lambda: server.workers("long", "busy") == 1, "it runs among the long ones")
            for number in find(server):
                os.kill(number, signal.SIGKILL)
            assert asked.result().status_code == 503
            until(lambda: is_answered(server), "the next query is answered")
            assert requests.get(f"{server.url}/health/ready", timeout=60).status_code == 200


# --- another release -----------------------------------------------------------------------------------------


def test_a_query_that_runs_is_answered_from_the_release_before(small: Snapshot, tmp_path: Path) -> None:
    """It goes on while the next ones are answered from the new release, and nothing is kept of the old one then."""
    other = small_release(tmp_path / "other", "other")
    link = tmp_path / "current"
    switch(link, small.path)
    query = f"SELECT ?mark ?n {{ {{ {IN_TWO_GRAPHS} }} {{ {LONG} }} }}"
    with (
        serving(tmp_path, "--snapshot", str(link), *few(1)) as server,
        ThreadPoolExecutor(3) as clients,
    ):
        asked = [clients.submit(server.ask, query) for _ in range(3)]
        until(lambda: server.busy, "one runs, two wait")
        switch(link, other.path)
        server.signal(signal.SIGHUP)
        until(lambda: events(server, "release replaced"), "the release is replaced")
        assert rows(server.ask(IN_TWO_GRAPHS)) == [{"mark": "other"}] * 2
        for one in asked:
            assert {row["mark"] for row in rows(one.result())} == {"small"}
            assert one.result().headers["Jhaan-Release"] == small.key[:16]
        until(lambda: len(fork_servers(server)) == 1, "the former release is no longer held")
        server.signal(signal.SIGHUP)
        until(lambda: events(server, "release is the same"), "it is the same")
        assert rows(server.ask(IN_TWO_GRAPHS)) == [{"mark": "other"}] * 2


def test_a_broken_release_is_not_taken(small: Snapshot, tmp_path: Path) -> None:
    """Nor is a link that leads to no release."""
    link = tmp_path / "current"
    switch(link, small.path)
    broken = [(tmp_path / "nowhere", "must be a snapshot or a checkout")]
    broken.append((tmp_path, "must be a snapshot or a checkout"))
    for damage, said in DAMAGED:
        folder = tmp_path / damage.__name__
        small_release(folder, "other")
        damage(folder)
        broken.append((folder, said))
    with serving(tmp_path, "--snapshot", str(link), *few(1)) as server:
        for number, (folder, said) in enumerate(broken, 1):
            switch(link, folder)
            stays_as_it_is(server, number, said)


def stays_as_it_is(server: Serving, number: int, said: str) -> None:
    """Expect that a server goes on with its release, which it could not replace for that many times, and says why."""
    server.signal(signal.SIGHUP)
    until(
        lambda: len(events(server, "release not replaced")) == number, "the log says that nothing has changed"
    )
    assert said in events(server, "release not replaced")[-1]["why"]
    assert rows(server.ask(IN_TWO_GRAPHS)) == [{"mark": "small"}] * 2
    assert requests.get(f"{server.url}/health/ready", timeout=60).status_code == 200
    until(lambda: len(fork_servers(server)) == 1, "nothing is left of what couldn't be loaded")


# --- systemd -------------------------------------------------------------------------------------------------


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit of the documentation, with a program that this machine has."""
    text, count = re.subn(r"(?m)^ExecStart=\S+", f"ExecStart={shutil.which('true')}", UNIT.read_text())
    assert count == 1
    file = tmp_path / UNIT.name
    file.write_text(text)
    return file


def test_the_unit_of_the_documentation_is_right(unit: Path) -> None:
    analyze = program("systemd-analyze", "systemd")
    done = subprocess.run([analyze, "verify", "--man=no", unit], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_unit_of_the_documentation_is_as_confined_as_its_page_says(unit: Path) -> None:
    analyze = program("systemd-analyze", "systemd")
    done = subprocess.run(
        [analyze, "security", "--offline=true", "--no-pager", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    level = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
    assert level is not None, done.stderr
    assert f"exposure level {level[1]} " in (UNIT.parents[1] / "server.md").read_text("utf-8")
