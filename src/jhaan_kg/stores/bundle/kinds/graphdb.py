"""Ontotext GraphDB, filled offline by its ImportRDF tool.

Sources: "Loading data using the ImportRDF tool" (offline, `load` and `preload`, compressed files, a license must be set
up), "Repository configuration template - how it works" (types of repository and sail) and "Configuring a repository"
(`ruleset`, `disable-sameAs`, `enable-context-index`, `query-timeout`), all Ontotext, GraphDB 10; that GraphDB 10 and 11
read parameters under `http://www.ontotext.com/config/graphdb#` and repositories in RDF4J's older vocabulary was seen in
published configurations of users of both. The union as default graph: "Query Behavior", Ontotext, GraphDB 10.
"""

from __future__ import annotations

from typing import Final

from jhaan_kg.stores.bundle.recipe import File, Recipe
from jhaan_kg.stores.kinds import KINDS

_REPOSITORY: Final = """\
# GraphDB's repository for the JHAAN knowledge graph, release @VERSION@. It infers nothing, since the graph holds
# what follows already.
PREFIX rdfs:    <http://www.w3.org/2000/01/rdf-schema#>
PREFIX rep:     <http://www.openrdf.org/config/repository#>
PREFIX sr:      <http://www.openrdf.org/config/repository/sail#>
PREFIX sail:    <http://www.openrdf.org/config/sail#>
PREFIX graphdb: <http://www.ontotext.com/config/graphdb#>

[] a rep:Repository ;
    rep:repositoryID   "jhaan" ;
    rdfs:label         "JHAAN knowledge graph @VERSION@" ;
    rep:repositoryImpl [
        rep:repositoryType "graphdb:SailRepository" ;
        sr:sailImpl [
            sail:sailType                     "graphdb:Sail" ;
            graphdb:ruleset                   "empty" ;
            graphdb:disable-sameAs            "true" ;
            graphdb:check-for-inconsistencies "false" ;
            graphdb:enable-context-index      "true" ;
            graphdb:query-timeout             "30" ;
            graphdb:throw-QueryEvaluationException-on-timeout "true"
        ]
    ] .
"""

RECIPE: Final = Recipe(
    kind="graphdb",
    title=KINDS["graphdb"].title,
    endpoint="http://localhost:7200/repositories/jhaan",
    run_on="",
    needs="""\
GraphDB 10 or later with its license set up, and **stopped**: ImportRDF works on the files of a GraphDB that
does not run. Its `bin` folder is taken to be on the search path.""",
    load="""\
```sh
importrdf load -c repository.ttl -m parallel jhaan.nq.gz
```

This makes the repository `jhaan`. If there is one already, add `-f`, which overwrites it. Where GraphDB keeps
its data in another place than its own folder, as in a container, say where:
`GDB_JAVA_OPTS="-Dgraphdb.home=FOLDER"`.""",
    serve="""\
```sh
graphdb
```""",
    check="""\
```sh
sh check.sh http://localhost:7200/repositories/jhaan
```""",
    default_graph="""\
A query that names no graph sees the union of all graphs; there is nothing to switch. The ruleset is `empty` and
`owl:sameAs` is disabled: the graph holds what follows from it already, and a ruleset would add triples without
evidence.""",
    flat="""\
```sh
importrdf load -c repository.ttl -m parallel jhaan.nt.gz
```""",
    renew="""\
Stop GraphDB, run `importrdf load -f …` with the bundle of the other release, and start it again; nobody can
read in between. For a change without a break, give the repository another `rep:repositoryID` in
`repository.ttl`. To take the graph away, delete the repository `jhaan` in the Workbench.""",
    files={"repository.ttl": File("the configuration of the repository", _REPOSITORY)},
)
