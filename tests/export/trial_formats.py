"""The whole graph with each choice, and as slow readers of JSON-LD read it."""

from __future__ import annotations

import pytest

from jhaan_kg.build.cache import open_snapshot
from readers import PARSED, Reader, assert_same, by_pyoxigraph, documents, stored, without_doubles

USUAL = (True, True, False)
CHOICES = [(True, True, True), (False, True, False), (True, False, True), (False, False, False)]


@pytest.mark.parametrize("choice", CHOICES, ids=str)
@pytest.mark.parametrize("form", PARSED)
def test_each_choice_writes_what_was_asked_for(form: str, choice: tuple[bool, bool, bool]) -> None:
    found = by_pyoxigraph(form, documents(open_snapshot(), form, choice))
    assert_same(found, stored(open_snapshot(), form, choice))


@pytest.mark.parametrize("form", [form for form in PARSED if form.startswith("jsonld")])
@pytest.mark.parametrize("reader", ["rdflib", "PyLD"], indirect=True)
def test_json_ld_is_read_alike(reader: Reader, form: str) -> None:
    found = reader(form, documents(open_snapshot(), form, USUAL))
    expected = stored(open_snapshot(), form, USUAL)
    assert_same(*map(without_doubles, (found, expected)))
