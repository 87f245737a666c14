"""`python -m jhaan_kg.reused_terms`: write ontology/reused-terms.ttl anew."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from jhaan_kg.errors import JhaanError
from jhaan_kg.reused_terms import write


def main() -> int:
    """Write the file: for the checkout in the current folder, from the folder that JHAAN_VOCAB names."""
    try:
        path = write(Path.cwd(), Path(os.environ.get("JHAAN_VOCAB", "vocab")))
    except JhaanError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stderr.write(f"{path} written.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
