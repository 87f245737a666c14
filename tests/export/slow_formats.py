"""The whole graph in each format, and the small one as other programs read it."""

from __future__ import annotations

from functools import cache

import pytest

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from readers import PARSED, Choice, Reader, assert_same, by_rdflib, documents, stored, without_doubles

DEFAULT: Choice = (True, True, False)
JSON_LD = [form for form in PARSED if form.startswith("jsonld")]
LINES = ("turtle", "ntriples", "nquads", "trig")
PROGRAMS = [
    *((program, form) for program in ("serd", "N3.js") for form in LINES),
    *(("Jena", form) for form in (*LINES, "rdfxml")),
    *(("jsonld.js", form) for form in JSON_LD),
]
"""Each program with the formats that it reads; rdflib and PyLD take too long for all."""


@cache
def written(form: str) -> tuple[bytes, ...]:
    return tuple(documents(open_snapshot(), form, DEFAULT))


@pytest.mark.parametrize(
    ("reader", "form"),
    [*PROGRAMS, *(("rdflib", form) for form in ("turtle", "trig", "rdfxml", "jsonld"))],
    indirect=["reader"],
)
def test_others_read_the_whole_graph(reader: Reader, form: str) -> None:
    """Without evidence, which is more of the same."""
    assert_same(reader(form, written(form)), stored(open_snapshot(), form, DEFAULT))


@pytest.mark.parametrize(
    ("reader", "form"),
    [*PROGRAMS, *(("rdflib", form) for form in PARSED), *(("PyLD", form) for form in JSON_LD)],
    indirect=["reader"],
)
def test_others_read_what_is_hard_to_write(
    reader: Reader, form: str, small: Snapshot, small_for_xml: Snapshot
) -> None:
    """JSON-LD that names its context too."""
    snapshot = small_for_xml if form == "rdfxml" else small
    expected = stored(snapshot, form, DEFAULT)
    for by_reference in {False, form in JSON_LD}:
        found = reader(form, documents(snapshot, form, DEFAULT, by_reference=by_reference))
        if form in JSON_LD and reader is not by_rdflib:
            found, expected = map(without_doubles, (found, expected))
        assert_same(found, expected)
