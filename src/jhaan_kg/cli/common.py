"""Shared code of the commands: parsers, the graph to query, and the output of results."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, NoReturn, TypeAlias

from jhaan_kg.errors import JhaanError, printable
from jhaan_kg.files import is_stream, write_all, write_whole

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot
    from jhaan_kg.query.catalogue import StoredQuery
    from jhaan_kg.query.cite import Quote
    from jhaan_kg.query.endpoint import EndpointEngine
    from jhaan_kg.query.engine import Answer, Engine, StoreEngine, Values
    from jhaan_kg.web.credentials import Credentials

Written: TypeAlias = tuple[str | bytes, str]
"""A result, and a note for the user about it."""


class Command(NamedTuple):
    """A command: a function that makes its parser, and one that runs it and returns the exit code."""

    parser: Callable[[], argparse.ArgumentParser]
    run: Callable[[Sequence[str]], int]


LONGEST_TIMEOUT: Final = 86_400.0
"""The maximum time limit of a query in seconds: a day."""

_PIECE: Final = 1 << 20
"""The number of bytes of a result that are written at once."""

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
"""Remedies for a file that cannot be written."""


def make_parser(command: str, description: str, examples: str) -> argparse.ArgumentParser:
    return _Parser(
        prog=f"jhaan {command}",
        description=description,
        epilog=f"examples:\n{examples}",
        formatter_class=_HelpFormatter,
        allow_abbrev=False,
    )


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        super().error(printable(message))


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Help formatter with the width of the terminal; argparse would import shutil for each option."""

    def __init__(self, prog: str) -> None:
        columns = os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else 100
        super().__init__(prog, width=columns - 2)


def add_flag(parser: argparse.ArgumentParser, name: str, what: str) -> None:
    parser.add_argument(name, action="store_true", help=what)


def add_format(parser: argparse.ArgumentParser, of: str = "answer", choices: Iterable[str] = ()) -> None:
    if not choices:
        from jhaan_kg.results import FORMATS

        choices = FORMATS
    parser.add_argument("--format", choices=choices, default="table", help=f"of the {of} (default: table)")


def seconds(text: str) -> float:
    """Convert an argument to seconds; argparse reports an error and exits with 2."""
    try:
        given = float(text)
    except ValueError:
        given = 0.0
    if not 0 < given <= LONGEST_TIMEOUT:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no number of seconds above 0 and up to {LONGEST_TIMEOUT:.0f}"
        )
    return given


def make_number_reader(lowest: int, highest: int) -> Callable[[str], int]:
    """Return a function that reads an integer within bounds."""

    def read(text: str) -> int:
        is_short = text.isascii() and text.isdecimal() and len(text) < 12
        if not (is_short and lowest <= int(text) <= highest):
            raise argparse.ArgumentTypeError(f"{text!r} is no number from {lowest} to {highest}")
        return int(text)

    return read


_OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "--cite": {"action": "store_true", "help": "add the passages on which each row rests"},
    "--quote": {"action": "store_true", "help": "add these passages with their own words (see: jhaan text)"},
    "--report": {
        "metavar": "FILE",
        "type": Path,
        "help": "the report's text for --quote (default: that of JHAAN_REPORT or jhaan text add)",
    },
    "--endpoint": {
        "metavar": "URL",
        "help": "ask this store, which holds the graph, instead of the embedded engine (docs/endpoints.md)",
    },
    "--timeout": {
        "metavar": "SECONDS",
        "type": seconds,
        "help": "end the query if it takes longer, with exit code 3",
    },
    "--no-context": {
        "action": "store_true",
        "help": "leave out facts from outside the report (authority links and the like)",
    },
    "--no-inferred": {"action": "store_true", "help": "leave out what follows from what is stated"},
    "--output": {"metavar": "FILE", "type": Path, "help": "write to FILE instead of standard output"},
}
"""Options that several commands share."""


def add_options(parser: argparse.ArgumentParser, *names: str) -> None:
    """Add some of the shared options."""
    for name in names:
        parser.add_argument(*(["-o"] if name == "--output" else []), name, **_OPTIONS[name])


def add_report_id(parser: argparse.ArgumentParser, what: str) -> None:
    """Add the option for the id of a report; `--report` is the file everywhere."""

    def refuse(text: str) -> None:
        raise argparse.ArgumentTypeError(f"the id of a report now has the option --report-id {text}")

    parser.add_argument("--report-id", metavar="ID", help=what)
    parser.add_argument("--report", type=refuse, help=argparse.SUPPRESS)


def open_quotations(options: argparse.Namespace, snapshot: Snapshot) -> Quote | None:
    """Return the function that quotes passages, if requested; quotations imply citations.

    Raises:
        JhaanError: there is no text to quote, or `--report` is given without quotations.
    """
    if not options.quote:
        if options.report:
            raise JhaanError(
                f"--report {options.report} names a text, which only --quote uses. "
                f"The id of a report now has the option --report-id {options.report}"
            )
        return None
    from jhaan_kg.report_text import open_quotations

    options.cite = True
    return open_quotations(snapshot, [options.report] if options.report else ())


def open_engine(
    options: argparse.Namespace,
    *,
    evidence: bool,
    prefixes: Mapping[str, str] | None = None,
    snapshot: Snapshot | None = None,
) -> StoreEngine:
    """Open the built-in engine; `options` has `no_context`.

    Args:
        options: the options of the command.
        evidence: whether to include the evidence.
        prefixes: the prefixes that queries need not declare.
        snapshot: the graph of this installation, if already open; opening it takes as long as a short question.
    """
    from jhaan_kg.build.cache import open_snapshot, store_for
    from jhaan_kg.query.engine import StoreEngine

    return StoreEngine(
        store_for(snapshot or open_snapshot(), evidence=evidence, context=not options.no_context), prefixes
    )


def endpoint_engine(options: argparse.Namespace, *, evidence: bool) -> EndpointEngine:
    """Connect to the endpoint of the options; prompt for credentials if it requires them.

    Raises:
        JhaanError: it cannot be queried with these options, or lacks required data.
        ServiceError: it cannot be reached, or rejects the request.
    """
    from jhaan_kg.api.backends import EndpointBackend
    from jhaan_kg.web.client import with_credentials

    def engine(credentials: Credentials | None) -> EndpointEngine:
        return EndpointBackend(
            options.endpoint,
            context=not options.no_context,
            timeout=options.timeout,
            credentials=credentials,
        ).engine(evidence=evidence)

    return with_credentials(options.endpoint, engine)


def ask(
    work: Callable[[Engine], Written],
    options: argparse.Namespace,
    *,
    evidence: bool,
    snapshot: Snapshot | None = None,
) -> None:
    """Query the endpoint of the options or, within the time limit, the built-in engine, and write the result."""
    if options.endpoint is not None:
        from jhaan_kg.build.progress import long_step

        engine = endpoint_engine(options, evidence=evidence)
        with long_step("endpoint"):
            result, note = work(engine)
    elif options.timeout is None:
        result, note = work(open_engine(options, evidence=evidence, snapshot=snapshot))
    else:
        import marshal

        from jhaan_kg.isolation import run_isolated

        def done() -> bytes:
            return marshal.dumps(work(open_engine(options, evidence=evidence, snapshot=snapshot)))

        prepare_store(options, evidence=evidence, snapshot=snapshot)
        result, note = marshal.loads(run_isolated(done, options.timeout))  # noqa: S302 - from a child of this process
    write_result(result, options.output)
    if note:
        say(note)


def prepare_store(options: argparse.Namespace, *, evidence: bool, snapshot: Snapshot | None = None) -> None:
    """Fill the cache with the store for a query, so that loading does not count towards the time limit.

    A child process does it, since the query's process cannot use a store opened here. Messages about the cache come
    with the query.
    """
    import io

    from jhaan_kg.isolation import run_isolated

    def load() -> bytes:
        sys.stderr = io.StringIO()
        open_engine(options, evidence=evidence, snapshot=snapshot)
        return b""

    run_isolated(load)


def write_result(result: str | bytes | IO[bytes], output: Path | None) -> None:
    """Write a result to standard output or to a file, which is unchanged on an error.

    The encoding is UTF-8; a terminal that cannot show all of Unicode gets escapes. A file is read from its beginning.

    Raises:
        JhaanError: it cannot be written.
        BrokenPipeError: the reader has closed the pipe.
    """
    try:
        if output is not None:
            write_whole(output, _read_pieces(result))
            return
        sys.stdout.flush()
        for piece in _escape_pieces(_read_pieces(result)) if sys.stdout.isatty() else _read_pieces(result):
            write_all(sys.stdout.buffer, piece)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        place = output or "standard output"
        kept = " What was there before is as it was." if output and not is_stream(output) else ""
        cure = f" {_CURES[error.errno]}" if error.errno in _CURES else ""
        raise JhaanError(f"{place}: can't be written: {error.strerror}.{kept}{cure}") from None


def _read_pieces(result: str | bytes | IO[bytes]) -> Iterator[bytes]:
    if isinstance(result, str | bytes):
        yield result.encode() if isinstance(result, str) else result
        return
    result.seek(0)
    while piece := result.read(_PIECE):
        yield piece


def _escape_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    from codecs import iterdecode

    for text in iterdecode(pieces, "utf-8"):
        yield printable(text, lines=True).encode(sys.stdout.encoding, "backslashreplace")


PICTURES: Final = ("svg", "png")
"""The formats of pictures, for questions with a picture."""


def refuse_binary_on_terminal(form: str, output: Path | None) -> None:
    if form in ("xlsx", "png") and output is None:
        what = "A workbook" if form == "xlsx" else "A picture"
        raise JhaanError(f"{what} can't be shown on a terminal. Name a file: -o FILE.{form}")


def count_files(
    files: Iterable[tuple[str, bytes]], tell: Callable[[str], None]
) -> Iterator[tuple[str, bytes]]:
    """Yield files and report their number."""
    for count, file in enumerate(files, 1):
        tell(f"{count:,} files")
        yield file


def answer_question(
    engine: Engine,
    stored: StoredQuery,
    values: Values,
    options: argparse.Namespace,
    quote: Quote | None = None,
) -> tuple[Answer, str | bytes, str]:
    """Return the answer to a stored question, its text in the chosen format, and notes for the user."""
    from jhaan_kg.query.cite import cite, find_contested_rows
    from jhaan_kg.query.engine import answer
    from jhaan_kg.query.found import sum_up
    from jhaan_kg.results import render
    from jhaan_kg.results.cells import describe_contested, explain_absence

    result = answer(engine, stored, values)
    if options.format in PICTURES:
        from jhaan_kg.pictures.question import need_picture, picture_of

        picture = need_picture(stored, picture_of(stored, engine, values, result))
        return result, picture.svg if options.format == "svg" else picture.png(options.width), ""
    table = options.format == "table"
    note = f"How to read this: jhaan query {stored.name} --help" if table else ""
    if stored.absence and not table and not options.cite:
        note = explain_absence(stored.absence)
    contested = () if options.cite else find_contested_rows(engine, stored, values, result)
    said = describe_contested(result, contested, "--cite") if contested else ""
    if table:
        note, said = "\n".join(filter(None, (said, note))), ""
    text = render(
        result,
        options.format,
        citations=cite(engine, stored, values, result, quote) if options.cite else None,
        quotes=quote is not None,
        title="" if table else stored.summary,
        found=sum_up(stored, values, result),
        note=note,
        width=terminal_width(),
    )
    return result, text, said


def terminal_width() -> int | None:
    """Return the width of the terminal that shows results; None in a pipe."""
    return os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else None


def existing_path(name: str) -> Path:
    """Convert an argument to the path of an existing file; argparse reports an error and exits with 2."""
    path = Path(name)
    if not path.exists():
        if path.is_symlink():
            raise argparse.ArgumentTypeError(f"{name}: a link that leads nowhere")
        raise argparse.ArgumentTypeError(f"{name}: there is no such file or folder")
    return path


def say(*words: Any) -> None:
    """Print a message to standard error, separate from the result."""
    print(*(printable(word, lines=True) for word in words), file=sys.stderr)
