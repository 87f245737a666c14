"""The whole graph is replaced while clients ask for all of it, of one server and of three behind nginx."""

from __future__ import annotations

from pathlib import Path

from proxied import kill_and_move, proxied
from under_load import asks_for_all, asks_for_marks, real_release, replace_under_load


def test_another_release_takes_the_place_of_one_that_is_asked(tmp_path: Path) -> None:
    replace_under_load(real_release, [asks_for_marks] * 3 + [asks_for_all] * 2, tmp_path)


def test_instances_are_killed_and_moved_to_another_release_under_load(tmp_path: Path) -> None:
    with proxied(tmp_path, make=real_release) as made:
        kill_and_move(made, tmp_path)
