"""Comunica, a query engine in JavaScript, as an independent client."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from jhaan_kg.errors import ServiceError
from jhaan_kg.query.engine import Answer
from programs import program, tool

SCRIPT = Path(__file__).parents[1] / "tools" / "comunica.js"


class Comunica:
    """An engine that queries an endpoint through a running Comunica."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self._process, self._url = process, url

    def select(self, query: str) -> Answer:
        """Answer a SELECT query; see `jhaan_kg.query.engine.Engine`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"url": self._url, "query": query}) + "\n")
        self._process.stdin.flush()
        said = json.loads(self._process.stdout.readline())
        if "error" in said:
            raise ServiceError(said["error"])
        found = parse_query_results(json.dumps(said["results"]), format=QueryResultsFormat.JSON)
        assert isinstance(found, QuerySolutions)
        names = tuple(variable.value for variable in found.variables)
        return Answer(names, tuple(tuple(row) for row in found))


@contextmanager
def comunica(url: str) -> Iterator[Comunica]:
    """Run Comunica as a client of the endpoint at an address."""
    node, modules = program("node", "node"), tool("node", "comunica") / "node_modules"
    environment = {**os.environ, "NODE_PATH": str(modules)}
    command = [node, SCRIPT]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True) as process:
        yield Comunica(process, url)
