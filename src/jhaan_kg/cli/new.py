"""`jhaan new`: begin a new report."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from jhaan_kg.cli.common import parser, say
from jhaan_kg.errors import JhaanError
from jhaan_kg.files import read_text

EXAMPLES = """  jhaan new report jhaan-2024 --text REPORT.txt"""


def arguments() -> argparse.ArgumentParser:
    """Make the parser of this command."""
    made = parser(
        "new",
        "Begin a new report in this checkout: divide its text into passages and make data/reports/ID with the tree of "
        "passages and one file for each section, data/curation/ID with the list of what is not yet read, and the "
        "report's entry in data/register. All of it is made, or nothing.",
        EXAMPLES,
    )
    made.add_argument("what", choices=["report"], help="what to begin")
    made.add_argument("id", metavar="ID", help="a name in small letters, a hyphen and the year")
    made.add_argument("--text", required=True, metavar="FILE", help="the report's text, in UTF-8")
    return made


def run(argv: Sequence[str]) -> int:
    """Begin a report; see `jhaan new --help`."""
    options = arguments().parse_args(argv)

    from jhaan_kg.build.read import find_root
    from jhaan_kg.new_report import begin_report

    root = find_root()
    if root is None or not Path.cwd().resolve().is_relative_to(root):
        raise JhaanError(
            "This folder is in no checkout of jhaan-kg, which has ontology/ and data/. Go to one."
        )
    begun = begin_report(root, options.id, read_text(options.text), options.text)
    for place in begun.places:
        print(place.as_posix())
    say(
        f"{begun.passages} passages in {begun.sections} section files wait to be read.\n"
        f"Next:\n"
        f"  1. Give the report its title in {begun.places[2].as_posix()}.\n"
        f"  2. Fill the blocks of {begun.places[0].as_posix()}, section by section (docs/curating.md).\n"
        f"  3. jhaan format && jhaan check\n"
        f"  4. jhaan verify {options.text} --report {options.id}\n"
        f"  5. jhaan coverage --report {options.id} shows what is left."
    )
    return 0
