"""The command that lists and answers stored questions."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jhaan_kg.cli.common import (
    PICTURES,
    Command,
    Parser,
    Written,
    add_flag,
    add_format,
    add_options,
    answer_question,
    ask,
    make_number_reader,
    make_parser,
    open_graph,
    open_quotations,
    refuse_binary_on_terminal,
    write_result,
)

if TYPE_CHECKING:
    from jhaan_kg.query.catalogue import Catalogue, Parameter, StoredQuery
    from jhaan_kg.query.cite import Quote
    from jhaan_kg.query.engine import Engine

QUERY_EXAMPLES = """  jhaan query                                        the questions, by topic
  jhaan query empact-co-run --cite                   with the source passages of each row
  jhaan query empact-co-run --quote --report REPORT.txt        with the text of these passages
  jhaan query event-participants --event event2023:heads-of-agencies --relation "took part"
  jhaan query commitments --level-of-commitment will --format csv -o commitments.csv
  jhaan query organisers --agency eu-lisa --show     the SPARQL behind the answer
  jhaan query coverage --timeout 5                   stop after five seconds
  jhaan query date-of-event --help                   the parameters of one question
  jhaan query most-central-agencies --rule meeting   a network measure
  jhaan query renamings --endpoint http://localhost:3030/jhaan/sparql
  jhaan query --format md -o questions.md            all questions, each with its first rows"""


def query_parser() -> Parser:
    """Return the parser of this command, without the parameters of a question."""
    parser = make_parser("query", "List the stored questions, or answer one.", QUERY_EXAMPLES)
    parser.add_argument(
        "name",
        metavar="NAME",
        nargs="?",
        help="Name of the question (default: list of all questions)",
    )
    _add_options(parser)
    return parser


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_options(parser, "--cite", "--quote", "--report")
    add_flag(parser, "--show", "Print the SPARQL query instead of the answer")
    from jhaan_kg.results import FORMATS

    add_format(parser, (*FORMATS, *PICTURES))
    parser.add_argument(
        "--width",
        type=make_number_reader(100, 10_000),
        default=1200,
        metavar="N",
        help="Width of a PNG picture in pixels (default: 1200)",
    )
    add_options(parser, "--endpoint", "--timeout", "--no-external", "--snapshot", "--output")


def run_query(argv: Sequence[str]) -> int:
    from jhaan_kg.query.catalogue import load_catalogue

    name = argv[0] if argv else None
    if name is None or name.startswith("-"):
        options = query_parser().parse_args(argv)
        name = options.name
        if name is None:
            snapshot = open_graph(options.snapshot)
            catalogue = load_catalogue(snapshot.catalogue_path)
            if options.format == "md":
                from jhaan_kg.export.pages import questions_page

                def page(engine: Engine) -> Written:
                    return questions_page(catalogue, engine), ""

                ask(page, options, evidence=True, snapshot=snapshot)
            else:
                write_result(_list_questions(catalogue), options.output)
            return 0
    snapshot = open_graph(_given_snapshot(argv))
    stored = load_catalogue(snapshot.catalogue_path).get(name)
    options = _question_parser(stored).parse_args(argv)
    if not options.show:
        refuse_binary_on_terminal(options.format, options.output)
    quote = open_quotations(options, snapshot)
    evidence = options.cite or stored.needs_evidence

    def work(engine: Engine) -> Written:
        return _answer(stored, engine, options, quote)

    ask(work, options, evidence=evidence, snapshot=snapshot)
    return 0


def _given_snapshot(argv: Sequence[str]) -> Path | None:
    """Return the option that names the snapshot, whose catalogue has the parameters of a question."""
    parser = make_parser("query", has_help=False)
    add_options(parser, "--snapshot")
    folder: Path | None = parser.parse_known_args(argv)[0].snapshot
    return folder


def _answer(stored: StoredQuery, engine: Engine, options: argparse.Namespace, quote: Quote | None) -> Written:
    from jhaan_kg.query.engine import bind
    from jhaan_kg.query.names import resolve_parameters

    given = {p.name: getattr(options, f"parameter_{p.name}") for p in stored.parameters}
    values = resolve_parameters(engine, stored, {name: texts for name, texts in given.items() if texts})
    if options.show:
        return bind(stored.text, values), ""
    _, result, said = answer_question(engine, stored, values, options, quote)
    return result, said


def _question_parser(stored: StoredQuery) -> Parser:
    from jhaan_kg.results.cells import explain_absence

    absence = explain_absence(stored.absence) if stored.absence else ""
    parser = make_parser(
        f"query {stored.name}",
        "\n\n".join(filter(None, (stored.summary, stored.description, stored.notes, absence))),
        f"  jhaan query {stored.name} --cite",
    )
    parser.add_argument("name", help=argparse.SUPPRESS)  # accepted, since the name may follow options
    group = parser.add_argument_group("parameters of this question")
    for parameter in stored.parameters:
        group.add_argument(
            parameter.option,
            dest=f"parameter_{parameter.name}",
            action="append",
            metavar="VALUE",
            help=_parameter_help(parameter),
        )
    _add_options(parser)
    return parser


def _parameter_help(parameter: Parameter) -> str:
    kind = " | ".join(parameter.enumeration) or parameter.type.removeprefix("jhaan:")
    default = f"default: {', '.join(parameter.default) or 'all'}"
    return f"{parameter.description} ({kind}; {default}; repeatable)".replace("%", "%%")


def _list_questions(catalogue: Catalogue) -> str:
    from jhaan_kg.query.catalogue import topic_title

    lines = []
    topic = ""
    width = max(len(stored.name) for stored in catalogue)
    for stored in sorted(catalogue, key=lambda stored: (stored.topic, stored.name)):
        if stored.topic != topic:
            topic = stored.topic
            lines += ["", topic_title(topic)]
        lines.append(f"  {stored.name:<{width}}  {stored.summary}")
    lines += [
        "",
        "Answer a question: jhaan query NAME [--PARAMETER VALUE] [--cite]. Its parameters: jhaan query NAME --help",
    ]
    return "\n".join(lines).lstrip("\n") + "\n"


COMMANDS = {"query": Command(query_parser, run_query)}
