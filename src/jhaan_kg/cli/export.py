"""`jhaan export`: the graph in a chosen format."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Final

from jhaan_kg.cli.common import (
    Command,
    Parser,
    add_flag,
    add_options,
    count_files,
    make_parser,
    open_graph,
    say,
    write_result,
)
from jhaan_kg.errors import JhaanError, count_of, printable

EXAMPLES = """  jhaan export turtle -o jhaan.ttl              all statements
  jhaan export nquads --gzip -o jhaan.nq.gz     all statements with their sources
  jhaan export jsonld --no-inferred             without what follows from the ontology alone
  jhaan export jsonld-framed --class Event      events with their details
  jhaan export gexf --counting meetings -o meetings.gexf   network of joint meetings
  jhaan export site -o site                     the web pages as files
  jhaan export release -o jhaan                 all formats in one folder"""

OPTIONS: Final = ("gzip", "by_reference", "frame", "counting", "search", "base", "report_errors")
"""The options that only some formats have."""


def export_parser() -> Parser:
    from jhaan_kg.export import FORMATS
    from jhaan_kg.export.request import DEFAULT, RULES

    width = max(map(len, FORMATS))
    formats = "\n".join(f"  {name:<{width}}  {form.what}" for name, form in FORMATS.items())
    parser = make_parser(
        "export",
        "Export the graph to a file or folder. The same graph always gives the same bytes. "
        "Guide to the formats: docs/exports.md.",
        EXAMPLES,
        f"formats:\n{formats}",
    )
    parser.add_argument(
        "format", metavar="FORMAT", choices=FORMATS, type=_known, help="Format, from the list below"
    )
    add_options(parser, "--no-inferred", "--no-external")
    parser.add_argument(
        "--evidence",
        action=argparse.BooleanOptionalAction,
        help="Include evidence, stored questions and lexicon, or not (default: in formats with sources)",
    )
    add_flag(parser, "--gzip", "Compress the file")
    add_flag(parser, "--by-reference", "Link to the published JSON-LD context instead of including it")
    parser.add_argument(
        "--class",
        metavar="CLASS",
        dest="frame",
        help="Class of the entities in jsonld-framed, such as Event",
    )
    parser.add_argument(
        "--counting",
        metavar="RULE",
        choices=RULES,
        help=f"Counting rule of the network: {', '.join(RULES)} (default: {DEFAULT})",
    )
    parser.add_argument(
        "--search", choices=["pagefind"], help="Search engine of the static site (default: none)"
    )
    parser.add_argument(
        "--public-url",
        metavar="URL",
        dest="base",
        help="Address of the static site, for its sitemap (default: none)",
    )
    add_options(parser, "--report-errors", "--snapshot", "--output")
    return parser


def _known(name: str) -> str:
    """Refuse a format of an earlier version, and say what to use instead; argparse refuses other unknown names."""
    from jhaan_kg.export.formats import REMOVED, find_format

    if name in REMOVED:
        find_format(name)
    return name


def run_export(argv: Sequence[str]) -> int:
    options = export_parser().parse_args(argv)

    from jhaan_kg.build.progress import Progress, long_step
    from jhaan_kg.export import FORMATS, export, export_files, note
    from jhaan_kg.files import write_folder
    from jhaan_kg.isolation import exit_on_sigterm

    form = FORMATS[options.format]
    choices = {name: value for name in OPTIONS if (value := getattr(options, name))}
    part = options.no_inferred or options.no_external or options.evidence is not None
    if refusal := form.refusal(options.format, part=part, options=choices):
        raise JhaanError(refusal)
    wanted = {
        "inferred": not options.no_inferred,
        "context": not options.no_external,
        "evidence": options.evidence,
        **choices,
    }
    if form.folder:
        if options.output is None:
            raise JhaanError(f"Format {options.format} needs an output folder: -o FOLDER")
        snapshot = open_graph(options.snapshot)
        files = export_files(snapshot, options.format, **wanted)
        with exit_on_sigterm():
            if form.in_two:
                with Progress().step("export") as tell:
                    written = write_folder(options.output, files)
                    tell(f"{written:,} files")
            else:
                with long_step("export") as tell:
                    written = write_folder(options.output, count_files(files, tell))
        say(f"{count_of(written, 'file')} in {printable(options.output)}")
        return 0
    if options.gzip and options.output is None and sys.stdout.isatty():
        raise JhaanError("Compressed output needs a file: -o FILE.gz")
    if "gzip" in form.options and not options.gzip and options.output and options.output.suffix == ".gz":
        raise JhaanError(f'The file name "{options.output}" needs the option --gzip.')
    snapshot = open_graph(options.snapshot)
    with long_step("export") as tell:
        data = export(snapshot, options.format, **wanted)
        tell(f"{len(data):,} bytes")
    write_result(data, options.output)
    wanted.pop("gzip", None)
    if told := note(snapshot, options.format, **wanted):
        say(told)
    return 0


COMMANDS = {"export": Command(export_parser, run_export)}
