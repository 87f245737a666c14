"""Commands about single entities, pairs, sections and texts: explain, pair, read, text."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jhaan_kg.cli.common import (
    Command,
    Parser,
    add_flag,
    add_options,
    ask,
    make_parser,
    open_graph,
    terminal_width,
)

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot
    from jhaan_kg.query.engine import Engine


from jhaan_kg.cli.common import say
from jhaan_kg.errors import printable

EXPLAIN_EXAMPLES = """  jhaan explain Eurojust
  jhaan explain event2023:seminar-information-provision-what --all
  jhaan explain "JHAAN Heads of Agencies meeting 2023" --property startDate
  jhaan explain Eurojust --endpoint http://localhost:3030/jhaan/sparql"""


def _add_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--report",
        metavar="FILE",
        type=Path,
        help="Report text to quote (default: JHAAN_REPORT or jhaan text add)",
    )


def explain_parser() -> Parser:
    parser = make_parser(
        "explain",
        "Show what the graph states about an entity, with sources and conflicting values. Long lists are cut; "
        "--all shows everything.",
        EXPLAIN_EXAMPLES,
    )
    parser.add_argument("thing", metavar="ENTITY", help="Entity: name, IRI, or CURIE such as agency:europol")
    parser.add_argument(
        "--property", metavar="PROPERTY", help="Property: name such as startDate, CURIE or IRI (default: all)"
    )
    add_flag(parser, "--all", "Show all lines, including technical ones")
    _add_report(parser)
    add_options(parser, "--endpoint", "--timeout", "--no-external", "--snapshot", "--output")
    return parser


def run_explain(argv: Sequence[str]) -> int:
    options = explain_parser().parse_args(argv)

    from jhaan_kg.explain import explain

    snapshot = None if options.endpoint else open_graph(options.snapshot)
    words_of = _words(options, snapshot)
    return _show(
        options,
        lambda engine, width: explain(
            engine,
            options.thing,
            options.property,
            width=width,
            whole=options.all,
            words_of=words_of,
        ),
        snapshot,
    )


READ_EXAMPLES = """  jhaan read 9.4
  jhaan read "executive summary"
  jhaan read 6.3.3"""


def read_parser() -> Parser:
    parser = make_parser(
        "read",
        "Show the passages of a section in order, with the statements from each and, if available, its text.",
        READ_EXAMPLES,
    )
    parser.add_argument(
        "section",
        metavar="SECTION",
        nargs="+",
        help="Section: number, title, or words of the title, after the id of its report if needed",
    )
    _add_report(parser)
    add_options(parser, "--endpoint", "--timeout", "--no-external", "--snapshot", "--output")
    return parser


def run_read(argv: Sequence[str]) -> int:
    options = read_parser().parse_args(argv)

    from jhaan_kg.explain import read_section

    wanted, words_of = " ".join(options.section), _words(options)
    return _show(options, lambda engine, width: read_section(engine, wanted, width, words_of))


PAIR_EXAMPLES = """  jhaan pair Frontex Europol
  jhaan pair "eu-LISA" EUAA"""


def pair_parser() -> Parser:
    parser = make_parser(
        "pair", "Show joint activities of two agencies: what, when, and the role of each.", PAIR_EXAMPLES
    )
    parser.add_argument("agencies", metavar="AGENCY", nargs=2, help="Agency: name or CURIE")
    add_flag(parser, "--all", "Show all lines")
    add_options(parser, "--endpoint", "--timeout", "--no-external", "--snapshot", "--output")
    return parser


def run_pair(argv: Sequence[str]) -> int:
    options = pair_parser().parse_args(argv)

    from jhaan_kg.explain import describe_pair

    return _show(
        options,
        lambda engine, width: describe_pair(engine, *options.agencies, width=width, whole=options.all),
    )


def _show(
    options: argparse.Namespace, describe: Callable[[Engine, int], str], snapshot: Snapshot | None = None
) -> int:
    """Write a text for people; `describe` gets the engine and the line width."""
    from jhaan_kg.explain import USUAL_WIDTH
    from jhaan_kg.query.reports import note_reports

    width = terminal_width() or USUAL_WIDTH
    ask(
        lambda engine: (describe(engine, width), note_reports(engine)),
        options,
        evidence=True,
        snapshot=snapshot,
    )
    return 0


def _words(options: argparse.Namespace, opened: Snapshot | None = None) -> Callable[[str], str]:
    """Return a function that returns the words of passages, from texts for the graph, which may be open.

    They are empty without the report's text.
    """
    from jhaan_kg.report_text import find_texts, open_quotations, select_texts

    files = find_texts([options.report] if options.report else ())
    if not files:
        return lambda _: ""
    snapshot = opened or open_graph(options.snapshot)
    if options.snapshot and not options.report:
        files = select_texts(snapshot, files)
    return open_quotations(snapshot, files) if files else lambda _: ""


TEXT_EXAMPLES = """  jhaan text                       texts that the commands use
  jhaan text add REPORT.txt        copy a text into your data folder"""


def text_parser() -> Parser:
    parser = make_parser(
        "text",
        "Show or add the report's text, which is not part of this project. The commands query, explain and read "
        "use it to quote passages, verify uses it to check the graph.",
        TEXT_EXAMPLES,
    )
    parser.add_argument(
        "action", nargs="?", choices=("show", "add"), default="show", help="Action (default: show)"
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="Text to add")
    return parser


def run_text(argv: Sequence[str]) -> int:
    parser = text_parser()
    options = parser.parse_args(argv)
    if options.action == "add" and options.file is None:
        parser.error("Missing argument FILE.")
    if options.action == "show" and options.file is not None:
        parser.error(f'Unexpected argument "{options.file}".')

    from jhaan_kg.build.cache import open_snapshot
    from jhaan_kg.report_text import MISSING, add_text, find_texts, open_reports, read_texts, report_with

    snapshot = open_snapshot()
    if options.action == "add":
        say(f"Added {add_text(options.file, snapshot)}.")
    reports, files = open_reports(snapshot), find_texts()
    for file, text in read_texts(files):
        print(printable(f"{file}: the text of {report_with(text, file, reports)}"))
    if not files:
        print(MISSING)
    return 0


COMMANDS = {
    "explain": Command(explain_parser, run_explain),
    "pair": Command(pair_parser, run_pair),
    "read": Command(read_parser, run_read),
    "text": Command(text_parser, run_text),
}
