"""The sixty questions have answers."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Callable

import pytest
from sixty import COMMANDS


@pytest.mark.parametrize("command", [command for _, command in COMMANDS])
def test_each_question_has_an_answer(command: str, run: Callable[..., tuple[int, str, str]]) -> None:
    code, printed, _ = run("query", *shlex.split(command), "--format", "csv")
    assert code == 0
    assert len(list(csv.reader(io.StringIO(printed, newline="")))) > 1
