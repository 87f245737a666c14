"""The page for the reader of a bundle."""

from __future__ import annotations

from typing import Final

from jhaan_kg.files import MARKER, SUMS
from jhaan_kg.stores.bundle.recipe import CHECK, COUNTS, DATASET, FLAT, Recipe

_PAGE: Final = """\
# JHAAN knowledge graph @VERSION@, for {title}

What the final report 2023 of the EU Justice and Home Affairs Agencies Network says, as a knowledge graph, in a
folder that the tools of the store load without the network. Release @VERSION@, issued @ISSUED@.

{run}

## What is here

| File | What it is |
|---|---|
{files}

Both files of data are sorted by line, in UTF-8, and have no blank nodes. Each triple stands in one named graph only,
so the union of the graphs counts nothing twice. All graphs have names under `@NAMESPACE@`.

## What you need

{needs}

## Load

{load}

{serve}## Check

{check}

{checked}

## What a query sees

{default_graph}

{flat}## Another release, and removal

{renew}

## What the graph says, and what not

- Where the report contradicts itself, both sides are in the graph with their passages. The side that is used was
  chosen by a decision with a reason, which is in the graph too.
- What is not recorded is not thereby absent: lists may be open, participants unnamed, and graphics were lost.
- What the report says, what the curators say, facts from outside and what follows from each stand in named graphs of
  their own.

`jhaan query` lists questions to ask the graph, and `jhaan export queries` writes them as files of SPARQL.

## Licence and citation

The data are under CC BY 4.0, https://creativecommons.org/licenses/by/4.0/. Cite them as: The jhaan-kg contributors,
JHAAN knowledge graph, release @VERSION@, @ISSUED@, https://w3id.org/jhaan/release/@VERSION@/

Made of the snapshot @SNAPSHOT@ by `jhaan bundle {kind}`; the same snapshot
gives the same bytes.
"""

_RUN: Final = (
    "The commands in blocks are run by the tests of jhaan-kg, with **{versions}**; what is not, is marked."
)
_NOT_RUN: Final = (
    "**Not run**: no {title} was at hand when this was written. Commands and files follow its documentation.\n"
    "Run the check at the end."
)
_CHECKED: Final = """\
It compares the number of triples in each of the @GRAPHS@ named graphs and of all together, and looks whether a
query that names no graph sees this release. It ends with 0 if all is alike; with 1 and a line for each graph
that differs; with 3 if the store does not answer. It looks at our graphs only, and at numbers only:
`jhaan compare` asks the store all stored questions. Name and password, if the store wants any, are read from
`JHAAN_STORE_USER` and `JHAAN_STORE_PASSWORD`, or from `~/.netrc`."""
_CHECKED_COUNTS: Final = """\
It compares the numbers of nodes and relationships, ends with 0 if they are alike, with 1 and a line for each
that differs, and with 3 if the store does not answer."""
_FLAT: Final = """\
## The flat graph instead

Where named graphs and evidence are not wanted. Never load it beside the dataset, which holds the same triples.

{steps}

Then check with `sh check.sh --flat` and the address.

"""


def guide(recipe: Recipe) -> str:
    """Write the page, in Markdown with markers.

    Args:
        recipe: of the bundle.
    """
    files = {
        DATASET: "the dataset in N-Quads, with its evidence: @TOTAL_SHOWN@ triples in @GRAPHS@ named graphs",
        FLAT: "the flat graph in N-Triples: @FLAT_SHOWN@ triples, without named graphs and evidence",
        **{path: file.what for path, file in recipe.files.items()},
        CHECK: "compares the store with this release, after the load",
        COUNTS: "how many triples each named graph has",
        SUMS: "the digests of all files: `sha256sum -c SHA256SUMS`",
        MARKER: "marks this folder as written by `jhaan`, which may replace it",
    }
    return _PAGE.format(
        kind=recipe.kind,
        title=recipe.title,
        run=(_RUN if recipe.run_on else _NOT_RUN).format(title=recipe.title, versions=recipe.run_on),
        files="\n".join(f"| `{path}` | {what} |" for path, what in files.items()),
        needs=recipe.needs,
        load=recipe.load,
        serve=f"## Serve\n\n{recipe.serve}\n\n" if recipe.serve else "",
        check=recipe.check,
        checked=_CHECKED if recipe.endpoint else _CHECKED_COUNTS,
        default_graph=recipe.default_graph,
        flat=_FLAT.format(steps=recipe.flat) if recipe.flat else "",
        renew=recipe.renew,
    )
