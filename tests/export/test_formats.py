"""Each format has what was asked for and nothing else, and each value comes back as it was, however odd."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

import readers
from jhaan_kg.build.snapshot import DamagedSnapshotError, Snapshot
from jhaan_kg.export import FORMATS, export
from readers import PARSED, Reader, assert_same, documents, stored

Make = Callable[..., Snapshot]
CHOICES = [(True, True, True), (False, True, False), (True, False, True), (False, False, False)]
USUAL = (True, True, False)
JSON_LD = [form for form in PARSED if form.startswith("jsonld")]


def of(form: str, small: Snapshot, small_for_xml: Snapshot) -> Snapshot:
    return small_for_xml if form == "rdfxml" else small


@pytest.mark.parametrize("form", PARSED)
def test_each_choice_writes_what_was_asked_for(form: str, small: Snapshot, small_for_xml: Snapshot) -> None:
    snapshot = of(form, small, small_for_xml)
    for choice in CHOICES:
        found = readers.by_pyoxigraph(form, documents(snapshot, form, choice))
        assert_same(found, stored(snapshot, form, choice))


@pytest.mark.parametrize(
    ("reader", "form"),
    [*(("rdflib", form) for form in PARSED), *(("PyLD", form) for form in JSON_LD)],
    indirect=["reader"],
)
def test_others_read_the_same(reader: Reader, form: str, small: Snapshot, small_for_xml: Snapshot) -> None:
    """JSON-LD names its context here, as pyoxigraph can't read it, and brings it along for pyoxigraph."""
    snapshot, by_reference = of(form, small, small_for_xml), form in JSON_LD
    expected, written = (
        stored(snapshot, form, USUAL),
        documents(snapshot, form, USUAL, by_reference=by_reference),
    )
    if form in (
        "jsonld-lines",
        "jsonld-things",
    ):  # each is expanded by itself, which takes these readers long
        written = [document for document in written if b"/id/agency/" in document[:120]]
        expected = {quad for quad in expected if "/id/agency/" in str(quad.subject)}
        found = {quad for quad in reader(form, written) if "/id/agency/" in str(quad.subject)}
    else:
        found = reader(form, written)
    if reader is readers.by_pyld:
        found, expected = map(readers.without_doubles, (found, expected))
    assert_same(found, expected)


def test_evidence_goes_out_by_default_with_datasets_only(small: Snapshot) -> None:
    assert {name for name, form in FORMATS.items() if form.evidence} >= set(readers.DATASETS)
    for form in ("ntriples", "nquads", "trig", "jsonld"):
        assert export(small, form) == export(small, form, evidence=form in readers.DATASETS)


def test_a_compressed_file_has_the_same_content(small: Snapshot) -> None:
    for form in ("nquads", "jsonld"):
        assert gzip.decompress(export(small, form, gzip=True)) == export(small, form)


def test_a_damaged_snapshot_is_noticed(make: Make) -> None:
    snapshot = make()
    file = snapshot.graphs[-1].path
    file.write_bytes(file.read_bytes().replace(b"Alba", b"Abla", 1))
    for form in PARSED:
        with pytest.raises(DamagedSnapshotError, match="is not as it was written"):
            documents(snapshot, form, USUAL)
