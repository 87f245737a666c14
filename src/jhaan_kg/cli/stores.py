"""`jhaan load`: load the graph into a triple store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from jhaan_kg.cli.common import Command, Parser, add_flag, add_options, make_parser, open_graph, say, seconds
from jhaan_kg.errors import FindingsError, JhaanError, count_of, printable

EXAMPLES: Final = """  jhaan load http://localhost:3030/jhaan --store fuseki          with evidence
  jhaan load http://localhost:8890 --store virtuoso --no-evidence
  jhaan load https://example.org/sparql --graph-store https://example.org/data
  jhaan load https://example.org/sparql --update https://example.org/update"""

TIMEOUT: Final = 600.0
"""The time limit in seconds for one request: a request may contain a large graph."""


def load_parser() -> Parser:
    from jhaan_kg.store_types import STORE_TYPES

    types = "\n".join(f"  {name:<9} {kind.title}: {kind.example}" for name, kind in STORE_TYPES.items())
    parser = make_parser(
        "load",
        "Load the graph into a triple store and check the result. The command replaces the named graphs below "
        "https://w3id.org/jhaan/graph/, one after the other, and changes nothing else. You can repeat it at any time. "
        "Guide: docs/triple-stores.md.",
        EXAMPLES,
        f"types of stores:\n{types}",
    )
    parser.add_argument("url", metavar="URL", help="Address of the store, or its address for queries")
    protocol = parser.add_mutually_exclusive_group()
    protocol.add_argument(
        "--store", metavar="TYPE", choices=STORE_TYPES, help="Type of store, from the list below"
    )
    protocol.add_argument(
        "--graph-store", metavar="URL", help="Address for the Graph Store Protocol, for other stores"
    )
    protocol.add_argument("--update", metavar="URL", help="Address for SPARQL Update, for other stores")
    add_options(parser, "--no-inferred", "--no-external")
    add_flag(parser, "--no-evidence", "Leave out evidence, stored questions and lexicon")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=seconds,
        default=TIMEOUT,
        help=f"Time limit of a request (default: {TIMEOUT:.0f})",
    )
    add_options(parser, "--snapshot")
    return parser


def run_load(argv: Sequence[str]) -> int:
    options = load_parser().parse_args(argv)

    from jhaan_kg.build.progress import long_step
    from jhaan_kg.export import Request
    from jhaan_kg.isolation import exit_on_sigterm
    from jhaan_kg.store_types import STORE_TYPES
    from jhaan_kg.stores import Loader, Target, find_target
    from jhaan_kg.web import Credentials, check_url, with_credentials

    request = Request(
        open_graph(options.snapshot),
        "nquads",
        inferred=not options.no_inferred,
        context=not options.no_external,
        evidence=not options.no_evidence,
    )
    if not (options.store or options.graph_store or options.update):
        raise JhaanError("Missing option --store. For other types, use --graph-store or --update.")
    check_url(options.url)
    if options.store:
        target = find_target(STORE_TYPES[options.store], options.url)
    else:
        target = Target(options.url, options.graph_store or "", options.update or "")
        check_url(target.graphs or target.update)

    written: list[str] = []

    def load(credentials: Credentials | None) -> tuple[Loader, list[str]]:
        loader = Loader(target, credentials, options.timeout)
        return loader, loader.load(request, tell, written)

    with exit_on_sigterm(), long_step("load") as tell:
        loader, removed = with_credentials(options.url, load)
        tell("checking")
        findings, questions, in_default_graph = loader.check(request)
    triples = {file.graph: file.triples for file in request.files()}
    for graph in written:
        print(printable(f"{graph}  {triples[graph]:,}"))
    for graph in removed:
        print(printable(f"{graph}  removed"))
    print(f"{count_of(len(written), 'graph')}, {count_of(sum(triples.values()), 'triple')}")
    if findings:
        raise FindingsError(findings)
    asked = f", and answers the same as the built-in engine: {', '.join(questions)}" if questions else ""
    say(f"Checked: the store contains all triples{asked}.")
    if not in_default_graph:
        switch = STORE_TYPES[options.store].union if options.store else ""
        say(
            "Note: queries in this store must name the graphs (FROM or default-graph-uri), because its default graph "
            f"is not the union of the named graphs.{f' To change that, {switch}.' if switch else ''} "
            "The commands of jhaan name the graphs themselves."
        )
    return 0


COMMANDS = {"load": Command(load_parser, run_load)}
