"""Functions of workers for tests, in a small module that is quick to import in each process."""

from __future__ import annotations

import os
import time
from pathlib import Path

from jhaan_kg.errors import JhaanError
from jhaan_kg.isolation import Answer, Send


def prepare() -> Answer:
    """Return a function that does what a request names, such as failing or taking memory."""

    def answer(request: bytes, send: Send) -> None:
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
        send(str(os.getpid()).encode())
        send(b" " + request)

    return answer


def fail_to_prepare() -> Answer:
    raise JhaanError("There is nothing to load.")
