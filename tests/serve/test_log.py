"""What answers and the log say, and what they keep to themselves."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest
import requests
from raw_http import PATIENCE, exchange, get, head, post
from serving import Serving
from under_load import SHORT, until

from aborting import aborting_query
from real_sources import ROOT

pytestmark = pytest.mark.slow


GIVEN_AWAY: Final = re.compile(
    'Traceback|File "|\\.py\\b|site-packages|0x[0-9a-f]{8}|/tmp/|/proc/|panicked|uvicorn|starlette|'
    + "|".join(re.escape(path) for path in (str(ROOT), sys.prefix, str(Path.home()) + "/"))
)


SENT: Final = (
    get("ASK {", "1.1", "Connection: close"),
    get(aborting_query(), "1.1", "Connection: close"),
    get("SELECT (<urn:f>() AS ?x) { }", "1.1", "Connection: close"),
    get("ASK { SERVICE <urn:a> { } }", "1.1", "Connection: close"),
    get(SHORT, "1.1", "Accept: image/png", "Connection: close"),
    get("CONSTRUCT { ?s <urn:1> 2 } { ?s a ?o }", "1.1", "Accept: application/rdf+xml", "Connection: close"),
    post(b"\xff", "Content-Length: 1"),
    post(b"x", "Content-Encoding: gzip", "Content-Length: 1"),
    head("GET /sparql?query=%zz HTTP/1.1", "Host: a"),
    head("GET /graphs HTTP/1.1", "Host: a"),
    b"GET /graphs?" + b"&".join([b"a"] * 20) + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    head("GET / HTTP/1.1", "Host: a"),
    head("GET /metrics HTTP/1.1", "Host: a"),
    head("GET /sparql HTTP/1.1", "Host: a"),
    head("GET /elsewhere HTTP/1.1", "Host: a"),
    head("BREW / HTTP/1.1", "Host: a"),
    b"no request at all\r\n\r\n",
)


def test_no_answer_gives_anything_away(server: Serving) -> None:
    for sent in SENT:
        reply = exchange(server, sent).decode()
        assert reply
        assert not (found := GIVEN_AWAY.search(reply)), found
        assert "server:" not in reply.lower().partition("\r\n\r\n")[0]


MARK: Final = "nobody-else-should-know"
FORGED: Final = 'x\r\n{"time": "2020", "status": 200}\n\x1b[2J\u2028\x00\x7f'


def ask_last(server: Serving, path: str) -> None:
    """Send a request, and wait until it is in the log, which a thread writes in order."""
    requests.get(f"{server.url}{quote(path)}", timeout=PATIENCE)
    until(lambda: any(entry.get("path") == path for entry in server.entries), "the last request is logged")


def test_the_log_keeps_queries_to_itself(server: Serving, idle: Serving) -> None:
    query = f"ASK {{ ?s ?p '{MARK}' }}"
    for running in (server, idle):
        running.ask(f"ASK {{ '{MARK}")
        running.ask(SHORT, headers={"User-Agent": MARK, "Referer": f"http://a/{MARK}", "Cookie": MARK})
        running.ask(query)
        requests.get(f"{running.sparql}", params={"query": query}, timeout=PATIENCE)
        ask_last(running, "/queries")
    assert MARK not in server.log


def test_lines_of_the_log_are_what_they_seem(server: Serving, idle: Serving) -> None:
    for running in (server, idle):
        running.ask(f"ASK {{ }} # {FORGED.replace(chr(0), '')}")
        requests.get(f"{running.url}/", headers={"X-Forwarded-For": '1.2.3.4"} {'}, timeout=PATIENCE)
        exchange(running, b'X"{} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
        ask_last(running, f"/{FORGED}")
        lines = running.log.split("\n")
        assert lines.pop() == ""
        entries = [json.loads(line) for line in lines if line.startswith("{")]
        assert len(entries) == len(lines) - 1, [line for line in lines if not line.startswith("{")]
        assert all(isinstance(entry, dict) and entry["time"] != "2020" for entry in entries)
        assert all(line.isprintable() and line.isascii() for line in lines)
