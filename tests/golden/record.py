"""The output of a checkout for users, written to a folder by its installed command and its server."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, urlencode

import requests

REQUESTS = Path(__file__).with_name("requests.txt")
PUBLIC = "http://golden.example"
"""The address of the server in its answers, independent of the port."""

UNSTABLE = ("date", "etag", "jhaan-release")
"""Headers whose values depend on the time, or on each byte of the graph; only their presence is recorded."""

WITHOUT_TEXT = {**os.environ, "JHAAN_REPORT": "", "JHAAN_SERVE_OPTIONS": "", "XDG_DATA_HOME": os.devnull}
"""The environment of the recorded commands, in which they cannot find the report's text."""

START_SECONDS = 300
LONGEST = 150
"""The maximum number of characters in a file name, before a checksum is added."""

run = partial(subprocess.run, env=WITHOUT_TEXT)


def record(checkout: Path, folder: Path) -> None:
    """Record a checkout in which `make .venv/dev` has run.

    Raises:
        CalledProcessError: a command fails.
    """
    jhaan = checkout / ".venv" / "bin" / "jhaan"
    with ThreadPoolExecutor() as pool, serving(jhaan, checkout) as url:
        release = [jhaan, "export", "release", "-o", folder / "release"]
        jobs = [pool.submit(run, release, cwd=checkout, check=True, stderr=subprocess.DEVNULL)]
        jobs.append(pool.submit(record_answers, url, checkout, folder))
        record_help(jhaan, checkout, folder / "help")
        for job in jobs:
            job.result()


def record_help(jhaan: Path, checkout: Path, folder: Path) -> None:
    """Record the help of all commands."""
    folder.mkdir()
    overview = output(jhaan, "--help", cwd=checkout)
    commands = re.findall(r"^  (\w+)  +\S", overview, re.MULTILINE)
    (folder / "jhaan.txt").write_text(overview)
    for command in commands:
        (folder / f"{command}.txt").write_text(output(jhaan, command, "--help", cwd=checkout))


def output(jhaan: Path, *arguments: str, cwd: Path) -> str:
    """Return the output of a command."""
    return run([jhaan, *arguments], cwd=cwd, capture_output=True, text=True, check=True).stdout


@contextmanager
def serving(jhaan: Path, checkout: Path) -> Iterator[str]:
    """Run the server of a checkout, and yield its address once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--port", str(port), "--public-url", PUBLIC, "--per-client", "50", "--timeout", "120"]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        [jhaan, "serve", *options],
        cwd=checkout,
        env=WITHOUT_TEXT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            wait_for(f"{url}/health/ready", server)
            yield url
        finally:
            server.terminate()


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until an address answers.

    Raises:
        RuntimeError: the server has ended, or does not answer in time.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if requests.get(url, timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise RuntimeError("the server does not answer")


def record_answers(url: str, checkout: Path, folder: Path) -> None:
    """Record the answers of the server, two at a time."""
    wanted = {
        folder / "questions" / f"{name}.json": ("GET", path, "*/*") for name, path in questions(checkout)
    }
    wanted |= {folder / "http" / f"{named(line)}.txt": request_of(line) for line in requested()}

    def write(file: Path) -> None:
        method, path, accept = wanted[file]
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(answer(method, url + path, accept))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, wanted))


def questions(checkout: Path) -> list[tuple[str, str]]:
    """Return the names and paths of requests for all stored questions, with default and with tested parameters."""
    files = [path for path in (checkout / "queries").rglob("*.rq") if path.parent.name != "violations"]
    cases: set[tuple[str, tuple[tuple[str, str], ...]]] = {(path.stem, ()) for path in files}
    for path in (checkout / "tests" / "expected").glob("*.tsv"):
        given = re.search(r"^# parameters: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        pairs = [item.partition("=") for item in given[1].split(";")] if given else []
        cases.add((path.name.split(".")[0], tuple((name.strip(), value.strip()) for name, _, value in pairs)))
    return [
        (
            named(" ".join([name, *(f"--{key} {value}" for key, value in parameters)])),
            f"/questions/{name}.json?{urlencode([*parameters, ('cite', 'yes')])}",
        )
        for name, parameters in sorted(cases)
    ]


def named(asked: str) -> str:
    """Return the file name for a request; long names are shortened, as file systems limit their length."""
    name = quote(asked, safe=" ")
    return name if len(name) < LONGEST else f"{name[:LONGEST]}{sha256(name.encode()).hexdigest()[:8]}"


def requested() -> list[str]:
    """Return the requests of the list, one line each."""
    lines = (line.partition(" # ")[0].strip() for line in REQUESTS.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def request_of(line: str) -> tuple[str, str, str]:
    """Return the method, the path and the accepted media type of a line of the list."""
    method, path, *accept = line.split()
    return method, path, accept[0] if accept else "*/*"


def answer(method: str, address: str, accept: str) -> bytes:
    """Return the status, headers and body of an answer; errors are recorded like other answers."""
    reply = requests.request(method, address, headers={"Accept": accept}, timeout=120, allow_redirects=False)
    headers = {name.lower(): value for name, value in reply.headers.items()}
    headers |= {name: "present" for name in UNSTABLE if name in headers}
    head = [str(reply.status_code), *(f"{name}: {value}" for name, value in sorted(headers.items()))]
    return "\n".join(head).encode() + b"\n\n" + reply.content
