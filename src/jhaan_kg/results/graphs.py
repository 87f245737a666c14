"""The triples of a CONSTRUCT query as a file, the same bytes for the same triples."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    Quad,
    RdfFormat,
    Triple,
    serialize,
)

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import RDF_TYPE

GRAPH_FORMATS: Final = ("ttl", "jsonld", "ntriples")
"""The formats for graphs."""


def render_graph(triples: Iterable[Triple], form: str) -> bytes:
    r"""Write triples; blank nodes get their canonical names (RDFC-1.0, https://www.w3.org/TR/rdf-canon/).

    Args:
        triples: in any order.
        form: one of GRAPH_FORMATS.

    Raises:
        JhaanError: there is no such format, or it has nothing like a term.

    >>> from pyoxigraph import Literal, NamedNode
    >>> label = Triple(NamedNode("urn:a"), NamedNode("urn:b"), Literal("c", language="en"))
    >>> render_graph([label], "ntriples")
    b'<urn:a> <urn:b> "c"@en .\n'
    """
    if form not in GRAPH_FORMATS:
        raise JhaanError(
            f"There is no format {form!r} for graphs. Choose one of: {', '.join(GRAPH_FORMATS)}."
        )
    named = canonical(triples)
    if form == "ttl":
        return _turtle(named)
    if form == "jsonld":
        return _jsonld(named)
    return serialize(sorted(named, key=in_reading_order), format=RdfFormat.N_TRIPLES) or b""


def canonical(triples: Iterable[Triple]) -> list[Triple]:
    """Give triples whose blank nodes bear their canonical names (RDFC-1.0, https://www.w3.org/TR/rdf-canon/)."""
    dataset = Dataset(Quad(*triple) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return [quad.triple for quad in dataset]


def in_reading_order(triple: Triple) -> tuple[str, str, str]:
    """Give a key that sorts by subject, with the type first, so that a subject says at once what it is."""
    predicate = "" if triple.predicate == RDF_TYPE else str(triple.predicate)
    return str(triple.subject), predicate, str(triple.object)


def _turtle(triples: list[Triple]) -> bytes:
    from jhaan_kg.results.reading import for_reading
    from jhaan_kg.turtle.format import write_blocks
    from jhaan_kg.turtle.generate import Terms, statements

    return write_blocks(statements(for_reading(triples), Terms())).encode()


def _jsonld(triples: list[Triple]) -> bytes:
    """Write one document of `@context` and `@graph`; an `@id` beside them would make it a named graph."""
    from jhaan_kg.results.jsonld import Compaction, context_of, lay_out, load_context

    context = load_context()
    compaction = Compaction(context)
    nodes = list(compaction.nodes(triples))
    return lay_out({"@context": context_of(context, compaction.used), "@graph": nodes})
