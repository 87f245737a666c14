"""Descriptions of the server and of the graph: SPARQL 1.1 Service Description, and VoID.

https://www.w3.org/TR/sparql11-service-description/, https://www.w3.org/TR/void/#discovery

Each description is created once per requested format, and cached. Run as a program, the module prints the VoID
description with the counts of the graph.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Hashable, Iterator, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from jhaan_kg.build.snapshot import GraphFile, Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.export.description import about, describe_graph, iri, number
from jhaan_kg.export.request import Request
from jhaan_kg.serve.monitoring import write_log
from jhaan_kg.serve.protocol import GRAPHS, HttpStatusError, write_graph


class Descriptions:
    """The descriptions of a release and of its endpoint."""

    def __init__(self, snapshot: Snapshot, address: str) -> None:
        """Start creating the VoID description in the background."""
        self._snapshot, self._endpoint = snapshot, f"{address}/sparql"
        self._tasks: dict[Hashable, asyncio.Task[bytes]] = {}
        self._void_counts()

    async def service(self, media: str) -> bytes:
        """Return the service description in a media type of `protocol.GRAPHS`."""
        return await self._serialize(
            "service", media, service_description(self._endpoint, self._snapshot.graphs)
        )

    async def void(self, media: str) -> bytes:
        """Return the VoID description in a media type of `protocol.GRAPHS`.

        Raises:
            HttpStatusError: the graph cannot be described.
        """
        counted = await asyncio.shield(self._void_counts())
        return await self._serialize("void", media, void_description(counted, self._endpoint))

    async def close(self) -> None:
        """Cancel unfinished descriptions."""
        for task in self._tasks.values():
            task.cancel()
            with suppress(asyncio.CancelledError, HttpStatusError):
                await task

    def _void_counts(self) -> asyncio.Task[bytes]:
        return self._once("void", lambda: _count_in_process(self._snapshot.path))

    async def _serialize(self, what: str, media: str, triples: Iterator[Triple]) -> bytes:
        task = self._once((what, media), lambda: asyncio.to_thread(_serialize, triples, media))
        return await asyncio.shield(task)

    def _once(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, bytes]]) -> asyncio.Task[bytes]:
        """Return the task for a key, and start it if it is new or has failed."""
        task = self._tasks.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = self._tasks[key] = asyncio.create_task(work())
            task.add_done_callback(_retrieve_error)
        return task


def _retrieve_error(task: asyncio.Task[bytes]) -> None:
    """Retrieve the error of a task, because asyncio logs errors that nobody retrieves."""
    if not task.cancelled():
        task.exception()


def _serialize(triples: Iterator[Triple], media: str) -> bytes:
    out = BytesIO()
    write_graph(triples, GRAPHS[media], out)
    return out.getvalue()


async def _count_in_process(snapshot: Path) -> bytes:
    """Create the VoID description in another process, because counting takes seconds."""
    command = [sys.executable, "-m", "jhaan_kg.serve.describe", str(snapshot)]
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        described, errors = await process.communicate()
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):  # it has just ended
            process.kill()
        await process.wait()
        raise
    if process.returncode:
        write_log(event="the graph cannot be described", why=errors.decode(errors="replace").strip())
        raise HttpStatusError(
            503, "The description of the graph is not available. See the log of the server."
        )
    return described


_NICENESS: Final = 19
_FORMATS: Final = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "N-Quads", "TriG", "RDF_XML", "JSON-LD"),
)
_FORMAT_SPACE: Final = "http://www.w3.org/ns/formats/"


def service_description(endpoint: str, graphs: Sequence[GraphFile]) -> Iterator[Triple]:
    """Yield a description of the endpoint and its named graphs."""
    node = NamedNode(endpoint)
    dataset, default = NamedNode(f"{endpoint}#dataset"), NamedNode(f"{endpoint}#default-graph")
    named = {file.graph: NamedNode(f"{endpoint}#{file.graph}") for file in graphs}
    yield from about(
        node,
        ("rdf:type", iri("sd:Service")),
        ("sd:endpoint", node),
        ("sd:supportedLanguage", iri("sd:SPARQL11Query")),
        ("sd:feature", iri("sd:UnionDefaultGraph")),
        ("sd:resultFormat", [NamedNode(_FORMAT_SPACE + form) for form in _FORMATS]),
        ("sd:defaultDataset", dataset),
    )
    yield from about(
        dataset,
        ("rdf:type", iri("sd:Dataset")),
        ("sd:defaultGraph", default),
        ("sd:namedGraph", named.values()),
    )
    yield from about(
        default, ("rdf:type", iri("sd:Graph")), ("void:triples", number(sum(file.triples for file in graphs)))
    )
    for graph, described in named.items():
        yield from about(described, ("rdf:type", iri("sd:NamedGraph")), ("sd:name", NamedNode(graph)))


def void_description(described: bytes, endpoint: str) -> Iterator[Triple]:
    """Yield a VoID description with the address of the endpoint.

    Args:
        described: the description without the address, as printed by this module.
        endpoint: the address of the endpoint.
    """
    version = iri("dcat:isVersionOf")
    for triple in (quad.triple for quad in parse(described, format=RdfFormat.N_TRIPLES)):
        yield triple
        if triple.predicate == version:
            yield Triple(triple.subject, iri("void:sparqlEndpoint"), NamedNode(endpoint))


if __name__ == "__main__":
    os.nice(_NICENESS)
    try:
        described = describe_graph(Request(Snapshot.open(Path(sys.argv[1])), "void", evidence=True))
        in_order = sorted(described, key=str)  # the same graph must result in the same bytes
    except (JhaanError, OSError) as error:
        sys.exit(f"jhaan: {error}")
    serialize(in_order, sys.stdout.buffer, format=RdfFormat.N_TRIPLES)
