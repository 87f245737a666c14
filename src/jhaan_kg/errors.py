"""What can go wrong, said for people: every error names the place, the cause and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum
from typing import Final, NamedTuple

EXIT_CODES: Final = {
    0: "success",
    1: "a check, a verification or a comparison found problems or differences, which are printed",
    2: "wrong use, or input that cannot be read; the message says what to do",
    3: "a service cannot be reached or refuses the request, or a query exceeded its time limit",
    130: "interrupted with Ctrl-C",
    143: "terminated by SIGTERM",
}
"""What the exit codes of the command mean."""


STEERING: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that steer a terminal or change the order of a line, and bytes of file names that are no UTF-8."""


def printable(text: object, *, lines: bool = False) -> str:
    r"""Return a text that may come from outside, such as a file name, with steering characters escaped as in Python.

    Args:
        text: what is to be printed.
        lines: whether line ends and tabs stay.

    >>> print(printable("a.ttl\nb\x1b[2J\u202e"), printable("a\nb\x1b", lines=True), sep="; ")
    a.ttl\nb\x1b[2J\u202e; a
    b\x1b
    """

    def escape(found: re.Match[str]) -> str:
        return found[0] if lines and found[0] in "\n\t" else ascii(found[0])[1:-1]

    return STEERING.sub(escape, str(text))


def count_of(number: int, word: str, ending: str = "s") -> str:
    """Write a number with a noun that agrees with it.

    >>> count_of(1, "error"), count_of(6210, "triple"), count_of(2, "match", "es")
    ('1 error', '6,210 triples', '2 matches')
    """
    return f"{number:,} {word}{'' if number == 1 else ending}"


class Severity(IntEnum):
    """How grave a finding is; only an ERROR stops a build or makes a command exit with 1."""

    ERROR = 0
    WARNING = 1
    INFO = 2


class Finding(NamedTuple):
    """One thing that a check found in the sources.

    Attributes:
        path: the file, relative to the root of the sources, with forward slashes; empty if no file is to blame.
        line: the line, counted from 1; 0 if unknown.
        severity: how grave it is.
        code: a short stable name of the rule, in kebab-case.
        subject: the thing it is about, as a CURIE or IRI; may be empty.
        message: what was found and what was expected.
        fix: what to do about it.
    """

    path: str
    line: int
    severity: Severity
    code: str
    subject: str
    message: str
    fix: str = ""

    def __str__(self) -> str:
        """Return one line for people, after the pattern of compilers.

        >>> print(Finding("data/x.ttl", 3, Severity.ERROR, "undefined-term", "ex:a", "unknown term jhaan:Foo.",
        ...               "Correct the spelling."))
        data/x.ttl:3: error [undefined-term] ex:a: unknown term jhaan:Foo. Correct the spelling.
        """
        place = f"{self.path}:{self.line}: " if self.line else f"{self.path}: " if self.path else ""
        subject = f"{self.subject}: " if self.subject else ""
        fix = f" {self.fix}" if self.fix else ""
        return printable(f"{place}{self.severity.name.lower()} [{self.code}] {subject}{self.message}{fix}")


class JhaanError(Exception):
    """An error that a user can act on; its arguments are the lines of its text, which has no traceback."""

    exit_code = 2

    def __str__(self) -> str:
        return "\n".join(map(printable, self.args))


class FindingsError(JhaanError):
    """A check found faults that stop the work.

    Attributes:
        findings: what was found, sorted by file and line.
    """

    exit_code = 1

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings))
        super().__init__(*map(str, self.findings))


class ServiceError(JhaanError):
    """A service that is needed can't be reached or refuses."""

    exit_code = 3
