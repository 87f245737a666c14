"""Worker processes: they answer one request at a time.

While a query of a client runs, its process can open neither files nor connections, whatever the engine tries.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import resource
import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from io import BytesIO
from itertools import islice
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, RdfFormat, Triple

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.isolation import confine, spare_others
from jhaan_kg.namespaces import BASE
from jhaan_kg.pages import HEADERS, resources
from jhaan_kg.pages.loaded import Loaded, load
from jhaan_kg.pages.representation import (
    HTML,
    SVG,
    HttpStatusError,
    Representation,
    choose,
    negotiate,
    parse_parameters,
)
from jhaan_kg.pages.sparql import MOST_ROWS, MOST_TRIPLES, QueryResult, sparql_page
from jhaan_kg.pages.templates import PLACE, REPORT_LINK, REPORTS, Place, environment, error_page
from jhaan_kg.query.adhoc import guard
from jhaan_kg.query.error_report import report_link
from jhaan_kg.query.sparql_text import code
from jhaan_kg.query.syntax import QuerySyntaxError
from jhaan_kg.results.sparql import serialize_boolean, write_solutions
from jhaan_kg.serve.config import MEBIBYTE, OUT_OF_MEMORY, Settings
from jhaan_kg.serve.describe import service_description, void_description
from jhaan_kg.serve.protocol import (
    ANSWERS,
    BOOLEAN,
    GRAPHS,
    ROWS,
    QueryRequest,
    content_type,
    graph_iris,
    parse_request,
    write_graph,
)

INLINE: Final = 1 << 18
"""Answers up to this length in bytes come through the pipe of the pool; longer ones are in their file."""

RESERVE: Final = 64 * MEBIBYTE
"""The bytes on the disk of TMPDIR that long answers leave free."""

NO_ROOM: Final = "The server has no disk space for the answer. Try again later, or ask for less."
_CHANGING: Final = re.compile(r"\b(?:RAND|NOW|UUID|STRUUID|BNODE)\b", re.IGNORECASE)


class Job(NamedTuple):
    """A request.

    Attributes:
        path: the path, without the slash at its start.
        parameters: the query string, still encoded.
        accept: the header Accept; empty if it is missing.
        file: the path of the file for a long answer.
        body: the body of a POST request; None for GET.
        content_type: the header Content-Type.
        error: the status and the message of an error to show instead of an answer.
    """

    path: str
    parameters: bytes = b""
    accept: str = ""
    file: str = ""
    body: bytes | None = None
    content_type: str = ""
    error: tuple[int, str] | None = None


class Reply(NamedTuple):
    """The answer to a request; without `body`, it is in the file of the job."""

    media: str
    headers: dict[str, str]
    body: bytes | None


class Output:
    """Output that keeps a short answer in memory, and writes a long one to its file."""

    def __init__(self, path: str, most: int) -> None:
        self._path, self._most, self._length = path, most, 0
        self._file = open(path, "wb", buffering=INLINE)  # noqa: PTH123, SIM115 - nothing can be opened later
        self.head: bytes | None = b""

    def write(self, data: bytes, /) -> int:
        """Write bytes.

        Raises:
            HttpStatusError: the answer is too long (413).
            OSError: the disk is full.
        """
        self._length += len(data)
        if self._length > self._most:
            raise HttpStatusError(
                413, f"The answer has more than {self._most:,} bytes, the limit of this server. Ask for less."
            )
        if self.head is not None and self._length <= INLINE:
            self.head += data
            return len(data)
        if self.head is not None:
            if shutil.disk_usage(Path(self._path).parent).free < RESERVE:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self._file.write(self.head)
            self.head = None
        return self._file.write(data)

    def flush(self) -> None:
        """Do nothing; pyoxigraph calls this."""

    def fileno(self) -> int:
        """Return the descriptor of the file, which also gets what the engine says before it aborts."""
        return self._file.fileno()

    def close(self) -> None:
        """Close the file, which the server deletes."""
        self._file.close()


# --- the state of a worker ------------------------------------------------------------------------------------------

_settings: Settings
_loaded: Loaded


def warm_up() -> None:
    """Import and read what all workers need, in the process that forks them."""
    environment()
    node = NamedNode("urn:a")
    for form in GRAPHS.values():
        write_graph([Triple(node, node, node)], form, BytesIO())


def work(
    pipe: Connection, folder: str, settings: Settings, in_memory: bool = False, niceness: int = 0
) -> None:
    """Answer jobs until the server closes the pipe. The first message is empty, or says why there can be no answers.

    Args:
        pipe: gives a job, and takes its reply or an exception.
        folder: the folder of the snapshot.
        settings: the settings of the server.
        in_memory: whether to load the store into memory, unless it is large.
        niceness: how much the worker gives way to others, from 0 to 19.
    """
    why = ""
    try:
        _prepare(Snapshot.open(Path(folder)), settings, in_memory, niceness)
    except (JhaanError, OSError) as error:
        why = str(error)
    try:
        pipe.send(why)
        while True:
            job = pipe.recv()
            try:
                pipe.send(answer(job))
            except HttpStatusError as error:
                pipe.send(error)
            except Exception as fault:
                pipe.send(RuntimeError(f"{type(fault).__name__}: {fault}"))
    except (EOFError, OSError):
        os._exit(0)


def _prepare(snapshot: Snapshot, settings: Settings, in_memory: bool, niceness: int) -> None:
    global _settings, _loaded
    Thread(target=_end_with_server, daemon=True).start()
    os.nice(niceness)
    spare_others()
    _settings = settings
    _loaded = load(snapshot, settings.texts if in_memory else (), with_search=in_memory, in_memory=in_memory)
    if in_memory:
        _loaded.prepare()
    REPORTS.set(_loaded.titles)
    with suppress(AttributeError):  # only the GNU C library has it
        ctypes.CDLL(None).malloc_trim(0)  # gives back what loading has freed
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + settings.limits.memory,) * 2)


def _end_with_server() -> None:
    """End this process when the server ends, even while the engine answers."""
    if (server := parent_process()) is not None:
        server.join()
        os._exit(0)


# --- requests -------------------------------------------------------------------------------------------------------


def answer(job: Job) -> Reply:
    """Answer a request.

    Raises:
        HttpStatusError: there is no answer.
    """
    if job.error is not None:
        return _error_page(job, *job.error)
    try:
        with closing(Output(job.file, _settings.limits.size)) as out:
            media, headers = _respond(job, out, _loaded)
        return Reply(content_type(media), {**headers, **(HEADERS if media in (HTML, SVG) else {})}, out.head)
    except JhaanError as error:
        raise HttpStatusError(400, str(error)) from None
    except MemoryError:
        raise HttpStatusError(503, OUT_OF_MEMORY) from None
    except SyntaxError:  # pyoxigraph cannot write triple terms in rows
        message = "SPARQL 1.1 has no format for triples as values. Remove them from the answer."
        raise HttpStatusError(406, message) from None
    except (OSError, RuntimeError) as error:
        if getattr(error, "errno", 0) in (errno.ENOSPC, errno.EDQUOT):
            raise HttpStatusError(503, NO_ROOM, {"Retry-After": "5"}) from None
        # for example, the engine does not know a function
        raise HttpStatusError(400, f"The engine cannot run this query: {error}.") from None


def _error_page(job: Job, status: int, message: str) -> Reply:
    _set_place(f"{_settings.address}/{job.path}", _loaded)
    root = urlsplit(_settings.address).path
    query = dict(parse_qsl(job.parameters.decode("latin-1"))).get("query", "")
    back = f"{root}/{job.path}" if status == 400 and job.path.startswith(f"{resources.QUESTIONS}/") else ""
    page = error_page(status, message, root, query=query if job.path.startswith("sparql") else "", back=back)
    return Reply(content_type(HTML), {}, page)


def first_segment(path: str) -> str:
    """Return the first segment of a path without its suffix.

    >>> first_segment("questions/renamings.csv"), first_segment("sparql.json")
    ('questions', 'sparql')
    """
    return re.split("[/.]", path, maxsplit=1)[0]


def sends_query(path: str, parameters: bytes) -> bool:
    """Return whether a GET request contains a query of the client."""
    return first_segment(path) == "sparql" and re.search(b"(?:^|&)query=", parameters) is not None


def _respond(job: Job, out: Output, loaded: Loaded) -> tuple[str, dict[str, str]]:
    """Write the answer, and return its media type and headers."""
    first = first_segment(job.path)
    if first == "sparql":
        return _answer_endpoint(job, out, loaded)
    if job.path == "graphs":
        return _send_graph(job, out, loaded)
    if job.path == ".well-known/void":
        return _send_triples(void_description(loaded.void, f"{_settings.address}/sparql"), job, out)
    if first in resources.THINGS:
        return _send_thing(job, out, loaded)
    return _send_resource(job, out, loaded)


def _answer_endpoint(job: Job, out: Output, loaded: Loaded) -> tuple[str, dict[str, str]]:
    """Answer a query; without one, send the query form or the description of the service."""
    path, suffix = ANSWERS.split(job.path)
    if path != "sparql":
        raise HttpStatusError(404, f"Unknown format. Choose one of: {', '.join(ANSWERS)}.")
    job = job._replace(accept=ANSWERS.get(suffix, job.accept))
    if job.body is None and not sends_query(job.path, job.parameters):
        if choose(job.accept, (*GRAPHS, HTML)) == HTML:
            return _send_resource(job, out, loaded)
        if not job.parameters:
            graphs = [*loaded.graphs.values()]
            return _send_triples(service_description(f"{_settings.address}/sparql", graphs), job, out)
    return _answer_query(job, out, loaded)


def _answer_query(job: Job, out: Output, loaded: Loaded) -> tuple[str, dict[str, str]]:
    """Answer a query of the client (SPARQL 1.1 Protocol)."""
    sent = parse_request(job.parameters, job.body, job.content_type)
    form = guard(sent.query, loaded.graphs)
    forms = BOOLEAN if form == "ASK" else ROWS if form == "SELECT" else GRAPHS
    media = negotiate(job.accept, (*forms, HTML))
    headers = {"Cache-Control": "no-store"} if _CHANGING.search(sent.query) else {}
    with confine(out.fileno()):
        found = _run(sent, loaded)
        if media == HTML:
            address = f"{_settings.address}/sparql?{urlencode({'query': sent.query})}"
            _set_place(address, loaded)
            out.write(sparql_page(sent.query, _beginning(found), loaded.catalogue, _settings.address))
            return HTML, headers
        try:
            if isinstance(found, QueryBoolean):
                out.write(serialize_boolean(bool(found), BOOLEAN[media]))
            elif isinstance(found, QueryTriples):
                write_graph(found, GRAPHS[media], out)
            else:
                write_solutions(found, ROWS[media], out)
        except JhaanError as error:
            raise HttpStatusError(406, f"The answer cannot be written as {media}: {error}") from None
    if ROWS.get(media) in ("csv", "tsv"):  # browsers then save a table instead of showing it
        headers["Content-Disposition"] = f'attachment; filename="answer.{ROWS[media]}"'
    return media, headers


def _run(sent: QueryRequest, loaded: Loaded) -> QueryBoolean | QuerySolutions | QueryTriples:
    for graph in (*sent.default_graphs, *sent.named_graphs):
        if graph not in loaded.graphs:
            raise HttpStatusError(400, f'Unknown graph "{graph}".')
    default, named = ([NamedNode(iri) for iri in iris] for iris in (sent.default_graphs, sent.named_graphs))
    is_chosen = bool(default or named)
    names_graphs = "FROM" in sent.query.upper() and any(token.is_word("FROM") for token in code(sent.query))
    try:
        return loaded.store.query(
            sent.query,
            use_default_graph_as_union=not is_chosen and not names_graphs,
            default_graph=default if is_chosen else None,  # type: ignore[arg-type]
            named_graphs=named if is_chosen else None,  # type: ignore[arg-type]
        )
    except SyntaxError as error:
        raise QuerySyntaxError(error, sent.query, {}) from None


def _beginning(found: QueryBoolean | QueryTriples | QuerySolutions) -> QueryResult:
    """Return the first rows or triples of an answer, for a page."""
    if isinstance(found, QueryBoolean):
        return QueryResult(answer="yes" if found else "no")
    if isinstance(found, QueryTriples):
        triples, text = list(islice(found, MOST_TRIPLES + 1)), BytesIO()
        write_graph(triples[:MOST_TRIPLES], RdfFormat.TURTLE, text)
        return QueryResult(
            graph=text.getvalue().decode() or "# no triples\n", is_cut=len(triples) > MOST_TRIPLES
        )
    columns = [variable.value for variable in found.variables]
    return QueryResult(columns, [tuple(row) for row in islice(found, MOST_ROWS + 1)])


def _send_graph(job: Job, out: Output, loaded: Loaded) -> tuple[str, dict[str, str]]:
    """Write the graph that `?graph=IRI` or `?default` selects (SPARQL 1.1 Graph Store HTTP Protocol)."""
    parameters = parse_parameters(job.parameters)
    named = graph_iris(parameters, "graph")
    if len(parameters.get("graph", ())) + len(parameters.get("default", ())) != 1:
        raise HttpStatusError(
            400, "Name one graph: ?graph=IRI for a named graph, or ?default for their union."
        )
    for graph in named:
        if graph not in loaded.graphs:
            raise HttpStatusError(404, f'Unknown graph "{graph}".')
    return _send_triples(_triples_in(named[0] if named else None, loaded), job, out)


def _triples_in(graph: str | None, loaded: Loaded) -> Iterator[Triple]:
    quads = loaded.store.quads_for_pattern(None, None, None, NamedNode(graph) if graph else None)
    return (quad.triple for quad in quads)


def _send_triples(triples: Iterable[Triple], job: Job, out: Output) -> tuple[str, dict[str, str]]:
    media = negotiate(job.accept, GRAPHS)
    write_graph(triples, GRAPHS[media], out)
    return media, {}


def _send_thing(job: Job, out: Output, loaded: Loaded) -> tuple[str, dict[str, str]]:
    """Write the description of the entity that the path identifies.

    The IRI of a named graph is also the URL of its content (SPARQL 1.1 Graph Store HTTP Protocol, section 4.1).
    """
    iri, media, suffix = resources.resolve_thing(job.path, job.accept, loaded)
    is_graph = iri in loaded.graphs and media in GRAPHS
    root = urlsplit(_settings.address).path
    _set_place(iri, loaded)
    if is_graph:
        write_graph(_triples_in(iri, loaded), GRAPHS[media], out)
    else:
        out.write(resources.describe_thing(iri, media, loaded, root))
    link = f'<{iri}>; rel="{"canonical" if is_graph else "describes"}"'
    path = f"{root}/{iri.removeprefix(BASE)}{suffix}"
    return media, {"Content-Location": path, "Link": link}


def _send_resource(job: Job, out: Output, loaded: Loaded) -> tuple[str, dict[str, str]]:
    chosen = urlencode(parse_qsl(job.parameters.decode("latin-1")))
    address = f"{_settings.address}/{job.path.removesuffix('.html')}"
    _set_place(f"{address}?{chosen}" if chosen else address, loaded)
    is_question = first_segment(job.path) == resources.QUESTIONS
    make = resources.answer_question if is_question else resources.render_page
    found: Representation = make(job.path, job.parameters, job.accept, loaded, _settings.address)
    out.write(found.data)
    parameters = f"?{job.parameters.decode('latin-1')}" if job.parameters else ""
    return found.media, {"Content-Location": f"{urlsplit(_settings.address).path}/{found.path}{parameters}"}


def _set_place(address: str, loaded: Loaded) -> None:
    host = urlsplit(_settings.address).hostname or ""
    is_public = not (host == "localhost" or host.startswith("127.") or host == "::1")
    PLACE.set(Place(address, loaded.source, is_public))
    REPORT_LINK.set(report_link(_settings.errors, address, loaded.release))
