"""What one client, one query and one answer may take."""

from __future__ import annotations

import os
from typing import Final, NamedTuple

MEBIBYTE: Final = 2**20

OUT_OF_MEMORY: Final = "The query takes more memory than one may take here. Ask for less: fewer patterns."
"""What is said to whoever sent a query that takes too much."""


class Limits(NamedTuple):
    """What may be taken; whoever wants more is refused.

    Attributes:
        seconds: how long a query may take.
        memory: how much memory a query may take, in bytes, beside the graph itself.
        rows: how many rows or triples an answer may have.
        size: how long an answer may be, in bytes.
        request: how long the body of a request may be, in bytes.
        workers: how many queries are answered at once.
        queue: how many queries wait beside those.
        per_client: how many queries one client may have running or waiting.
        connections: how many connections may be open at once.
    """

    seconds: float = 30.0
    memory: int = 1024 * MEBIBYTE
    rows: int = 1_000_000
    size: int = 256 * MEBIBYTE
    request: int = MEBIBYTE
    workers: int = max(8, 2 * (os.cpu_count() or 1))
    queue: int = 64
    per_client: int = 6
    connections: int = 2000
