"""What a graph is to hold: its triples from the files of the snapshot, in pieces, and the digests of their slices."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO, Final, NamedTuple

from pyoxigraph import RdfFormat, parse

from jhaan_kg.build.snapshot import DamagedSnapshotError, GraphFile
from jhaan_kg.stores.normal import MODULUS, Digest, fingerprint, normal_line

PIECE: Final = 1 << 20
"""About how many bytes are read and sent at once."""

_END: Final = b" .\n"


class Slice(NamedTuple):
    """The triples of a graph whose subjects lie in a range, by the order of their characters.

    Attributes:
        low: where the range begins, with it; None for the beginning.
        high: where the range ends, without it; None for the end.
        expected: the digest of the triples that are to be there.
    """

    low: str | None
    high: str | None
    expected: Digest

    def has(self, subject: str) -> bool:
        """Whether a subject lies in the range."""
        return (self.low is None or self.low <= subject) and (self.high is None or subject < self.high)


class Content(NamedTuple):
    """What a graph is to hold.

    Attributes:
        graph: the IRI of the graph; None for the default graph.
        files: those whose triples it holds.
    """

    graph: str | None
    files: tuple[GraphFile, ...]

    @property
    def triples(self) -> int:
        """How many triples it holds."""
        return sum(file.triples for file in self.files)

    @property
    def size(self) -> int:
        """How many bytes its N-Triples have."""
        return sum(file.size - file.triples * (len(_suffix(file)) - len(_END)) for file in self.files)

    def ntriples(self) -> Iterator[bytes]:
        """Yield its N-Triples in pieces of whole lines, as they stand in the snapshot.

        Raises:
            DamagedSnapshotError: a file of the snapshot is not as it was written; its last piece doesn't come then.
        """
        for file in self.files:
            suffix = _suffix(file)
            for piece in pieces(file):
                yield piece.replace(suffix, _END)  # no object ends a line, so only the name of the graph goes

    def lines(self) -> Iterator[tuple[str, str]]:
        """Yield the subject and the normal line of each triple; errors as for `ntriples`."""
        for piece in self.ntriples():
            for line in piece.decode().split("\n")[:-1]:
                yield line[1 : line.index(">")], line if _is_normal(line) else _normal(line)

    def slices(self, rows: int) -> list[Slice]:
        """Divide it into slices of some rows at most, and work out the digest of each; errors as for `ntriples`.

        Args:
            rows: how many triples a slice may have. It has more only where one subject has more than half of them.
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
        """Return subjects between which there are about so many triples."""
        found = {subject for number, (subject, _) in enumerate(self.lines()) if number % step == 0}
        return sorted(found)[1:]


def pieces(file: GraphFile) -> Iterator[bytes]:
    """Yield a file of the snapshot in pieces of whole lines; errors as for `Content.ntriples`."""
    checked = sha256()
    try:
        with file.path.open("rb") as stream:
            piece = _piece(stream)
            while piece:
                checked.update(piece)
                following = _piece(stream)
                if not following and checked.hexdigest() != file.digest:
                    raise DamagedSnapshotError(file.path.parent, f"{file.path.name} is not as it was written")
                yield piece
                piece = following
    except OSError as error:
        raise DamagedSnapshotError(
            file.path.parent, f"{file.path.name} can't be read: {error.strerror}"
        ) from None


def _piece(stream: BinaryIO) -> bytes:
    return stream.read(PIECE) + stream.readline()


def _suffix(file: GraphFile) -> bytes:
    return f" <{file.graph}>".encode() + _END


def _is_normal(line: str) -> bool:
    """Whether a line, at a glance, is in normal form: its object is an IRI or a plain text."""
    return '"' not in line or line.endswith('" .')


def _normal(line: str) -> str:
    (quad,) = parse(line, format=RdfFormat.N_TRIPLES)
    return normal_line(quad.triple)
