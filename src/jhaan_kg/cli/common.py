"""What several commands share: parsers, the graph that they ask, and where results go."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from jhaan_kg.errors import JhaanError
from jhaan_kg.files import is_stream, write_all, write_whole

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot
    from jhaan_kg.query.bind import Values
    from jhaan_kg.query.endpoint import EndpointEngine
    from jhaan_kg.query.model import StoredQuery
    from jhaan_kg.query.run import Answer, Engine
    from jhaan_kg.web.credentials import Credentials

LONGEST_TIMEOUT: Final = 86_400.0
"""The longest time that can be given to a query, in seconds: a day."""

_PIECE: Final = 1 << 20
"""How many bytes of a result are written at once."""

_CURES: Final = {
    errno.ENOSPC: "Free some space, or choose another place.",
    errno.EFBIG: "Choose another place, or a smaller answer.",
    errno.EACCES: "Choose a place where you may write.",
    errno.EROFS: "Choose a place where you may write.",
    errno.ENOENT: "Make its folder first.",
    errno.ENOTDIR: "Choose another place.",
    errno.EISDIR: "Name a file.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
}
"""What to do about a file that can't be written."""


def parser(command: str, description: str, examples: str) -> argparse.ArgumentParser:
    """Make the parser of a command, with examples below its options."""
    return argparse.ArgumentParser(
        prog=f"jhaan {command}",
        description=description,
        epilog=f"examples:\n{examples}",
        formatter_class=_HelpFormatter,
        allow_abbrev=False,
    )


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal; argparse would import shutil to learn that, for each option."""

    def __init__(self, prog: str) -> None:
        columns = os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else 100
        super().__init__(prog, width=columns - 2)


def add_context(arguments: argparse.ArgumentParser) -> None:
    """Add the flag that leaves facts from outside the report aside."""
    arguments.add_argument(
        "--no-context",
        action="store_true",
        help="leave out facts from outside the report (authority links and the like)",
    )


def add_output(arguments: argparse.ArgumentParser) -> None:
    """Add the option that names a file for the result."""
    arguments.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="write to FILE instead of standard output"
    )


def add_timeout(
    arguments: argparse.ArgumentParser, what: str = "end the query if it takes longer, with exit code 3"
) -> None:
    """Add the option that ends a query after some time, and say what becomes of it then."""
    arguments.add_argument("--timeout", metavar="SECONDS", type=seconds, help=what)


def add_endpoint(arguments: argparse.ArgumentParser) -> None:
    """Add the option that asks an endpoint."""
    arguments.add_argument(
        "--endpoint",
        metavar="URL",
        help="ask this SPARQL endpoint, which holds the graph, instead of the embedded engine (docs/endpoints.md)",
    )


def endpoint_engine(options: argparse.Namespace, *, evidence: bool) -> EndpointEngine:
    """Give the engine for the endpoint that the user names; it has been asked for the first time.

    If it wants credentials, and none are set, the user is asked at the terminal.

    Args:
        options: `endpoint`, `no_context` and `timeout`.
        evidence: whether the evidence is needed.

    Raises:
        JhaanError: it can't be asked so, or has not what is needed.
        ServiceError: it can't be reached, or refuses.
    """
    from jhaan_kg.api.backends import EndpointBackend
    from jhaan_kg.web.asking import with_credentials

    def engine(credentials: Credentials | None) -> EndpointEngine:
        return EndpointBackend(
            options.endpoint,
            context=not options.no_context,
            timeout=options.timeout,
            credentials=credentials,
        ).engine(evidence=evidence)

    return with_credentials(options.endpoint, engine)


def seconds(text: str) -> float:
    """Turn an argument into a number of seconds.

    Raises:
        argparse.ArgumentTypeError: it is none; argparse says so and leaves with exit code 2.
    """
    try:
        given = float(text)
    except ValueError:
        given = 0.0
    if not 0 < given <= LONGEST_TIMEOUT:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no number of seconds above 0 and up to {LONGEST_TIMEOUT:.0f}"
        )
    return given


def prepare_store(snapshot: Snapshot, *, evidence: bool, context: bool) -> None:
    """Make sure that the cache has a store, so that loading it takes nothing of the time that a query may take.

    It is done in a process of its own, since what this process opens, a child of it can't use. What there is to say
    about the cache is said when the query is asked.

    Args:
        snapshot: what the store holds.
        evidence: whether it holds the evidence too.
        context: whether it holds facts from outside the reports too.
    """
    import io

    from jhaan_kg.build.cache import store_for
    from jhaan_kg.query.isolate import isolated

    def load() -> bytes:
        sys.stderr = io.StringIO()
        store_for(snapshot, evidence=evidence, context=context)
        return b""

    isolated(load)


def write_result(result: str | bytes | IO[bytes], output: Path | None) -> None:
    """Write a result to standard output, or to a file that is either whole or untouched.

    Standard output gets UTF-8, as a file does; a terminal that can't show all of Unicode gets escapes.

    Args:
        result: the result, or a file that is read from its beginning.
        output: the file to write; None for standard output.

    Raises:
        JhaanError: it can't be written.
        BrokenPipeError: who reads it has gone.
    """
    try:
        if output is not None:
            write_whole(output, _pieces(result))
            return
        sys.stdout.flush()
        for piece in _shown(_pieces(result)) if sys.stdout.isatty() else _pieces(result):
            write_all(sys.stdout.buffer, piece)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        place = output or "standard output"
        kept = " What was there before is as it was." if output and not is_stream(output) else ""
        cure = f" {_CURES[error.errno]}" if error.errno in _CURES else ""
        raise JhaanError(f"{place}: can't be written: {error.strerror}.{kept}{cure}") from None


def _pieces(result: str | bytes | IO[bytes]) -> Iterator[bytes]:
    if isinstance(result, str | bytes):
        yield result.encode() if isinstance(result, str) else result
        return
    result.seek(0)
    while piece := result.read(_PIECE):
        yield piece


def _shown(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Give text in UTF-8 in the encoding of the terminal."""
    from codecs import iterdecode

    for text in iterdecode(pieces, "utf-8"):
        yield text.encode(sys.stdout.encoding, "backslashreplace")


def refuse_workbook_on_terminal(form: str, output: Path | None) -> None:
    """Refuse to write a workbook to standard output.

    Raises:
        JhaanError: the format is xlsx and no file is named.
    """
    if form == "xlsx" and output is None:
        raise JhaanError("A workbook can't be shown on a terminal. Name a file: -o FILE.xlsx")


def counted(files: Iterable[tuple[str, bytes]], tell: Callable[[str], None]) -> Iterator[tuple[str, bytes]]:
    """Give files on, and tell how many there were."""
    for count, file in enumerate(files, 1):
        tell(f"{count:,} files")
        yield file


def answered(
    engine: Engine, stored: StoredQuery, values: Values, options: argparse.Namespace
) -> tuple[Answer, str | bytes]:
    """Return the answer to a stored question, and its text in the format of the options, with citations if wanted."""
    from jhaan_kg.query.answer import answer
    from jhaan_kg.query.cite import cite
    from jhaan_kg.results import render

    found = answer(engine, stored, values)
    return found, render(
        found,
        options.format,
        citations=cite(engine, stored, values, found) if options.cite else None,
        title=stored.summary,
        absence=stored.absence,
        width=terminal_width(),
    )


def terminal_width() -> int | None:
    """Give the width of the terminal to which results go, or None in a pipe."""
    return os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else None


def existing(name: str) -> Path:
    """Turn an argument into the path of a file that is there.

    Raises:
        argparse.ArgumentTypeError: it is not; argparse says so and leaves with exit code 2.
    """
    path = Path(name)
    if not path.exists():
        if path.is_symlink():
            raise argparse.ArgumentTypeError(f"{name}: a link that leads nowhere")
        raise argparse.ArgumentTypeError(f"{name}: there is no such file or folder")
    return path


def say(*words: Any) -> None:
    """Tell the user something beside the result."""
    print(*words, file=sys.stderr)
