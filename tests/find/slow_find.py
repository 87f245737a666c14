"""Labels of the report are found although one letter is wrong."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jhaan_kg.query.names import find_things
from jhaan_kg.serve.loaded import Loaded


@pytest.fixture(scope="module")
def labels(loaded: Loaded) -> list[str]:
    given = {
        name.text
        for thing in find_things(loaded.engine)
        for name in thing.names
        if name.by.endswith("#label")
    }
    return sorted(label for label in given if sum(map(str.isalpha, label)) >= 6)


LETTERS = "abcdefghijklmnopqrstuvwxyz"


@given(data=st.data())
def test_a_label_with_one_slip_is_found(data: st.DataObject, labels: list[str], loaded: Loaded) -> None:
    """Among the first five; several things may share a label."""
    label = data.draw(st.sampled_from(labels))
    at = data.draw(st.sampled_from([place for place, sign in enumerate(label) if sign.isalpha()]))
    kind = data.draw(st.sampled_from(["insert", "delete", "swap"]))
    if kind == "insert":
        typed = label[:at] + data.draw(st.sampled_from(LETTERS)) + label[at:]
    elif kind == "delete":
        typed = label[:at] + label[at + 1 :]
    else:
        assume(label[at + 1 : at + 2].isalpha())
        typed = label[:at] + label[at + 1] + label[at] + label[at + 2 :]
    assert label in [hit.label for hit in loaded.search.find(typed, 5).hits]
