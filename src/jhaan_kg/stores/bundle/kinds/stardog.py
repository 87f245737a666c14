"""Stardog, filled in bulk when its database is made.

Sources: "stardog-admin db create" (`-n`, `-c`, `--copy-server-side`), "Managing Databases" (bulk loading at creation),
"Adding Data" (compressed files, formats by file name), "stardog data add", "stardog-admin db drop" and "Known Issues"
(`query.all.graphs`), all Stardog documentation; "Database Configuration", the same (`query.timeout`,
`index.literals.canonical`).
"""

from __future__ import annotations

from typing import Final

from jhaan_kg.stores.bundle.recipe import File, Recipe
from jhaan_kg.stores.kinds import KINDS

_OPTIONS: Final = """\
# Stardog's database for the JHAAN knowledge graph, release @VERSION@
# A query that names no graph sees the default graph and all named graphs.
query.all.graphs=true
query.timeout=30s
# Literals stay as they were loaded: 0.50 does not become 0.5.
index.literals.canonical=false
"""

RECIPE: Final = Recipe(
    kind="stardog",
    title=KINDS["stardog"].title,
    endpoint="http://localhost:5820/jhaan/query",
    run_on="",
    needs="""\
Stardog, running, with its commands `stardog-admin` and `stardog` on the search path, and a user who may make
databases (`-u USER -P` asks for the password).""",
    load="""\
From this folder:

```sh
stardog-admin db create -n jhaan -c stardog.properties jhaan.nq.gz
```

The server reads the file from its own disk. If it runs on another machine, add `--copy-server-side`. Whether
anything is inferred is up to each query in Stardog; don't ask for reasoning, since the graph holds what follows
from it already.""",
    check="""\
```sh
JHAAN_STORE_USER=admin JHAAN_STORE_PASSWORD=PASSWORD sh check.sh http://localhost:5820/jhaan/query
```""",
    default_graph="""\
By default, a query that names no graph sees the triples that are in no named graph, and there are none of them
here. `stardog.properties` therefore sets `query.all.graphs=true`, which makes it see all graphs.""",
    flat="""\
```sh
stardog-admin db create -n jhaan -c stardog.properties jhaan.nt.gz
```""",
    renew="""\
Make a database of another name from the other release, and send readers there. To take the graph away:

```sh
stardog-admin db drop jhaan
```""",
    files={"stardog.properties": File("the options of the database", _OPTIONS)},
)
