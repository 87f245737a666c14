"""The access log: a line of JSON on standard error for each request."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from datetime import UTC, datetime


def write(**said: str | float | None) -> None:
    """Write a line; what is None is left out.

    Nothing of it can be taken for two lines, since JSON escapes line ends.
    """
    kept = {name: value for name, value in said.items() if value is not None}
    line = json.dumps({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **kept})
    with suppress(OSError):  # a full disk is no reason to answer nobody
        sys.stderr.write(line + "\n")
        sys.stderr.flush()
