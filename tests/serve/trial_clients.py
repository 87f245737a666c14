"""`jhaan compare` finds no difference between the server and the embedded engine, and who takes nothing is let go."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import requests
from openapi_read import FILES, header
from raw_http import PATIENCE, connect, get
from serving import Serving, serving
from slow_leaving import descriptors
from under_load import ALL, until

from jhaan_kg.serve.app import SEND_SECONDS


def test_the_server_answers_each_question_as_the_embedded_engine_does(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    with serving(tmp_path, "--per-client", "50") as roomy:
        code, out, err = run("compare", roomy.sparql, "--format", "json")
    report = json.loads(out)
    differing = [entry for entry in report["questions"] if entry["answer"] != "same"]
    assert differing == []
    assert (code, report["differs"]) == (0, False), err
    with_defaults = [file for file in FILES if any("default" in each for each in header(file)["parameters"])]
    assert {entry["name"] for entry in report["questions"]} == {file.stem for file in FILES}
    assert len(report["questions"]) == len(FILES) + len(with_defaults)
    assert sum(entry["citations"] == "same" for entry in report["questions"]) == len(FILES)
    assert report["holds"]["graphsThatDiffer"] == []


def quiet(server: Serving) -> int:
    """Return how many descriptors the server has when nobody asks."""
    seen: list[int] = []

    def is_quiet() -> bool:
        seen.append(descriptors(server.process.pid))
        return len(seen) > 50 and len(set(seen[-50:])) == 1

    until(is_quiet)
    return seen[-1]


def test_who_takes_nothing_is_let_go(tmp_path: Path) -> None:
    """One long answer, and many short ones; otherwise a few clients have all connections in time."""
    short = b"GET /.well-known/void HTTP/1.1\r\nHost: a\r\n\r\n" * 3000
    with serving(tmp_path, "--timeout", "20") as server, ExitStack() as stack:
        requests.get(f"{server.url}/.well-known/void", timeout=PATIENCE)
        before = quiet(server)
        for sent in (get(f"{ALL} LIMIT 60000"), short):
            opened = stack.enter_context(connect(server, 4096))
            opened.settimeout(2)
            with suppress(TimeoutError):
                opened.sendall(sent)
        until(lambda: descriptors(server.process.pid) >= before + 2)
        until(lambda: descriptors(server.process.pid) <= before, "they are let go", SEND_SECONDS + 40)
