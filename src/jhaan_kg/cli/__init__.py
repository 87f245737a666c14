"""The command `jhaan`; the modules of its commands are imported only when needed.

Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final, NoReturn

from jhaan_kg.errors import JhaanError, printable

if TYPE_CHECKING:
    from jhaan_kg.cli.common import Command

COMMANDS: Final = {
    "query": "list the stored questions, or answer one",
    "profile": "answer all questions about one agency, survey or event",
    "find": "search entities, questions, sections and passages by words",
    "sparql": "answer a SPARQL query of your own",
    "explain": "show what the graph states of an entity, with sources",
    "pair": "show what two agencies did together",
    "read": "read a section of the report: what each passage states",
    "coverage": "say per section what gave facts, what was read and gave none, what is lost",
    "diff": "tell two releases apart: statements, contradictions, terms, questions, answers",
    "compare": "prove that a triple store answers as the embedded engine does",
    "serve": "answer SPARQL queries and show pages over HTTP",
    "export": "write the graph to a file in a format of your choice",
    "bundle": "write a folder that the tools of a triple store load without the network",
    "load": "put the graph into a triple store, and make sure that it is there",
    "text": "show whether the report's text is here, or add it",
    "verify": "prove that the graph says what the report's text says",
    "check": "check the sources: syntax, terms, shapes, contradictions",
    "format": "put Turtle files into the one style of this project",
    "build": "build the snapshot from the sources",
    "new": "begin a new report: passages, section files, list of what to read (for curators)",
    "passages": "divide the report's text into passages (for curators)",
    "completion": "print the shell completion script",
}


_MODULES: Final = {
    "questions": ("query", "profile", "coverage"),
    "things": ("explain", "pair", "read"),
    "curating": ("verify", "check", "format", "build", "diff", "new", "passages"),
    "stores": ("compare", "bundle", "load"),
}
"""The modules that contain several commands; each other command has its own module."""


_GARBAGE: Final = 50_000
"""The number of new objects before a garbage collection; short answers create fewer."""


def command(name: str) -> Command:
    """Import and return a command, one of COMMANDS."""
    module = next((module for module, names in _MODULES.items() if name in names), name)
    found: Command = import_module(f"jhaan_kg.cli.{module}").COMMANDS[name]
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: the arguments without the program's name; those of the process by default.

    Returns:
        The exit code, one of EXIT_CODES.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if "_ARGCOMPLETE" in os.environ:
        from jhaan_kg.cli.completion import complete

        complete(COMMANDS, command)
    try:
        code = _dispatch(arguments)
        sys.stdout.flush()
    except JhaanError as error:
        _complain(str(error))
        return error.exit_code
    except BrokenPipeError:
        # The reader has closed the pipe; without this, Python would complain again when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        _complain("interrupted; nothing was left half-written.")
        return 130
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _complain(printable(f"{place}{error.strerror or error}."))
        return 2
    except Exception as error:
        _complain(
            f"this should not happen: {type(error).__name__}: {printable(error)}. "
            "Please report it with the command that you ran."
        )
        return 2
    return code


def script() -> NoReturn:
    """Run the command line as the program `jhaan`, and exit at once.

    Nothing is open for writing at that point, and closing a store takes longer than an answer.
    """
    gc.set_threshold(_GARBAGE)
    _mend_streams()
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # main has already reported it, if possible
            stream.flush()
    os._exit(code)


def _mend_streams() -> None:
    """Make sure that the three standard streams exist and accept all characters.

    If a process is started with closed streams (`>&-`), files that it opens would take their places, and messages for
    standard error would go to standard output. Writing to a closed standard output is an error.
    """
    if sys.stdin is None:
        sys.stdin = open(os.open(os.devnull, os.O_RDONLY), encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stdout is None:
        sys.stdout = open(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _complain(text: str) -> None:
    with suppress(OSError):  # standard error may be full or closed as well
        print(f"jhaan: {text}", file=sys.stderr)


def _dispatch(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(overview())
        return 0
    if arguments[0] == "--version":
        from jhaan_kg import __version__

        print(f"jhaan {__version__}")
        return 0
    name = arguments[0]
    if name not in COMMANDS:
        from jhaan_kg.near import did_you_mean

        raise JhaanError(f'Unknown command "{name}".{did_you_mean(name, COMMANDS)} See: jhaan --help')
    try:
        return command(name).run(arguments[1:])
    except SystemExit as leave:  # argparse exits in this way, for --help and for wrong usage
        return leave.code if isinstance(leave.code, int) else 0


def overview() -> str:
    width = max(map(len, COMMANDS))
    commands = "\n".join(f"  {name:<{width}}  {text}" for name, text in COMMANDS.items())
    return f"""jhaan: the JHAAN Final Report 2023 as a knowledge graph

usage: jhaan COMMAND [OPTIONS]

{commands}

Start with:
  jhaan query                                  the questions that the graph answers
  jhaan query empact-co-run --cite             one answer, with the passages that it rests on
  jhaan query event-participants --event "JHAAN Heads of Agencies meeting 2023"
  jhaan find fundamental rights officer        what has these words, the best first
  jhaan explain Eurojust                       all that is said of a thing
  jhaan export turtle -o jhaan.ttl             the graph as a file

Each command explains itself: jhaan COMMAND --help"""
