"""Whether somebody else has read each text of the data since it was last changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from jhaan_kg.build.graphs import Layer
from jhaan_kg.namespaces import ID, RDFS, jhaan
from real_sources import assembled
from tables import read_table

HERE = Path(__file__).parent
TEXTS = (jhaan("summary"), jhaan("reason"), NamedNode(RDFS + "label"))
WRITTEN = (Layer.REGISTER, Layer.REPORT, Layer.CURATION, Layer.LEXICON)


def digest(text: str) -> str:
    """Return what the marks name a text by, besides its node."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def test_each_text_was_read_since_it_was_changed() -> None:
    """A mark `rewritten` is by the one who wrote the text, and so no reading of it."""
    read = {
        (node, of)
        for path in HERE.glob("*.tsv")
        if read_table(path)[0][:3] == ["node", "digest", "mark"]
        for node, of, mark, *_ in read_table(path)[1:]
        if mark == "true"
    }
    graphs = assembled().layers.items()
    texts = {
        (triple.subject.value.removeprefix(ID), triple.object.value)  # type: ignore[union-attr]
        for graph, layer in graphs
        if layer in WRITTEN
        for triple in assembled().graphs[graph]
        if triple.predicate in TEXTS and isinstance(triple.object, Literal)
    }
    assert sorted(f"{node}: {text}" for node, text in texts if (node, digest(text)) not in read) == []
