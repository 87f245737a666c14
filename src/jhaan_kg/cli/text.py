"""`jhaan text`: the text of the report, which is not part of the graph."""

from __future__ import annotations

from collections.abc import Sequence

from jhaan_kg.cli.common import Command, Parser, make_parser, say
from jhaan_kg.errors import printable

EXAMPLES = """  jhaan text                       texts that the commands use
  jhaan text add REPORT.txt        copy a text into your data folder"""


def text_parser() -> Parser:
    parser = make_parser(
        "text",
        "Show or add the report's text, which is not part of this project. The commands query, explain and read "
        "use it to quote passages, verify uses it to check the graph.",
        EXAMPLES,
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


COMMANDS = {"text": Command(text_parser, run_text)}
