"""`jhaan find`: search names and descriptions, with typing errors forgiven."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from jhaan_kg.cli.common import (
    add_context,
    add_output,
    parser,
    refuse_workbook_on_terminal,
    say,
    terminal_width,
    write_result,
)

if TYPE_CHECKING:
    from jhaan_kg.find import Hit
    from jhaan_kg.query.run import Answer

EXAMPLES = """  jhaan find green deal
  jhaan find "fundmental rigths officer"             typing errors are forgiven
  jhaan find asylum --limit 100 --format csv -o asylum.csv"""

_QUESTION = "query:"


def arguments() -> argparse.ArgumentParser:
    """Make the parser of this command."""
    from jhaan_kg.find import USUAL_LIMIT
    from jhaan_kg.results import FORMATS

    made = parser(
        "find",
        "Find things, terms and stored questions by words of their names and descriptions, whatever the case, accents "
        "and punctuation, with typing errors forgiven. The likeliest come first; each row says why it is there.",
        EXAMPLES,
    )
    made.add_argument("text", metavar="TEXT", nargs="+", help="words, a name, a CURIE or an IRI")
    made.add_argument(
        "--limit",
        metavar="N",
        type=int,
        default=USUAL_LIMIT,
        help=f"how many rows at most (default: {USUAL_LIMIT})",
    )
    made.add_argument("--format", choices=FORMATS, default="table", help="of the rows (default: table)")
    add_context(made)
    add_output(made)
    return made


def run(argv: Sequence[str]) -> int:
    """Find things; see `jhaan find --help`."""
    options = arguments().parse_args(argv)
    refuse_workbook_on_terminal(options.format, options.output)

    from jhaan_kg.build.cache import open_snapshot, store_for
    from jhaan_kg.find import Finder, checked
    from jhaan_kg.query.run import StoreEngine
    from jhaan_kg.results import render

    text = checked(" ".join(options.text), options.limit)
    engine = StoreEngine(store_for(open_snapshot(), evidence=False, context=not options.no_context))
    finder = Finder(engine)
    # One more than is shown tells whether there are more.
    hits = finder.find(text, options.limit + 1)
    shown = hits[: options.limit]
    title = f"What is found for: {text}"
    write_result(render(rows(shown), options.format, title=title, width=terminal_width()), options.output)
    if len(hits) > len(shown):
        say(
            f"There are more than these {len(shown)}: see them with --limit {10 * len(shown)}, or give more words."
        )
    say(_next(shown[0]) if shown else f"Nothing was found for {text!r}. {finder.instead(text)}")
    return 0


def rows(hits: Sequence[Hit]) -> Answer:
    """Give hits as rows for the formats of results: thing, label, kind, why, found in, and text."""
    from pyoxigraph import Literal, NamedNode

    from jhaan_kg.query.run import Answer

    return Answer(
        ("thing", "label", "kind", "why", "foundIn", "text"),
        tuple(
            (NamedNode(hit.iri), *map(Literal, (hit.label, hit.kind, str(hit.why), hit.found_in, hit.text)))
            for hit in hits
        ),
    )


def _next(hit: Hit) -> str:
    if hit.curie.startswith(_QUESTION):
        return f"Ask the first: jhaan query {hit.curie.removeprefix(_QUESTION)}"
    return f"All that is said of the first: jhaan explain {shlex.quote(hit.curie)}"
