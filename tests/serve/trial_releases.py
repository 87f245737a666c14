"""The whole graph is replaced while clients ask for all of it, of one server and of three behind nginx."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from proxied import kill_and_move, proxied
from serving import serving
from slow_operation import is_answered
from under_load import asks_for_all, asks_for_marks, nurseries, real_release, replace_under_load, until


def test_another_release_takes_the_place_of_one_that_is_asked(tmp_path: Path) -> None:
    replace_under_load(real_release, [asks_for_marks] * 3 + [asks_for_all] * 2, tmp_path)


def test_instances_are_killed_and_moved_to_another_release_under_load(tmp_path: Path) -> None:
    with proxied(tmp_path, make=real_release) as made:
        kill_and_move(made, tmp_path)


def test_what_holds_the_graph_is_killed_again_while_it_loads(tmp_path: Path) -> None:
    """That is what happens where memory is short; when there is enough again, queries are answered again."""
    with serving(tmp_path, "--workers", "1") as server:
        (first,) = nurseries(server)
        os.kill(first, signal.SIGKILL)
        until(lambda: nurseries(server) not in ([], [first]), "it is started again")
        os.kill(nurseries(server)[0], signal.SIGKILL)
        until(lambda: is_answered(server), "queries are answered again", 15)
