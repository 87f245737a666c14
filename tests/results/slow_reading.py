"""Each thing of the real graph has its place in the order in which people read it."""

from __future__ import annotations

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.results.reading import SECTIONS, section_of


def test_each_thing_of_the_graph_has_a_section_of_its_own_kind() -> None:
    """A new kind of thing belongs into the table."""
    subjects = {
        line.partition(b" ")[0].decode()[1:-1]
        for file in open_snapshot().graphs
        for line in file.read().splitlines()
    }
    titles = {section_of(iri) for iri in subjects}
    assert titles == set(SECTIONS) - {"Other entities"}
