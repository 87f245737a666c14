"""Finding out what a store can do of which only the address for queries is known.

Two ways of writing are tried, in this order, with requests that change nothing: SPARQL Update with an empty
`INSERT DATA {}`, and the Graph Store Protocol with a look at the headers of the default graph. They are tried at the
endpoint itself, at what its service description says (https://www.w3.org/TR/sparql11-service-description/), and at the
places beside it that stores are known to use.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from pyoxigraph import NamedNode, RdfFormat, Store

from jhaan_kg.errors import JhaanError, ServiceError
from jhaan_kg.stores.kinds import Addresses, Kind, Writing
from jhaan_kg.stores.load.session import Session
from jhaan_kg.web.client import HttpError
from jhaan_kg.web.request import HttpRequest, curl_line

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = {"text/turtle": RdfFormat.TURTLE, "application/rdf+xml": RdfFormat.RDF_XML}
_LARGEST: Final = 1 << 20
_BESIDE: Final = ("update", "statements", "sparql", "sparql-auth")
_BESIDE_GRAPHS: Final = ("data", "store", "rdf-graphs/service", "sparql-graph-crud-auth", "gsp")
_SEEN_UPDATE: Final = (
    "the old release or the new one, if it carries out a request as a whole, as it should; that isn't known"
)


class Found(NamedTuple):
    """What a store was found to take.

    Attributes:
        kind: what it is taken for.
        places: its addresses.
        told: what was found, for people.
    """

    kind: Kind
    places: Addresses
    told: str


def probe(session: Session, kind: Kind) -> Found:
    """Find out how a store can be written to; nothing is changed.

    Args:
        session: with the store, at its address for queries.
        kind: what is known of it, which is little.

    Raises:
        JhaanError: no way was found.
        ServiceError: it answers no queries.
    """
    session.ask("ASK {}")
    described = _described(session)
    refusals: list[str] = []
    for url in _candidates(session.url, described, _BESIDE):
        if _takes(
            session,
            HttpRequest("POST", url, {"Content-Type": "application/sparql-update"}, b"INSERT DATA {}"),
            refusals,
        ):
            found = kind._replace(writing=Writing.UPDATE, seen=_SEEN_UPDATE)
            return Found(found, Addresses(session.url, url, None), f"It takes SPARQL Update at {url}.")
    for url in _candidates(session.url, [], _BESIDE_GRAPHS):
        if _takes(session, HttpRequest("HEAD", f"{url}?default"), refusals):
            found = kind._replace(writing=Writing.GRAPHS)
            return Found(
                found, Addresses(session.url, None, url), f"It takes the Graph Store Protocol at {url}."
            )
    said = f" It said: {refusals[0]}" if refusals else ""
    raise JhaanError(
        f"{session.url} answers queries, but no address was found at which it can be written to. "
        f"If its kind is known, name it with --store.{said}"
    )


def _takes(session: Session, call: HttpRequest, refusals: list[str]) -> bool:
    """Tell whether a request succeeds; a wish for credentials is remembered."""
    session.show(curl_line(call, session.credentials))
    try:
        with session.send(call):
            return True
    except HttpError as error:
        if error.status in (401, 403):
            refusals.append(str(error))
        elif not error.status:
            raise
        return False


def _candidates(query: str, described: list[str], beside: tuple[str, ...]) -> Iterator[str]:
    """Give the addresses to try, on the same host only: credentials go nowhere else."""
    base = query.partition("?")[0]
    host = urlsplit(base).netloc
    below = [f"{base.rstrip('/')}/{name}" for name in beside]
    near = [urljoin(base, name) for name in beside]
    for url in dict.fromkeys([*described, base, *near, *below]):
        if urlsplit(url).netloc == host:
            yield url


def _described(session: Session) -> list[str]:
    """Give the endpoints for updates that a store's own description names; none if it describes nothing."""
    call = HttpRequest("GET", session.url.partition("?")[0], {"Accept": ", ".join(_FORMATS)})
    session.show(curl_line(call, session.credentials))
    try:
        with session.send(call) as reply:
            data, media_type = reply.read(_LARGEST), reply.media_type
        store = Store()
        store.load(data, format=_FORMATS[media_type], base_iri=session.url)
    except (ServiceError, SyntaxError, ValueError):
        return []
    updating = NamedNode(f"{_SD}SPARQL11Update")
    services = {
        quad.subject for quad in store.quads_for_pattern(None, NamedNode(f"{_SD}supportedLanguage"), updating)
    }
    return sorted(
        quad.object.value
        for service in services
        for quad in store.quads_for_pattern(service, NamedNode(f"{_SD}endpoint"), None)
        if isinstance(quad.object, NamedNode)
    )
