"""Commands print the same from two more stores: one whose default graph is all, and one on disk."""

from __future__ import annotations

from slow_whole_release import test_commands_print_the_same  # noqa: F401 - which is run here too

SERVERS = ("oxigraph-union", "fuseki-tdb2")
