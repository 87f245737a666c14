"""`jhaan text`: the text of the report, which is not part of the graph."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from jhaan_kg.cli.common import Command, make_parser, say
from jhaan_kg.errors import printable

EXAMPLES = """  jhaan text                       whether a text is here, and of which report
  jhaan text add REPORT.txt        copy it into your data folder, where all commands find it"""


def text_parser() -> argparse.ArgumentParser:
    parser = make_parser(
        "text",
        "Show whether the report's text is here, or add it. This project does not contain the text. With it, answers "
        "quote passages on request, and jhaan verify compares the graph with their words.",
        EXAMPLES,
    )
    parser.add_argument("what", nargs="?", choices=("show", "add"), default="show", help="default: show")
    parser.add_argument("file", nargs="?", metavar="FILE", help="the text to add")
    return parser


def run_text(argv: Sequence[str]) -> int:
    parser = text_parser()
    options = parser.parse_args(argv)
    if (options.what == "add") != (options.file is not None):
        parser.error("add takes a file, and show takes none: jhaan text add FILE")

    from jhaan_kg.build.cache import open_snapshot
    from jhaan_kg.report_text import MISSING, add_text, find_texts, open_reports, read_texts, report_with

    snapshot = open_snapshot()
    if options.what == "add":
        say(f"Added {add_text(options.file, snapshot)}.")
    reports, files = open_reports(snapshot), find_texts()
    for file, text in read_texts(files):
        print(printable(f"{file}: the text of {report_with(text, file, reports)}"))
    if not files:
        print(MISSING)
    return 0


COMMANDS = {"text": Command(text_parser, run_text)}
