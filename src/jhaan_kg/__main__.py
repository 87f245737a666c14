"""`python -m jhaan_kg`: the same as the command `jhaan`."""

from jhaan_kg.cli import script

script()
