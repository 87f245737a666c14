"""`jhaan bundle`: write a folder from which the tools of a store load the graph."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from jhaan_kg.cli.common import counted, parser, say

EXAMPLES = """  jhaan bundle fuseki -o jhaan-fuseki           then follow jhaan-fuseki/README.md
  jhaan bundle virtuoso -o jhaan-virtuoso       with scripts for isql
  jhaan bundle neptune -o jhaan-neptune         with the request for the loader; the bucket's name is left to you"""


def arguments() -> argparse.ArgumentParser:
    """Make the parser of this command."""
    from jhaan_kg.stores.bundle import RECIPES

    width = max(map(len, RECIPES))
    kinds = "\n".join(
        f"  {name:<{width}}  {recipe.title}: {f'run with {recipe.run_on}' if recipe.run_on else 'not run'}"
        for name, recipe in RECIPES.items()
    )
    made = parser(
        "bundle",
        "Write a folder from which the tools of a store load the graph, without the network: the dataset with its\n"
        "evidence, the flat graph, the settings of the store, a page with the steps, and a check for after the load.\n"
        "The same graph gives the same bytes. To load a store that runs, over the network, see: jhaan load --help",
        EXAMPLES,
    )
    made.epilog = f"kinds of stores, and what the tests ran the steps with:\n{kinds}\n\n{made.epilog}"
    made.add_argument("kind", metavar="KIND", choices=RECIPES, help="one of those listed below")
    made.add_argument(
        "-o",
        "--output",
        metavar="FOLDER",
        type=Path,
        required=True,
        help="the folder; it is replaced if it is there, but only one that this program wrote and nobody changed",
    )
    return made


def run(argv: Sequence[str]) -> int:
    """Write a bundle; see `jhaan bundle --help`."""
    options = arguments().parse_args(argv)

    from jhaan_kg.build.cache import open_snapshot
    from jhaan_kg.build.progress import long_step
    from jhaan_kg.files import write_folder
    from jhaan_kg.query.isolate import ended_by_request
    from jhaan_kg.stores.bundle import bundle

    snapshot = open_snapshot()
    with ended_by_request(), long_step("bundle") as tell:
        written = write_folder(options.output, counted(bundle(snapshot, options.kind), tell))
    say(f"{written:,} files in {options.output}; begin with README.md")
    return 0
