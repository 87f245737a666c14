"""Completion of commands, questions and parameters in shells that argcomplete has registered."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from jhaan_kg.cli.common import Command


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
