"""Eclipse RDF4J, over the REST interface of its server.

Sources: "RDF4J REST API" (PUT of a repository's configuration, POST of statements) and "Repository and SAIL
Configuration" (the vocabulary `tag:rdf4j.org,2023:config/` of version 5, native store and its indexes), both Eclipse
RDF4J; "RDF4J Console" (`connect`, `create`, `open`, `load`), the same.
"""

from __future__ import annotations

from typing import Final

from jhaan_kg.stores.bundle.recipe import File, Recipe
from jhaan_kg.stores.kinds import KINDS

_REPOSITORY: Final = """\
# RDF4J's repository for the JHAAN knowledge graph, release @VERSION@: on disk, without inference.
PREFIX rdfs:   <http://www.w3.org/2000/01/rdf-schema#>
PREFIX config: <tag:rdf4j.org,2023:config/>

[] a config:Repository ;
    config:rep.id   "jhaan" ;
    rdfs:label      "JHAAN knowledge graph @VERSION@" ;
    config:rep.impl [
        config:rep.type  "openrdf:SailRepository" ;
        config:sail.impl [
            config:sail.type            "openrdf:NativeStore" ;
            config:native.tripleIndexes "spoc,posc,cspo"
        ]
    ] .
"""

RECIPE: Final = Recipe(
    kind="rdf4j",
    title=KINDS["rdf4j"].title,
    endpoint="http://localhost:8080/rdf4j-server/repositories/jhaan",
    run_on="RDF4J Server 5.0.3 in Apache Tomcat",
    needs="""\
RDF4J Server 5, running in a servlet container, and curl. If it wants a password, add `--netrc` to each line of
curl and put name and password into `~/.netrc`. Servers before 5 read another vocabulary than `repository.ttl`
is written in.""",
    load="""\
The repository, then the data into it:

```sh
curl -fsS -X PUT -H 'Content-Type: text/turtle' --data-binary @repository.ttl \\
    http://localhost:8080/rdf4j-server/repositories/jhaan
curl -fsS -X POST -H 'Content-Type: application/n-quads' -H 'Content-Encoding: gzip' --data-binary @jhaan.nq.gz \\
    http://localhost:8080/rdf4j-server/repositories/jhaan/statements
```

The second line adds in one transaction: readers see nothing of it until it is done. Don't let it replace what
is there (`-X PUT`): with a heap of 512 MB, version 5.0.3 then lost triples of its stores on disk without a
word, sometimes 866, sometimes all.

Without a server, RDF4J's console does the same in a folder of its own data (this was not run): `create native`,
with the ID `jhaan`, then `open jhaan.` and `load jhaan.nq.gz.`""",
    check="""\
```sh
sh check.sh http://localhost:8080/rdf4j-server/repositories/jhaan
```""",
    default_graph="""\
A query that names no graph sees all statements of the repository, those in named graphs and those in none;
there is nothing to switch. The store infers nothing, as it should: the graph holds what follows from it
already.""",
    flat="""\
After the repository was made as above:

```sh
curl -fsS -X POST -H 'Content-Type: application/n-triples' -H 'Content-Encoding: gzip' --data-binary @jhaan.nt.gz \\
    http://localhost:8080/rdf4j-server/repositories/jhaan/statements
```""",
    renew="""\
Empty the repository, then run the second line of curl with the data of the other release; readers find nothing
in between. For a change without a break, give the other release a repository of another name.

```sh
curl -fsS -X DELETE http://localhost:8080/rdf4j-server/repositories/jhaan/statements
```

To take the graph away, delete the repository:

```sh
curl -fsS -X DELETE http://localhost:8080/rdf4j-server/repositories/jhaan
```""",
    files={"repository.ttl": File("the configuration of the repository", _REPOSITORY)},
)
