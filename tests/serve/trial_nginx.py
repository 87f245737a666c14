"""Instances behind a real nginx when clients are slow or greedy, and when instances end."""

from __future__ import annotations

import http.client
import signal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests
from proxied import Proxied, is_asked, kill_and_move, proxied
from under_load import CROSS, IN_TWO_GRAPHS, Load, real_release, until


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


def test_instances_are_killed_and_moved_to_another_release_under_load(tmp_path: Path) -> None:
    with proxied(tmp_path, make=real_release) as made:
        kill_and_move(made, tmp_path)
