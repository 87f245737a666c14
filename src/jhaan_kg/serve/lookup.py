"""What the files of a snapshot say of one thing, found without reading them.

The engine doesn't keep how values are written, and the files do. Their lines are sorted, so those of one thing stand
together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import RdfFormat, Triple, parse


def said_of(iri: str, texts: Iterable[bytes]) -> Iterator[Triple]:
    r"""Give what is said of a thing, and of what has its IRI with a fragment, as the terms of an ontology have.

    Args:
        iri: of the thing.
        texts: named graphs as N-Quads, the lines of each sorted as bytes.

    >>> text = b"<urn:a#c> <urn:p> <urn:b> <urn:g> .\n<urn:a> <urn:p> <urn:b> <urn:g> .\n"
    >>> [str(triple.subject) for triple in said_of("urn:a", [text])]
    ['<urn:a#c>', '<urn:a>']
    """
    for text in texts:
        for end in (b"#", b"> "):
            lines = lines_with(b"<" + iri.encode() + end, text)
            if lines:
                yield from (quad.triple for quad in parse(lines, format=RdfFormat.N_QUADS))


def lines_with(beginning: bytes, text: bytes) -> bytes:
    r"""Give the lines that begin so.

    Args:
        beginning: without a line feed.
        text: lines sorted as bytes, each ended by a line feed.

    >>> lines_with(b"b", b"a\nb1\nb2\nc\n")
    b'b1\nb2\n'
    """
    return text[_first_not_below(beginning, text) : _first_not_below(beginning + b"\xff", text)]


def _first_not_below(beginning: bytes, text: bytes) -> int:
    """Give where the first line stands that isn't below a beginning; the end if there is none."""
    low, high = 0, len(text)  # each at the beginning of a line, or at the end
    while low < high:
        middle = text.rfind(b"\n", low, (low + high) // 2) + 1 or low
        if text[middle : middle + len(beginning)] < beginning:
            low = text.index(b"\n", middle) + 1
        else:
            high = middle
    return low
