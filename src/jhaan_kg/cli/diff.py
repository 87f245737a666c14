"""`jhaan diff`: what tells two releases apart."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from jhaan_kg.cli.common import add_output, existing, parser, write_result

EXAMPLES = """  jhaan diff jhaan_kg-0.1.0-py3-none-any.whl .              a release and this checkout
  jhaan diff OLD/ NEW/ --format trig -o changes.trig        what to take away and what to add
  jhaan diff OLD/ NEW/ > changes.txt || test $? -eq 1       in a script, where a difference is no failure"""


def arguments() -> argparse.ArgumentParser:
    """Make the parser of this command."""
    made = parser(
        "diff",
        "Tell two releases apart: things, statements with their passages, contradictions, terms of the ontology, "
        "passages, stored questions, and the questions whose answers differ (with their usual parameters). "
        "OLD and NEW are wheels, folders of snapshots, or checkouts, from which the snapshot is built if need be. "
        "Exit code 0 if nothing differs, 1 if something does.",
        EXAMPLES,
    )
    for name, what in (("old", "the release before"), ("new", "the release after")):
        made.add_argument(name, metavar=name.upper(), type=existing, help=what)
    made.add_argument(
        "--format",
        choices=("text", "trig"),
        default="text",
        help="text for people (default), or TriG: graphs of the statements to take away and to add, "
        "and lists of what they are about",
    )
    add_output(made)
    return made


def run(argv: Sequence[str]) -> int:
    """Tell two releases apart; see `jhaan diff --help`."""
    options = arguments().parse_args(argv)

    from jhaan_kg.build.cache import store_for
    from jhaan_kg.build.progress import Progress
    from jhaan_kg.diff.answers import compare_answers, compare_questions
    from jhaan_kg.diff.compare import compare
    from jhaan_kg.diff.release import read_release
    from jhaan_kg.diff.source import release_at
    from jhaan_kg.query.run import StoreEngine

    progress = Progress()
    with release_at(options.old, progress) as before, release_at(options.new, progress) as after:
        with progress.step("read") as tell:
            old, new = read_release(before), read_release(after)
            tell(f"{len(old.statements):,} and {len(new.statements):,} statements")
        with progress.step("answers") as tell:
            answers = list(
                compare_answers(
                    StoreEngine(store_for(before, evidence=True, context=True)),
                    old.catalogue,
                    StoreEngine(store_for(after, evidence=True, context=True)),
                    new.catalogue,
                )
            )
            tell(f"{len(answers)} questions answered otherwise")
    difference = compare(old, new, compare_questions(old.catalogue, new.catalogue), answers)
    if options.format == "trig":
        from jhaan_kg.diff.rdf import trig

        write_result(trig(difference), options.output)
    else:
        from jhaan_kg.diff.words import tell as in_words

        write_result(in_words(difference), options.output)
    return 1 if difference else 0
