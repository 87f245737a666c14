"""`jhaan completion`: completion for bash, zsh, fish and other shells, through argcomplete."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence

from jhaan_kg.cli.common import Command, Parser, make_parser

EXAMPLES = """  eval "$(jhaan completion bash)"                            for this shell
  jhaan completion zsh > ~/.zfunc/_jhaan                     permanently, in zsh
  jhaan completion fish > ~/.config/fish/completions/jhaan.fish"""


def completion_parser() -> Parser:
    parser = make_parser(
        "completion",
        "Print the script that lets a shell complete commands, questions and parameters.",
        EXAMPLES,
    )
    parser.add_argument("shell", choices=["bash", "fish", "powershell", "tcsh", "zsh"], help="Shell")
    return parser


def run_completion(argv: Sequence[str]) -> int:
    from argcomplete.shell_integration import shellcode

    options = completion_parser().parse_args(argv)
    print(shellcode(["jhaan"], shell=options.shell))
    return 0


def complete(commands: Mapping[str, str], command: Callable[[str], Command]) -> None:
    """Answer the shell that asks for completions, and exit."""
    import argcomplete

    top = argparse.ArgumentParser(prog="jhaan")
    offered = top.add_subparsers()
    for name, text in commands.items():
        copy = offered.add_parser(name, help=text, parents=[command(name).parser()], add_help=False)
        if name == "query":
            _add_questions(copy)
    argcomplete.autocomplete(top)


def _add_questions(query: argparse.ArgumentParser) -> None:
    from jhaan_kg.build.cache import open_snapshot
    from jhaan_kg.query.catalogue import load_catalogue

    catalogue = load_catalogue(open_snapshot().catalogue_path)
    for action in query._actions:
        if action.dest == "name":
            action.completer = lambda **_: [stored.name for stored in catalogue]  # type: ignore[attr-defined]
    for option in {parameter.option for stored in catalogue for parameter in stored.parameters}:
        query.add_argument(option)


COMMANDS = {"completion": Command(completion_parser, run_completion)}
