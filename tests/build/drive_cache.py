"""A process that opens the snapshot of small sources, for tests with several processes.

The checks are skipped, since the small sources do not follow all conventions; other tests cover them.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

import jhaan_kg.build.pipeline as pipeline
import jhaan_kg.build.snapshot as snapshot_module
from jhaan_kg.build.cache import snapshot_for, store_for
from jhaan_kg.build.progress import Progress
from jhaan_kg.errors import JhaanError


def main(root: Path) -> int:
    """Print the path and key of the snapshot, and the number of quads in the store with evidence.

    Two environment variables change the behaviour: `PAUSE` is the pause in seconds before each file is written, after
    a line of output, and `LIMIT` is the maximum size of a file in bytes.
    """
    pipeline.check_sources = lambda _: []
    write = snapshot_module._write
    pause = os.environ.get("PAUSE")

    def slow(path: Path, data: bytes) -> None:
        if pause:
            sys.stdout.write("writing\n")
            sys.stdout.flush()
            time.sleep(float(pause))
        write(path, data)

    snapshot_module._write = slow
    if limit := os.environ.get("LIMIT"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    try:
        opened = snapshot_for(root, Progress())
        store = store_for(opened, evidence=True, context=True)
    except JhaanError as error:
        sys.stderr.write(f"jhaan: {error}\n")
        return error.exit_code
    sys.stdout.write(json.dumps({"path": str(opened.path), "key": opened.key, "quads": len(store)}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
