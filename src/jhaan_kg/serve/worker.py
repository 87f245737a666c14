"""Answers of a worker process: queries, graphs, entities, stored questions and pages."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from icalendar import Event
from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, RdfFormat, Triple, parse

from jhaan_kg.errors import JhaanError
from jhaan_kg.export.description import read_authored_triples
from jhaan_kg.export.formats import FORMATS as EXPORTS
from jhaan_kg.export.networks import Network, document
from jhaan_kg.export.request import ReleaseMetadata
from jhaan_kg.namespaces import BASE
from jhaan_kg.pages import HEADERS
from jhaan_kg.pages.sparql import MOST_ROWS, MOST_TRIPLES, QueryResult, sparql_page
from jhaan_kg.pages.templates import PLACE, REPORT_LINK, Place, environment
from jhaan_kg.query.adhoc import guard
from jhaan_kg.query.cite import RowCitations
from jhaan_kg.query.engine import Answer
from jhaan_kg.query.error_report import report_link
from jhaan_kg.query.sparql_text import code
from jhaan_kg.query.syntax import QuerySyntaxError
from jhaan_kg.results import FORMATS, GRAPH_FORMATS, render, render_graph
from jhaan_kg.results.sparql import serialize_boolean, write_solutions
from jhaan_kg.serve import resources
from jhaan_kg.serve.config import BODY, DOWNLOADS, HEAD, OUT_OF_MEMORY, REFUSAL
from jhaan_kg.serve.describe import service_description, void_description
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.protocol import (
    BOOLEAN,
    GRAPHS,
    HTML,
    ROWS,
    HttpStatusError,
    Representation,
    etag,
    negotiate,
    write_graph,
)

if TYPE_CHECKING:
    from jhaan_kg.isolation import Send

_AS_FILE: Final[Mapping[str, Mapping[str, str]]] = {
    media: {"Content-Disposition": f'attachment; filename="answer.{form}"'}
    for media, form in ROWS.items()
    if form in ("csv", "tsv")
}
"""The headers of tables by media type.

They make browsers save a table instead of showing it.
"""

_NEEDED_LATER: Final = (
    *("datetime", "networkx", "rapidfuzz.distance", "rapidfuzz.process", "unicodedata"),
    *("jhaan_kg.export.rdf", "jhaan_kg.query.measures"),
)
"""Modules that are otherwise imported at first use, when workers cannot open files any more."""


_RELEASE: Final = ReleaseMetadata("", datetime.date.min, ())


def prepare() -> None:
    """Load all modules and templates that answers need, before workers lose access to files."""
    for module in (
        *_NEEDED_LATER,
        *(f"jhaan_kg.export.{EXPORTS[form].module}" for form in DOWNLOADS.values()),
    ):
        import_module(module)
    node = NamedNode("urn:a")
    for form in GRAPH_FORMATS:
        render_graph([Triple(node, node, node)], form)
    for form in FORMATS:
        render(Answer(("a",), ((node,),)), form, citations=[RowCitations(())])
    environment()
    read_authored_triples()
    for form in ("graphml", "gexf"):  # networkx imports numpy, if it is installed
        document(Network({}, {}, {}, _RELEASE), form)
    entry = Event()
    entry.add("dtstamp", datetime.datetime.now(datetime.UTC))  # reads the time zone
    entry.to_ical()


_PIECE: Final = 1 << 16
"""The maximum number of bytes of an answer that are sent at once."""


class Out:
    """Output of an answer in parts.

    The first byte of each part states its type (see `config`).
    """

    def __init__(self, send: Send, most: int) -> None:
        self._send, self._most = send, most
        self._kept, self._length = bytearray(), 0

    def write(self, data: bytes, /) -> int:
        """Send bytes of the answer.

        Raises:
            HttpStatusError: the answer is too long.
        """
        self._kept += data
        self._length += len(data)
        if self._length > self._most:
            raise HttpStatusError(
                413, f"The answer has more than {self._most:,} bytes, the limit of this server. Ask for less."
            )
        if len(self._kept) >= _PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        for start in range(0, len(self._kept), _PIECE):
            self._send(BODY + self._kept[start : start + _PIECE])
        self._kept.clear()

    def start(self, media: str, headers: Mapping[str, str] = {}) -> None:
        """Send the media type and other headers."""
        self._send(HEAD + json.dumps({"media": media, "headers": dict(headers)}).encode())

    def refuse(self, status: int, message: str) -> None:
        """Send an error, which ends the answer."""
        self._send(REFUSAL + json.dumps({"status": status, "message": message}).encode())


def answer(job: dict[str, Any], out: Out, loaded: Loaded) -> None:
    """Answer one request.

    Each job has the header Accept in `accept`, and one of these keys:

    - `query`: a SPARQL query, with `default_graphs` and `named_graphs` (both None if the client chose none).
    - `graph`: the IRI of a named graph; None for the default graph.
    - `thing`: the path of an entity's IRI.
    - `described`: "service" for the description of the endpoint, "graph" for that of the graph (VoID).
    - `question` or `page`: the path of the resource, with the query string in `parameters`.

    All jobs except `graph` have the server's address for clients in `address`, and the address for reports on errors in
    `errors`.

    Args:
        job: the request.
        out: the output for the answer.
        loaded: the graph.
    """
    try:
        if "graph" in job:
            _send_graph(job, out, loaded)
        elif "described" in job:
            _send_description(job, out, loaded)
        elif "thing" in job:
            _send_thing(job, out, loaded)
        elif "question" in job:
            _send_resource(resources.answer_question, job["question"], job, out, loaded)
        elif "page" in job:
            _send_resource(resources.render_page, job["page"], job, out, loaded)
        else:
            _send_answer(job, out, loaded)
        out.flush()
    except HttpStatusError as error:
        out.refuse(error.status, error.message)
    except JhaanError as error:
        out.refuse(400, str(error))
    except MemoryError:
        out.refuse(503, OUT_OF_MEMORY)
    except (OSError, RuntimeError) as error:  # for example, the engine does not know a function
        out.refuse(400, f"The engine cannot run this query: {error}.")
    except SyntaxError:  # pyoxigraph cannot write triple terms in rows
        out.refuse(406, "SPARQL 1.1 has no format for triples as values. Remove them from the answer.")


def _send_answer(job: dict[str, Any], out: Out, loaded: Loaded) -> None:
    text = job["query"]
    form = guard(text, loaded.lines)
    forms = BOOLEAN if form == "ASK" else ROWS if form == "SELECT" else GRAPHS
    media = negotiate(job["accept"], {**forms, HTML: "html"})
    default, named = (_graphs(job[kind], loaded) for kind in ("default_graphs", "named_graphs"))
    names_graphs = "FROM" in text.upper() and any(token.is_word("FROM") for token in code(text))
    is_union = default is None and not names_graphs
    try:
        found = loaded.store.query(
            text, use_default_graph_as_union=is_union, default_graph=default, named_graphs=named
        )
    except SyntaxError as error:
        raise QuerySyntaxError(error, text, {}) from None
    if media == HTML:
        address = f"{job['address']}/sparql?{urlencode({'query': text})}"
        _set_place(address, job, loaded)
        page = sparql_page(text, _beginning(found), loaded.catalogue, job["address"])
        out.start(media, HEADERS)
        out.write(page)
        return
    out.start(media, _AS_FILE.get(media, {}))
    if isinstance(found, QueryBoolean):
        out.write(serialize_boolean(bool(found), BOOLEAN[media]))
    elif isinstance(found, QueryTriples):
        _write_graph(found, media, out)
    else:
        with _as_written(media):
            write_solutions(found, ROWS[media], out)


def _beginning(found: QueryBoolean | QueryTriples | QuerySolutions) -> QueryResult:
    """Return the first rows or triples of an answer, for a page."""
    if isinstance(found, QueryBoolean):
        return QueryResult(answer="yes" if found else "no")
    if isinstance(found, QueryTriples):
        triples, text = list(islice(found, MOST_TRIPLES + 1)), BytesIO()
        write_graph(triples[:MOST_TRIPLES], "turtle", text)
        return QueryResult(
            graph=text.getvalue().decode() or "# no triples\n", is_cut=len(triples) > MOST_TRIPLES
        )
    columns = [variable.value for variable in found.variables]
    return QueryResult(columns, [tuple(row) for row in islice(found, MOST_ROWS + 1)])


def _graphs(names: Sequence[str] | None, loaded: Loaded) -> list[Any] | None:
    for name in names or ():
        if name not in loaded.lines:
            raise HttpStatusError(400, f'Unknown graph "{name}".')
    return None if names is None else [NamedNode(name) for name in names]


def _send_graph(job: dict[str, Any], out: Out, loaded: Loaded) -> None:
    graph = job["graph"]
    if graph is not None and graph not in loaded.lines:
        raise HttpStatusError(404, f'Unknown graph "{graph}".')
    media = negotiate(job["accept"], GRAPHS)
    out.start(media)
    texts = loaded.lines.values() if graph is None else [loaded.lines[graph]]
    _write_graph(_triples(texts), media, out)


def _send_description(job: dict[str, Any], out: Out, loaded: Loaded) -> None:
    media, endpoint = negotiate(job["accept"], GRAPHS), f"{job['address']}/sparql"
    out.start(media)
    if job["described"] == "service":
        triples = service_description(endpoint, loaded.snapshot.graphs)
    else:
        triples = void_description(loaded.void, endpoint)
    _write_graph(triples, media, out)


def _set_place(address: str, job: dict[str, Any], loaded: Loaded) -> None:
    parts = urlsplit(job["address"])
    host = parts.hostname or ""
    is_public = not (host == "localhost" or host.startswith("127.") or host == "::1")
    PLACE.set(Place(address, loaded.source, is_public))
    REPORT_LINK.set(report_link(job.get("errors", ""), address, loaded.release))


def _send_thing(job: dict[str, Any], out: Out, loaded: Loaded) -> None:
    iri, media, suffix = resources.resolve_thing(job["thing"], job["accept"], loaded)
    # The IRI of a named graph is also the URL of its content (SPARQL 1.1 Graph Store HTTP Protocol, section 4.1).
    is_graph = iri in loaded.lines and media != HTML
    root = urlsplit(job["address"]).path
    _set_place(iri, job, loaded)
    data = loaded.lines[iri] if is_graph else resources.describe_thing(iri, media, loaded, root)
    link = f'<{iri}>; rel="{"canonical" if is_graph else "describes"}"'
    path = f"{root}/{iri.removeprefix(BASE)}{suffix}"
    _send_head(media, data, {"Content-Location": path, "Link": link}, out, loaded)
    if is_graph:
        _write_graph(_triples([data]), media, out)
    else:
        out.write(data)


def _send_resource(
    make: Callable[..., Representation], path: str, job: dict[str, Any], out: Out, loaded: Loaded
) -> None:
    sent = job["parameters"].encode("latin-1")
    chosen = urlencode(parse_qsl(job["parameters"]))
    whole = path.removesuffix(".html")
    address = f"{job['address']}/{whole}"
    _set_place(f"{address}?{chosen}" if chosen else address, job, loaded)
    media, path, data, basis = make(path, sent, job["accept"], loaded, job["address"])
    location = f"{urlsplit(job['address']).path}/{path}" + (f"?{job['parameters']}" if sent else "")
    _send_head(media, basis or data, {"Content-Location": location}, out, loaded)
    out.write(data)


def _send_head(media: str, basis: bytes, headers: dict[str, str], out: Out, loaded: Loaded) -> None:
    """Send the media type and the headers, with ETag and Last-Modified."""
    headers["ETag"] = etag(media, basis)
    if media == HTML:
        headers |= HEADERS
    if loaded.issued:
        headers["Last-Modified"] = loaded.issued
    out.start(media, headers)


def _triples(texts: Iterable[bytes]) -> Iterator[Triple]:
    """Yield the triples of N-Quads, keeping the lexical forms of literals."""
    for text in texts:
        yield from (quad.triple for quad in parse(text, format=RdfFormat.N_QUADS))


def _write_graph(triples: Iterable[Triple], media: str, out: Out) -> None:
    with _as_written(media):
        write_graph(triples, GRAPHS[media], out)


@contextmanager
def _as_written(media: str) -> Iterator[None]:
    """Turn the error that a format cannot express an answer into status 406."""
    try:
        yield
    except JhaanError as error:
        raise HttpStatusError(406, f"The answer cannot be written as {media}: {error}") from None
