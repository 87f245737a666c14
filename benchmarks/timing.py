"""What several benchmarks share."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from pyoxigraph import Store

from jhaan_kg.build.snapshot import Snapshot

# Installed packages have their bytecode; here the first run of each command writes it.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def milliseconds(command: list[str]) -> float:
    """How long a whole process takes."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
    return (time.perf_counter() - begin) * 1000


def disk_store(snapshot: Snapshot, place: Path) -> int:
    """Make a store on disk of all quads, for the command line of Oxigraph, and count them."""
    store = Store(place)
    store.bulk_extend(snapshot.quads(evidence=True, context=True))
    store.flush()
    store.optimize()
    return len(store)
