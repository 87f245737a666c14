"""`jhaan verify`: prove the graph against the report's text."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from jhaan_kg.cli.common import parser, say
from jhaan_kg.files import read_text

EXAMPLES = """  jhaan verify REPORT.txt
  jhaan verify REPORT.txt --report jhaan-2023
  jhaan verify REPORT.txt --words          our texts that a curator should compare with the report"""


def arguments() -> argparse.ArgumentParser:
    """Make the parser of this command."""
    made = parser(
        "verify",
        "Prove that the graph says what the report's text says: every passage stands where the graph says, with the "
        "words that its digest stands for; what it states is found in its words; what stands in its words is in the "
        "graph; and what the text shows of contradictions and gaps is in curation. Prints what does not hold and how "
        "much is proven. Exit code 1 if something does not hold.",
        EXAMPLES,
    )
    made.add_argument("text", metavar="REPORT.txt", help="the report's text")
    made.add_argument(
        "--report",
        metavar="ID",
        help="the report that it is (default: the one with just this text, or the only one)",
    )
    made.add_argument(
        "--words",
        action="store_true",
        help="list summaries and findings whose words differ from their passages",
    )
    return made


def run(argv: Sequence[str]) -> int:
    """Verify the graph; see `jhaan verify --help`."""
    options = arguments().parse_args(argv)
    text = read_text(options.text)

    from jhaan_kg.build.cache import open_snapshot
    from jhaan_kg.build.progress import Progress
    from jhaan_kg.errors import Severity
    from jhaan_kg.verify import verify

    result = verify(open_snapshot(), text, options.text, Progress(), options.report)
    for finding in result.findings:
        print(finding)
    if result.account is not None:
        print(*(["", *result.account.lines()] if result.findings else result.account.lines()), sep="\n")
        if options.words:
            print("", *result.account.drifts, sep="\n")
    say(result.summary)
    return 1 if any(finding.severity is Severity.ERROR for finding in result.findings) else 0
