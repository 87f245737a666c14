"""`jhaan query`: list the stored questions, or answer one."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from jhaan_kg.cli.common import (
    add_context,
    add_endpoint,
    add_output,
    add_timeout,
    answered,
    endpoint_engine,
    parser,
    prepare_store,
    refuse_workbook_on_terminal,
    say,
    write_result,
)

if TYPE_CHECKING:
    from jhaan_kg.build.snapshot import Snapshot
    from jhaan_kg.query.catalogue import Catalogue
    from jhaan_kg.query.model import StoredQuery
    from jhaan_kg.query.run import Engine

Written: TypeAlias = tuple[str | bytes, str]
"""A result, and what there is to say beside it."""

EXAMPLES = """  jhaan query                                        the questions, by topic
  jhaan query empact-co-run --cite                   with the passages of each row
  jhaan query event-participants --event event2023:heads-of-agencies --relation "took part"
  jhaan query commitments --firmness will --format csv -o commitments.csv
  jhaan query organisers --agency eu-lisa --show     the SPARQL behind the answer
  jhaan query coverage --timeout 5                   give up after five seconds
  jhaan query date-of-event --help                   the parameters of one question
  jhaan query most-central-agencies --rule meeting   a measure of the network
  jhaan query renamings --endpoint http://localhost:3030/jhaan/sparql
  jhaan query --format md -o questions.md            all questions with the beginning of each answer"""


def arguments() -> argparse.ArgumentParser:
    """Make the parser of this command, without the parameters of a question."""
    made = parser("query", "List the stored questions, or answer one.", EXAMPLES)
    made.add_argument(
        "name",
        nargs="?",
        help="the question; without it they are listed, with --format md as a page with the beginning of each answer",
    )
    _add_options(made)
    return made


def _add_options(made: argparse.ArgumentParser) -> None:
    from jhaan_kg.results import FORMATS

    made.add_argument("--cite", action="store_true", help="add the passages on which each row rests")
    made.add_argument("--show", action="store_true", help="print the SPARQL instead of answering it")
    made.add_argument("--format", choices=FORMATS, default="table", help="of the answer (default: table)")
    add_endpoint(made)
    add_timeout(made)
    add_context(made)
    add_output(made)


def run(argv: Sequence[str]) -> int:
    """Answer a stored question; see `jhaan query --help`."""
    from jhaan_kg.build.cache import open_snapshot
    from jhaan_kg.query.catalogue import load_catalogue

    name = argv[0] if argv else None
    if name is None or name.startswith("-"):
        options = arguments().parse_args(argv)
        name = options.name
        if name is None:
            snapshot = open_snapshot()
            catalogue = load_catalogue(snapshot.catalogue_path)
            if options.format == "md":
                _write(lambda engine: _page(catalogue, engine), snapshot, options, evidence=True)
            else:
                write_result(_listing(catalogue), options.output)
            return 0
    snapshot = open_snapshot()
    stored = load_catalogue(snapshot.catalogue_path).get(name)
    options = _question_parser(stored).parse_args(argv)
    if not options.show:
        refuse_workbook_on_terminal(options.format, options.output)
    evidence = options.cite or stored.needs_evidence
    _write(lambda engine: _answer(stored, engine, options), snapshot, options, evidence=evidence)
    return 0


def _write(
    work: Callable[[Engine], Written], snapshot: Snapshot, options: argparse.Namespace, *, evidence: bool
) -> None:
    """Write what some work gives and say what there is to say beside it, within the time that the user gives it."""
    if options.endpoint is not None:
        from jhaan_kg.build.progress import long_step

        asked = endpoint_engine(options, evidence=evidence)
        with long_step("endpoint"):
            result, note = work(asked)
    else:
        result, note = _from_snapshot(work, snapshot, options, evidence=evidence)
    write_result(result, options.output)
    if note:
        say(note)


def _from_snapshot(
    work: Callable[[Engine], Written], snapshot: Snapshot, options: argparse.Namespace, *, evidence: bool
) -> Written:
    from jhaan_kg.build.cache import store_for
    from jhaan_kg.query.run import StoreEngine

    def done() -> Written:
        return work(StoreEngine(store_for(snapshot, evidence=evidence, context=not options.no_context)))

    if options.timeout is None:
        return done()
    import marshal

    from jhaan_kg.query.isolate import isolated

    prepare_store(snapshot, evidence=evidence, context=not options.no_context)
    written: Written = marshal.loads(isolated(lambda: marshal.dumps(done()), options.timeout))  # noqa: S302
    return written


def _page(catalogue: Catalogue, engine: Engine) -> Written:
    from jhaan_kg.query.page import questions_page

    return questions_page(catalogue, engine), ""


def _answer(stored: StoredQuery, engine: Engine, options: argparse.Namespace) -> Written:
    from jhaan_kg.query.bind import bind
    from jhaan_kg.query.cite import contested_rows
    from jhaan_kg.query.names import resolve_parameters

    given = {p.name: getattr(options, f"parameter_{p.name}") for p in stored.parameters}
    values = resolve_parameters(engine, stored, {name: texts for name, texts in given.items() if texts})
    if options.show:
        return bind(stored.text, values), ""
    found, result = answered(engine, stored, values, options)
    contested = () if options.cite else contested_rows(engine, stored, values, found)
    rows = ", ".join(str(row + 1) for row in contested)
    note = f"Contested: another passage contradicts a value behind row {rows}; --cite shows both sides."
    return result, note if rows else ""


def _question_parser(stored: StoredQuery) -> argparse.ArgumentParser:
    made = parser(
        f"query {stored.name}",
        "\n\n".join(filter(None, (stored.summary, stored.description, stored.notes))),
        f"  jhaan query {stored.name} --cite",
    )
    made.add_argument("name", help=argparse.SUPPRESS)  # it may stand behind options
    group = made.add_argument_group("parameters of this question")
    for parameter in stored.parameters:
        group.add_argument(
            f"--{parameter.name}",
            dest=f"parameter_{parameter.name}",
            action="append",
            metavar="VALUE",
            help=_parameter_help(parameter.description, parameter.type, parameter.default),
        )
    _add_options(made)
    return made


def _parameter_help(description: str, kind: str, default: Sequence[str]) -> str:
    usual = f"default: {', '.join(default)}" if default else "default: all"
    return f"{description} ({kind.removeprefix('jhaan:')}, {usual}; may be given several times)".replace(
        "%", "%%"
    )


def _listing(catalogue: Catalogue) -> str:
    lines = []
    topic = ""
    width = max(len(stored.name) for stored in catalogue)
    for stored in sorted(catalogue, key=lambda stored: (stored.topic, stored.name)):
        if stored.topic != topic:
            topic = stored.topic
            lines += ["", topic]
        lines.append(f"  {stored.name:<{width}}  {stored.summary}")
    lines += [
        "",
        "Answer one: jhaan query NAME [--PARAMETER VALUE] [--cite]. Its parameters: jhaan query NAME --help",
    ]
    return "\n".join(lines).lstrip("\n") + "\n"
