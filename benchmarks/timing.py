"""Shared code of several benchmarks."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from pyoxigraph import Store

from jhaan_kg.build.snapshot import Snapshot

# The first run of each command may write bytecode, which installed packages have too.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def milliseconds(command: list[str]) -> float:
    """Return the time of a whole process in milliseconds."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
    return (time.perf_counter() - begin) * 1000


def disk_store(snapshot: Snapshot, place: Path) -> int:
    """Create a disk store of all quads for Oxigraph's command line, and count them."""
    store = Store(place)
    store.bulk_extend(snapshot.quads(evidence=True, context=True))
    store.flush()
    store.optimize()
    return len(store)
