"""The command `jhaan`; the modules of its commands are imported only when needed.

Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final, NoReturn

from jhaan_kg.errors import JhaanError, printable

if TYPE_CHECKING:
    from jhaan_kg.cli.common import Command

COMMANDS: Final = {
    "query": "List the stored questions, or answer one",
    "find": "Search by name or words (tolerates typos)",
    "explain": "Show what the graph states about an entity, with sources",
    "pair": "Show what two agencies did together",
    "read": "Show a section of the report, passage by passage",
    "sparql": "Run a SPARQL query",
    "serve": "Start the web interface, API and SPARQL endpoint",
    "export": "Export the graph to a file or folder",
    "load": "Load the graph into a triple store and check the result",
    "diff": "Show the statements that differ between two graphs",
    "text": "Show or add the report's text",
    "verify": "Check the graph against the report's text",
    "check": "Validate the source files",
    "build": "Build the graph from the source files",
    "new": "Create the files for a new report",
}

REMOVED: Final = {
    "bundle": "Export the graph (jhaan export nquads), and load it as docs/triple-stores.md describes.",
    "compare": "jhaan load compares what the store contains and answers.",
    "completion": 'For completion, run: eval "$(register-python-argcomplete jhaan)"',
    "coverage": "Use: jhaan query coverage",
    "format": "Turtle files need no particular format.",
    "passages": "Use: jhaan new report",
    "profile": "Use: jhaan explain NAME",
}
"""What to do instead of the commands that version 0.3 no longer has."""

_MODULES: Final = {
    "questions": ("query",),
    "things": ("explain", "pair", "read", "text"),
    "curating": ("verify", "check", "build", "diff", "new"),
    "stores": ("load",),
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
        The exit code; `docs/versioning.md` lists them.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if "_ARGCOMPLETE" in os.environ:
        _complete()
    return report_errors(lambda: _dispatch(arguments))


def report_errors(work: Callable[[], int]) -> int:
    """Do some work, and return its exit code; print an error instead of raising it."""
    try:
        code = work()
        sys.stdout.flush()
    except JhaanError as error:
        _complain(str(error))
        return error.exit_code
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    except BrokenPipeError:
        # The reader has closed the pipe; without this, Python would complain again when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        _complain("Interrupted. No incomplete file was left.")
        return 130
    except OSError as error:
        reason = error.strerror or error
        _complain(printable(f"Cannot open {error.filename}: {reason}." if error.filename else f"{reason}."))
        return 2
    except Exception as error:
        _complain(
            f"Internal error: {type(error).__name__}: {printable(error)}. "
            "Please report it with the command that you ran."
        )
        return 2
    return code


def _complete() -> None:
    """Answer the shell that asks for completions of commands, options and questions, and exit."""
    import argparse

    import argcomplete

    from jhaan_kg.build.cache import open_snapshot
    from jhaan_kg.query.catalogue import load_catalogue

    top = argparse.ArgumentParser(prog="jhaan")
    offered = top.add_subparsers()
    copies = {
        name: offered.add_parser(name, help=text, parents=[command(name).parser()], add_help=False)
        for name, text in COMMANDS.items()
    }
    catalogue = load_catalogue(open_snapshot().catalogue_path)
    for action in copies["query"]._actions:
        if action.dest == "name":
            action.completer = lambda **_: [stored.name for stored in catalogue]  # type: ignore[attr-defined]
    for option in {parameter.option for stored in catalogue for parameter in stored.parameters}:
        copies["query"].add_argument(option)
    argcomplete.autocomplete(top)


def script() -> NoReturn:
    """Run the command line as the program `jhaan`, and exit at once.

    The exit skips the closing of stores, which takes longer than an answer; nothing is open for writing.
    """
    gc.set_threshold(_GARBAGE)
    _mend_streams()
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # main has already reported the error, if it could
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
    if name in REMOVED:
        raise JhaanError(f'There is no command "{name}" since version 0.3. {REMOVED[name]}')
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
    return f"""usage: jhaan COMMAND [OPTIONS]

Query, cite and export the JHAAN Final Report 2023 as a knowledge graph.

Start with:
  jhaan serve                                  web interface at http://127.0.0.1:8000
  jhaan query                                  list of the stored questions
  jhaan query empact-co-run --cite             an answer with its source passages
  jhaan query event-participants --event "JHAAN Heads of Agencies meeting 2023"
  jhaan find fundamental rights officer        best matches for these words
  jhaan explain Eurojust                       statements about an entity
  jhaan export turtle -o jhaan.ttl             the graph as a file

commands:
{commands}

options:
  -h, --help  Show this help
  --version   Show the version

Help for a command: jhaan COMMAND --help"""
