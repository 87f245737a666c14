"""`jhaan export`: the graph in a chosen format."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Final

from jhaan_kg.cli.common import (
    Command,
    add_flag,
    add_options,
    count_files,
    make_parser,
    say,
    write_result,
)
from jhaan_kg.errors import JhaanError, printable

EXAMPLES = """  jhaan export turtle -o jhaan.ttl              the flat graph
  jhaan export nquads --gzip -o jhaan.nq.gz     the dataset with its evidence
  jhaan export jsonld --no-inferred             what is stated, without what follows from it
  jhaan export jsonld-framed --class event      each event with all that belongs to it
  jhaan export jsonld-things -o things          a folder with a document for each thing
  jhaan export gexf --counting meetings -o meetings.gexf   who met whom, and how often
  jhaan export site -o site                     the pages of jhaan serve for any web host
  jhaan export release -o jhaan                 all of it in one folder"""

OPTIONS: Final = ("gzip", "by_reference", "frame", "counting", "search", "base")
"""The options that only some formats have."""


def export_parser() -> argparse.ArgumentParser:
    from jhaan_kg.export import FORMATS
    from jhaan_kg.export.framed import frame_names
    from jhaan_kg.export.request import DEFAULT, RULES

    width = max(map(len, FORMATS))
    formats = "\n".join(f"  {name:<{width}}  {form.what}" for name, form in FORMATS.items())
    parser = make_parser(
        "export",
        "Write the graph, in a form for those who will read it; docs/exports.md says who reads which.\n"
        "The same graph gives the same bytes.",
        EXAMPLES,
    )
    parser.epilog = f"formats:\n{formats}\n\n{parser.epilog}"
    parser.add_argument("format", metavar="FORMAT", choices=FORMATS, help="one of those listed below")
    add_options(parser, "--no-inferred", "--no-context")
    parser.add_argument(
        "--evidence",
        action=argparse.BooleanOptionalAction,
        help="with or without evidence, stored questions and lexicon (default: with them in datasets only)",
    )
    add_flag(parser, "--gzip", "compress the file")
    add_flag(parser, "--by-reference", "name the published context in JSON-LD, and leave it out")
    parser.add_argument(
        "--class",
        metavar="CLASS",
        dest="frame",
        choices=frame_names(),
        help=f"whose things go into a framed document, or its schema: {', '.join(frame_names())}",
    )
    parser.add_argument(
        "--counting",
        metavar="RULE",
        choices=RULES,
        help=f"what joins two agencies in a network: {', '.join(RULES)} (default: {DEFAULT})",
    )
    parser.add_argument("--search", choices=["pagefind"], help="what searches a static site in the browser")
    parser.add_argument(
        "--base", metavar="ADDRESS", help="where a static site will be, for its sitemap (default: no sitemap)"
    )
    add_options(parser, "--output")
    return parser


def run_export(argv: Sequence[str]) -> int:
    options = export_parser().parse_args(argv)

    from jhaan_kg.build.cache import open_snapshot
    from jhaan_kg.build.progress import Progress, long_step
    from jhaan_kg.export import FORMATS, export, export_files, note
    from jhaan_kg.files import write_folder
    from jhaan_kg.isolation import exit_on_sigterm

    form = FORMATS[options.format]
    choices = {name: value for name in OPTIONS if (value := getattr(options, name))}
    part = options.no_inferred or options.no_context or options.evidence is not None
    if refusal := form.refusal(options.format, part=part, options=choices):
        raise JhaanError(refusal)
    wanted = {
        "inferred": not options.no_inferred,
        "context": not options.no_context,
        "evidence": options.evidence,
        **choices,
    }
    if form.folder:
        if options.output is None:
            raise JhaanError(f"{options.format} is a folder of files. Name it: -o FOLDER")
        snapshot = open_snapshot()
        files = export_files(snapshot, options.format, **wanted)
        with exit_on_sigterm():
            if form.in_two:
                with Progress().step("export") as tell:
                    written = write_folder(options.output, files)
                    tell(f"{written:,} files")
            else:
                with long_step("export") as tell:
                    written = write_folder(options.output, count_files(files, tell))
        say(f"{written:,} files in {printable(options.output)}")
        return 0
    if options.gzip and options.output is None and sys.stdout.isatty():
        raise JhaanError("A compressed file can't be shown on a terminal. Name a file: -o FILE.gz")
    if "gzip" in form.options and not options.gzip and options.output and options.output.suffix == ".gz":
        raise JhaanError(f"{options.output}: would not be compressed. Add --gzip, or choose another name.")
    snapshot = open_snapshot()
    with long_step("export") as tell:
        data = export(snapshot, options.format, **wanted)
        tell(f"{len(data):,} bytes")
    write_result(data, options.output)
    wanted.pop("gzip", None)
    if told := note(snapshot, options.format, **wanted):
        say(told)
    return 0


COMMANDS = {"export": Command(export_parser, run_export)}
