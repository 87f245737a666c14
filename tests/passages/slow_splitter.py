"""The splitter gives the same bytes in a process with another seed of hashing."""

from __future__ import annotations

import os
import subprocess
import sys

from jhaan_kg.passages import Document, write_document


def test_same_bytes_for_every_hash_seed(mini: Document, mini_text: str) -> None:
    """This process has a seed of its own."""
    program = (
        "import sys; from jhaan_kg.passages import split, write_document; "
        "text = sys.stdin.buffer.read().decode(); "
        "sys.stdout.buffer.write(write_document(split(text, 'https://example.org/report/1907')).encode())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        input=mini_text.encode(),
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert ran.stdout == write_document(mini).encode()
