"""Progress is for terminals only, and ends its line whatever happens."""

from __future__ import annotations

import io
import threading

import pytest

from jhaan_kg.build.progress import Progress, long_step


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


def test_a_long_step_says_how_far_it_has_come() -> None:
    terminal = Terminal()
    with long_step("export", terminal, patience=0) as tell:
        while "…" not in terminal.getvalue():
            pass
        tell("12 files")
    assert terminal.getvalue() == "\rexport     …\rexport     12 files\n"


def test_a_shorter_word_covers_a_longer_one() -> None:
    terminal = Terminal()
    with long_step("export", terminal, patience=0) as tell:
        tell("a long word")
        while not terminal.getvalue():
            pass
        tell("short")
    shown = terminal.getvalue().split("\r")
    assert len(shown[-1].rstrip("\n")) >= len(shown[1])


def test_a_quick_step_says_nothing() -> None:
    terminal = Terminal()
    with long_step("export", terminal, patience=60) as tell:
        tell("12 files")
    assert terminal.getvalue() == ""


def test_a_long_step_says_nothing_in_a_pipe() -> None:
    pipe = io.StringIO()
    with long_step("export", pipe, patience=0) as tell:
        tell("12 files")
    assert pipe.getvalue() == ""


def test_a_long_step_ends_with_what_goes_wrong() -> None:
    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt), long_step("export", Terminal(), patience=60):
        raise KeyboardInterrupt
    assert threading.active_count() == before
