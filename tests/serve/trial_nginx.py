"""Instances behind a real nginx when clients are slow or greedy, and when instances end."""

from __future__ import annotations

import http.client
import signal
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests
from proxied import Proxied, is_asked, kill_and_move, proxied
from raw_http import connect, rest
from under_load import CROSS, GREEDY, IN_TWO_GRAPHS, Load, real_release, until


def test_a_slow_client_holds_nobody(behind: Proxied) -> None:
    """Clients, as many as there are workers, get the rest of long answers from workers that are free already."""
    query = urlencode({"query": f"{CROSS} LIMIT 100000"})
    request = f"GET /sparql?{query} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
    with ExitStack() as stack:
        slow = [stack.enter_context(connect(behind.front, 4096, behind.another_address())) for _ in range(6)]
        for connection in slow:
            connection.sendall(request)
        assert all(connection.recv(1) for connection in slow)
        until(lambda: all(instance.in_state("busy") == 0 for instance in behind.instances), "all are idle")
        assert behind.ask(IN_TWO_GRAPHS).status == 200
        assert rest(slow[0]).endswith(b"0\r\n\r\n")


def test_an_instance_that_is_told_to_end_answers_what_it_was_asked(behind: Proxied) -> None:
    """Each is ended in order and started again; whoever asks by GET or POST doesn't notice."""

    def posted(_: requests.Session) -> Any:
        address = behind.another_address()
        body = urlencode({"query": IN_TWO_GRAPHS})
        connection = http.client.HTTPConnection("127.0.0.1", behind.port, 60, (address, 0))
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/sparql", body, headers)
        status = connection.getresponse().status
        connection.close()
        return status

    def short(_: requests.Session) -> int:
        return behind.ask(IN_TWO_GRAPHS).status

    def long(_: requests.Session) -> int:
        return behind.ask(f"{CROSS} LIMIT 20000").status

    with Load(short, long, posted) as load:
        load.more(10)
        for number in range(3):
            behind.instances[number].signal(signal.SIGTERM)
            assert behind.instances[number].wait() == 0
            load.more(20)
            behind.start(number)
            until(lambda at=number: is_asked(behind.instances[at]), "nginx asks it again")
    assert load.failed == []
    assert set(load.got) == {200}


def test_queries_that_take_too_much_shut_nobody_else_out(tmp_path: Path) -> None:
    """They are no fault of the instance, so none may be left alone for them."""
    with proxied(tmp_path, "--memory", "64") as made:

        def greedy(_: requests.Session) -> int:
            return made.ask(GREEDY).status

        with Load(greedy, greedy) as load:
            others = []
            while len(load.got) < 30 and not load.failed:
                others.append(made.ask(IN_TWO_GRAPHS).status)
        assert load.failed == []
        assert set(load.got) == {503}
        assert set(others) == {200}
        for instance in made.instances:
            assert len([entry for entry in instance.entries if entry.get("status") == 503]) > 1


def test_instances_are_killed_and_moved_to_another_release_under_load(tmp_path: Path) -> None:
    with proxied(tmp_path, make=real_release) as made:
        kill_and_move(made, tmp_path)
