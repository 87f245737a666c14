"""The committed file of reused terms, and the vocabularies from which it is generated."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph

from jhaan_kg import reused_terms
from jhaan_kg.reused_terms import VOCABULARIES, generate


def test_the_committed_file_is_the_generated_one(root: Path, vocab_dir: Path) -> None:
    committed = (root / reused_terms.TARGET).read_text(encoding="utf-8")
    assert committed == generate(root, vocab_dir), "Run `python -m jhaan_kg.reused_terms`."


def test_each_vocabulary_is_named_by_its_files_or_terms(vocab_dir: Path) -> None:
    for vocabulary in VOCABULARIES:
        for file in vocabulary.files:
            quads = list(pyoxigraph.parse(path=vocab_dir / file, format=pyoxigraph.RdfFormat.TURTLE))
            named = {
                quad.subject.value
                for quad in quads
                if isinstance(quad.subject, pyoxigraph.NamedNode)
                and str(quad.object).endswith("owl#Ontology>")
            }
            named |= {quad.object.value for quad in quads if quad.predicate.value.endswith("#isDefinedBy")}
            assert vocabulary.iri in named, vocabulary.prefix
            assert any(str(quad.subject).startswith(f"<{vocabulary.namespace}") for quad in quads)
