"""Commands for curators: check, build, verify, diff, new."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jhaan_kg.cli.common import (
    Command,
    Parser,
    add_flag,
    add_options,
    add_report_id,
    existing_path,
    make_parser,
    open_graph,
    say,
    write_result,
)
from jhaan_kg.errors import JhaanError, Severity, count_of, printable
from jhaan_kg.files import read_text

CHECK_EXAMPLES = """  jhaan check                       all sources
  jhaan check data/register         findings in these files or folders only"""


def check_parser() -> Parser:
    parser = make_parser(
        "check",
        "Validate the source files: syntax, style, terms, OWL profile, shapes, contradictions, queries. "
        "Exit code 1 if there is an error or a warning.",
        CHECK_EXAMPLES,
    )
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        type=existing_path,
        help="File or folder to report on (default: all)",
    )
    return parser


def run_check(argv: Sequence[str]) -> int:
    options = check_parser().parse_args(argv)

    from jhaan_kg.build.pipeline import check
    from jhaan_kg.build.progress import Progress

    root = _find_sources(options.paths[0] if options.paths else None)
    wanted = [path.resolve() for path in options.paths] or [root]
    everywhere = check(root, Progress())
    findings = [f for f in everywhere if any((root / f.path).is_relative_to(path) for path in wanted)]
    for finding in findings:
        print(finding)
    counts = [
        (sum(finding.severity is severity for finding in findings), word)
        for severity, word in (
            (Severity.ERROR, "error"),
            (Severity.WARNING, "warning"),
            (Severity.INFO, "hint"),
        )
    ]
    say(f"{', '.join(count_of(number, word) for number, word in counts if number) or 'No findings'}.")
    elsewhere = [f for f in everywhere if f not in findings and f.severity is Severity.ERROR]
    if elsewhere:
        say(
            f"{count_of(len(elsewhere), 'error')} in other files may hide others here. List all with: jhaan check"
        )
    return 1 if any(finding.severity <= Severity.WARNING for finding in findings) else 0


def _find_sources(start: Path | None = None) -> Path:
    from jhaan_kg.build.read import find_root

    root = find_root(start)
    if root is None:
        raise JhaanError("No source files found. Go to a checkout of jhaan-kg, with ontology/ and data/.")
    return root


BUILD_EXAMPLES = """  jhaan build                          build what changed and print the folder of the snapshot
  jhaan build --report-id jhaan-2023   the graph of one report only
  jhaan query products --snapshot "$(jhaan build --report-id jhaan-2023)"      an answer from it"""


def build_parser() -> Parser:
    parser = make_parser(
        "build",
        "Build the graph from the source files of this checkout: read, assemble, reconcile, check, infer. "
        "An error stops the build. The result is a snapshot in the cache folder.",
        BUILD_EXAMPLES,
    )
    add_report_id(parser, "Id of the only report to include (default: all)")
    return parser


def run_build(argv: Sequence[str]) -> int:
    options = build_parser().parse_args(argv)

    from jhaan_kg.build.cache import snapshot_for
    from jhaan_kg.build.progress import Progress

    snapshot = snapshot_for(_find_sources(), Progress(), options.report_id)
    print(printable(snapshot.path))
    say(
        f"{snapshot.triples(evidence=False):,} triples, {snapshot.triples(evidence=True):,} with the evidence."
    )
    return 0


VERIFY_EXAMPLES = """  jhaan verify REPORT.txt
  jhaan verify REPORT.txt --report-id jhaan-2023
  jhaan verify REPORT.txt --words          with summaries that differ from the text"""

_TEXT = "Report text (default: JHAAN_REPORT or jhaan text add)"


def verify_parser() -> Parser:
    parser = make_parser(
        "verify",
        "Check the graph against the report's text, in both directions: passages have the recorded text, statements "
        "match the text of their passages, and the text is covered by statements. Contradictions and gaps of the text "
        "are checked too. The result lists errors and counts what was matched. Exit code 1 if there is an error.",
        VERIFY_EXAMPLES,
    )
    parser.add_argument("text", metavar="REPORT.txt", nargs="?", help=_TEXT)
    add_report_id(parser, "Id of the report (default: the report with this text)")
    add_flag(parser, "--words", "List summaries and findings whose words differ from their passages")
    add_options(parser, "--snapshot")
    return parser


def run_verify(argv: Sequence[str]) -> int:
    options = verify_parser().parse_args(argv)

    from jhaan_kg.build.progress import Progress
    from jhaan_kg.report_text import find_text
    from jhaan_kg.verify import verify

    file = find_text(options.text)
    result = verify(open_graph(options.snapshot), read_text(file), file, Progress(), options.report_id)
    for finding in result.findings:
        print(finding)
    if result.account is not None:
        print(*(["", *result.account.lines()] if result.findings else result.account.lines()), sep="\n")
        if options.words:
            print("", *result.account.drifts, sep="\n")
    say(result.summary)
    return 1 if any(finding.severity is Severity.ERROR for finding in result.findings) else 0


DIFF_EXAMPLES = """  jhaan diff OLD/ .                 a checkout of a release, and this one
  jhaan diff OLD/ NEW/ -o changes.txt"""


def diff_parser() -> Parser:
    parser = make_parser(
        "diff",
        "Compare two graphs: the statements that were removed and added, by entity. Exit code 0 if the graphs are "
        "equal, 1 if not.",
        DIFF_EXAMPLES,
    )
    for name in ("old", "new"):
        parser.add_argument(
            name,
            metavar=name.upper(),
            type=existing_path,
            help=f"{name.capitalize()}er graph: folder of a snapshot, or checkout",
        )
    add_options(parser, "--output")
    return parser


def run_diff(argv: Sequence[str]) -> int:
    options = diff_parser().parse_args(argv)

    from jhaan_kg.diff import compare, write_text

    difference = compare(open_graph(options.old, "OLD"), open_graph(options.new, "NEW"))
    write_result(write_text(difference), options.output)
    return 1 if difference else 0


NEW_EXAMPLES = """  jhaan new report jhaan-2024 --report REPORT.txt"""


def new_parser() -> Parser:
    parser = make_parser(
        "new",
        "Create the files for a new report in this checkout: data/reports/ID with the tree of passages and a file per "
        "section, data/curation/ID with the list of passages to process, and the report's entry in data/register. "
        "If an error occurs, nothing is created.",
        NEW_EXAMPLES,
    )
    parser.add_argument("what", metavar="report", choices=["report"], help='The word "report"')
    parser.add_argument("id", metavar="ID", help="Id of the report: lower-case name, hyphen and year")
    parser.add_argument("--report", metavar="FILE", help="Report text in UTF-8; must be given")
    return parser


def run_new(argv: Sequence[str]) -> int:
    parser = new_parser()
    options = parser.parse_args(argv)
    if options.report is None:
        parser.error("Missing option --report.")

    from jhaan_kg.build.read import find_root
    from jhaan_kg.new_report import begin_report

    root = find_root()
    if root is None or not Path.cwd().resolve().is_relative_to(root):
        raise JhaanError("This folder is not in a checkout of jhaan-kg. Go to one, with ontology/ and data/.")
    begun = begin_report(root, options.id, read_text(options.report), options.report)
    for place in begun.paths:
        print(place.as_posix())
    say(
        f"Created {count_of(begun.sections, 'section file')} with {count_of(begun.passages, 'passage')} to process.\n"
        f"Next:\n"
        f"  1. Enter the title of the report in {begun.paths[2].as_posix()}.\n"
        f"  2. Fill the blocks of {begun.paths[0].as_posix()}, section by section (docs/curation-guide.md).\n"
        f"  3. jhaan check\n"
        f"  4. jhaan verify {options.report} --report-id {options.id}\n"
        f"  5. jhaan query coverage --report-id report:{options.id} shows what is left."
    )
    return 0


COMMANDS = {
    "check": Command(check_parser, run_check),
    "build": Command(build_parser, run_build),
    "verify": Command(verify_parser, run_verify),
    "diff": Command(diff_parser, run_diff),
    "new": Command(new_parser, run_new),
}
