"""Progress is for terminals only, and ends its line whatever happens."""

from __future__ import annotations

import io
import threading

import pytest

from jhaan_kg.build.progress import Progress, long_step


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_step_that_fails_ends_its_line() -> None:
    terminal = Terminal()
    with pytest.raises(ValueError, match="oops"), Progress(terminal).step("check"):
        raise ValueError("oops")
    assert terminal.getvalue().endswith("\n")


def test_a_long_step_says_how_far_it_has_come() -> None:
    terminal = Terminal()
    with long_step("export", terminal, patience=0) as tell:
        while "…" not in terminal.getvalue():
            pass
        tell("12 files")
    assert terminal.getvalue() == "\rexport     …\rexport     12 files\n"


def test_a_long_step_ends_with_what_goes_wrong() -> None:
    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt), long_step("export", Terminal(), patience=60):
        raise KeyboardInterrupt
    assert threading.active_count() == before
