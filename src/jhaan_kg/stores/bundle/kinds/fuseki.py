"""Apache Jena Fuseki, with a TDB2 database that its offline loader fills.

Sources: "Fuseki: Configuring Fuseki" (assembler, `gsp-r`, `arq:queryTimeout`), "TDB2 - Command Line Tools"
(`tdb2.tdbloader`), "TDB xloader" and "TDB Datasets" (`unionDefaultGraph`: the union leaves the stored default graph
out), all Apache Jena.
"""

from __future__ import annotations

from typing import Final

from jhaan_kg.stores.bundle.recipe import File, Recipe
from jhaan_kg.stores.kinds import KINDS

_ASSEMBLER: Final = """\
# Fuseki serves the JHAAN knowledge graph, release @VERSION@, for reading: SPARQL queries, and graphs by their names.
PREFIX fuseki: <http://jena.apache.org/fuseki#>
PREFIX ja:     <http://jena.hpl.hp.com/2005/11/Assembler#>
PREFIX tdb2:   <http://jena.apache.org/2016/tdb#>

<#service> a fuseki:Service ;
    fuseki:name     "jhaan" ;
    fuseki:endpoint [ fuseki:operation fuseki:query ; fuseki:name "sparql" ] ,
                    [ fuseki:operation fuseki:gsp-r ; fuseki:name "data" ] ;
    fuseki:dataset  <#dataset> .

<#dataset> a tdb2:DatasetTDB2 ;
    tdb2:location          "database" ;
    tdb2:unionDefaultGraph true ;       # a query that names no graph sees all named graphs
    ja:context             [ ja:cxtName "arq:queryTimeout" ; ja:cxtValue "30000" ] .    # in milliseconds
"""

RECIPE: Final = Recipe(
    kind="fuseki",
    title=KINDS["fuseki"].title,
    endpoint="http://localhost:3030/jhaan/sparql",
    run_on="Apache Jena 5.3.0",
    needs="""\
Apache Jena with its commands (`tdb2.tdbloader`) and Apache Jena Fuseki (`fuseki-server`), of one version.""",
    load="""\
Into a new folder `database`, in this one:

```sh
tdb2.tdbloader --loc database jhaan.nq.gz
```

For graphs a hundred times as large, `tdb2.xloader --loc database jhaan.nq.gz` takes less memory; it needs a new
folder and does not run on Windows. (This line was not run.)""",
    serve="""\
From this folder, since `fuseki.ttl` names `database` relative to it:

```sh
fuseki-server --localhost --port=3030 --config=fuseki.ttl
```

Leave out `--localhost` to serve other machines. The server is for reading: it takes no updates. A query is
ended after 30 seconds (`arq:queryTimeout`).""",
    check="""\
```sh
sh check.sh http://localhost:3030/jhaan/sparql
```""",
    default_graph="""\
Without a switch, Fuseki answers a query that names no graph from the triples that are in no named graph, and
there are none of them here. `fuseki.ttl` therefore sets `tdb2:unionDefaultGraph true`: such a query sees the
union of all named graphs. What is written to the default graph itself is then invisible to queries, so don't
load anything into it.""",
    flat="""\
Into a new folder `database`, under a name of its own, so that the union has it:

```sh
tdb2.tdbloader --loc database --graph=@FLAT_GRAPH@ jhaan.nt.gz
```""",
    renew="""\
Make the bundle of the other release in a folder of its own, load it there, and start the server from there:
readers see the old release until the server is started again, and the new one from then on. To take the graph
away, stop the server and delete the folder `database`.""",
    files={"fuseki.ttl": File("the settings of the server (assembler)", _ASSEMBLER)},
)
