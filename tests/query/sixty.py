"""Sixty questions of users by number, with the command that answers each."""

from __future__ import annotations

import shlex
from pathlib import Path

from tables import read_table

COMMANDS = [
    (int(number), command) for number, command in read_table(Path(__file__).with_name("sixty.tsv"))[1:]
]


def options(command: str) -> tuple[str, dict[str, list[str]]]:
    """Return the name of the stored question in a command, and the values of its parameters."""
    name, *words = shlex.split(command)
    given: dict[str, list[str]] = {}
    for option, value in zip(words[::2], words[1::2], strict=True):
        given.setdefault(option.removeprefix("--"), []).append(value)
    return name, given
