"""OpenLink Virtuoso, with its bulk loader.

Sources: "Bulk Loading RDF Source Files into one or more Graph IRIs" (`ld_dir`, `rdf_loader_run`, `DirsAllowed`,
`.graph` files, NULL as graph, `DB.DBA.load_list`), OpenLink Virtuoso wiki; the help of `isql` (`-u NAME=VALUE`). Run
on 7.2.5: a quad goes to the graph that it names, and the graph of `ld_dir` gets nothing; with NULL in its place the
file is silently left out. No `global.graph` is written, which would override the graphs.
"""

from __future__ import annotations

from typing import Final

from jhaan_kg.stores.bundle.recipe import FLAT_GRAPH, File, Recipe
from jhaan_kg.stores.kinds import KINDS

_LOAD: Final = """\
-- Loads the JHAAN knowledge graph, release @VERSION@: isql 1111 dba PASSWORD load.sql -u FOLDER=/path/to/this/folder
-- Each quad names its graph. The third argument of ld_dir would be the graph of triples; it must be there all the same.
DELETE FROM DB.DBA.load_list WHERE ll_file = '$U{FOLDER}/jhaan.nq.gz';
ld_dir('$U{FOLDER}', 'jhaan.nq.gz', '@FLAT_GRAPH@');
rdf_loader_run();
checkpoint;
-- State 2 without an error is right. No row: the file was not found there.
SELECT ll_file, ll_state, ll_error FROM DB.DBA.load_list WHERE ll_file = '$U{FOLDER}/jhaan.nq.gz';
"""
_LOAD_FLAT: Final = """\
-- Loads the flat graph of the JHAAN knowledge graph, release @VERSION@, into one named graph.
DELETE FROM DB.DBA.load_list WHERE ll_file = '$U{FOLDER}/jhaan.nt.gz';
ld_dir('$U{FOLDER}', 'jhaan.nt.gz', '@FLAT_GRAPH@');
rdf_loader_run();
checkpoint;
-- State 2 without an error is right. No row: the file was not found there.
SELECT ll_file, ll_state, ll_error FROM DB.DBA.load_list WHERE ll_file = '$U{FOLDER}/jhaan.nt.gz';
"""
_REMOVE: Final = """\
-- Takes the graphs of the JHAAN knowledge graph, release @VERSION@, away, and no other:
-- isql 1111 dba PASSWORD remove.sql
SPARQL CLEAR GRAPH <@GRAPH@>;
SPARQL CLEAR GRAPH <@FLAT_GRAPH@>;
checkpoint;
"""

RECIPE: Final = Recipe(
    kind="virtuoso",
    title=KINDS["virtuoso"].title,
    endpoint="http://localhost:8890/sparql",
    run_on="Virtuoso 7.2.5 (open source edition)",
    needs="""\
Virtuoso, running, on a machine that has this folder; and its `isql` (`isql-vt` in Debian). The server reads the
files itself, so **this folder must be named in `DirsAllowed`** in the section `[Parameters]` of `virtuoso.ini`;
the server must be started again after a change there. Put the password of `dba` in the place of `PASSWORD`.""",
    load="""\
From this folder, whose path must have no blanks, since `isql` cuts it at the first:

```sh
isql 1111 dba PASSWORD load.sql -u FOLDER="$PWD"
```

The last table of the output has one row. Its state (`LL_STATE`) must be 2 and its error (`LL_ERROR`) `NULL`;
otherwise the error says what went wrong. No row: the file isn't in the folder that was named. "Access to … is
denied": `DirsAllowed` lacks the folder.""",
    check="""\
```sh
sh check.sh http://localhost:8890/sparql
```""",
    default_graph="""\
A query that names no graph sees all graphs of the store, also Virtuoso's own (some thousand triples about
itself) and those of others. There is nothing to switch; to leave them out, name ours with `FROM` or
`default-graph-uri`.

Virtuoso writes some literals in another way than they were loaded: `true` as `1`, `0.50` as `0.5`. It cuts
answers at 10,000 rows (`ResultSetMaxRows`) with status 200.""",
    flat="""\
Into the named graph `@FLAT_GRAPH@`:

```sh
isql 1111 dba PASSWORD load-flat.sql -u FOLDER="$PWD"
```""",
    renew="""\
Take the old release away with **its** `remove.sql`, then load the new one; readers find graphs missing in
between.

```sh
isql 1111 dba PASSWORD remove.sql
```""",
    files={
        "load.sql": File("loads the dataset, for isql", _LOAD),
        "load-flat.sql": File("loads the flat graph, for isql", _LOAD_FLAT),
        "remove.sql": File("takes all of it away again, for isql", _REMOVE),
    },
    flat_pattern=f"GRAPH <{FLAT_GRAPH}> {{ ?s ?p ?o }}",
)
