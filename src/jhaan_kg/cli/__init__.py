"""The command `jhaan`: one module per command, imported only when it is called.

Results go to standard output, everything else to standard error. Exit codes follow DESIGN section 8.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final, NoReturn

from jhaan_kg.errors import JhaanError

COMMANDS: Final = {
    "query": "list the stored questions, or answer one",
    "sparql": "answer a SPARQL query of your own",
    "explain": "say what the graph holds of a thing, and which passage says it",
    "coverage": "say per section what gave facts, what was read and gave none, what is lost",
    "export": "write the graph to a file in a format of your choice",
    "verify": "prove that the graph says what the report's text says",
    "check": "check the sources: syntax, terms, shapes, contradictions",
    "format": "put Turtle files into the one style of this project",
    "build": "build the snapshot from the sources",
    "passages": "divide the report's text into passages (for curators)",
    "completion": "print the shell completion script",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: the arguments without the program's name; those of the process by default.

    Returns:
        The exit code: 0 fine, 1 findings, 2 wrong use or unreadable input, 3 a service out of reach.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if "_ARGCOMPLETE" in os.environ:
        from jhaan_kg.cli.completion import complete

        complete()
    try:
        code = _dispatch(arguments)
        sys.stdout.flush()
    except JhaanError as error:
        print(f"jhaan: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader has gone; without this, Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("jhaan: interrupted; nothing was left half-written.", file=sys.stderr)
        return 130
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        print(f"jhaan: {place}{error.strerror or error}.", file=sys.stderr)
        return 2
    except Exception as error:
        print(
            f"jhaan: this should not happen: {type(error).__name__}: {error}. "
            "Please report it with the command that you ran.",
            file=sys.stderr,
        )
        return 2
    return code


def script() -> NoReturn:
    """Run the command line as the program `jhaan`, and leave at once.

    Nothing is open for writing by then, and to close a store that was opened for reading takes longer than to answer.
    """
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


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
        from jhaan_kg.query.names import did_you_mean

        raise JhaanError(f"There is no command {name!r}.{did_you_mean(name, COMMANDS)} See: jhaan --help")
    command = import_module(f"jhaan_kg.cli.{name}")
    try:
        return int(command.run(arguments[1:]))
    except SystemExit as leave:  # argparse leaves so, for --help and for wrong use
        return leave.code if isinstance(leave.code, int) else 0


def overview() -> str:
    """Say what there is, and which commands are the most useful next."""
    width = max(map(len, COMMANDS))
    commands = "\n".join(f"  {name:<{width}}  {text}" for name, text in COMMANDS.items())
    return f"""jhaan: the JHAAN Final Report 2023 as a knowledge graph

usage: jhaan COMMAND [OPTIONS]

{commands}

Start with:
  jhaan query                                  the questions that the graph answers
  jhaan query empact-co-run --cite             one answer, with the passages that it rests on
  jhaan query event-participants --event "JHAAN Heads of Agencies meeting 2023"
  jhaan explain Eurojust                       all that is said of a thing
  jhaan export turtle -o jhaan.ttl             the graph as a file

Each command explains itself: jhaan COMMAND --help"""
