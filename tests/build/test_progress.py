"""Progress is for terminals only, and ends its line whatever happens."""

from __future__ import annotations

import io

import pytest

from jhaan_kg.build.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_pipe_sees_nothing() -> None:
    pipe = io.StringIO()
    with Progress(pipe).step("infer") as tell:
        tell("3 triples")
    assert pipe.getvalue() == ""


def test_a_step_that_fails_ends_its_line() -> None:
    terminal = Terminal()
    with pytest.raises(ValueError, match="oops"), Progress(terminal).step("check"):
        raise ValueError("oops")
    assert terminal.getvalue().endswith("\n")


def test_steps_follow_each_other_on_lines_of_their_own() -> None:
    terminal = Terminal()
    progress = Progress(terminal)
    for name, result in (("read", "3 files"), ("infer", "7 triples")):
        with progress.step(name) as tell:
            tell(result)
    last_on_each_line = [line.split("\r")[-1].split() for line in terminal.getvalue().split("\n")]
    assert last_on_each_line == [["read", "3", "files"], ["infer", "7", "triples"], []]
