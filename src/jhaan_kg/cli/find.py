"""`jhaan find`: search by words."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from jhaan_kg.cli.common import (
    Command,
    Parser,
    add_format,
    add_options,
    make_number_reader,
    make_parser,
    open_graph,
    refuse_binary_on_terminal,
    say,
    terminal_width,
    write_result,
)
from jhaan_kg.errors import count_of, printable

if TYPE_CHECKING:
    from jhaan_kg.find import Hit
    from jhaan_kg.query.engine import Answer

EXAMPLES = """  jhaan find green deal
  jhaan find fundmental rigths officer               with typos
  jhaan find "16 November"                           a day or a month
  jhaan find section 9.8                             contents of a section
  jhaan find '"data protection" -EUAA'               a phrase, without another word
  jhaan find asylum --limit 100 --format csv -o asylum.csv"""

_INDENT: Final = "    "
_BOLD: Final = ("\x1b[1m", "\x1b[22m")


def parser() -> Parser:
    from jhaan_kg.find import USUAL_LIMIT

    made = make_parser(
        "find",
        "Search entities, questions, sections and passages by name or words. The search tolerates typos and ranks the "
        "best matches first, each with the command that shows more. The report's text, if available, is searched too.",
        EXAMPLES,
    )
    made.add_argument("text", metavar="WORD", nargs="+", help="Word, name, section, day, CURIE or IRI")
    made.add_argument(
        "--limit",
        metavar="N",
        type=make_number_reader(1, 1_000_000),
        default=USUAL_LIMIT,
        help=f"Maximum number of hits (default: {USUAL_LIMIT})",
    )
    add_format(made)
    add_options(made, "--no-external", "--snapshot", "--output")
    return made


def run(argv: Sequence[str]) -> int:
    options = parser().parse_args(argv)
    refuse_binary_on_terminal(options.format, options.output)

    from jhaan_kg.find import check_text, open_search

    text = check_text(" ".join(options.text), options.limit)
    search = open_search(open_graph(options.snapshot), context=not options.no_external)
    # One more hit than is shown is requested, to know whether there are more.
    hits, notes = search.find(text, options.limit + 1)
    shown = hits[: options.limit]
    for note in notes:
        say(note)
    if options.format != "table":
        from jhaan_kg.results import render

        title = f"Search results for: {text}"
        write_result(render(rows(shown), options.format, title=title), options.output)
    elif options.output is None and sys.stdout.isatty():
        print("".join(_lines(shown, terminal_width(), _BOLD)), end="")
    else:
        write_result("".join(_lines(shown, None)), options.output)
    if len(hits) > len(shown):
        say(f"Showing the {count_of(len(shown), 'best match', 'es')}. For more: --limit {10 * len(shown)}")
    if not shown:
        say("No matches. Try another word or part of it." if notes else f'No matches for "{text}".')
    return 0


def rows(hits: Iterable[Hit]) -> Answer:
    """Return hits as an answer, for the result formats."""
    from pyoxigraph import Literal, NamedNode

    from jhaan_kg.query.engine import Answer

    return Answer(
        ("thing", "label", "kind", "place", "text", "command"),
        tuple(
            (NamedNode(hit.iri), *map(Literal, (hit.label, hit.kind, hit.place, hit.text, hit.command)))
            for hit in hits
        ),
    )


def _lines(hits: Iterable[Hit], width: int | None, mark: tuple[str, str] = ("", "")) -> Iterable[str]:
    """Yield the lines of hits for people.

    Args:
        hits: the hits.
        width: the width of the terminal; None for unlimited lines.
        mark: the text before and after a search word.
    """
    for hit in hits:
        place = f"; {printable(hit.place)}" if hit.place else ""
        head = f"{_mark(hit.label_parts)}  ({hit.kind}{place})"
        is_beside = width is None or len(head) + len(hit.command) < width
        yield from _wrap(head + f"  {hit.command}" * is_beside, "", width, mark)
        if hit.text_parts:
            yield from _wrap(_mark(hit.text_parts), _INDENT, width, mark)
        if not is_beside:
            yield f"{_INDENT}{hit.command}\n"


def _mark(parts: Sequence[str]) -> str:
    return "".join(
        f"\x02{printable(part)}\x03" if at % 2 else printable(part) for at, part in enumerate(parts)
    )


def _wrap(text: str, indent: str, width: int | None, mark: tuple[str, str]) -> Iterable[str]:
    lines = [indent + text]
    if width is not None:
        lines = textwrap.wrap(
            text,
            max(width, 40),
            initial_indent=indent,
            subsequent_indent=indent + "  ",
            break_long_words=False,
        )
    for line in lines:
        yield line.replace("\x02", mark[0]).replace("\x03", mark[1]) + "\n"


COMMANDS = {"find": Command(parser, run)}
