"""`jhaan verify`: prove the locators and digests against the report's text."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from jhaan_kg.cli.common import parser, read_text, say

EXAMPLES = """  jhaan verify REPORT.txt"""


def arguments() -> argparse.ArgumentParser:
    """Make the parser of this command."""
    made = parser(
        "verify",
        "Compare the graph with the report's text: every passage stands where the graph says, with the words that its "
        "digest stands for, and every assertion leads to a passage. Exit code 1 if not.",
        EXAMPLES,
    )
    made.add_argument("report", metavar="REPORT.txt", help="the report's text")
    return made


def run(argv: Sequence[str]) -> int:
    """Verify the graph; see `jhaan verify --help`."""
    options = arguments().parse_args(argv)
    text = read_text(options.report)

    from jhaan_kg.build.cache import open_snapshot
    from jhaan_kg.errors import Severity
    from jhaan_kg.verify import verify

    result = verify(open_snapshot(), text)
    for finding in result.findings:
        print(finding)
    say(result.summary)
    return 1 if any(finding.severity is Severity.ERROR for finding in result.findings) else 0
