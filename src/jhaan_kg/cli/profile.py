"""`jhaan profile`: answer all questions about one entity."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from jhaan_kg.cli.common import add_context, add_output, answered, parser, write_result

EXAMPLES = """  jhaan profile agency frontex              all questions about Frontex
  jhaan profile survey greening-2023         all questions about a survey
  jhaan profile agency fra --cite --format md -o fra.md"""


def arguments() -> argparse.ArgumentParser:
    """Make the parser of this command."""
    made = parser("profile", "Answer all questions about one agency, survey or event.", EXAMPLES)
    made.add_argument("kind", help="agency, survey, or another parameter that questions share")
    made.add_argument("value", help="its name, abbreviation or CURIE")
    made.add_argument("--cite", action="store_true", help="add the passages on which each row rests")
    made.add_argument(
        "--format", choices=("table", "md"), default="table", help="of the answers (default: table)"
    )
    add_context(made)
    add_output(made)
    return made


def run(argv: Sequence[str]) -> int:
    """Answer the questions of a profile; see `jhaan profile --help`."""
    from jhaan_kg.build.cache import open_snapshot, store_for
    from jhaan_kg.errors import JhaanError
    from jhaan_kg.query.catalogue import load_catalogue
    from jhaan_kg.query.names import resolve_parameters
    from jhaan_kg.query.run import StoreEngine

    options = arguments().parse_args(argv)
    snapshot = open_snapshot()
    catalogue = load_catalogue(snapshot.catalogue_path)
    questions = [query for query in catalogue if query.profile == options.kind]
    if not questions:
        kinds = ", ".join(sorted({query.profile for query in catalogue if query.profile}))
        raise JhaanError(f'There is no profile of "{options.kind}". There are profiles of: {kinds}.')
    engine = StoreEngine(store_for(snapshot, evidence=options.cite, context=not options.no_context))
    parts = []
    for query in questions:
        values = resolve_parameters(engine, query, {options.kind: [options.value]})
        found, result = answered(engine, query, values, options)
        if found.rows:
            heading = "" if options.format == "md" else f"{query.summary}\n\n"
            parts.append(f"{heading}{result if isinstance(result, str) else result.decode()}")
    write_result("\n".join(parts), options.output)
    return 0
