"""Oxigraph, with its command line.

Sources: `oxigraph load --help` and `oxigraph serve-read-only --help` of version 0.5.13. That `--timeout-s` cuts answers
short, and ends the server under load, was measured with that version.
"""

from __future__ import annotations

from typing import Final

from jhaan_kg.stores.bundle.recipe import Recipe
from jhaan_kg.stores.kinds import KINDS

RECIPE: Final = Recipe(
    kind="oxigraph",
    title=KINDS["oxigraph"].title,
    endpoint="http://localhost:7878/query",
    run_on="Oxigraph 0.5.13",
    needs="The command `oxigraph` (`pip install oxigraph`, or as Oxigraph's documentation says).",
    load="""\
Into a new folder `database`, in this one:

```sh
oxigraph load --location database --file jhaan.nq.gz
```

The file is loaded as a whole or not at all.""",
    serve="""\
```sh
oxigraph serve-read-only --location database --bind localhost:7878 --union-default-graph --timeout-s 30
```

The server is for reading and takes no updates. Two things to know of `--timeout-s` in 0.5.13: an answer that is
cut by it comes with status 200, its text broken off; and with some thousand queries a second the server runs
out of threads and ends. For a public endpoint, leave it out, and limit times and rates in a proxy.""",
    check="""\
```sh
sh check.sh http://localhost:7878/query
```""",
    default_graph="""\
Without a switch, a query that names no graph sees the triples that are in no named graph, and there are none of
them here. `--union-default-graph` makes it see the union of all graphs.""",
    flat="""\
Into a new folder `database`:

```sh
oxigraph load --location database --graph @FLAT_GRAPH@ --file jhaan.nt.gz
```""",
    renew="""\
Load the other release into another folder, and start the server on that one: readers see the old release until
then. To take the graph away, stop the server and delete the folder `database`.""",
)
