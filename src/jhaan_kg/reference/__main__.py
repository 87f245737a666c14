"""`python -m jhaan_kg.reference [NAME…]`: regeneration of pages of the reference."""

from __future__ import annotations

import sys

from jhaan_kg.build.files import find_root
from jhaan_kg.errors import JhaanError
from jhaan_kg.reference import PAGES, write


def main() -> int:
    """Write the named pages, or all, in the checkout around the current folder."""
    try:
        root = find_root()
        if root is None:
            raise JhaanError("No source files found. Go to a checkout of jhaan-kg, with docs/.")
        for name in sys.argv[1:] or PAGES:
            sys.stderr.write(f"{write(name, root)} written.\n")
    except JhaanError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
