"""Views of all entities: short as texts, small as pages."""

from __future__ import annotations

from jhaan_kg.namespaces import BASE, ID
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.resources import describe_thing
from jhaan_kg.views import view_of
from jhaan_kg.views.as_text import MOST_LINES, write_text

MOST_BYTES = 150_000
ENTITIES = f'SELECT DISTINCT ?entity {{ ?entity a ?class FILTER (STRSTARTS(STR(?entity), "{ID}")) }}'


def test_every_text_is_short_and_every_page_small(loaded: Loaded) -> None:
    entities = [entity for (entity,) in loaded.engine.select(ENTITIES).rows]
    of_readers = [
        each for each in entities if "/assertion/" not in str(each) and "/derivation/" not in str(each)
    ]
    assert len(of_readers) > 2000
    long = {}
    for entity in of_readers:
        height = write_text(view_of(loaded.engine, entity)).count("\n")  # type: ignore[arg-type]
        size = len(describe_thing(str(entity)[1:-1], "text/html", loaded))
        if height > MOST_LINES + 2 or size > MOST_BYTES:
            long[entity] = height, size
    assert long == {}
    assert len(describe_thing(f"{BASE}ontology", "text/html", loaded)) <= MOST_BYTES
