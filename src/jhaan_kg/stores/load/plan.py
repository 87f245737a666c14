"""The plan of a load.

It has the expected content of a store, the changes, and the requests for them.

The type of the store determines the requests:

- SPARQL Update (https://www.w3.org/TR/sparql11-update/): all changes in one request, since a request should be atomic
  (section 2.2). If the store limits the size of requests, the load uses as few as possible.
- A transaction of RDF4J's protocol (https://rdf4j.org/documentation/reference/rest-api/): begin, write, commit.
- Graph Store Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/): PUT and DELETE graph by graph.

No request changes a whole dataset: each one names the graphs that it changes, or the default graph.
"""

from __future__ import annotations

import re
import shlex
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from hashlib import sha256
from typing import BinaryIO, Final, NamedTuple
from urllib.parse import quote, urlsplit

from pyoxigraph import RdfFormat, parse

from jhaan_kg.build.snapshot import DamagedSnapshotError, GraphFile
from jhaan_kg.stores.kinds import Addresses, StoreKind, Writing
from jhaan_kg.stores.normal import MODULUS, Digest, fingerprint, normal_line
from jhaan_kg.web.credentials import Credentials
from jhaan_kg.web.request import Body, HttpRequest, curl_line

PIECE: Final = 1 << 20
"""The approximate number of bytes read and sent at once."""

_END: Final = b" .\n"

# Without a charset, Blazegraph decodes updates as ISO 8859-1.
_UPDATE: Final = "application/sparql-update; charset=utf-8"
_NTRIPLES: Final = "application/n-triples"


# --- the expected content of a graph ---------------------------------------------------------------------------


class Slice(NamedTuple):
    """The triples of a graph with subject IRIs in a range, by code points.

    Attributes:
        low: the lower limit of the range, inclusive; None for no limit.
        high: the upper limit of the range, exclusive; None for no limit.
        expected: the digest of the expected triples.
    """

    low: str | None
    high: str | None
    expected: Digest

    def has(self, subject: str) -> bool:
        """Return whether a subject is in the range."""
        return (self.low is None or self.low <= subject) and (self.high is None or subject < self.high)


class Content(NamedTuple):
    """The expected content of a graph.

    Attributes:
        graph: the IRI of the graph; None for the default graph.
        files: the files with its triples.
    """

    graph: str | None
    files: tuple[GraphFile, ...]

    @property
    def triples(self) -> int:
        """The number of triples."""
        return sum(file.triples for file in self.files)

    @property
    def size(self) -> int:
        """The size of the content as N-Triples in bytes."""
        return sum(file.size - file.triples * (len(_suffix(file)) - len(_END)) for file in self.files)

    def ntriples(self) -> Iterator[bytes]:
        """Yield the content as N-Triples, in the order of the snapshot.

        Each piece has whole lines.

        Raises:
            DamagedSnapshotError: a file of the snapshot has changed since it was written. It is raised instead of
                the last piece of the file.
        """
        for file in self.files:
            suffix = _suffix(file)
            for piece in pieces(file):
                # Only the graph name precedes the end of a line, so this removes nothing else.
                yield piece.replace(suffix, _END)

    def lines(self) -> Iterator[tuple[str, str]]:
        """Yield the subject and the normalised N-Triples line of each triple.

        For errors see `ntriples`.
        """
        for piece in self.ntriples():
            for line in piece.decode().split("\n")[:-1]:
                yield line[1 : line.index(">")], line if _is_normal(line) else _normal(line)

    def slices(self, rows: int) -> list[Slice]:
        """Divide the content into slices of limited size; for errors see `ntriples`.

        Args:
            rows: the maximum number of triples in a slice. A slice can only be larger if a single subject has more
                than half this number.
        """
        starts = self._borders(max(1, rows // 2)) if self.triples > rows else []
        counts, totals = [0] * (len(starts) + 1), [0] * (len(starts) + 1)
        for subject, line in self.lines():
            place = bisect_right(starts, subject)
            counts[place] += 1
            totals[place] += fingerprint(line)
        edges = [None, *starts, None]
        return [
            Slice(edges[at], edges[at + 1], Digest(count, total % MODULUS))
            for at, (count, total) in enumerate(zip(counts, totals, strict=True))
        ]

    def _borders(self, step: int) -> list[str]:
        """Return the subjects at which slices start, in intervals of `step` triples."""
        found = {subject for number, (subject, _) in enumerate(self.lines()) if number % step == 0}
        return sorted(found)[1:]


def pieces(file: GraphFile) -> Iterator[bytes]:
    """Yield the content of a snapshot file in pieces of whole lines.

    For errors see `Content.ntriples`.
    """
    checked = sha256()
    try:
        with file.path.open("rb") as stream:
            piece = _piece(stream)
            while piece:
                checked.update(piece)
                following = _piece(stream)
                if not following and checked.hexdigest() != file.digest:
                    raise DamagedSnapshotError(file.path.parent, f"{file.path.name} was changed")
                yield piece
                piece = following
    except OSError as error:
        raise DamagedSnapshotError(
            file.path.parent, f"cannot open {file.path.name} ({error.strerror})"
        ) from None


def _piece(stream: BinaryIO) -> bytes:
    return stream.read(PIECE) + stream.readline()


def _suffix(file: GraphFile) -> bytes:
    return f" <{file.graph}>".encode() + _END


def _is_normal(line: str) -> bool:
    """Return whether a line is in normal form, without parsing it.

    This is so if the object is an IRI or a plain string.
    """
    return '"' not in line or line.endswith('" .')


def _normal(line: str) -> str:
    (quad,) = parse(line, format=RdfFormat.N_TRIPLES)
    return normal_line(quad.triple)


# --- actions -----------------------------------------------------------------------------------------------------


class Action(Enum):
    """The action of a load on a graph."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "as it was"
    GONE = "removed"


class Step(NamedTuple):
    """A step of a plan: an action on a graph.

    Attributes:
        graph: the IRI of the graph; None for the default graph.
        action: the action.
        content: the expected content; None if the load removes the graph.
        present: the number of triples of the graph in the store before the load.
    """

    graph: str | None
    action: Action
    content: Content | None
    present: int


class LoadPlan(NamedTuple):
    """The steps of a load, sorted by graph.

    There is a step for each graph of the release, and for each other graph of this project in the store.
    """

    steps: tuple[Step, ...]

    @property
    def writes(self) -> list[Content]:
        """The contents of the graphs to write."""
        written = (Action.NEW, Action.CHANGED)
        return [step.content for step in self.steps if step.content and step.action in written]

    @property
    def emptied(self) -> list[str]:
        """The IRIs of the graphs that are emptied before graphs are written."""
        emptied = (Action.CHANGED, Action.GONE)
        return [step.graph for step in self.steps if step.graph and step.action in emptied]

    @property
    def contents(self) -> list[Content]:
        """The expected content of the store after the load."""
        return [step.content for step in self.steps if step.content]

    def count(self, action: Action) -> int:
        """Return the number of steps with an action."""
        return sum(step.action is action for step in self.steps)

    def came_to_nothing(self, found: Mapping[str | None, int]) -> bool:
        """Return whether the store ignored all changes.

        Args:
            found: the number of triples after the load in each graph with wrong content.
        """
        return all(step.action is Action.SAME or found.get(step.graph) == step.present for step in self.steps)


class Change(NamedTuple):
    """A request that changes a store.

    Attributes:
        method: POST, PUT or DELETE.
        url: the URL; in a transaction, the suffix of the transaction's URL.
        media_type: the media type of the body; empty without a body.
        parts: the parts of the body: strings, and graphs to send as N-Triples.
        may_be_absent: whether status 404 counts as success.
    """

    method: str
    url: str
    media_type: str = ""
    parts: tuple[str | Content, ...] = ()
    may_be_absent: bool = False

    @property
    def size(self) -> int:
        """The size of the body in bytes."""
        return sum(len(part.encode()) if isinstance(part, str) else part.size for part in self.parts)

    def request(
        self, transaction: str = "", tell: Callable[[Content | None, int], None] = lambda *_: None
    ) -> HttpRequest:
        """Return the HTTP request for the change.

        Args:
            transaction: the URL of the transaction; empty outside a transaction.
            tell: function that receives the graph and the number of bytes of each sent piece.
        """

        def pieces() -> Iterator[bytes]:
            # Fuseki applies the complete operations of an interrupted update. Send each operation's opening
            # text with its first triples, so that an interruption always falls inside an operation.
            waiting = b""
            for part in self.parts:
                content = part if isinstance(part, Content) else None
                for piece in [part.encode()] if isinstance(part, str) else part.ntriples():
                    waiting += piece
                    if content:
                        yield waiting
                        waiting = b""
                    tell(content, len(piece))
            if waiting:
                yield waiting

        headers = {"Content-Type": self.media_type} if self.media_type else {}
        return HttpRequest(
            self.method, transaction + self.url, headers, Body(pieces, self.size) if self.parts else None
        )


PING: Final = Change("PUT", "?action=PING")
"""The request that keeps a transaction alive."""

COMMIT: Final = Change("PUT", "?action=COMMIT")
"""The request that commits a transaction."""

ROLLBACK: Final = Change("DELETE", "", may_be_absent=True)
"""The request that rolls a transaction back."""


def begin(places: Addresses) -> Change:
    """Return the request that begins a transaction.

    The header `Location` of the response contains the transaction's URL.
    """
    return Change("POST", places.query.partition("?")[0].rstrip("/") + "/transactions")


def changes(kind: StoreKind, places: Addresses, plan: LoadPlan) -> list[Change]:
    """Return the requests that carry out a plan.

    For a store with transactions, send `begin` before them, and `COMMIT` or `ROLLBACK` after them.
    """
    if not plan.emptied and not plan.writes:
        return []
    if kind.writing is Writing.TRANSACTION:
        return list(_in_transaction(plan))
    if kind.writing is Writing.UPDATE and places.update:
        return list(_updates(places.update, plan, kind.most_bytes))
    return list(_by_graph(places.graphs or places.query, plan))


def _updates(url: str, plan: LoadPlan, most_bytes: int | None) -> Iterator[Change]:
    """Yield the updates of a plan: as few as the maximum size of a request allows."""
    emptied = set(plan.emptied)
    waiting: list[Content] = []
    for content in plan.writes:
        size = sum(one.size for one in [*waiting, content])
        if waiting and most_bytes is not None and size > most_bytes:
            own = {one.graph for one in waiting if one.graph} & emptied
            yield _update(url, own, waiting)
            emptied -= own
            waiting = []
        waiting.append(content)
    yield _update(url, emptied, waiting)


def _update(url: str, emptied: Iterable[str], contents: Sequence[Content]) -> Change:
    parts: list[str | Content] = [f"DROP SILENT GRAPH <{graph}> ;\n" for graph in sorted(emptied)]
    if contents:
        parts.append("INSERT DATA {\n")
        for content in contents:
            parts += [f"GRAPH <{content.graph}> {{\n", content, "}\n"] if content.graph else [content]
        parts.append("}\n")
    return Change("POST", url, _UPDATE, tuple(parts))


def _in_transaction(plan: LoadPlan) -> Iterator[Change]:
    if plan.emptied:
        drops = tuple(f"DROP SILENT GRAPH <{graph}> ;\n" for graph in plan.emptied)
        yield Change("PUT", "?action=UPDATE", _UPDATE, drops)
    for content in plan.writes:
        context = f"&context=%3C{quote(content.graph, safe='')}%3E" if content.graph else ""
        yield Change("PUT", f"?action=ADD{context}", _NTRIPLES, (content,))


def _by_graph(url: str, plan: LoadPlan) -> Iterator[Change]:
    sign = "&" if urlsplit(url).query else "?"
    for content in plan.writes:
        if content.graph:
            yield Change("PUT", f"{url}{sign}graph={quote(content.graph, safe='')}", _NTRIPLES, (content,))
        else:  # POST keeps the present triples, which were checked to be part of the expected content
            yield Change("POST", f"{url}{sign}default", _NTRIPLES, (content,))
    for graph in plan.emptied:
        if all(content.graph != graph for content in plan.writes):
            yield Change("DELETE", f"{url}{sign}graph={quote(graph, safe='')}", may_be_absent=True)


# --- shell script ------------------------------------------------------------------------------------------------


def script(
    kind: StoreKind, places: Addresses, plan: LoadPlan, credentials: Credentials | None
) -> Iterator[str]:
    """Yield the lines of a POSIX shell script that carries out a plan with curl.

    The script contains no secrets; see `curl_line`.
    """
    todo = changes(kind, places, plan)
    if not todo:
        return
    yield "set -e"
    yield "BODY=$(mktemp)"
    transaction = ""
    if kind.writing is Writing.TRANSACTION:
        start = begin(places)
        transaction = start.url
        location = "tr -d '\\r' | sed -n 's/^[Ll]ocation: *//p'"
        yield f"TRANSACTION=$({line(start, credentials)} -D - -o /dev/null | {location})"
        todo.append(COMMIT)
    for change in todo:
        yield line(change, credentials, transaction)
    yield 'rm "$BODY"'


def line(change: Change, credentials: Credentials | None, transaction: str = "") -> str:
    """Return a request as a shell command, which first writes the body to the file `$BODY`.

    Args:
        change: the request.
        credentials: the credentials for the store.
        transaction: the URL of the store if the request is part of a transaction; the command then uses
            `$TRANSACTION`.
    """
    request = change.request(transaction)
    if isinstance(request.body, Body):
        request = request._replace(body=replace(request.body, name="BODY"))
    words = curl_line(request, credentials).replace(" -T BODY ", ' -T "$BODY" ', 1)
    if transaction:
        words = words.removesuffix(shlex.quote(request.url)) + f'"$TRANSACTION{change.url}"'
    return f'{{ {" ".join(_commands(change))} }} > "$BODY" && {words}' if change.parts else words


def _commands(change: Change) -> Iterator[str]:
    """Yield the shell commands that write the body of a request to standard output."""
    texts: list[str] = []
    for part in (*change.parts, None):
        if isinstance(part, str):
            texts += part.splitlines()
            continue
        if texts:
            yield f"printf '%s\\n' {' '.join(map(shlex.quote, texts))};"
        texts = []
        for file in part.files if part else ():
            pattern = re.sub(r"([.*\[\]^$\\|])", r"\\\1", f" <{file.graph}> .") + "$"
            yield f"LC_ALL=C sed {shlex.quote(f's|{pattern}| .|')} {shlex.quote(str(file.path))};"
