"""`jhaan coverage`: what each section of the report gave, what was read without facts, what is lost."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from jhaan_kg.cli.common import (
    add_output,
    parser,
    refuse_workbook_on_terminal,
    say,
    terminal_width,
    write_result,
)
from jhaan_kg.namespaces import ID

if TYPE_CHECKING:
    from jhaan_kg.query.run import Answer

EXAMPLES = """  jhaan coverage                              one row per section
  jhaan coverage 11.2                         one row per passage of a section
  jhaan coverage --report jhaan-2023          the sections of one report
  jhaan coverage --format md -o coverage.md"""


def arguments() -> argparse.ArgumentParser:
    """Make the parser of this command."""
    from jhaan_kg.results import FORMATS

    made = parser(
        "coverage",
        "Say per section how many passages state facts of the graph, were read and give none, or are not yet read, "
        "and what is lost; for one section, what each of its passages gave. "
        "It asks the stored questions coverage and coverage-of-section.",
        EXAMPLES,
    )
    made.add_argument(
        "section", nargs="?", metavar="SECTION", help="a section, such as 5.2.2, contents or cover"
    )
    made.add_argument("--report", metavar="ID", help="one report (default: all)")
    made.add_argument("--format", choices=FORMATS, default="table", help="of the answer (default: table)")
    add_output(made)
    return made


def run(argv: Sequence[str]) -> int:
    """Say what is covered; see `jhaan coverage --help`."""
    options = arguments().parse_args(argv)
    refuse_workbook_on_terminal(options.format, options.output)

    from jhaan_kg.build.cache import open_snapshot, store_for
    from jhaan_kg.query.answer import answer
    from jhaan_kg.query.catalogue import load_catalogue
    from jhaan_kg.query.names import resolve_parameters
    from jhaan_kg.query.run import StoreEngine
    from jhaan_kg.results import render

    snapshot = open_snapshot()
    catalogue = load_catalogue(snapshot.catalogue_path)
    engine = StoreEngine(store_for(snapshot, evidence=True, context=True))
    sections = catalogue.get("coverage")
    values = resolve_parameters(engine, sections, _chosen(options.report, options.section))
    by_section = answer(engine, sections, values)
    shown, found = sections, by_section
    if options.section:
        shown = catalogue.get("coverage-of-section")
        found = answer(engine, shown, values)
    result = render(found, options.format, title=shown.summary, width=terminal_width())
    write_result(result, options.output)
    say(totals(by_section))
    return 0


def _chosen(report: str | None, section: str | None) -> dict[str, list[str]]:
    """Give the parameters of both questions; with the report, the number of a section is its alone.

    >>> _chosen("jhaan-2024", "5.2.2")
    {'report': ['report:jhaan-2024'], 'section': ['https://w3id.org/jhaan/id/report/jhaan-2024/section/5.2.2']}
    """
    chosen = {}
    if report:
        chosen["report"] = [f"report:{report}"]
    if section:
        number = section.removeprefix("section:")
        chosen["section"] = [f"{ID}report/{report}/section/{number}" if report else section]
    return chosen


def totals(by_section: Answer) -> str:
    """Sum up the rows of the question coverage in a sentence.

    Passages are counted, not assertions or losses, since only a passage belongs to one section.

    >>> from jhaan_kg.query.run import Answer
    >>> from pyoxigraph import Literal
    >>> columns = ("passages", "withStatements", "withoutStatements", "notProcessed")
    >>> totals(Answer(columns, (tuple(map(Literal, (5, 3, 1, 1))), tuple(map(Literal, (4, 0, 0, 4))))))
    '9 passages in 2 sections: 3 with statements, 1 without statements, 5 not processed.'
    """
    from jhaan_kg.results.cells import readable

    rows = [dict(zip(by_section.variables, map(readable, row), strict=True)) for row in by_section.rows]
    passages, stating, silent, unread = (
        sum(int(row[name]) for row in rows)
        for name in ("passages", "withStatements", "withoutStatements", "notProcessed")
    )
    sections = f"{len(rows)} section{'' if len(rows) == 1 else 's'}"
    return (
        f"{passages} passages in {sections}: {stating} with statements, {silent} without statements, "
        f"{unread} not processed."
    )
