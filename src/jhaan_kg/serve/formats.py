"""The media types of answers, and what writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain, islice
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from jhaan_kg.namespaces import PREFIXES
from jhaan_kg.results.graphs import render_graph
from jhaan_kg.results.sparql import Output
from jhaan_kg.serve.negotiate import choose
from jhaan_kg.serve.refusal import RefusalError

HTML: Final = "text/html"
"""The media type of pages."""

ROWS: Final[Mapping[str, str]] = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}
"""What rows are written as, the type first that is given where any will do."""

BOOLEAN: Final[Mapping[str, str]] = {media: form for media, form in ROWS.items() if form in ("json", "xml")}
"""What yes and no are written as; the tables of SPARQL have no form for them."""

GRAPHS: Final[Mapping[str, str]] = {
    "text/turtle": "turtle",
    "application/n-triples": "ntriples",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdfxml",
    "application/trig": "trig",
    "application/n-quads": "nquads",
    "application/json": "jsonld",
    "application/xml": "rdfxml",
}
"""What triples are written as."""

_SERIALIZED: Final = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
}
_WITH_PREFIXES: Final = ("turtle", "trig")
_LOOKED_AT: Final = 10_000
"""For how many triples prefixes are looked for: they are written first, and what comes later may do without."""


def negotiated(accept: str | None, offered: Mapping[str, str]) -> str:
    """Give the media type of an answer.

    Raises:
        RefusalError: the client takes none of those that are offered.

    >>> negotiated("text/csv, application/sparql-results+xml;q=0.5", ROWS)
    'text/csv'
    """
    if (chosen := choose(accept, list(offered))) is not None:
        return chosen
    raise RefusalError(
        406, f"This can't be written as {(accept or '')[:200]}. Accept one of: {', '.join(offered)}."
    )


class Suffixes(dict[str, str]):
    """What a path may end in, and the media types for which it stands; the first is given where any will do."""

    def parted(self, path: str) -> tuple[str, str]:
        """Take a path apart.

        >>> Suffixes({".ttl": "text/turtle"}).parted("id/agency/fra.ttl")
        ('id/agency/fra', '.ttl')
        """
        suffix = next((suffix for suffix in self if path.endswith(suffix)), "")
        return path.removesuffix(suffix), suffix

    def chosen(self, suffix: str, accept: str | None) -> tuple[str, str]:
        """Choose a media type, and the suffix that stands for it.

        Args:
            suffix: what the path ends in; empty where the client leaves the choice to its header Accept.
            accept: that header.

        Raises:
            RefusalError: the client takes none of them (406).
        """
        media = self[suffix] if suffix else negotiated(accept, {of: suffix for suffix, of in self.items()})
        return media, suffix or next(suffix for suffix, of in self.items() if of == media)


ANSWERS: Final = Suffixes(
    {
        ".json": "application/sparql-results+json",
        ".xml": "application/sparql-results+xml",
        ".csv": "text/csv",
        ".tsv": "text/tab-separated-values",
        ".ttl": "text/turtle",
        ".nt": "application/n-triples",
        ".jsonld": "application/ld+json",
        ".rdf": "application/rdf+xml",
        ".html": HTML,
    }
)
"""In what the address of a query may end."""


def content_type(media: str) -> str:
    """Give the value of the header Content-Type, which names the encoding where the type has a parameter for it.

    >>> content_type("text/csv"), content_type("application/ld+json")
    ('text/csv; charset=utf-8', 'application/ld+json')
    """
    return f"{media}; charset=utf-8" if media.startswith("text/") else media


def write_graph(triples: Iterable[Triple], form: str, out: Output) -> None:
    """Write triples while they come; JSON-LD, which has our context, and RDF/XML, which can't say all, at the end.

    Args:
        triples: the triples.
        form: one of the values of GRAPHS.
        out: where to write.

    Raises:
        JhaanError: RDF/XML can't say one of them.
    """
    if form == "rdfxml":
        from jhaan_kg.export.rdf import rdfxml

        out.write(rdfxml(triples))
        return
    if form == "jsonld":
        out.write(render_graph(triples, "jsonld"))
        return
    prefixes = None
    if form in _WITH_PREFIXES:
        rest = iter(triples)
        first = list(islice(rest, _LOOKED_AT))
        prefixes, triples = _used(first), chain(first, rest)
    serialize(triples, out, format=_SERIALIZED[form], prefixes=prefixes)  # type: ignore[arg-type]


def _used(triples: Iterable[Triple]) -> dict[str, str]:
    """Give the prefixes that are of use for these triples."""
    terms = chain.from_iterable(triples)
    iris = {term.value for term in terms if isinstance(term, NamedNode)}
    spaces = {iri[: max(iri.rfind("/"), iri.rfind("#")) + 1] for iri in iris}
    return {prefix: space for prefix, space in PREFIXES.items() if space in spaces}
