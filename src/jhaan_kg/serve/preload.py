"""What the fork server of the workers imports before it forks."""

import ctypes
import gc
from contextlib import suppress

from jhaan_kg.serve.worker import warm_up

warm_up()
gc.freeze()  # a collection in a worker would copy what it shares with the others
with suppress(AttributeError):  # only the GNU C library has it
    ctypes.CDLL(None).malloc_trim(0)
