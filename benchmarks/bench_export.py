"""JSON-LD of the graph, against rdflib's serializer without a context and with ours.

First from loaded triples, then whole processes from files to a file.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Triple
from rdflib import Graph
from timing import BIN, Row, compared, elapsed, in_turn, process, run

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import export
from jhaan_kg.results.jsonld import FILE, Compaction, lay_out, load_context

WITHOUT, WITH = "rdflib, no context", "rdflib, our context"
GOALS = {WITHOUT: "≤ 1", WITH: "≤ 1"}
RDFLIB_SCRIPT = """
import json, sys
from pyoxigraph import Triple
from rdflib import Graph
graph = Graph().parse(sys.argv[1], format="nt")
context = json.load(open(sys.argv[3]))["@context"] if len(sys.argv) > 3 else None
graph.serialize(sys.argv[2], format="json-ld", context=context, encoding="utf-8")
"""


def flat_triples() -> list[Triple]:
    return list(dict.fromkeys(quad.triple for quad in open_snapshot().quads(evidence=False, context=True)))


def from_triples(rounds: int) -> Iterator[Row]:
    triples, context = flat_triples(), load_context()
    graph = Graph().parse(data=export(open_snapshot(), "ntriples"), format="nt")

    def ours() -> bytes:
        nodes = list(Compaction(context).nodes(triples))
        return lay_out({"@context": context.definitions, "@graph": nodes})

    works = {
        "ours": elapsed(ours),
        WITHOUT: elapsed(lambda: graph.serialize(format="json-ld")),
        WITH: elapsed(lambda: graph.serialize(format="json-ld", context=dict(context.definitions))),
    }
    yield from compared("JSON-LD from loaded triples", "ms", in_turn(rounds, works), GOALS)


def whole_process(rounds: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        source, target, script = (Path(name) / part for part in ("flat.nt", "flat.jsonld", "write.py"))
        source.write_bytes(export(open_snapshot(), "ntriples"))
        script.write_text(RDFLIB_SCRIPT)
        works = {
            "ours": process(BIN / "jhaan", "export", "jsonld", "-o", target),
            WITHOUT: process(sys.executable, script, source, target),
            WITH: process(sys.executable, script, source, target, FILE),
        }
        yield from compared("`jhaan export jsonld`", "ms", in_turn(rounds, works), GOALS)


if __name__ == "__main__":
    run(5, from_triples, whole_process)
