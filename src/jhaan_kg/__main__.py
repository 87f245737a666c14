"""`python -m jhaan_kg` does what `jhaan` does."""

import sys

from jhaan_kg.cli import main

sys.exit(main())
