"""What the workers of tests do; each process without fork imports this, so it is small."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from jhaan_kg.errors import JhaanError


def prepare() -> Callable[[bytes], Iterable[bytes]]:
    """Return a worker that does what it is asked to do."""

    def answer(request: bytes) -> Iterable[bytes]:
        match request.split():
            case [b"signal", number]:
                os.kill(os.getpid(), int(number))
            case [b"refuse"]:
                raise JhaanError("No.")
            case [b"fail"]:
                raise KeyError("x")
            case [b"open"]:
                Path(__file__).read_bytes()
            case [b"take", mebibytes]:
                bytearray(b"x") * (int(mebibytes) * 2**20)
            case [b"sleep"]:
                time.sleep(60)
        yield str(os.getpid()).encode()
        yield b" " + request

    return answer


def fail_to_prepare() -> Callable[[bytes], Iterable[bytes]]:
    raise JhaanError("There is nothing to load.")
