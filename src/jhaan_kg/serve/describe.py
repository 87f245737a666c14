"""What the server says about itself and the graph: SPARQL 1.1 Service Description, and VoID.

https://www.w3.org/TR/sparql11-service-description/, https://www.w3.org/TR/void/#discovery

Each description is made once, and kept in each format that a client asked for. Run as a program, the module counts what
VoID states.
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
from jhaan_kg.export.description.statements import about, iri, number
from jhaan_kg.export.description.void import description
from jhaan_kg.export.request import Request
from jhaan_kg.serve.protocol import GRAPHS, RefusalError, write_graph


class Descriptions:
    """What is said of a release and of the place where it is served."""

    def __init__(self, snapshot: Snapshot, address: str) -> None:
        """Begin to count what VoID says.

        Args:
            snapshot: the release.
            address: where clients reach the server, without a slash at the end.
        """
        self._snapshot, self._endpoint = snapshot, f"{address}/sparql"
        self._tasks: dict[Hashable, asyncio.Task[bytes]] = {}
        self._counted()

    async def service(self, media: str) -> bytes:
        """Give the service description in a media type of `formats.GRAPHS`."""
        return await self._written("service", media, service(self._endpoint, self._snapshot.graphs))

    async def void(self, media: str) -> bytes:
        """Give the VoID description in a media type of `formats.GRAPHS`.

        Raises:
            RefusalError: it can't be made.
        """
        counted = await asyncio.shield(self._counted())
        return await self._written("void", media, void(counted, self._endpoint))

    async def close(self) -> None:
        """Give up what is being made."""
        for task in self._tasks.values():
            task.cancel()
            with suppress(asyncio.CancelledError, RefusalError):
                await task

    def _counted(self) -> asyncio.Task[bytes]:
        return self._once("void", lambda: _counted(self._snapshot.path))

    async def _written(self, what: str, media: str, triples: Iterator[Triple]) -> bytes:
        writing = self._once((what, media), lambda: asyncio.to_thread(_written, triples, media))
        return await asyncio.shield(writing)

    def _once(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, bytes]]) -> asyncio.Task[bytes]:
        """Begin some work, unless it has begun; what has failed is tried again."""
        task = self._tasks.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = self._tasks[key] = asyncio.create_task(work())
            task.add_done_callback(_looked_at)
        return task


def _looked_at(task: asyncio.Task[bytes]) -> None:
    """Look at what went wrong, lest asyncio complains that nobody did: whoever asks next tries again."""
    if not task.cancelled():
        task.exception()


def _written(triples: Iterator[Triple], media: str) -> bytes:
    out = BytesIO()
    write_graph(triples, GRAPHS[media], out)
    return out.getvalue()


async def _counted(snapshot: Path) -> bytes:
    """Have VoID made by another process, since counting takes seconds of processor time."""
    command = [sys.executable, "-m", "jhaan_kg.serve.describe", str(snapshot)]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    try:
        described = (await process.communicate())[0]
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise RefusalError(503, "The description of the graph can't be made. The log of the server says why.")
    return described


_NICENESS: Final = 19
_FORMATS: Final = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "N-Quads", "TriG", "RDF_XML", "JSON-LD"),
)
_FORMAT_SPACE: Final = "http://www.w3.org/ns/formats/"


def service(endpoint: str, graphs: Sequence[GraphFile]) -> Iterator[Triple]:
    """Describe the endpoint; nothing is said that it doesn't have.

    Args:
        endpoint: its address.
        graphs: the named graphs.
    """
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


def void(described: bytes, endpoint: str) -> Iterator[Triple]:
    """Give the VoID description of the graph, with the address where it is asked.

    Args:
        described: what this module prints when it is run.
        endpoint: the address of the endpoint.
    """
    version = iri("dcat:isVersionOf")
    for triple in (quad.triple for quad in parse(described, format=RdfFormat.N_TRIPLES)):
        yield triple
        if triple.predicate == version:
            yield Triple(triple.subject, iri("void:sparqlEndpoint"), NamedNode(endpoint))


if __name__ == "__main__":  # it takes seconds of processor time, which nobody who asks should wait for
    os.nice(_NICENESS)
    try:
        described = list(description(Request(Snapshot.open(Path(sys.argv[1])), "void", evidence=True)))
    except (JhaanError, OSError) as error:
        sys.exit(f"jhaan: {error}")
    serialize(described, sys.stdout.buffer, format=RdfFormat.N_TRIPLES)
