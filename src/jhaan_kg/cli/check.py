"""`jhaan check`: all checks on the sources."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from jhaan_kg.cli.common import existing, parser, say
from jhaan_kg.errors import JhaanError, Severity

EXAMPLES = """  jhaan check                       all sources
  jhaan check data/register         only findings in these files or folders"""


def arguments() -> argparse.ArgumentParser:
    """Make the parser of this command."""
    made = parser(
        "check",
        "Check the sources: syntax, style, terms, OWL profile, shapes, contradictions, queries. "
        "Exit code 1 if there is an error or a warning.",
        EXAMPLES,
    )
    made.add_argument(
        "paths", nargs="*", metavar="PATH", type=existing, help="report only what is found there"
    )
    return made


def run(argv: Sequence[str]) -> int:
    """Check the sources; see `jhaan check --help`."""
    options = arguments().parse_args(argv)

    from jhaan_kg.build.pipeline import check
    from jhaan_kg.build.progress import Progress
    from jhaan_kg.build.read import find_root

    root = find_root(options.paths[0] if options.paths else None)
    if root is None:
        raise JhaanError(
            "There are no sources here. Go to a checkout of jhaan-kg, which has ontology/ and data/."
        )
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
