"""Errors and findings with messages for people: the place, the cause and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum
from typing import Final, NamedTuple

STEERING: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that must be escaped in messages.

They control a terminal or the direction of text, or are bytes of file names that are not UTF-8.
"""


def printable(text: object, *, lines: bool = False) -> str:
    r"""Return a text from outside, such as a file name, with escapes.

    Control characters are escaped as in Python.

    Args:
        text: the text to print, or another value.
        lines: whether to keep line ends and tabs.

    >>> print(printable("a.ttl\nb\x1b[2J\u202e"), printable("a\nb\x1b", lines=True), sep="; ")
    a.ttl\nb\x1b[2J\u202e; a
    b\x1b
    """

    def escape(found: re.Match[str]) -> str:
        return found[0] if lines and found[0] in "\n\t" else ascii(found[0])[1:-1]

    return STEERING.sub(escape, str(text))


def count_of(number: int, word: str, ending: str = "s") -> str:
    """Return a number with a noun that agrees with it.

    >>> count_of(1, "error"), count_of(6210, "triple"), count_of(2, "match", "es")
    ('1 error', '6,210 triples', '2 matches')
    """
    return f"{number:,} {word}{'' if number == 1 else ending}"


class Severity(IntEnum):
    """Severity of a finding; only an ERROR stops a build and causes exit code 1."""

    ERROR = 0
    WARNING = 1
    INFO = 2


class Finding(NamedTuple):
    """A finding of a check on the sources.

    Attributes:
        path: the file, relative to the root of the sources, with forward slashes; empty if it concerns no file.
        line: the line, counted from 1; 0 if unknown.
        severity: its severity.
        code: a short stable name of the rule, in kebab-case.
        subject: the entity that it is about, as a CURIE or IRI; may be empty.
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
        """Return one line for people, in the format of compilers.

        >>> print(Finding("data/x.ttl", 3, Severity.ERROR, "undefined-term", "ex:a", "unknown term jhaan:Foo.",
        ...               "Correct the spelling."))
        data/x.ttl:3: error [undefined-term] ex:a: unknown term jhaan:Foo. Correct the spelling.
        """
        place = f"{self.path}:{self.line}: " if self.line else f"{self.path}: " if self.path else ""
        subject = f"{self.subject}: " if self.subject else ""
        fix = f" {self.fix}" if self.fix else ""
        return printable(f"{place}{self.severity.name.lower()} [{self.code}] {subject}{self.message}{fix}")


class JhaanError(Exception):
    """An error that a user can act on; it is shown without a traceback.

    Its arguments are the lines of its message.
    """

    exit_code = 2

    def __str__(self) -> str:
        return "\n".join(map(printable, self.args))


class FindingsError(JhaanError):
    """Error for faults that a check found and that stop the command.

    Attributes:
        findings: the findings, sorted by file and line.
    """

    exit_code = 1

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings))
        super().__init__(*map(str, self.findings))


class ServiceError(JhaanError):
    """A required service cannot be reached or rejects the request."""

    exit_code = 3
