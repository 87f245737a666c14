"""`jhaan sparql`: the user's own SPARQL queries."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import IO, TYPE_CHECKING, Final, TypeVar

from jhaan_kg.cli.common import (
    Command,
    Parser,
    Written,
    add_flag,
    add_options,
    endpoint_engine,
    in_fork,
    make_parser,
    open_engine,
    open_graph,
    refuse_binary_on_terminal,
    say,
    terminal_width,
    write_result,
)
from jhaan_kg.errors import JhaanError
from jhaan_kg.files import read_text
from jhaan_kg.isolation import confine
from jhaan_kg.results import FORMATS, GRAPH_FORMATS, render, render_boolean, render_graph

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from jhaan_kg.query.endpoint import EndpointEngine
    from jhaan_kg.query.engine import Answer, Engine

_Item = TypeVar("_Item")

EXAMPLES = """  jhaan sparql query.rq
  jhaan sparql query.rq --format csv -o rows.csv
  echo 'SELECT ?a { ?a a jhaan:Agency }' | jhaan sparql -
  jhaan sparql construct.rq --format ttl
  jhaan sparql query.rq --timeout 10
  jhaan sparql query.rq --endpoint http://localhost:3030/jhaan/sparql"""

MAX_QUERY: Final = 2**20
"""The largest query in bytes; queries that people write are far smaller."""

_IN_MEMORY: Final = 2**23
"""The size in bytes above which an endpoint's answer is stored in a temporary file."""


def sparql_parser() -> Parser:
    parser = make_parser(
        "sparql",
        "Run a SPARQL 1.1 query. The default graph is the union of the named graphs. "
        "The prefixes of the project (jhaan:, agency:, rdfs:, …) are predefined. The graph is read-only; SERVICE is "
        "disabled.",
        EXAMPLES,
    )
    parser.add_argument("file", metavar="FILE", help="File with the query; - for standard input")
    parser.add_argument(
        "--format",
        choices=[*FORMATS, *GRAPH_FORMATS],
        help="Output format (default: table, or ttl for CONSTRUCT and DESCRIBE)",
    )
    add_flag(parser, "--evidence", "Include the evidence: assertions and derivations")
    add_options(parser, "--endpoint", "--timeout", "--no-external", "--snapshot", "--output")
    return parser


def run_sparql(argv: Sequence[str]) -> int:
    options = sparql_parser().parse_args(argv)
    if "{" in options.file:
        raise JhaanError("FILE must be a file. To give the query itself: echo 'QUERY' | jhaan sparql -")
    text = read_text(options.file, MAX_QUERY)

    from jhaan_kg.query.adhoc import guard

    form = guard(text)
    is_graph = form in ("CONSTRUCT", "DESCRIBE")
    chosen = options.format or ("ttl" if is_graph else "table")
    if form == "ASK" and chosen not in ("table", "json", "xml"):
        raise JhaanError(f'ASK has no format "{chosen}". Choose one of: table, json, xml.')
    if (form != "ASK") and is_graph != (chosen in GRAPH_FORMATS):
        fitting = ", ".join(GRAPH_FORMATS if is_graph else FORMATS)
        raise JhaanError(f'{form} has no format "{chosen}". Choose one of: {fitting}.')
    refuse_binary_on_terminal(chosen, options.output)
    if options.endpoint is not None:
        write_result(_from_endpoint(text, form, chosen, options), options.output)
        return 0

    from jhaan_kg.namespaces import PREFIXES

    def answer() -> Written:
        engine = _Confined(open_engine(options, evidence=options.evidence, prefixes=PREFIXES))
        _say_undefined(text, engine)
        return _answer(text, form, chosen, engine, options), ""

    in_fork(answer, options, open_graph(options.snapshot))
    return 0


class _Confined:
    """Engine whose queries cannot open files or connections; the rest of the command can."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def select(self, query: str) -> Answer:
        with confine():
            return self._engine.select(query)

    def ask(self, query: str) -> bool:
        with confine():
            return self._engine.ask(query)

    def construct(self, query: str) -> list[Triple]:
        with confine():
            return self._engine.construct(query)


def _from_endpoint(text: str, form: str, chosen: str, options: argparse.Namespace) -> bytes | IO[bytes]:
    """Query an endpoint; streamable formats go to a file, so the answer may have any size."""
    from jhaan_kg.build.progress import long_step
    from jhaan_kg.namespaces import PREFIXES
    from jhaan_kg.results.sparql import STREAMED

    engine = endpoint_engine(options, evidence=options.evidence).with_prefixes(PREFIXES)
    with long_step("endpoint") as tell:
        _say_undefined(text, engine)
        if form == "ASK" or chosen not in (*STREAMED, "ntriples"):
            return _answer(text, form, chosen, engine, options)
        return _stream_answer(text, chosen, engine, options, tell)


def _stream_answer(
    text: str, chosen: str, engine: EndpointEngine, options: argparse.Namespace, tell: Callable[[str], None]
) -> IO[bytes]:
    from tempfile import SpooledTemporaryFile

    from jhaan_kg.results.graphs import write_ntriples
    from jhaan_kg.results.sparql import write_rows

    kept = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the process ends after it
    try:
        if chosen == "ntriples":
            with engine.triples(text) as triples:
                number = write_ntriples(_report_progress(triples, "triples", tell), kept)
            empty = not number
        else:
            with engine.rows(text) as found:
                first = next(found.rows, None)
                empty = first is None
                rows = chain([] if first is None else [first], found.rows)
                write_rows(found.variables, _report_progress(rows, "rows", tell), chosen, kept)
    except OSError as error:
        raise JhaanError(f"Cannot write a temporary file: {error.strerror or error}.") from None
    if empty:
        _say_empty(text, chosen, engine, options)
    return kept


def _report_progress(items: Iterable[_Item], what: str, tell: Callable[[str], None]) -> Iterator[_Item]:
    """Yield the items, and report progress from time to time."""
    for number, item in enumerate(items, 1):
        if not number % 10_000:
            tell(f"{number:,} {what}")
        yield item


def _answer(text: str, form: str, chosen: str, engine: Engine, options: argparse.Namespace) -> bytes:
    if form == "ASK":
        return render_boolean(engine.ask(text), chosen)
    if chosen in GRAPH_FORMATS:
        triples = engine.construct(text)
        if not triples:
            _say_empty(text, chosen, engine, options)
        return render_graph(triples, chosen)
    found = engine.select(text)
    if not found.rows:
        _say_empty(text, chosen, engine, options)
    return render(found, chosen, width=terminal_width())


def _say_undefined(text: str, engine: Engine) -> None:
    from jhaan_kg.query.adhoc import find_undefined_terms

    for sentence in find_undefined_terms(text, engine):
        say(sentence)


def _say_empty(text: str, chosen: str, engine: Engine, options: argparse.Namespace) -> None:
    from jhaan_kg.query.adhoc import explain_empty

    if chosen != "table":  # the format table includes this message
        say("No results.")
    for sentence in explain_empty(text, engine, evidence=options.evidence):
        say(sentence)


COMMANDS = {"sparql": Command(sparql_parser, run_sparql)}
