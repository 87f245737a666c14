"""Each format has what was asked for and nothing else, and each value comes back as it was, however odd."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

import readers
from jhaan_kg.build.snapshot import DamagedSnapshotError, Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.export import FORMATS, export
from readers import PARSED, assert_same, documents, stored

Make = Callable[..., Snapshot]

CHOICES = [(True, True, True), (False, True, False), (True, False, True), (False, False, False)]

USUAL = (True, True, False)


def of(form: str, small: Snapshot, small_for_xml: Snapshot) -> Snapshot:
    return small_for_xml if form == "rdfxml" else small


@pytest.mark.parametrize("form", PARSED)
def test_each_choice_writes_what_was_asked_for(form: str, small: Snapshot, small_for_xml: Snapshot) -> None:
    snapshot = of(form, small, small_for_xml)
    for choice in CHOICES:
        found = readers.by_pyoxigraph(form, documents(snapshot, form, choice))
        assert_same(found, stored(snapshot, form, choice))


def test_evidence_goes_out_by_default_with_datasets_only(small: Snapshot) -> None:
    assert {name for name, form in FORMATS.items() if form.evidence} >= set(readers.DATASETS)
    for form in ("ntriples", "nquads", "trig", "jsonld"):
        assert export(small, form) == export(small, form, evidence=form in readers.DATASETS)


def test_a_compressed_file_has_the_same_content(small: Snapshot) -> None:
    for form in ("nquads", "jsonld"):
        assert gzip.decompress(export(small, form, gzip=True)) == export(small, form)


@pytest.mark.parametrize(
    ("form", "options"),
    [("ics", {}), ("jsonld-framed", {"frame": "event"}), ("gexf", {"counting": "meetings"})],
)
def test_what_is_inferred_can_not_be_left_out(form: str, options: dict[str, str], world: Snapshot) -> None:
    with pytest.raises(JhaanError, match="Leave out --no-inferred"):
        export(world, form, inferred=False, **options)


def test_a_damaged_snapshot_is_noticed(make: Make) -> None:
    snapshot = make()
    file = snapshot.graphs[-1].path
    file.write_bytes(file.read_bytes().replace(b"Alba", b"Abla", 1))
    for form in PARSED:
        with pytest.raises(DamagedSnapshotError, match="is not as it was written"):
            documents(snapshot, form, USUAL)
