"""Commands for triple stores: load, bundle, compare."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jhaan_kg.cli.common import (
    Command,
    Parser,
    add_flag,
    add_options,
    count_files,
    make_parser,
    open_graph,
    say,
    seconds,
    terminal_width,
    write_result,
)
from jhaan_kg.errors import Finding, FindingsError, Severity, count_of, printable

if TYPE_CHECKING:
    from jhaan_kg.stores.load.plan import LoadPlan
    from jhaan_kg.stores.load.store import GraphDifference, TargetStore

LOAD_EXAMPLES = """  jhaan load http://localhost:3030/jhaan --store fuseki      with evidence
  jhaan load http://localhost:7878 --store oxigraph --dry-run   preview as a script
  jhaan load http://localhost:8890 --store virtuoso --no-evidence   without evidence
  jhaan load https://example.org/sparql --store generic      any other store with SPARQL 1.1"""

TIMEOUT: Final = 600.0
"""The time limit in seconds for one request: it may contain a whole release."""


def load_parser() -> Parser:
    from jhaan_kg.stores.kinds import KINDS

    width = max(map(len, KINDS))
    kinds = "\n".join(
        f"  {name:<{width}}  {kind.title}{'' if kind.run_on else ', not tested'}: {kind.example}"
        for name, kind in KINDS.items()
    )
    parser = make_parser(
        "load",
        "Load the graph into a triple store and check the result. The command replaces the named graphs below "
        "https://w3id.org/jhaan/graph/ and changes nothing else. Guide: docs/triple-stores.md.",
        LOAD_EXAMPLES,
        f"types of stores:\n{kinds}",
    )
    parser.add_argument("url", metavar="URL", help="Address of the store or of its SPARQL endpoint")
    parser.add_argument(
        "--store", metavar="TYPE", required=True, choices=KINDS, help="Type of store, from the list below"
    )
    add_flag(
        parser,
        "--default-graph",
        "Load the statements without evidence into the default graph, which must be empty or have only statements of "
        "this release",
    )
    add_options(parser, "--no-inferred", "--no-external")
    add_flag(parser, "--no-evidence", "Leave out evidence, stored questions and lexicon")
    add_flag(parser, "--dry-run", "Print the requests as a script, and change nothing")
    add_flag(parser, "--show", "Print each request as a curl command before sending it")
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
    from jhaan_kg.stores.load.loading import Loading
    from jhaan_kg.stores.load.store import open_store

    snapshot = open_graph(options.snapshot)
    request = Request(
        snapshot,
        "nquads",
        inferred=not options.no_inferred,
        context=not options.no_external,
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
            say(f"During the load, readers see: {meanwhile}.")
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
    say(f"Checked: the store contains all {sum(one.triples for one in plan.contents):,} triples.")
    if not alone:
        _say_how_to_ask(store)
    return 0


def _introduce(store: TargetStore) -> None:
    """Print the notes on a store for the user, before data are sent."""
    if store.note:
        say(store.note)
    elif not store.kind.run_on:
        say(f"Note: loading into {store.kind.title} is not tested. The result is checked after the load.")


def _list_steps(plan: LoadPlan) -> list[str]:
    """Return the steps of a plan and a summary as lines of text."""
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
    return [*lines, f"{count_of(len(plan.contents), 'graph')}, {count_of(triples, 'triple')}: {counted}"]


def _make_error(store: TargetStore, plan: LoadPlan, differences: Sequence[GraphDifference]) -> FindingsError:
    if plan.came_to_nothing({difference.graph: difference.found for difference in differences}):
        return FindingsError(
            [
                Finding(
                    *("", 0, Severity.ERROR, "store-unchanged", store.url),
                    "the store accepted the data but does not contain them.",
                    "Check the address: updates may need another one, or a login.",
                )
            ]
        )
    return FindingsError(
        Finding(
            *("", 0, Severity.ERROR, "store-differs", difference.graph or "the default graph"),
            f"{difference}.",
            f"Run the command again. If the difference stays, {store.url} changes the data that it receives.",
        )
        for difference in differences
    )


def _say_how_to_ask(store: TargetStore) -> None:
    """Explain how to query a store whose default graph is neither the flat graph nor the union."""
    switch = f" To change that, {store.kind.union}." if store.kind.union else ""
    say(
        f"Note: in {store.url}, queries must name the graphs (FROM or default-graph-uri), because the default graph "
        f"is not the union of the named graphs.{switch} The commands of jhaan name the graphs themselves."
    )


BUNDLE_EXAMPLES = """  jhaan bundle fuseki -o jhaan-fuseki           next: jhaan-fuseki/README.md
  jhaan bundle virtuoso -o jhaan-virtuoso       with scripts for isql
  jhaan bundle neptune -o jhaan-neptune         with a loader request for your bucket"""


def bundle_parser() -> Parser:
    from jhaan_kg.stores.kinds import BUNDLES

    width = max(map(len, BUNDLES))
    kinds = "\n".join(
        f"  {name:<{width}}  {kind.title}: {f'tested with {kind.run_on}' if kind.run_on else 'not tested'}"
        for name, kind in BUNDLES.items()
    )
    parser = make_parser(
        "bundle",
        "Create a folder for loading the graph into a triple store without the network: data, settings of the store, "
        "a README with the steps, and a check for the result. To load a running store, use jhaan load.",
        BUNDLE_EXAMPLES,
        f"types of stores:\n{kinds}",
    )
    parser.add_argument("kind", metavar="TYPE", choices=BUNDLES, help="Type of store, from the list below")
    add_options(parser, "--snapshot")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FOLDER",
        type=Path,
        required=True,
        help="Output folder; replaced if it is an unchanged folder of this command",
    )
    return parser


def run_bundle(argv: Sequence[str]) -> int:
    options = bundle_parser().parse_args(argv)

    from jhaan_kg.build.progress import long_step
    from jhaan_kg.files import write_folder
    from jhaan_kg.isolation import exit_on_sigterm
    from jhaan_kg.stores.bundle import bundle

    snapshot = open_graph(options.snapshot)
    with exit_on_sigterm(), long_step("bundle") as tell:
        written = write_folder(options.output, count_files(bundle(snapshot, options.kind), tell))
    say(f"{count_of(written, 'file')} in {printable(options.output)}. Start with README.md.")
    return 0


COMPARE_EXAMPLES = """  jhaan compare http://localhost:7878/query
  jhaan compare http://localhost:3030/ds/sparql --format json -o compared.json
  jhaan compare https://example.org/sparql --timeout 300         a slow store"""


def compare_parser() -> Parser:
    parser = make_parser(
        "compare",
        "Compare a triple store's answers to all stored questions with those of the built-in engine: with default "
        "parameters, and without filters. If the store has the evidence, the source passages are compared too. "
        "Values that are only written differently count as equal. The store is not changed. "
        "Exit code 0 if all answers are equal, 1 if not.",
        COMPARE_EXAMPLES,
    )
    parser.add_argument("url", metavar="URL", help="Address of the store or of its SPARQL endpoint")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=seconds,
        help="Time limit of an answer; a slower answer counts as different (default: 60)",
    )
    parser.add_argument(
        "--format",
        choices=("table", "json"),
        default="table",
        help="Output format (default: table)",
    )
    add_options(parser, "--snapshot", "--output")
    return parser


def run_compare(argv: Sequence[str]) -> int:
    options = compare_parser().parse_args(argv)

    from jhaan_kg.build.progress import long_step
    from jhaan_kg.query.endpoint import TIMEOUT, EndpointEngine
    from jhaan_kg.stores.compare.questions import Comparison, compare
    from jhaan_kg.stores.compare.report import as_json, as_text
    from jhaan_kg.web.client import with_credentials
    from jhaan_kg.web.credentials import Credentials

    snapshot = open_graph(options.snapshot)

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
