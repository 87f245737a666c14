"""`jhaan compare`: prove that a triple store answers every stored question as the embedded engine does."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from jhaan_kg.cli.common import add_output, add_timeout, parser, terminal_width, write_result

EXAMPLES = """  jhaan compare http://localhost:7878/query
  jhaan compare http://localhost:3030/ds/sparql --format json -o compared.json
  jhaan compare https://example.org/sparql --timeout 300         a store that takes its time"""


def arguments() -> argparse.ArgumentParser:
    """Make the parser of this command."""
    made = parser(
        "compare",
        "Ask a triple store and the embedded engine every stored question, with its usual parameters and with all "
        "parameters open, and say which answers differ, in which rows. For the usual parameters the passages that each "
        "row cites are compared too, where the store has the evidence in named graphs. Numbers, and truth values as "
        "numbers, are compared by their value; what a store writes otherwise is told and no difference. "
        "Which parts of the release the store holds, and how it has to be asked, is found out. The store is only read. "
        "Exit code 0 if nothing differs, 1 if something does.",
        EXAMPLES,
    )
    made.add_argument("url", metavar="URL", help="where the store takes queries, http or https")
    add_timeout(
        made, "how long the store may take for an answer; what takes longer counts as different (default: 60)"
    )
    made.add_argument(
        "--format",
        choices=("table", "json"),
        default="table",
        help="a table for people with the rows that differ (default), or a report for programs",
    )
    add_output(made)
    return made


def run(argv: Sequence[str]) -> int:
    """Compare a store with the embedded engine; see `jhaan compare --help`."""
    options = arguments().parse_args(argv)

    from jhaan_kg.build.cache import open_snapshot
    from jhaan_kg.build.progress import long_step
    from jhaan_kg.query.endpoint import TIMEOUT, EndpointEngine
    from jhaan_kg.stores.compare import Comparison, compare
    from jhaan_kg.web.asking import with_credentials
    from jhaan_kg.web.credentials import Credentials

    snapshot = open_snapshot()

    def compared(credentials: Credentials | None) -> Comparison:
        store = EndpointEngine(options.url, credentials=credentials, timeout=options.timeout or TIMEOUT)
        with long_step("compare") as tell:
            return compare(snapshot, store, tell)

    comparison = with_credentials(options.url, compared)
    if options.format == "json":
        from jhaan_kg.stores.compare.report import report

        write_result(report(comparison), options.output)
    else:
        from jhaan_kg.stores.compare.words import tell as in_words

        width = None if options.output else terminal_width()
        write_result(in_words(comparison, width), options.output)
    return 1 if comparison.differ else 0
