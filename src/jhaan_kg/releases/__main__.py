"""`python -m jhaan_kg.releases`: record the IRIs of the release that is about to be made."""

from __future__ import annotations

import sys
from pathlib import Path

from jhaan_kg.errors import JhaanError
from jhaan_kg.releases import write_record


def main() -> int:
    """Write the record for the checkout in the current folder."""
    try:
        path = write_record(Path.cwd())
    except JhaanError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stderr.write(f"{path} written.\n" if path else "There is no new IRI, so nothing to record.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
