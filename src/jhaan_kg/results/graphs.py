"""Output of triples as files; the same triples result in the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from heapq import merge
from itertools import chain, groupby, islice
from typing import IO, Final, TypeAlias

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import RDF_TYPE

_Key: TypeAlias = tuple[str, str, str]

GRAPH_FORMATS: Final = ("ttl", "jsonld", "ntriples")
"""The output formats for graphs."""


def render_graph(triples: Iterable[Triple], form: str) -> bytes:
    r"""Return triples in a format, with canonical labels of blank nodes.

    The labels are those of RDFC-1.0 (https://www.w3.org/TR/rdf-canon/).

    Args:
        triples: the triples, in any order.
        form: one of GRAPH_FORMATS.

    Raises:
        JhaanError: the format does not exist, or cannot express a term.

    >>> from pyoxigraph import Literal, NamedNode
    >>> label = Triple(NamedNode("urn:a"), NamedNode("urn:b"), Literal("c", language="en"))
    >>> render_graph([label], "ntriples")
    b'<urn:a> <urn:b> "c"@en .\n'
    """
    if form not in GRAPH_FORMATS:
        raise JhaanError(f'Unknown format "{form}" for graphs. Choose one of: {", ".join(GRAPH_FORMATS)}.')
    named = canonical(triples)
    if form == "ttl":
        return _turtle(named)
    if form == "jsonld":
        return _jsonld(named)
    return serialize(sorted(named, key=in_reading_order), format=RdfFormat.N_TRIPLES) or b""


def write_ntriples(triples: Iterable[Triple], out: IO[bytes], run: int = 50_000) -> int:
    r"""Write triples as N-Triples with little memory.

    The output is identical to that of `render_graph`.

    Triples are sorted in parts, which are stored in temporary files and then merged. A graph with blank nodes is kept
    in memory, because canonical labels depend on all triples.

    Args:
        triples: the triples, in any order and possibly repeated.
        out: the output.
        run: the maximum number of triples that are sorted in memory at once.

    Returns:
        The number of distinct triples.

    >>> from io import BytesIO
    >>> from pyoxigraph import NamedNode
    >>> node, data = NamedNode("urn:a"), BytesIO()
    >>> write_ntriples([Triple(node, node, node)] * 2, data), data.getvalue()
    (1, b'<urn:a> <urn:a> <urn:a> .\n')
    """
    from tempfile import TemporaryFile

    with ExitStack() as open_files:
        rest = iter(triples)
        runs: list[Iterable[_Key]] = []
        while batch := list(islice(rest, run)):
            if any(
                isinstance(term, BlankNode) for triple in batch for term in (triple.subject, triple.object)
            ):
                before = "".join(map(_line, chain.from_iterable(runs)))
                known = (quad.triple for quad in parse(before, format=RdfFormat.N_TRIPLES))
                named = canonical([*known, *batch, *rest])
                out.write(serialize(sorted(named, key=in_reading_order), format=RdfFormat.N_TRIPLES) or b"")
                return len(named)
            keys = sorted(set(map(in_reading_order, batch)))
            runs.append(keys if len(batch) < run else _Kept(keys, open_files.enter_context(TemporaryFile())))
        number = 0
        for key, _ in groupby(merge(*runs)):
            out.write(_line(key).encode())
            number += 1
    return number


class _Kept:
    """Sort keys in a temporary file.

    Each element of a key is one line, because terms contain no line breaks.
    """

    def __init__(self, keys: Iterable[_Key], file: IO[bytes]) -> None:
        file.writelines("\n".join((*key, "")).encode() for key in keys)
        self._file = file

    def __iter__(self) -> Iterator[_Key]:
        self._file.seek(0)
        while subject := self._file.readline():
            predicate, value = self._file.readline(), self._file.readline()
            yield subject[:-1].decode(), predicate[:-1].decode(), value[:-1].decode()


def _line(key: _Key) -> str:
    subject, predicate, value = key
    return f"{subject} {predicate or RDF_TYPE} {value} .\n"


def canonical(triples: Iterable[Triple]) -> list[Triple]:
    """Return triples with canonical labels of blank nodes.

    The labels are those of RDFC-1.0 (https://www.w3.org/TR/rdf-canon/).
    """
    dataset = Dataset(Quad(*triple) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return [quad.triple for quad in dataset]


def in_reading_order(triple: Triple) -> _Key:
    """Return a key that sorts triples by subject, with the types of each subject first."""
    predicate = "" if triple.predicate == RDF_TYPE else str(triple.predicate)
    return str(triple.subject), predicate, str(triple.object)


def _turtle(triples: list[Triple]) -> bytes:
    from jhaan_kg.results.reading import for_reading
    from jhaan_kg.turtle import write_turtle

    return write_turtle(for_reading(triples))


def _jsonld(triples: list[Triple]) -> bytes:
    """Return a document with only `@context` and `@graph`.

    With `@id`, it would be a named graph.
    """
    from jhaan_kg.results.jsonld import Compaction, context_of, lay_out, load_context

    context = load_context()
    compaction = Compaction(context)
    nodes = list(compaction.nodes(triples))
    return lay_out({"@context": context_of(context, compaction.used), "@graph": nodes})
