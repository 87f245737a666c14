"""`python -m jhaan_kg` does what `jhaan` does."""

from jhaan_kg.cli import script

script()
