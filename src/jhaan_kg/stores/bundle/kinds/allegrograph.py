"""AllegroGraph, with `agtool load`.

Sources: "Data Loading" (`agtool load`: version and user of the server, `--port`, `--input`, `--graph`, `--supersede`,
repository made if missing) and "SPARQL Reference" (default dataset), Franz Inc.; that a query without a graph asks all
of them unless `franzOption_defaultDatasetBehavior` says otherwise: "Example 7" of the AllegroGraph Python API tutorial,
Franz Inc.
"""

from __future__ import annotations

from typing import Final

from jhaan_kg.stores.bundle.recipe import Recipe
from jhaan_kg.stores.kinds import KINDS

RECIPE: Final = Recipe(
    kind="allegrograph",
    title=KINDS["allegrograph"].title,
    endpoint="http://localhost:10035/repositories/jhaan/sparql",
    run_on="",
    needs="""\
AllegroGraph, running on this machine, and its own `agtool`: of the same version, run as the user who started
the server. As another user, or from another machine, name the repository with user and password, as "REPO SPEC"
in Franz's documentation says.""",
    load="""\
```sh
agtool load --port 10035 --input nquads jhaan jhaan.nq.gz
```

This makes the repository `jhaan`, or adds to one that is there; `--supersede` deletes that one first.""",
    check="""\
```sh
JHAAN_STORE_USER=USER JHAAN_STORE_PASSWORD=PASSWORD sh check.sh http://localhost:10035/repositories/jhaan/sparql
```""",
    default_graph="""\
A query that names no graph sees the default graph and all named graphs, unless the query says otherwise
(`PREFIX franzOption_defaultDatasetBehavior: <franz:rdf>`); there is nothing to switch.""",
    flat="""\
```sh
agtool load --port 10035 --input ntriples jhaan jhaan.nt.gz
```""",
    renew="""\
Load the other release into a repository of another name, and send readers there; or use `--supersede`, and
readers find nothing for a moment. To take the graph away, delete the repository `jhaan` in WebView.""",
)
