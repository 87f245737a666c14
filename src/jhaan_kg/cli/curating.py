"""Commands for curators: check, format, build, verify, diff, passages, new."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from jhaan_kg.cli.common import (
    Command,
    add_flag,
    add_options,
    add_report_id,
    existing_path,
    make_parser,
    say,
    write_result,
)
from jhaan_kg.errors import JhaanError, Severity, printable
from jhaan_kg.files import read_text

CHECK_EXAMPLES = """  jhaan check                       all sources
  jhaan check data/register         only findings in these files or folders"""


def check_parser() -> argparse.ArgumentParser:
    parser = make_parser(
        "check",
        "Check the sources: syntax, style, terms, OWL profile, shapes, contradictions, queries. "
        "Exit code 1 if there is an error or a warning.",
        CHECK_EXAMPLES,
    )
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", type=existing_path, help="report only what is found there"
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
    grave = sum(finding.severity <= Severity.WARNING for finding in findings)
    say(f"{grave} errors and warnings, {len(findings) - grave} hints." if findings else "No findings.")
    elsewhere = [f for f in everywhere if f not in findings and f.severity is Severity.ERROR]
    if elsewhere:
        say(f"{len(elsewhere)} errors elsewhere, which may hide others here. See them with: jhaan check")
    return 1 if grave else 0


def _find_sources(start: Path | None = None) -> Path:
    from jhaan_kg.build.read import find_root

    root = find_root(start)
    if root is None:
        raise JhaanError(
            "There are no sources here. Go to a checkout of jhaan-kg, which has ontology/ and data/."
        )
    return root


FORMAT_EXAMPLES = """  jhaan format                      all Turtle files of the sources
  jhaan format data/register        these files or folders
  jhaan format --check              only name the files that are not in style"""
FOLDERS = ("ontology", "shapes", "data")


def format_parser() -> argparse.ArgumentParser:
    parser = make_parser(
        "format",
        "Put Turtle and TriG files into the one style of this project. Comments and the written form of values stay.",
        FORMAT_EXAMPLES,
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", type=existing_path, help="files or folders")
    add_flag(parser, "--check", "change nothing; exit code 1 if a file is not in style")
    return parser


def run_format(argv: Sequence[str]) -> int:
    options = format_parser().parse_args(argv)

    from jhaan_kg.build.read import find_root
    from jhaan_kg.turtle.format import format_file

    paths: list[Path] = options.paths
    if not paths:
        root = find_root()
        if root is None:
            raise JhaanError("There are no sources here. Name the files to format.")
        paths = [root / folder for folder in FOLDERS]
    files = [file for path in paths for file in _turtle_files(path)]
    changed, faults = [], []
    for file in files:
        try:
            if format_file(file, write=not options.check):
                changed.append(file)
        except JhaanError as error:
            faults.append(error)
        except OSError as error:
            faults.append(JhaanError(f"{file}: can't be written: {error.strerror}. It is as it was."))
    for file in changed:
        print(printable(file))
    if faults:
        both = JhaanError(*(line for error in faults for line in str(error).split("\n")))
        both.exit_code = max(error.exit_code for error in faults)
        raise both
    what = "not in style; run: jhaan format" if options.check else "changed"
    say(
        f"{len(changed)} of {len(files)} files {what}."
        if changed
        else f"All {len(files)} files are in style."
    )
    return 1 if changed and options.check else 0


def _turtle_files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    files = sorted(file for file in path.rglob("*") if file.suffix in (".ttl", ".trig"))
    if not files:
        raise JhaanError(f"{path}: there is no Turtle file here, whose name ends in .ttl or .trig.")
    yield from files


BUILD_EXAMPLES = (
    """  jhaan build      build what has changed since the last time, and print where the snapshot lies"""
)


def build_parser() -> argparse.ArgumentParser:
    return make_parser(
        "build",
        "Build the snapshot from the sources around this folder: read, assemble, reconcile, check, infer. "
        "A finding stops it. The snapshot is kept under the digest of its inputs.",
        BUILD_EXAMPLES,
    )


def run_build(argv: Sequence[str]) -> int:
    build_parser().parse_args(argv)

    from jhaan_kg.build.cache import snapshot_for
    from jhaan_kg.build.progress import Progress

    snapshot = snapshot_for(_find_sources(), Progress())
    print(printable(snapshot.path))
    say(
        f"{snapshot.triples(evidence=False):,} triples, and {snapshot.triples(evidence=True):,} with their evidence."
    )
    return 0


VERIFY_EXAMPLES = """  jhaan verify REPORT.txt
  jhaan verify REPORT.txt --report-id jhaan-2023
  jhaan verify REPORT.txt --words          our texts that a curator should compare with the report"""

_TEXT = "the report's text (default: that of JHAAN_REPORT or jhaan text add)"


def verify_parser() -> argparse.ArgumentParser:
    parser = make_parser(
        "verify",
        "Prove that the graph says what the report's text says: every passage stands where the graph says, with the "
        "words that its digest stands for; what it states is found in its words; what stands in its words is in the "
        "graph; and what the text shows of contradictions and gaps is in curation. Prints what does not hold and how "
        "much is proven. Exit code 1 if something does not hold.",
        VERIFY_EXAMPLES,
    )
    parser.add_argument("text", metavar="REPORT.txt", nargs="?", help=_TEXT)
    add_report_id(parser, "the report that it is (default: the one with just this text, or the only one)")
    add_flag(parser, "--words", "list summaries and findings whose words differ from their passages")
    return parser


def run_verify(argv: Sequence[str]) -> int:
    options = verify_parser().parse_args(argv)

    from jhaan_kg.build.cache import open_snapshot
    from jhaan_kg.build.progress import Progress
    from jhaan_kg.report_text import find_text
    from jhaan_kg.verify import verify

    file = find_text(options.text)
    result = verify(open_snapshot(), read_text(file), file, Progress(), options.report_id)
    for finding in result.findings:
        print(finding)
    if result.account is not None:
        print(*(["", *result.account.lines()] if result.findings else result.account.lines()), sep="\n")
        if options.words:
            print("", *result.account.drifts, sep="\n")
    say(result.summary)
    return 1 if any(finding.severity is Severity.ERROR for finding in result.findings) else 0


DIFF_EXAMPLES = """  jhaan diff jhaan_kg-0.1.0-py3-none-any.whl .              a release and this checkout
  jhaan diff OLD/ NEW/ --format trig -o changes.trig        what to take away and what to add
  jhaan diff OLD/ NEW/ > changes.txt || test $? -eq 1       in a script, where a difference is no failure"""


def diff_parser() -> argparse.ArgumentParser:
    parser = make_parser(
        "diff",
        "Tell two releases apart: things, statements with their passages, contradictions, terms of the ontology, "
        "passages, stored questions, and the questions whose answers differ (with their usual parameters). "
        "OLD and NEW are wheels, folders of snapshots, or checkouts, from which the snapshot is built if need be. "
        "Exit code 0 if nothing differs, 1 if something does.",
        DIFF_EXAMPLES,
    )
    for name, what in (("old", "the release before"), ("new", "the release after")):
        parser.add_argument(name, metavar=name.upper(), type=existing_path, help=what)
    parser.add_argument(
        "--format",
        choices=("text", "trig"),
        default="text",
        help="text for people (default), or TriG: graphs of the statements to take away and to add, "
        "and lists of what they are about",
    )
    add_options(parser, "--output")
    return parser


def run_diff(argv: Sequence[str]) -> int:
    options = diff_parser().parse_args(argv)

    from jhaan_kg.build.progress import Progress
    from jhaan_kg.diff.compare import compare, compare_answers, compare_questions
    from jhaan_kg.diff.release import open_release, read_release
    from jhaan_kg.diff.report import as_text, as_trig

    progress = Progress()
    with open_release(options.old, progress) as before, open_release(options.new, progress) as after:
        with progress.step("read") as tell:
            old, new = read_release(before), read_release(after)
            tell(f"{len(old.statements):,} and {len(new.statements):,} statements")
        with progress.step("answers") as tell:
            answers = list(compare_answers(old, new))
            tell(f"{len(answers)} questions answered otherwise")
    difference = compare(old, new, compare_questions(old.catalogue, new.catalogue), answers)
    write = as_trig if options.format == "trig" else as_text
    write_result(write(difference), options.output)
    return 1 if difference else 0


PASSAGES_EXAMPLES = """  jhaan passages REPORT.txt -o data/reports/jhaan-2023/document.ttl"""


def passages_parser() -> argparse.ArgumentParser:
    parser = make_parser(
        "passages",
        "Divide the report's text into its tree of passages and write it as Turtle. "
        "The numbering is frozen once a report is modelled; use verify to compare.",
        PASSAGES_EXAMPLES,
    )
    parser.add_argument("text", metavar="REPORT.txt", nargs="?", help=_TEXT)
    add_options(parser, "--output")
    return parser


def run_passages(argv: Sequence[str]) -> int:
    options = passages_parser().parse_args(argv)

    from jhaan_kg.passages import split, write_document
    from jhaan_kg.report_text import find_text

    document = split(read_text(find_text(options.text)))
    write_result(write_document(document), options.output)
    say(f"{len(document.passages)} passages.")
    return 0


NEW_EXAMPLES = """  jhaan new report jhaan-2024 --text REPORT.txt"""


def new_parser() -> argparse.ArgumentParser:
    parser = make_parser(
        "new",
        "Begin a new report in this checkout: divide its text into passages and make data/reports/ID with the tree of "
        "passages and one file for each section, data/curation/ID with the list of what is not yet read, and the "
        "report's entry in data/register. All of it is made, or nothing.",
        NEW_EXAMPLES,
    )
    parser.add_argument("what", choices=["report"], help="what to begin")
    parser.add_argument("id", metavar="ID", help="a name in small letters, a hyphen and the year")
    parser.add_argument("--text", required=True, metavar="FILE", help="the report's text, in UTF-8")
    return parser


def run_new(argv: Sequence[str]) -> int:
    options = new_parser().parse_args(argv)

    from jhaan_kg.build.read import find_root
    from jhaan_kg.new_report import begin_report

    root = find_root()
    if root is None or not Path.cwd().resolve().is_relative_to(root):
        raise JhaanError(
            "This folder is in no checkout of jhaan-kg, which has ontology/ and data/. Go to one."
        )
    begun = begin_report(root, options.id, read_text(options.text), options.text)
    for place in begun.paths:
        print(place.as_posix())
    say(
        f"{begun.passages} passages in {begun.sections} section files wait to be read.\n"
        f"Next:\n"
        f"  1. Give the report its title in {begun.paths[2].as_posix()}.\n"
        f"  2. Fill the blocks of {begun.paths[0].as_posix()}, section by section (docs/curation-guide.md).\n"
        f"  3. jhaan format && jhaan check\n"
        f"  4. jhaan verify {options.text} --report-id {options.id}\n"
        f"  5. jhaan coverage --report-id {options.id} shows what is left."
    )
    return 0


COMMANDS = {
    "check": Command(check_parser, run_check),
    "format": Command(format_parser, run_format),
    "build": Command(build_parser, run_build),
    "verify": Command(verify_parser, run_verify),
    "diff": Command(diff_parser, run_diff),
    "passages": Command(passages_parser, run_passages),
    "new": Command(new_parser, run_new),
}
