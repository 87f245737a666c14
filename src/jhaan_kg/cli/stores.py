"""Commands for triple stores: load, bundle, compare."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jhaan_kg.cli.common import (
    Command,
    add_flag,
    add_options,
    count_files,
    make_parser,
    say,
    seconds,
    terminal_width,
    write_result,
)
from jhaan_kg.errors import Finding, FindingsError, Severity, printable

if TYPE_CHECKING:
    from jhaan_kg.stores.load.plan import LoadPlan
    from jhaan_kg.stores.load.store import GraphDifference, TargetStore

LOAD_EXAMPLES = """  jhaan load http://localhost:3030/jhaan --store fuseki      the dataset with its evidence
  jhaan load http://localhost:7878 --store oxigraph --dry-run   what would be sent, as a script
  jhaan load http://localhost:8890 --store virtuoso --no-evidence   without the evidence
  jhaan load https://example.org/sparql --store generic      a store of another kind"""

TIMEOUT: Final = 600.0
"""The time limit in seconds for one request: it may contain a whole release."""


def load_parser() -> argparse.ArgumentParser:
    from jhaan_kg.stores.kinds import KINDS

    width = max(map(len, KINDS))
    kinds = "\n".join(
        f"  {name:<{width}}  {kind.title}{'' if kind.run_on else ', untested'}: {kind.example}"
        for name, kind in KINDS.items()
    )
    parser = make_parser(
        "load",
        "Put the graph into a triple store, and make sure that it is there: the named graphs whose names begin with\n"
        "https://w3id.org/jhaan/graph/ are made those of this release, and nothing else is touched.\n"
        "docs/stores/loading.md says for each kind what a reader sees meanwhile.",
        LOAD_EXAMPLES,
    )
    parser.epilog = f"kinds of stores:\n{kinds}\n\n{parser.epilog}"
    parser.add_argument("url", metavar="URL", help="the address of the store, or where it takes queries")
    parser.add_argument(
        "--store", metavar="KIND", required=True, choices=KINDS, help="one of those listed below"
    )
    add_flag(
        parser,
        "--default-graph",
        "write the flat graph, without evidence, into the default graph instead; it must be empty, or have "
        "nothing that isn't of this release",
    )
    add_options(parser, "--no-inferred", "--no-context")
    add_flag(parser, "--no-evidence", "leave out evidence, stored questions and lexicon")
    add_flag(parser, "--dry-run", "change nothing: print what would be done, as a script")
    add_flag(parser, "--show", "print each request as a curl line before it is sent")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=seconds,
        default=TIMEOUT,
        help=f"how long the store may take for one request (default: {TIMEOUT:.0f})",
    )
    return parser


def run_load(argv: Sequence[str]) -> int:
    options = load_parser().parse_args(argv)

    from jhaan_kg.build.cache import open_snapshot
    from jhaan_kg.build.progress import long_step
    from jhaan_kg.export import Request
    from jhaan_kg.isolation import exit_on_sigterm
    from jhaan_kg.stores.load.loading import Loading
    from jhaan_kg.stores.load.store import open_store

    snapshot = open_snapshot()
    request = Request(
        snapshot,
        "nquads",
        inferred=not options.no_inferred,
        context=not options.no_context,
        evidence=not options.no_evidence,
    )
    with exit_on_sigterm(), long_step("load") as tell:
        store = open_store(
            options.url, options.store, options.timeout, say if options.show else lambda _: None
        )
        _introduce(store)
        loading = Loading(store, request, tell=tell)
        plan = loading.plan_default_graph() if options.default_graph else loading.plan()
        if meanwhile := loading.meanwhile(plan):
            say(f"Readers see meanwhile: {meanwhile}.")
        if options.dry_run:
            steps = [f"# {line}" for line in _list_steps(plan)]
            print("\n".join([*steps, *loading.script(plan)]))
            return 0
        loading.carry_out(plan)
        differences = loading.differences(plan)
        alone = loading.is_found_without_graph(plan)
    print("\n".join(_list_steps(plan)))
    if differences:
        raise _make_error(store, plan, differences)
    say(f"The store gives back what was written: {sum(one.triples for one in plan.contents):,} triples.")
    if not alone:
        _say_how_to_ask(store)
    return 0


def _introduce(store: TargetStore) -> None:
    """Print what a user must know before data are sent."""
    if store.note:
        say(store.note)
    elif not store.kind.run_on:
        say(
            f"{store.kind.title} is untested: this program was never run on it. It compares afterwards, as always."
        )


def _list_steps(plan: LoadPlan) -> list[str]:
    """Print the steps of a plan and a summary."""
    rows = [
        (
            step.graph or "the default graph",
            f"{step.content.triples if step.content else 0:,}",
            step.action.value,
        )
        for step in plan.steps
    ]
    graph, count = (max(len(row[at]) for row in rows) for at in (0, 1))
    lines = [printable(f"{name:<{graph}}  {triples:>{count}}  {what}") for name, triples, what in rows]
    counted = ", ".join(
        f"{plan.count(what):,} {what.value}" for what in type(plan.steps[0].action) if plan.count(what)
    )
    triples = sum(content.triples for content in plan.contents)
    return [*lines, f"{len(plan.contents):,} graphs, {triples:,} triples: {counted}"]


def _make_error(store: TargetStore, plan: LoadPlan, differences: Sequence[GraphDifference]) -> FindingsError:
    if plan.came_to_nothing({difference.graph: difference.found for difference in differences}):
        return FindingsError(
            [
                Finding(
                    *("", 0, Severity.ERROR, "store-unchanged", store.url),
                    "the store said that it did what it was sent, and nothing of it is there.",
                    "Check the address: what takes changes may be elsewhere, or behind a page for signing in.",
                )
            ]
        )
    return FindingsError(
        Finding(
            *("", 0, Severity.ERROR, "store-differs", difference.graph or "the default graph"),
            f"{difference}.",
            f"Somebody else may be loading {store.url} at this moment. Run the same command again; "
            "if it stays so, the store changes what it is given.",
        )
        for difference in differences
    )


def _say_how_to_ask(store: TargetStore) -> None:
    """Explain how to query a store whose default graph is neither the flat graph nor the union."""
    switch = f" To change that, {store.kind.union}." if store.kind.union else ""
    say(
        f"Queries that name no graph find none of it: the default graph of {store.url} is not the union of its "
        f"named graphs.{switch} As it is, name the graphs (FROM, or default-graph-uri); jhaan query --endpoint and "
        "jhaan compare do so by themselves."
    )


BUNDLE_EXAMPLES = """  jhaan bundle fuseki -o jhaan-fuseki           then follow jhaan-fuseki/README.md
  jhaan bundle virtuoso -o jhaan-virtuoso       with scripts for isql
  jhaan bundle neptune -o jhaan-neptune         with the request for the loader; the bucket's name is left to you"""


def bundle_parser() -> argparse.ArgumentParser:
    from jhaan_kg.stores.kinds import BUNDLES

    width = max(map(len, BUNDLES))
    kinds = "\n".join(
        f"  {name:<{width}}  {kind.title}: {f'run with {kind.run_on}' if kind.run_on else 'not run'}"
        for name, kind in BUNDLES.items()
    )
    parser = make_parser(
        "bundle",
        "Write a folder from which the tools of a store load the graph, without the network: the dataset with its\n"
        "evidence, the flat graph, the settings of the store, a page with the steps, and a check for after the load.\n"
        "The same graph gives the same bytes. To load a store that runs, over the network, see: jhaan load --help",
        BUNDLE_EXAMPLES,
    )
    parser.epilog = f"kinds of stores, and what the tests ran the steps with:\n{kinds}\n\n{parser.epilog}"
    parser.add_argument("kind", metavar="KIND", choices=BUNDLES, help="one of those listed below")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FOLDER",
        type=Path,
        required=True,
        help="the folder; it is replaced if it is there, but only one that this program wrote and nobody changed",
    )
    return parser


def run_bundle(argv: Sequence[str]) -> int:
    options = bundle_parser().parse_args(argv)

    from jhaan_kg.build.cache import open_snapshot
    from jhaan_kg.build.progress import long_step
    from jhaan_kg.files import write_folder
    from jhaan_kg.isolation import exit_on_sigterm
    from jhaan_kg.stores.bundle import bundle

    snapshot = open_snapshot()
    with exit_on_sigterm(), long_step("bundle") as tell:
        written = write_folder(options.output, count_files(bundle(snapshot, options.kind), tell))
    say(f"{written:,} files in {printable(options.output)}; begin with README.md")
    return 0


COMPARE_EXAMPLES = """  jhaan compare http://localhost:7878/query
  jhaan compare http://localhost:3030/ds/sparql --format json -o compared.json
  jhaan compare https://example.org/sparql --timeout 300         a store that takes its time"""


def compare_parser() -> argparse.ArgumentParser:
    parser = make_parser(
        "compare",
        "Ask a triple store and the embedded engine every stored question, with its usual parameters and with all "
        "parameters open, and say which answers differ, in which rows. For the usual parameters the passages that each "
        "row cites are compared too, where the store has the evidence in named graphs. Numbers, and truth values as "
        "numbers, are compared by their value; what a store writes otherwise is told and no difference. "
        "Which parts of the release the store holds, and how it has to be asked, is found out. The store is only read. "
        "Exit code 0 if nothing differs, 1 if something does.",
        COMPARE_EXAMPLES,
    )
    parser.add_argument("url", metavar="URL", help="the address of the store, or where it takes queries")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=seconds,
        help="how long the store may take for an answer; what takes longer counts as different (default: 60)",
    )
    parser.add_argument(
        "--format",
        choices=("table", "json"),
        default="table",
        help="a table for people with the rows that differ (default), or a report for programs",
    )
    add_options(parser, "--output")
    return parser


def run_compare(argv: Sequence[str]) -> int:
    options = compare_parser().parse_args(argv)

    from jhaan_kg.build.cache import open_snapshot
    from jhaan_kg.build.progress import long_step
    from jhaan_kg.query.endpoint import TIMEOUT, EndpointEngine
    from jhaan_kg.stores.compare.questions import Comparison, compare
    from jhaan_kg.stores.compare.report import as_json, as_text
    from jhaan_kg.web.client import with_credentials
    from jhaan_kg.web.credentials import Credentials

    snapshot = open_snapshot()

    def compare_with_credentials(credentials: Credentials | None) -> Comparison:
        store = EndpointEngine(options.url, credentials=credentials, timeout=options.timeout or TIMEOUT)
        with long_step("compare") as tell:
            return compare(snapshot, store, tell)

    comparison = with_credentials(options.url, compare_with_credentials)
    width = None if options.output else terminal_width()
    report = as_json(comparison) if options.format == "json" else as_text(comparison, width)
    write_result(report, options.output)
    return 1 if comparison.differ else 0


COMMANDS = {
    "load": Command(load_parser, run_load),
    "bundle": Command(bundle_parser, run_bundle),
    "compare": Command(compare_parser, run_compare),
}
