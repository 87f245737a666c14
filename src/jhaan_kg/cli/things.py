"""Commands about single entities and sections: find, explain, pair, read."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from jhaan_kg.cli.common import (
    Command,
    add_flag,
    add_format,
    add_options,
    ask,
    make_parser,
    open_engine,
    refuse_workbook_on_terminal,
    say,
    terminal_width,
    write_result,
)

if TYPE_CHECKING:
    from jhaan_kg.find import Hit
    from jhaan_kg.query.engine import Answer

FIND_EXAMPLES = """  jhaan find green deal
  jhaan find "fundmental rigths officer"             typing errors are forgiven
  jhaan find asylum --limit 100 --format csv -o asylum.csv"""

_QUESTION = "query:"


def find_parser() -> argparse.ArgumentParser:
    from jhaan_kg.find import USUAL_LIMIT

    parser = make_parser(
        "find",
        "Find things, terms and stored questions by words of their names and descriptions, whatever the case, accents "
        "and punctuation, with typing errors forgiven. The likeliest come first; each row says why it is there.",
        FIND_EXAMPLES,
    )
    parser.add_argument("text", metavar="TEXT", nargs="+", help="words, a name, a CURIE or an IRI")
    parser.add_argument(
        "--limit",
        metavar="N",
        type=int,
        default=USUAL_LIMIT,
        help=f"how many rows at most (default: {USUAL_LIMIT})",
    )
    add_format(parser, "rows")
    add_options(parser, "--no-context", "--output")
    return parser


def run_find(argv: Sequence[str]) -> int:
    options = find_parser().parse_args(argv)
    refuse_workbook_on_terminal(options.format, options.output)

    from jhaan_kg.find import Finder, check_text
    from jhaan_kg.results import render

    text = check_text(" ".join(options.text), options.limit)
    finder = Finder(open_engine(options, evidence=False))
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
    """Return hits as an answer, for the formats of results."""
    from pyoxigraph import Literal, NamedNode

    from jhaan_kg.query.engine import Answer

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


EXPLAIN_EXAMPLES = """  jhaan explain Eurojust
  jhaan explain event2023:seminar-information-provision-what --all
  jhaan explain "JHAAN Heads of Agencies meeting 2023" --property startDate
  jhaan explain Eurojust --endpoint http://localhost:3030/jhaan/sparql"""


def explain_parser() -> argparse.ArgumentParser:
    parser = make_parser(
        "explain",
        "Show what the graph states of an entity, with its sources, and where passages contradict each other.",
        EXPLAIN_EXAMPLES,
    )
    parser.add_argument(
        "thing", metavar="IRI-or-name", help="an IRI, a CURIE such as agency:europol, or a name"
    )
    parser.add_argument(
        "--property", metavar="P", help="only this property: an IRI, a CURIE, or a name such as startDate"
    )
    add_flag(parser, "--all", "show all lines, and technical ones")
    add_options(parser, "--endpoint", "--timeout", "--no-context", "--output")
    return parser


def run_explain(argv: Sequence[str]) -> int:
    options = explain_parser().parse_args(argv)

    from jhaan_kg.explain import USUAL_WIDTH, explain

    width = terminal_width() or USUAL_WIDTH
    ask(
        lambda engine: (
            explain(engine, options.thing, options.property, width=width, whole=options.all),
            "",
        ),
        options,
        evidence=True,
    )
    return 0


READ_EXAMPLES = """  jhaan read 9.4
  jhaan read "executive summary"
  jhaan read 6.3.3 --report report.txt               with the words of each passage"""


def read_parser() -> argparse.ArgumentParser:
    parser = make_parser(
        "read",
        "Read a section: what each passage states, in order, and its words with the text.",
        READ_EXAMPLES,
    )
    parser.add_argument(
        "section", metavar="SECTION", nargs="+", help="a number, a title, or words of a title"
    )
    add_options(parser, "--endpoint", "--timeout", "--no-context", "--output")
    return parser


def run_read(argv: Sequence[str]) -> int:
    options = read_parser().parse_args(argv)

    from jhaan_kg.explain import USUAL_WIDTH, read_section

    width = terminal_width() or USUAL_WIDTH
    wanted = " ".join(options.section)
    ask(
        lambda engine: (read_section(engine, wanted, width), ""),
        options,
        evidence=True,
    )
    return 0


PAIR_EXAMPLES = """  jhaan pair Frontex Europol
  jhaan pair "eu-LISA" EUAA"""


def pair_parser() -> argparse.ArgumentParser:
    parser = make_parser(
        "pair", "Show what two agencies did together: what, when, and the role of each.", PAIR_EXAMPLES
    )
    parser.add_argument("agencies", metavar="AGENCY", nargs=2, help="a name or a CURIE")
    add_flag(parser, "--all", "show all lines")
    add_options(parser, "--endpoint", "--timeout", "--no-context", "--output")
    return parser


def run_pair(argv: Sequence[str]) -> int:
    options = pair_parser().parse_args(argv)

    from jhaan_kg.explain import USUAL_WIDTH, describe_pair

    width = terminal_width() or USUAL_WIDTH
    ask(
        lambda engine: (describe_pair(engine, *options.agencies, width=width, whole=options.all), ""),
        options,
        evidence=True,
    )
    return 0


COMMANDS = {
    "find": Command(find_parser, run_find),
    "explain": Command(explain_parser, run_explain),
    "pair": Command(pair_parser, run_pair),
    "read": Command(read_parser, run_read),
}
