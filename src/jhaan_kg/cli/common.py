"""Shared code of the commands: parsers, the graph to query, and the output of results."""

from __future__ import annotations

import argparse
import errno
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, NoReturn, TypeAlias

from jhaan_kg.errors import JhaanError, printable
from jhaan_kg.files import write_all, write_whole

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot
    from jhaan_kg.query.catalogue import StoredQuery
    from jhaan_kg.query.cite import Quote
    from jhaan_kg.query.endpoint import EndpointEngine
    from jhaan_kg.query.engine import Answer, Engine, StoreEngine, Values
    from jhaan_kg.web import Credentials

Written: TypeAlias = tuple[str | bytes, str]
"""A result, and a note for the user about it."""


class Command(NamedTuple):
    """A command: a function that creates its parser, and one that runs it.

    The latter returns the exit code.
    """

    parser: Callable[[], Parser]
    run: Callable[[Sequence[str]], int]


LONGEST_TIMEOUT: Final = 86_400.0
"""The maximum time limit of a query in seconds: a day."""

_PIECE: Final = 1 << 20
"""The number of bytes of a result that are written at once."""

_CURES: Final = {
    errno.ENOSPC: "Free some space or choose another folder.",
    errno.EFBIG: "Choose another folder or a smaller result.",
    errno.EACCES: "Choose a folder that you can write to.",
    errno.EROFS: "Choose a folder that you can write to.",
    errno.ENOENT: "Create the folder first.",
    errno.ENOTDIR: "Choose another folder.",
    errno.EISDIR: "Name a file.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
}
"""Remedies for a file that cannot be written."""


def make_parser(
    command: str, description: str = "", examples: str = "", lists: str = "", *, has_help: bool = True
) -> Parser:
    """Create the parser of a command.

    Args:
        command: the name of the command.
        description: the purpose of the command, in paragraphs.
        examples: lines that are indented.
        lists: text after the options, such as a list of formats.
        has_help: whether the command has the option for its help.
    """
    shown = f"{description}\n\nexamples:\n{examples}" if examples else description
    parser = Parser(
        prog=f"jhaan {command}",
        description=shown,
        epilog=lists or None,
        formatter_class=_HelpFormatter,
        allow_abbrev=False,
        add_help=False,
    )
    if has_help:
        parser.add_argument("-h", "--help", action="help", help="Show this help")
    return parser


class Parser(argparse.ArgumentParser):
    """A parser with the errors of this program."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            from jhaan_kg.near import suggest

            names = [option.lstrip("-") for option in action.option_strings[-1:]]
            if action.metavar not in (None, *map(str.upper, names)):
                names.append(str(action.metavar).lower())
            kind = " ".join(names or [action.dest])
            choices = list(map(str, action.choices))
            raise argparse.ArgumentError(None, f'Unknown {kind} "{value}".{suggest(str(value), choices)}')

    def error(self, message: str) -> NoReturn:
        """Raise an error about wrong use; argparse calls this with its own message."""
        raise JhaanError(f"{self._reword(message)} See: {self.prog} --help")

    def _reword(self, message: str) -> str:
        """Return a message of argparse as a sentence, with a suggestion for an unknown option.

        >>> parser = make_parser("find", "", "")
        >>> parser._reword("the following arguments are required: FILE, -o/--output")
        'Missing: FILE, -o/--output.'
        >>> parser._reword("unrecognized arguments: --hlep x")
        'Unknown option "--hlep". Did you mean "--help"?'
        >>> parser._reword("argument -o/--output: expected one argument")
        '-o/--output: expected one argument.'
        """
        kind, _, names = message.partition(": ")
        if kind == "the following arguments are required":
            return f"Missing: {names}."
        if kind == "unrecognized arguments":
            name = re.split(r"[=\s]", names)[0]
            if not name.startswith("-"):
                return f'Unexpected argument "{name}".'
            from jhaan_kg.near import did_you_mean

            shown = [action for action in self._actions if action.help != argparse.SUPPRESS]
            return f'Unknown option "{name}".{did_you_mean(name, [o for each in shown for o in each.option_strings])}'
        return message.removeprefix("argument ").replace(": must", " must", 1).removesuffix(".") + "."


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Help formatter with the width of the terminal.

    The one of argparse would import shutil for each option.
    """

    def __init__(self, prog: str) -> None:
        columns = os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else 100
        super().__init__(prog, width=columns - 2)

    def _fill_text(self, text: str, width: int, _indent: str) -> str:
        """Wrap paragraphs, each of which is one line in the source; keep indented lines."""
        import textwrap

        return "\n".join(
            line if line.startswith(" ") else textwrap.fill(line, width) for line in text.splitlines()
        )


def add_flag(parser: argparse.ArgumentParser, name: str, what: str) -> None:
    parser.add_argument(name, action="store_true", help=what)


def add_format(parser: argparse.ArgumentParser, choices: Iterable[str] = ()) -> None:
    if not choices:
        from jhaan_kg.results import FORMATS

        choices = FORMATS
    parser.add_argument("--format", choices=choices, default="table", help="Output format (default: table)")


def seconds(text: str) -> float:
    """Convert an argument to seconds; argparse reports an error and exits with 2."""
    try:
        given = float(text)
    except ValueError:
        given = 0.0
    if not 0 < given <= LONGEST_TIMEOUT:
        raise argparse.ArgumentTypeError(
            f'must be a number of seconds above 0, up to {LONGEST_TIMEOUT:.0f}, not "{text}"'
        )
    return given


def make_number_reader(lowest: int, highest: int) -> Callable[[str], int]:
    """Return a function that reads an integer within bounds."""

    def read(text: str) -> int:
        is_short = text.isascii() and text.isdecimal() and len(text) < 12
        if not (is_short and lowest <= int(text) <= highest):
            raise argparse.ArgumentTypeError(f'must be a number from {lowest} to {highest}, not "{text}"')
        return int(text)

    return read


def snapshot_folder(text: str) -> Path:
    """Check an argument that is the folder of a snapshot; it is empty if the command that prints it has failed."""
    if not text:
        raise argparse.ArgumentTypeError('must be a snapshot or a checkout, not ""')
    return Path(text)


def errors_address(text: str) -> str:
    """Check an argument that is an address for reports on errors."""
    from jhaan_kg.query.error_report import parse_address

    parse_address(text)
    return text


_OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "--cite": {"action": "store_true", "help": "Add the source passages of each row"},
    "--quote": {"action": "store_true", "help": "Add the source passages and their text (see: jhaan text)"},
    "--report": {
        "metavar": "FILE",
        "type": Path,
        "help": "Report text for --quote (default: JHAAN_REPORT or jhaan text add)",
    },
    "--endpoint": {
        "metavar": "URL",
        "help": "SPARQL endpoint with the graph (default: built-in engine)",
    },
    "--timeout": {
        "metavar": "SECONDS",
        "type": seconds,
        "help": "Time limit of the query; exit code 3 when exceeded (default: none)",
    },
    "--no-external": {
        "action": "store_true",
        "help": "Leave out external facts (authority links and the like)",
    },
    "--no-inferred": {
        "action": "store_true",
        "help": "Leave out statements that follow from the ontology alone",
    },
    "--report-errors": {
        "metavar": "ADDRESS",
        "type": errors_address,
        "help": "E-mail address, or URL with {subject} and {body}, for reports on errors (default: none)",
    },
    "--snapshot": {
        "metavar": "FOLDER",
        "type": snapshot_folder,
        "help": "Folder with a snapshot or a checkout (default: graph of this installation)",
    },
    "--output": {"metavar": "FILE", "type": Path, "help": "Output file (default: standard output)"},
}
"""Options that several commands share."""


def add_options(parser: argparse.ArgumentParser, *names: str) -> None:
    """Add some of the shared options."""
    for name in names:
        parser.add_argument(*(["-o"] if name == "--output" else []), name, **_OPTIONS[name])


def add_report_id(parser: argparse.ArgumentParser, what: str) -> None:
    """Add the option for the id of a report; `--report` is the file everywhere."""
    parser.add_argument("--report-id", metavar="ID", help=what)


def open_quotations(options: argparse.Namespace, snapshot: Snapshot) -> Quote | None:
    """Return the function that quotes passages, if requested; quotations imply citations.

    Raises:
        JhaanError: there is no text to quote, or `--report` is given without quotations.
    """
    if not options.quote:
        if options.report:
            raise JhaanError(
                f'--report "{options.report}" is a file and needs --quote. An id needs --report-id.'
            )
        return None
    from jhaan_kg.report_text import open_quotations

    options.cite = True
    return open_quotations(snapshot, [options.report] if options.report else ())


def open_graph(folder: Path | None, argument: str = "--snapshot") -> Snapshot:
    """Open the snapshot or checkout that an argument names, or the snapshot of this installation.

    Raises:
        JhaanError: the folder is neither a snapshot nor a checkout.
    """
    from jhaan_kg.build.cache import open_snapshot, snapshot_in

    if folder is None:
        return open_snapshot()
    from jhaan_kg.build.progress import Progress

    found = snapshot_in(folder.resolve(), Progress())
    if found is None:
        raise JhaanError(f'{argument} must be a snapshot or a checkout, not "{folder}".')
    return found


def open_engine(
    options: argparse.Namespace,
    *,
    evidence: bool,
    prefixes: Mapping[str, str] | None = None,
    snapshot: Snapshot | None = None,
) -> StoreEngine:
    """Open the built-in engine; `options` has `no_external` and `snapshot`.

    Args:
        options: the options of the command.
        evidence: whether to include the evidence.
        prefixes: the prefixes that queries need not declare.
        snapshot: this graph, if already open; opening it takes as long as a short question.
    """
    from jhaan_kg.build.cache import store_for
    from jhaan_kg.query.engine import StoreEngine

    opened = snapshot or open_graph(options.snapshot)
    return StoreEngine(store_for(opened, evidence=evidence, context=not options.no_external), prefixes)


def endpoint_engine(options: argparse.Namespace, *, evidence: bool) -> EndpointEngine:
    """Connect to the endpoint of the options; prompt for credentials if it requires them.

    Raises:
        JhaanError: the endpoint cannot be queried with these options, or lacks required data.
        ServiceError: the endpoint cannot be reached, or rejects the request.
    """
    from jhaan_kg.api.backends import EndpointBackend
    from jhaan_kg.web import with_credentials

    if options.snapshot is not None:
        raise JhaanError("--snapshot is not possible with --endpoint. Remove one of them.")

    def engine(credentials: Credentials | None) -> EndpointEngine:
        return EndpointBackend(
            options.endpoint,
            context=not options.no_external,
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
    """Query the endpoint or the built-in engine, and write the result.

    The endpoint and the time limit are those of the options.
    """
    if options.endpoint is not None:
        from jhaan_kg.build.progress import long_step

        engine = endpoint_engine(options, evidence=evidence)
        with long_step("endpoint"):
            written = work(engine)
        _write(written, options)
    elif options.timeout is None:
        _write(work(open_engine(options, evidence=True, snapshot=snapshot)), options)
    else:
        in_fork(
            lambda: work(open_engine(options, evidence=True, snapshot=snapshot)),
            options,
            snapshot or open_graph(options.snapshot),
        )


def in_fork(work: Callable[[], Written], options: argparse.Namespace, snapshot: Snapshot) -> None:
    """Do the work of a command in a fork of its process, with the time limit of the options, and write the result.

    The store is made before, so its making does not count towards the time limit. This takes another fork, since a
    process that has opened a store for writing must not be forked.
    """
    from jhaan_kg.build.cache import is_stored, store_folder
    from jhaan_kg.cli import report_errors
    from jhaan_kg.isolation import end_timeout, run_isolated

    def make() -> int:
        store_folder(snapshot)
        return 0

    def answer() -> int:
        written = work()
        end_timeout()
        _write(written, options)
        return 0

    if not is_stored(snapshot):
        run_isolated(lambda: report_errors(make))
    if code := run_isolated(lambda: report_errors(answer), options.timeout):
        raise SystemExit(code)


def _write(written: Written, options: argparse.Namespace) -> None:
    result, note = written
    write_result(result, options.output)
    if note:
        say(note)


def write_result(result: str | bytes | IO[bytes], output: Path | None) -> None:
    """Write a result to standard output or to a file, which is unchanged on an error.

    The encoding is UTF-8; a terminal that cannot show all of Unicode gets escapes. A file is read from its beginning.

    Raises:
        JhaanError: the result cannot be written.
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
        kept = " The file is unchanged." if output and os.path.isfile(output) else ""  # noqa: PTH113 - it never raises
        cure = f" {_CURES[error.errno]}" if error.errno in _CURES else ""
        raise JhaanError(f"Cannot write {place}: {error.strerror}.{kept}{cure}") from None


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
        raise JhaanError(f"Format {form} needs an output file: -o FILE.{form}")


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
    """Return the answer to a stored question, its text, and notes for the user.

    The text is in the chosen format.
    """
    from jhaan_kg.query.cite import cite, find_contested_rows
    from jhaan_kg.query.engine import answer
    from jhaan_kg.query.found import sum_up
    from jhaan_kg.query.reports import note_reports
    from jhaan_kg.results import render
    from jhaan_kg.results.cells import describe_contested, explain_absence

    result = answer(engine, stored, values)
    if options.format in PICTURES:
        from jhaan_kg.pictures.drawing import need_picture, picture_of

        picture = need_picture(stored, picture_of(stored, engine, values, result))
        return result, picture.svg if options.format == "svg" else picture.png(options.width), ""
    table = options.format == "table"
    reports = note_reports(engine)
    note = f"How to read this answer: jhaan query {stored.name} --help" if table else ""
    if stored.absence and not table and not options.cite:
        note = explain_absence(stored.absence)
    contested = () if options.cite else find_contested_rows(engine, stored, values, result)
    said = describe_contested(result, contested, "--cite") if contested else ""
    if table:
        note, said = "\n".join(filter(None, (said, reports, note))), ""
    elif options.format == "md":
        note = "\n".join(filter(None, (reports, note)))
    else:
        said = "\n".join(filter(None, (said, reports)))
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
    """Convert an argument to the path of an existing file or folder.

    If it does not exist, argparse reports an error and exits with 2.
    """
    path = Path(name)
    if not path.exists():
        if path.is_symlink():
            raise argparse.ArgumentTypeError(f"Cannot open {name}: broken link.")
        raise argparse.ArgumentTypeError(f"Cannot open {name}: no such file or folder.")
    return path


def say(*words: Any) -> None:
    """Print a message to standard error, separate from the result."""
    print(*(printable(word, lines=True) for word in words), file=sys.stderr)
