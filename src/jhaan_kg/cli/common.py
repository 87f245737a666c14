"""What several commands share: parsers, the graph that they ask, and where results go."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from jhaan_kg.errors import JhaanError
from jhaan_kg.files import write_whole


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


def write_result(result: str | bytes, output: Path | None) -> None:
    """Write a result to standard output, or to a file that is either whole or untouched.

    Raises:
        JhaanError: the file can't be written.
    """
    data = result.encode() if isinstance(result, str) else result
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        write_whole(output, data)
    except OSError as error:
        raise JhaanError(
            f"{output}: can't be written: {error.strerror}. Nothing was changed there."
        ) from None


def refuse_workbook_on_terminal(form: str, output: Path | None) -> None:
    """Refuse to write a workbook to standard output.

    Raises:
        JhaanError: the format is xlsx and no file is named.
    """
    if form == "xlsx" and output is None:
        raise JhaanError("A workbook can't be shown on a terminal. Name a file: -o FILE.xlsx")


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
        raise argparse.ArgumentTypeError(f"{name}: there is no such file or folder")
    return path


def read_text(name: str) -> str:
    """Read a text in UTF-8, less a byte-order mark, from a file, or from standard input for `-`.

    Raises:
        JhaanError: it can't be read.
    """
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise JhaanError(f"{name}: not UTF-8 at byte {error.start}, line {line}. Save it as UTF-8.") from None
    except OSError as error:
        raise JhaanError(f"{name}: can't be read: {error.strerror}.") from None


def say(*words: Any) -> None:
    """Tell the user something beside the result."""
    print(*words, file=sys.stderr)
