"""The stored questions as files of SPARQL, as authored."""

from __future__ import annotations

from collections.abc import Iterator

from jhaan_kg.export.authored import authored
from jhaan_kg.export.request import Request


def files(request: Request) -> Iterator[tuple[str, bytes]]:
    """Give the stored questions by topic.

    Args:
        request: of which snapshot.

    Yields:
        The path of each file within the folder `queries`, and its bytes.

    Raises:
        JhaanError: the files as authored are not at hand.
    """
    for path, data in authored(request.snapshot, "queries").items():
        yield path.removeprefix("queries/"), data
