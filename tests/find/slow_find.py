"""Labels of the report are found although one letter is wrong."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jhaan_kg.find import Search
from jhaan_kg.namespaces import ID
from jhaan_kg.query.names import find_things
from jhaan_kg.serve.loaded import Loaded

LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORD = re.compile(r"[^\W\d_]{5,}")
"""A word in which a letter may be wrong."""


@pytest.fixture(scope="module")
def search(loaded: Loaded) -> Search:
    return loaded.search


@pytest.fixture(scope="module")
def labels(loaded: Loaded, search: Search) -> list[str]:
    """The labels of entities and sections that have several words: a single word may be mistyped as another one."""
    iris = [thing.iri.value for thing in find_things(loaded.engine) if thing.iri.value.startswith(ID)]
    found = [hit for iri in iris for hit in search.find(iri).hits if hit.iri == iri]
    labels = {
        hit.label for hit in found if hit.kind not in ("passage", "period") and len(hit.label.split()) > 1
    }
    assert len(labels) > 500
    return sorted(label for label in labels if WORD.search(label))


@given(data=st.data())
def test_a_label_with_one_slip_is_found(data: st.DataObject, labels: list[str], search: Search) -> None:
    """Among the first five; several things may share a label. The first letter of a word is always right."""
    label = data.draw(st.sampled_from(labels))
    word = data.draw(st.sampled_from(list(WORD.finditer(label))))
    at = data.draw(st.integers(word.start() + 1, word.end() - 1))
    kind = data.draw(st.sampled_from(["insert", "delete", "swap"]))
    if kind == "insert":
        typed = label[:at] + data.draw(st.sampled_from(LETTERS)) + label[at:]
    elif kind == "delete":
        typed = label[:at] + label[at + 1 :]
    else:
        assume(at + 1 < word.end())
        typed = label[:at] + label[at + 1] + label[at] + label[at + 2 :]
    assert label in [hit.label for hit in search.find(typed, 5).hits]
