"""N-Triples and N-Quads, in canonical form and sorted, taken from the files of the snapshot as they are.

The snapshot holds canonical N-Quads already (https://www.w3.org/TR/rdf12-n-quads/#canonical-quads), each named graph
sorted by line: to parse them and to write them again would change nothing and take ten times as long.
"""

from __future__ import annotations

from jhaan_kg.export.request import Request


def write(request: Request) -> bytes:
    """Write the graph: nquads the dataset, by named graph, ntriples the flat graph; both sorted by line.

    Args:
        request: what is to be written.

    Returns:
        The file's bytes, in UTF-8; they depend on the request only.

    Raises:
        DamagedSnapshotError: a file of the snapshot is not as it was written.
    """
    files = request.files()
    if request.form == "nquads":
        return b"".join(file.read() for file in files)
    triples: set[bytes] = set()
    for file in files:
        # A line feed ends a line and stands nowhere else, so what goes is the name of the graph and no object.
        triples.update(
            file.read().replace(f" <{file.graph}> .\n".encode(), b" .\n").splitlines(keepends=True)
        )
    return b"".join(sorted(triples))
