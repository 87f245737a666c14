"""`jhaan passages`: divide the report's text into passages."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from jhaan_kg.cli.common import add_output, parser, say, write_result
from jhaan_kg.files import read_text

EXAMPLES = """  jhaan passages REPORT.txt -o data/reports/jhaan-2023/document.ttl"""


def arguments() -> argparse.ArgumentParser:
    """Make the parser of this command."""
    made = parser(
        "passages",
        "Divide the report's text into its tree of passages and write it as Turtle. "
        "The numbering is frozen once a report is modelled; use verify to compare.",
        EXAMPLES,
    )
    made.add_argument("report", metavar="REPORT.txt", help="the report's text")
    add_output(made)
    return made


def run(argv: Sequence[str]) -> int:
    """Write the tree of passages; see `jhaan passages --help`."""
    options = arguments().parse_args(argv)

    from jhaan_kg.passages import split, write_document

    document = split(read_text(options.report))
    write_result(write_document(document), options.output)
    say(f"{len(document.passages)} passages.")
    return 0
