"""Neo4j with neosemantics (n10s), which turns the flat graph into a property graph.

Sources: "Configuring Neo4j to use RDF data" (constraint, `n10s.graphconfig.init`), "Importing RDF Data"
(`n10s.rdf.import.fetch`, N-Triples, several values, language tags) and "Neosemantics Reference" (parameters), Neo4j
Labs; "Cypher Shell", Neo4j Operations Manual (`--param`, `--format plain`, `--file`). That quads are experimental
there: "Migrating from neosemantics 3 to 4". Whether a compressed file can be imported is not documented, so it is
unpacked first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from jhaan_kg.namespaces import RDF
from jhaan_kg.stores.bundle.recipe import File, Recipe

_LOAD: Final = """\
// Loads the flat graph of the JHAAN knowledge graph, release @VERSION@, into an empty database, with neosemantics.
CREATE CONSTRAINT n10s_unique_uri IF NOT EXISTS FOR (r:Resource) REQUIRE r.uri IS UNIQUE;

// All values of a property are kept, as a list, with their language tags; types become labels.
CALL n10s.graphconfig.init({handleMultival: 'ARRAY', keepLangTag: true, keepCustomDataTypes: true,
    handleVocabUris: 'SHORTEN', handleRDFTypes: 'LABELS'});

// It says how many triples it read: @FLAT@ is right.
CALL n10s.rdf.import.fetch($file, 'N-Triples');
"""
_COUNT: Final = """\
MATCH (n:Resource) RETURN 'nodes' AS what, count(n) AS count
UNION ALL
MATCH (:Resource)-[r]->(:Resource) RETURN 'relationships' AS what, count(r) AS count;
"""
_CHECK: Final = """\
#!/bin/sh
# Compares what Neo4j holds with release @VERSION@ of the JHAAN knowledge graph: nodes and relationships.
#
# usage: sh check.sh [OPTIONS OF CYPHER-SHELL]
#
# Exit codes: 0 alike, 1 something differs, 3 no answer from the store.
set -u

if ! answer=$(cypher-shell --format plain --file "$(dirname "$0")/count.cypher" "$@"); then
    echo "check.sh: no answer from Neo4j. Does it run, and are user and password right" \\
        "(NEO4J_USERNAME, NEO4J_PASSWORD)?" >&2
    exit 3
fi
fault=0
for expected in nodes:@NODES@ relationships:@LINKS@; do
    what=${expected%:*}
    count=$(printf '%s\\n' "$answer" | tr -d '\\r" ' | sed -n "s/^$what,//p")
    if [ "$count" != "${expected#*:}" ]; then
        echo "$what: ${count:-none}, expected ${expected#*:}"
        fault=1
    fi
done
[ $fault = 0 ] && echo "@NODES@ nodes, @LINKS@ relationships: as in release @VERSION@."
exit $fault
"""

_TRIPLE: Final = re.compile(rb"<([^>]*)> <([^>]*)> (?:<([^>]*)>|.*) \.")


def _counted(flat: bytes) -> Mapping[str, str]:
    """Count what neosemantics makes of a graph: a node for each thing, a relationship for each link but types."""
    nodes, links = set(), 0
    for subject, predicate, thing in _TRIPLE.findall(flat):
        nodes.add(subject)
        if thing and predicate != RDF.encode() + b"type":
            nodes.add(thing)
            links += 1
    return {"NODES": str(len(nodes)), "LINKS": str(links)}


RECIPE: Final = Recipe(
    kind="neo4j",
    title="Neo4j with neosemantics (n10s)",
    endpoint="",
    run_on="",
    needs="""\
Neo4j 4.4 or later with the plugin neosemantics (n10s) of the same version, running on this machine, an
**empty** database, and `cypher-shell`. Neo4j must be able to read this folder.""",
    load="""\
From this folder; `cypher-shell` asks for user and password, unless `NEO4J_USERNAME` and `NEO4J_PASSWORD` say
them:

```sh
gzip -dk jhaan.nt.gz
cypher-shell --file load.cypher --param "file => 'file://$PWD/jhaan.nt'"
```

Neo4j is no RDF store: it gets the flat graph, without named graphs and evidence, so nothing in it leads to the
passages that state something, but for `jhaan:statedIn`.""",
    check="""\
```sh
NEO4J_USERNAME=neo4j NEO4J_PASSWORD=PASSWORD sh check.sh
```""",
    default_graph="""\
There is one graph, and no SPARQL: ask in Cypher. Types are labels, links are relationships, and values are
lists, since a property may have several values. Names are shortened by prefixes that neosemantics makes
(`ns0__…`; `CALL n10s.nsprefixes.list()` shows them).""",
    flat="",
    renew="""\
Load the other release into another empty database. To take the graph away in small steps:

```sh
cypher-shell "MATCH (n:Resource) CALL { WITH n DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
```""",
    files={
        "load.cypher": File("makes the settings of neosemantics and loads the graph", _LOAD),
        "count.cypher": File("counts nodes and relationships, for `check.sh`", _COUNT),
        "check.sh": File("the check for after the load", _CHECK),
    },
    markers=_counted,
)
