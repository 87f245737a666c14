"""`jhaan export`: write the graph in a format of the user's choice."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from jhaan_kg.cli.common import add_context, add_output, parser, write_result

EXAMPLES = """  jhaan export turtle -o jhaan.ttl              the flat graph
  jhaan export nquads -o jhaan.nq               the dataset with its evidence
  jhaan export jsonld --no-inferred             what is stated, without what follows from it"""


def arguments() -> argparse.ArgumentParser:
    """Make the parser of this command."""
    from jhaan_kg.export import FORMATS

    made = parser(
        "export",
        "Write the graph. ntriples, turtle, jsonld and rdfxml hold the flat graph without evidence; "
        "nquads and trig hold the dataset with its named graphs and its evidence.",
        EXAMPLES,
    )
    made.add_argument("format", choices=FORMATS, help="of the file")
    made.add_argument("--no-inferred", action="store_true", help="leave out what follows from what is stated")
    made.add_argument("--no-evidence", action="store_true", help="leave the evidence out of nquads and trig")
    add_context(made)
    add_output(made)
    return made


def run(argv: Sequence[str]) -> int:
    """Export the graph; see `jhaan export --help`."""
    options = arguments().parse_args(argv)

    from jhaan_kg.build.cache import open_snapshot
    from jhaan_kg.export import export

    data = export(
        open_snapshot(),
        options.format,
        inferred=not options.no_inferred,
        context=not options.no_context,
        evidence=not options.no_evidence,
    )
    write_result(data, options.output)
    return 0
