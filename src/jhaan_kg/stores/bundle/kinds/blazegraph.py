"""Blazegraph, with its offline DataLoader.

Sources: "Bulk Data Load" (DataLoader and its arguments; `-defaultGraph` must be there with quads) and "Quads" and
"Inference And Truth Maintenance" (properties), Blazegraph wiki. Run with 2.1.5: the loader runs on Java 17, and the
server of the same jar on Java 8 only, since it looks for its own files through a class of Java (later Javas hide
them); the web application runs in a servlet container on either.
"""

from __future__ import annotations

from typing import Final

from jhaan_kg.stores.bundle.recipe import File, Recipe
from jhaan_kg.stores.kinds import KINDS

_PROPERTIES: Final = """\
# Blazegraph's journal for the JHAAN knowledge graph, release @VERSION@: named graphs, no inference
com.bigdata.journal.AbstractJournal.file=blazegraph.jnl
com.bigdata.journal.AbstractJournal.bufferMode=DiskRW
com.bigdata.rdf.sail.namespace=jhaan
com.bigdata.rdf.store.AbstractTripleStore.quads=true
com.bigdata.rdf.store.AbstractTripleStore.statementIdentifiers=false
com.bigdata.rdf.store.AbstractTripleStore.textIndex=false
com.bigdata.rdf.store.AbstractTripleStore.axiomsClass=com.bigdata.rdf.axioms.NoAxioms
com.bigdata.rdf.sail.truthMaintenance=false
"""

RECIPE: Final = Recipe(
    kind="blazegraph",
    title=KINDS["blazegraph"].title,
    endpoint="http://localhost:9999/blazegraph/namespace/jhaan/sparql",
    run_on="Blazegraph 2.1.4 (loader on Java 17, server as web application in Apache Tomcat 9)",
    needs="""\
Java, and Blazegraph's `blazegraph.jar`, or a folder with its web application, unpacked: then write
`'FOLDER/WEB-INF/lib/*'` in the place of `blazegraph.jar`. No Blazegraph may be running on the journal.""",
    load="""\
Into a new journal `blazegraph.jnl`, in this folder:

```sh
java -cp blazegraph.jar com.bigdata.rdf.store.DataLoader -namespace jhaan -defaultGraph @FLAT_GRAPH@ \\
    blazegraph.properties jhaan.nq.gz
```

Each quad names its graph, so nothing gets into the graph of `-defaultGraph`; the loader wants it all the same.""",
    serve="""\
With Java 8, from this folder (this line was not run):

    java -Dbigdata.propertyFile=blazegraph.properties -jar blazegraph.jar

With a later Java, that program finds its own files no more. The web application (`bigdata.war` or
`blazegraph.war`) then runs in a servlet container such as Apache Tomcat 9. Start the container from this
folder, with the setting `-Dcom.bigdata.rdf.sail.webapp.ConfigParams.propertyFile=blazegraph.properties`, and
put the address that it has in the place of the one below.""",
    check="""\
```sh
sh check.sh http://localhost:9999/blazegraph/namespace/jhaan/sparql
```""",
    default_graph="""\
A query that names no graph sees the union of all graphs of its namespace; there is nothing to switch.
`blazegraph.properties` turns inference off: the graph holds what follows from it already.""",
    flat="""\
Into a new journal, under a name of its own:

```sh
java -cp blazegraph.jar com.bigdata.rdf.store.DataLoader -namespace jhaan -defaultGraph @FLAT_GRAPH@ \\
    blazegraph.properties jhaan.nt.gz
```""",
    renew="""\
Load the other release in the folder of its own bundle, and start the server there: readers see the old release
until then. To take the graph away, stop the server and delete `blazegraph.jnl`.""",
    files={"blazegraph.properties": File("the properties of the journal and its namespace", _PROPERTIES)},
)
