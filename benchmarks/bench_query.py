"""Whole processes that answer a stored question, against Oxigraph's command line and a script with rdflib.

Oxigraph has a disk store of the same quads; the script parses the flat graph and queries it. The help and a search
are compared with an empty Python process.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from timing import BIN, Row, compared, disk_store, in_turn, process, run

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import export
from jhaan_kg.query.catalogue import load_catalogue

QUERIES = ("empact-co-run", "events-by-month", "event-participants", "contradictions")
RDFLIB_SCRIPT = """
import sys
from rdflib import Graph
graph = Graph().parse(sys.argv[1], format="nt")
print(graph.query(open(sys.argv[2]).read()).serialize(format="csv").decode())
"""


def questions(rounds: int) -> Iterator[Row]:
    snapshot = open_snapshot()
    catalogue = load_catalogue(snapshot.catalogue_path)
    with tempfile.TemporaryDirectory() as name:
        store, flat, script, query = (Path(name) / part for part in ("store", "flat.nt", "ask.py", "q.rq"))
        disk_store(snapshot, store)
        flat.write_bytes(export(snapshot, "ntriples"))
        script.write_text(RDFLIB_SCRIPT)
        for question in QUERIES:
            query.write_text(catalogue.get(question).text)
            ours = process(BIN / "jhaan", "query", question, "--format", "csv")
            oxigraph = process(
                *(BIN / "oxigraph", "query", "--location", store, "--union-default-graph"),
                *("--query-file", query, "--results-format", "csv"),
            )
            what, goals = f"`jhaan query {question}`", {"oxigraph query": "≤ 2.5", "rdflib": "≤ 0.2"}
            yield from compared(
                what, "ms", in_turn(rounds, {"ours": ours, "oxigraph query": oxigraph}), goals
            )
            rdflib = process(sys.executable, script, flat, query)
            yield from compared(what, "ms", in_turn(min(rounds, 3), {"ours": ours, "rdflib": rdflib}), goals)


def commands(rounds: int) -> Iterator[Row]:
    for arguments, goal in (("--help", "≤ 4"), ("find eurojst", "")):
        works = {
            "ours": process(BIN / "jhaan", *arguments.split()),
            "python -c pass": process(sys.executable, "-c", "pass"),
        }
        yield from compared(f"`jhaan {arguments}`", "ms", in_turn(rounds, works), {"python -c pass": goal})


if __name__ == "__main__":
    run(9, questions, commands)
