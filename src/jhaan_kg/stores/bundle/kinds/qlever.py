"""QLever, with its command `qlever`.

Sources: "Qleverfile settings", QLever documentation; the example Qleverfiles of qlever-control (University of
Freiburg); its pull request 59 and issues 100 and 2493 of the engine (`FORMAT = nq` is read in `[data]` only). The union
as default graph: issue 1776 of the engine.
"""

from __future__ import annotations

from typing import Final

from jhaan_kg.stores.bundle.recipe import File, Recipe
from jhaan_kg.stores.kinds import KINDS

_SETTINGS: Final = """\
# The JHAAN knowledge graph, release @VERSION@: qlever index, then qlever start

[data]
NAME        = jhaan
DESCRIPTION = JHAAN knowledge graph, release @VERSION@
FORMAT      = nq

[index]
INPUT_FILES     = jhaan.nq.gz
CAT_INPUT_FILES = gzip -dc ${INPUT_FILES}
SETTINGS_JSON   = { "num-triples-per-batch": 1000000 }

[server]
PORT               = 7001
MEMORY_FOR_QUERIES = 2G
CACHE_MAX_SIZE     = 1G
TIMEOUT            = 30s

[runtime]
SYSTEM = docker
IMAGE  = docker.io/adfreiburg/qlever:latest
"""

RECIPE: Final = Recipe(
    kind="qlever",
    title=KINDS["qlever"].title,
    endpoint="http://localhost:7001/",
    run_on="",
    needs="""\
The command `qlever` (`pip install qlever`), and Docker. With QLever's own binaries on the search path instead,
write `SYSTEM = native` in the `Qleverfile`.""",
    load="""\
From this folder:

```sh
qlever index
```""",
    serve="""\
```sh
qlever start
```

The `Qleverfile` has no `ACCESS_TOKEN`, so nobody can change the index over HTTP.""",
    check="""\
```sh
sh check.sh http://localhost:7001/
```""",
    default_graph="A query that names no graph sees the union of all graphs; there is nothing to switch.",
    flat="""\
Write `FORMAT = nt` and `INPUT_FILES = jhaan.nt.gz` into the `Qleverfile`, then:

```sh
qlever index
```""",
    renew="""\
Index the other release in its own folder, stop this server (`qlever stop`) and start that one; readers wait for
as long. To take the graph away, stop the server and delete the files `jhaan.*` but for the two of data.""",
    files={"Qleverfile": File("the settings of index and server", _SETTINGS)},
)
