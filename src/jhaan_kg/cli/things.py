"""Commands about single things: explain."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from jhaan_kg.cli.common import Command, add_options, ask, make_parser

EXPLAIN_EXAMPLES = """  jhaan explain Eurojust
  jhaan explain event2023:seminar-information-provision-what
  jhaan explain "JHAAN Heads of Agencies meeting 2023" --property startDate
  jhaan explain Eurojust --endpoint http://localhost:3030/jhaan/sparql"""


def explain_parser() -> argparse.ArgumentParser:
    parser = make_parser(
        "explain",
        "Say what the graph holds of a thing, which passage says it, and where passages contradict each other.",
        EXPLAIN_EXAMPLES,
    )
    parser.add_argument(
        "thing", metavar="IRI-or-name", help="an IRI, a CURIE such as agency:europol, or a name"
    )
    parser.add_argument(
        "--property", metavar="P", help="only this property: an IRI, a CURIE, or a name such as startDate"
    )
    add_options(parser, "--endpoint", "--timeout", "--no-context", "--output")
    return parser


def run_explain(argv: Sequence[str]) -> int:
    options = explain_parser().parse_args(argv)

    from jhaan_kg.explain import explain

    ask(lambda engine: (explain(engine, options.thing, options.property), ""), options, evidence=True)
    return 0


COMMANDS = {"explain": Command(explain_parser, run_explain)}
