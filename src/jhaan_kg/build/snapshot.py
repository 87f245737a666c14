"""Snapshot: graphs, compiled queries, and a manifest with checksums and counts.

Each named graph is a file of sorted N-Quads.

The same sources always produce the same bytes: lines are sorted and end with a line feed, and there are no times.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from jhaan_kg import __version__
from jhaan_kg.build.graphs import is_apart, is_context
from jhaan_kg.digests import file_digest
from jhaan_kg.errors import JhaanError
from jhaan_kg.files import sync_folder
from jhaan_kg.namespaces import GRAPH

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
CATALOGUE: Final = "catalogue.json"
_GRAPHS: Final = "graphs"


class DamagedSnapshotError(JhaanError):
    """A snapshot differs from its manifest."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"Damaged snapshot {path}: {what}. Delete this folder and run the command again. "
            "In an installation, reinstall jhaan-kg."
        )


class GraphFile(NamedTuple):
    """The file of a named graph.

    Attributes:
        graph: the IRI of the graph.
        path: the file.
        triples: its number of triples.
        size: the size in bytes.
        digest: the SHA-256 of the bytes.
    """

    graph: str
    path: Path
    triples: int
    size: int
    digest: str

    def read(self) -> bytes:
        """Return the bytes of the file.

        Raises:
            DamagedSnapshotError: the bytes have changed since they were written.
        """
        return _read(self.path, self.digest)


class Snapshot(NamedTuple):
    """A snapshot on disk.

    Attributes:
        path: its folder.
        key: the SHA-256 of its manifest, which identifies the whole snapshot.
        inputs: the SHA-256 of each source file.
        graphs: the named graphs, sorted by IRI.
        root: the folder of its sources, if known, for rebuilding it.
    """

    path: Path
    key: str
    inputs: Mapping[str, str]
    graphs: tuple[GraphFile, ...]
    root: Path | None = None

    @staticmethod
    def open(path: Path, root: Path | None = None) -> Snapshot:
        """Open a snapshot, and check that all graphs are files of its folder with the right length.

        Their content is checked when they are read; `verify` reads them all.

        Args:
            path: its folder.
            root: the folder of its sources, if known, for rebuilding it.

        Raises:
            DamagedSnapshotError: the folder is not a snapshot, is incomplete, or was written by another version.
        """
        try:
            _size(path / MANIFEST)
            data = (path / MANIFEST).read_bytes()
            manifest = json.loads(data)
            if manifest["format"] != FORMAT:
                raise DamagedSnapshotError(path, f"its format is {manifest['format']} instead of {FORMAT}")
            graphs = tuple(_graph_file(path, entry) for entry in manifest["graphs"])
            if graphs and (path / _GRAPHS).is_symlink():
                raise ValueError(f"{_GRAPHS} is a link")
            for graph in graphs:
                if _size(graph.path) != graph.size:
                    raise DamagedSnapshotError(path, f"{graph.path.name} does not have {graph.size} bytes")
            _size(path / CATALOGUE)
            _read(path / CATALOGUE, manifest["catalogue"]["sha256"])
            inputs = dict(manifest["inputs"])
        except OSError as error:
            place = Path(error.filename).name if error.filename else MANIFEST
            raise DamagedSnapshotError(path, f"cannot open {place} ({error.strerror})") from None
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise DamagedSnapshotError(path, f"{MANIFEST} is not valid ({error})") from None
        return Snapshot(path, sha256(data).hexdigest(), inputs, graphs, root)

    @property
    def catalogue_path(self) -> Path:
        """The file of the compiled queries."""
        return self.path / CATALOGUE

    @property
    def graph_names(self) -> tuple[str, ...]:
        """The IRIs of all named graphs, sorted."""
        return tuple(graph.graph for graph in self.graphs)

    def files(self, *, evidence: bool, context: bool) -> list[GraphFile]:
        """Return the named graphs with or without context.

        Args:
            evidence: whether to include graphs outside the flat graph: evidence, stored queries and the lexicon.
            context: whether to include external facts.
        """
        return [
            graph
            for graph in self.graphs
            if (evidence or not is_apart(graph.graph)) and (context or not is_context(graph.graph))
        ]

    def quads(self, *, evidence: bool, context: bool) -> Iterator[Quad]:
        """Yield the quads, sorted by graph, then by line.

        Args:
            evidence: as for `files`.
            context: as for `files`.

        Raises:
            DamagedSnapshotError: a file has changed since it was written.
        """
        for graph in self.files(evidence=evidence, context=context):
            yield from parse(graph.read(), format=RdfFormat.N_QUADS)

    def triples(self, *, evidence: bool, context: bool = True) -> int:
        """Return the number of triples, with or without evidence and context."""
        return sum(graph.triples for graph in self.files(evidence=evidence, context=context))

    def verify(self) -> None:
        """Check that no graph has changed, and therefore that the key identifies their content.

        Raises:
            DamagedSnapshotError: a graph has changed.
        """
        for graph in self.graphs:
            graph.read()


def _graph_file(folder: Path, entry: Mapping[str, Any]) -> GraphFile:
    """Return a graph of a manifest.

    Raises:
        ValueError: the entry has another form, or names a file that is not in the folder of graphs.
    """
    graph, file, triples, size, digest = (
        entry[name] for name in ("graph", "file", "triples", "bytes", "sha256")
    )
    if not re.fullmatch(rf"{_GRAPHS}/[^/\\\0]+\.nq", file):
        raise ValueError(f"{file!r} is no file of the folder {_GRAPHS}")
    if type(triples) is not int or type(size) is not int:
        raise ValueError(f"{file!r} has no size")
    return GraphFile(NamedNode(graph).value, folder / file, triples, size, digest)


def graph_files(graphs: Mapping[NamedNode, Iterable[Triple]]) -> dict[NamedNode, bytes]:
    """Return the file of each named graph.

    It contains the triples as sorted lines of N-Quads, without duplicates.
    """
    return {
        graph: "".join(sorted({f"{triple} {graph} .\n" for triple in triples})).encode()
        for graph, triples in graphs.items()
    }


def write_snapshot(
    folder: Path, graphs: Mapping[NamedNode, bytes], catalogue: Mapping[str, Any], inputs: Mapping[str, str]
) -> None:
    """Write a snapshot, the manifest last, and sync it to the disk.

    Args:
        folder: an empty folder.
        graphs: the file of each named graph; empty ones are left out.
        catalogue: the compiled queries.
        inputs: the SHA-256 of each source file.

    Raises:
        OSError: the disk is full, or the folder can't be written.
    """
    (folder / _GRAPHS).mkdir()
    entries = []
    for graph, data in sorted(graphs.items(), key=lambda item: item[0].value):
        if data:
            file = f"{_GRAPHS}/{file_name(graph)}"
            _write(folder / file, data)
            count = data.count(b"\n")
            entry = {"graph": graph.value, "file": file, "triples": count, "bytes": len(data)}
            entries.append(entry | {"sha256": file_digest(data)})
    compiled = _json(catalogue)
    _write(folder / CATALOGUE, compiled)
    manifest = {
        "format": FORMAT,
        "jhaan_kg": __version__,
        "inputs": dict(sorted(inputs.items())),
        "graphs": entries,
        "catalogue": {"file": CATALOGUE, "sha256": file_digest(compiled)},
    }
    _write(folder / MANIFEST, _json(manifest))
    sync_folder(folder / _GRAPHS)
    sync_folder(folder)


def file_name(graph: NamedNode) -> str:
    """Return the file name of a graph.

    Graph names contain no underscore, so there are no clashes.

    >>> file_name(NamedNode("https://w3id.org/jhaan/graph/report/jhaan-2023/5.2.2"))
    'report_jhaan-2023_5.2.2.nq'
    """
    return graph.value.removeprefix(GRAPH).replace("/", "_") + ".nq"


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _size(path: Path) -> int:
    """Return the size of a file.

    Raises:
        OSError: the file does not exist.
        ValueError: the path is a link, whose target may be elsewhere, or not a regular file.
    """
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        raise ValueError(f"{path.name} is not a file")
    return status.st_size


def _read(path: Path, digest: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DamagedSnapshotError(path.parent, f"cannot open {path.name} ({error.strerror})") from None
    if file_digest(data) != digest:
        raise DamagedSnapshotError(path.parent, f"{path.name} was changed")
    return data
