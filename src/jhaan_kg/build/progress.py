"""What a build is doing, for people at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO


class Progress:
    """Says on a terminal which step runs and what it gave; in a pipe or a log it says nothing."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """Start without a step.

        Args:
            stream: where to write; standard error by default.
        """
        self._stream = stream or sys.stderr
        self._shown = self._stream.isatty()

    @contextmanager
    def step(self, name: str) -> Iterator[Callable[[str], None]]:
        r"""Say that a step runs, and when it ends, what it gave.

        Args:
            name: of the step, in one word.

        Yields:
            A function that takes what the step gave, in few words.

        >>> import io
        >>> class Terminal(io.StringIO):
        ...     def isatty(self):
        ...         return True
        >>> terminal = Terminal()
        >>> with Progress(terminal).step("infer") as tell:
        ...     tell("3,021 triples")
        >>> terminal.getvalue()
        'infer      …\rinfer      3,021 triples\n'
        """
        results: list[str] = []
        self._write(f"{name:<10} …")
        try:
            yield results.append
        finally:
            self._write(f"\r{name:<10} {' '.join(results)}\n")

    def _write(self, text: str) -> None:
        if self._shown:
            self._stream.write(text)
            self._stream.flush()
