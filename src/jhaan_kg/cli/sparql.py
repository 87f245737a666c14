"""`jhaan sparql`: answer a query of the user's own."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Final

from jhaan_kg.cli.common import (
    add_context,
    add_output,
    add_timeout,
    parser,
    prepare_store,
    read_text,
    refuse_workbook_on_terminal,
    say,
    terminal_width,
    write_result,
)
from jhaan_kg.errors import JhaanError
from jhaan_kg.results import FORMATS, GRAPH_FORMATS, render, render_boolean, render_graph

EXAMPLES = """  jhaan sparql query.rq
  jhaan sparql query.rq --format csv -o rows.csv
  echo 'SELECT ?a { ?a a jhaan:Agency }' | jhaan sparql -
  jhaan sparql construct.rq --format ttl
  jhaan sparql query.rq --timeout 10"""

MAX_QUERY: Final = 2**20
"""The largest query that is read, in bytes; one that people write is far smaller."""


def arguments() -> argparse.ArgumentParser:
    """Make the parser of this command."""
    made = parser(
        "sparql",
        "Answer a SPARQL 1.1 query. The default graph is the union of the named graphs. "
        "The prefixes of the project (jhaan:, agency:, rdfs:, …) need no declaration. "
        "A query can change nothing and reach nothing outside.",
        EXAMPLES,
    )
    made.add_argument("file", metavar="FILE", help="the query; - for standard input")
    made.add_argument(
        "--format",
        choices=[*FORMATS, *GRAPH_FORMATS],
        help="of rows (default: table) or of a graph (default: ttl)",
    )
    made.add_argument(
        "--evidence", action="store_true", help="ask the graph of assertions and derivations too"
    )
    add_timeout(made)
    add_context(made)
    add_output(made)
    return made


def run(argv: Sequence[str]) -> int:
    """Answer an ad hoc query; see `jhaan sparql --help`."""
    options = arguments().parse_args(argv)
    text = read_text(options.file, MAX_QUERY)

    from jhaan_kg.build.cache import open_snapshot, store_for
    from jhaan_kg.namespaces import PREFIXES
    from jhaan_kg.query.advice import undefined_terms, why_empty
    from jhaan_kg.query.isolate import isolated
    from jhaan_kg.query.run import Answer, StoreEngine, guard

    form = guard(text)
    is_graph = form in ("CONSTRUCT", "DESCRIBE")
    chosen = options.format or ("ttl" if is_graph else "table")
    if form == "ASK" and chosen not in ("table", "json", "xml"):
        raise JhaanError(
            f"The answer to ASK is yes or no; {chosen} has no form for it. Choose table, json or xml."
        )
    if (form != "ASK") and is_graph != (chosen in GRAPH_FORMATS):
        fitting = ", ".join(GRAPH_FORMATS if is_graph else FORMATS)
        raise JhaanError(f"{form} can't be written as {chosen}. Choose one of: {fitting}")
    refuse_workbook_on_terminal(chosen, options.output)
    snapshot = open_snapshot()
    flavour = {"evidence": options.evidence, "context": not options.no_context}

    def answered() -> bytes:
        store = store_for(snapshot, **flavour)
        engine = StoreEngine(store, PREFIXES)
        for sentence in undefined_terms(text, engine):
            say(sentence)
        if form == "ASK":
            return render_boolean(engine.ask(text), chosen)
        found = engine.construct(text) if is_graph else engine.select(text)
        if not (found.rows if isinstance(found, Answer) else found):
            say("Nothing was found.")
            for sentence in why_empty(text, engine, evidence=options.evidence):
                say(sentence)
        if isinstance(found, Answer):
            return render(found, chosen, width=terminal_width())
        return render_graph(found, chosen)

    if options.timeout is not None:
        prepare_store(snapshot, **flavour)
    write_result(isolated(answered, options.timeout), options.output)
    return 0
