"""Cache of parsed source files, since parsing takes a considerable part of a build."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from jhaan_kg.cache_folder import PassedChecks, cache_folder, write_cached
from jhaan_kg.digests import file_digest


class Statement(NamedTuple):
    """A triple and its place in a source.

    Attributes:
        triple: the triple; the labels of blank nodes are unique over all files.
        path: the file, relative to the root of the sources, with forward slashes.
        line: the line, counted from 1; 0 in a tree of passages, which is generated.
        block: in a section file, the passage of its block.
    """

    triple: Triple
    path: str
    line: int
    block: NamedNode | None = None


class ParsedFiles:
    """The statements of valid files, by checksums of their names and texts and of the program."""

    def __init__(self, remembered: dict[str, tuple[Statement, ...]] | None = None) -> None:
        self._remembered = remembered or {}
        self.used: dict[str, Sequence[Statement]] = {}

    def get(self, name: str, text: str) -> tuple[Statement, ...]:
        """Return the statements of a file; an empty tuple if they are not stored."""
        statements = self._remembered.get(key := PassedChecks.key(name, text), ())
        if statements:
            self.used[key] = statements
        return statements

    def add(self, name: str, text: str, statements: Sequence[Statement]) -> None:
        """Store the statements of a file, if it has any."""
        if statements:
            self.used[PassedChecks.key(name, text)] = statements


@contextmanager
def parsed_files() -> Iterator[ParsedFiles]:
    """Open the cache of parsed files, and save it at the end if its content has changed.

    The cache is a file of three parts: a line with the checksum of the rest, a line of JSON with the path of each
    source file and the lines of its statements, and all statements as N-Quads. If the cache folder is not available,
    nothing is stored.
    """
    path = None
    remembered: dict[str, tuple[Statement, ...]] = {}
    with suppress(OSError):
        path = cache_folder() / "parsed.txt"
        digest, _, content = path.read_bytes().partition(b"\n")
        if digest == file_digest(content).encode():
            index, _, quads = content.partition(b"\n")
            remembered = dict(_read(json.loads(index), parse(quads, format=RdfFormat.N_QUADS)))
    parsed = ParsedFiles(remembered)
    yield parsed
    if path and parsed.used.keys() != remembered.keys():
        content = _serialize(parsed.used)
        write_cached(path, file_digest(content).encode() + b"\n" + content)


def _read(
    index: dict[str, tuple[str, list[int]]], quads: Iterator[Quad]
) -> Iterator[tuple[str, tuple[Statement, ...]]]:
    for key, (path, lines) in index.items():
        yield (
            key,
            tuple(
                Statement(
                    quad.triple,
                    path,
                    line,
                    quad.graph_name if isinstance(quad.graph_name, NamedNode) else None,
                )
                for line, quad in zip(lines, quads, strict=False)
            ),
        )


def _serialize(files: dict[str, Sequence[Statement]]) -> bytes:
    index = {key: (statements[0].path, [s.line for s in statements]) for key, statements in files.items()}
    quads = [
        f"{s.triple} {s.block} .\n" if s.block else f"{s.triple} .\n"
        for statements in files.values()
        for s in statements
    ]
    return f"{json.dumps(index)}\n{''.join(quads)}".encode()
