"""`jhaan explain`: what the graph holds of a thing, and which passage says it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from jhaan_kg.cli.common import (
    add_context,
    add_endpoint,
    add_output,
    add_timeout,
    endpoint_engine,
    parser,
    prepare_store,
    write_result,
)

EXAMPLES = """  jhaan explain Eurojust
  jhaan explain event2023:seminar-information-provision-what
  jhaan explain "JHAAN Heads of Agencies meeting 2023" --property startDate
  jhaan explain Eurojust --endpoint http://localhost:3030/jhaan/sparql"""


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
    add_endpoint(made)
    add_timeout(made)
    add_context(made)
    add_output(made)
    return made


def run(argv: Sequence[str]) -> int:
    """Explain a thing; see `jhaan explain --help`."""
    options = arguments().parse_args(argv)

    ask = _from_snapshot if options.endpoint is None else _from_endpoint
    write_result(ask(options), options.output)
    return 0


def _from_endpoint(options: argparse.Namespace) -> str:
    from jhaan_kg.build.progress import long_step
    from jhaan_kg.explain import explain

    engine = endpoint_engine(options, evidence=True)
    with long_step("endpoint"):
        return explain(engine, options.thing, options.property)


def _from_snapshot(options: argparse.Namespace) -> str:
    from jhaan_kg.build.cache import open_snapshot, store_for
    from jhaan_kg.explain import explain
    from jhaan_kg.query.run import StoreEngine

    snapshot = open_snapshot()

    def explained() -> str:
        engine = StoreEngine(store_for(snapshot, evidence=True, context=not options.no_context))
        return explain(engine, options.thing, options.property)

    if options.timeout is None:
        return explained()
    from jhaan_kg.query.isolate import isolated

    prepare_store(snapshot, evidence=True, context=not options.no_context)
    return isolated(lambda: explained().encode(), options.timeout).decode()
