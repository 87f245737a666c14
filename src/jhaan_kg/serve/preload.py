"""What the fork server of the workers loads before it forks: see `worker.preload`."""

import ctypes
import gc
import json
import os
from contextlib import suppress

from jhaan_kg.serve.worker import preload

if setting := os.environ.get("JHAAN_SERVE_PRELOAD"):
    preload(*json.loads(setting))
    gc.freeze()  # a collection in a worker would copy what it shares with the others
    with suppress(AttributeError):  # only the GNU C library has it
        ctypes.CDLL(None).malloc_trim(0)  # the reuse of memory that loading has freed would copy it, too
