"""Progress of a build, for people at a terminal."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TextIO

PATIENCE: Final = 2.0
"""The number of seconds after which a long step reports its progress."""


class Progress:
    """Display of the current step and its result on a terminal; silent in a pipe or a log."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """Start without a step.

        Args:
            stream: where to write; standard error by default.
        """
        self._stream = stream or sys.stderr
        self._shown = self._stream.isatty()

    @contextmanager
    def step(self, name: str) -> Iterator[Callable[[str], None]]:
        r"""Show that a step runs, and when it ends, its result.

        Args:
            name: the name of the step, in one word.

        Yields:
            A function that shows the result, in few words.

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


@contextmanager
def long_step(
    name: str, stream: TextIO | None = None, patience: float = PATIENCE
) -> Iterator[Callable[[str], None]]:
    """Show the progress of a long step on a terminal.

    Args:
        name: the name of the step, in one word.
        stream: where to write; standard error by default.
        patience: the number of seconds before the first message; then there is one each second.

    Yields:
        A function that shows the progress, in few words.
    """
    shown = stream or sys.stderr
    latest, done = ["…"], threading.Event()

    def tell(text: str) -> None:
        latest[0] = text

    def show() -> None:
        wait, width = patience, 0
        while not done.wait(wait):
            wait, width = 1.0, max(width, len(latest[0]))
            shown.write(f"\r{name:<10} {latest[0]:<{width}}")
            shown.flush()
        if width:
            shown.write(f"\r{name:<10} {latest[0]:<{width}}\n")
            shown.flush()

    if not shown.isatty():
        yield tell
        return
    watcher = threading.Thread(target=show, daemon=True)
    watcher.start()
    try:
        yield tell
    finally:
        done.set()
        watcher.join()
