"""`jhaan explain`: what the graph holds of a thing, and which passage says it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from jhaan_kg.cli.common import add_context, add_output, parser, write_result

EXAMPLES = """  jhaan explain Eurojust
  jhaan explain event2023:seminar-information-provision-what
  jhaan explain "JHAAN Heads of Agencies meeting 2023" --property startDate"""


def arguments() -> argparse.ArgumentParser:
    """Make the parser of this command."""
    made = parser(
        "explain",
        "Say what the graph holds of a thing, which passage says it, and where passages contradict each other.",
        EXAMPLES,
    )
    made.add_argument(
        "thing", metavar="IRI-or-name", help="an IRI, a CURIE such as agency:europol, or a name"
    )
    made.add_argument(
        "--property", metavar="P", help="only this property: an IRI, a CURIE, or a name such as startDate"
    )
    add_context(made)
    add_output(made)
    return made


def run(argv: Sequence[str]) -> int:
    """Explain a thing; see `jhaan explain --help`."""
    options = arguments().parse_args(argv)

    from jhaan_kg.build.cache import open_snapshot, store_for
    from jhaan_kg.explain import explain
    from jhaan_kg.query.run import StoreEngine

    engine = StoreEngine(store_for(open_snapshot(), evidence=True, context=not options.no_context))
    write_result(explain(engine, options.thing, options.property), options.output)
    return 0
