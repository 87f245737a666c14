"""Each format has what was asked for and nothing else, and each value comes back as it was, however odd."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import readers
from jhaan_kg.build.snapshot import DamagedSnapshotError, Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.export import FORMATS, export
from jhaan_kg.export.encoding import compress
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


@given(st.binary(max_size=2000))
def test_what_is_compressed_can_be_read_again(data: bytes) -> None:
    assert gzip.decompress(compress(data)) == data


def test_the_fields_of_the_header_and_the_trailer() -> None:
    """Section 2.3: ID1 ID2 CM FLG MTIME(4) XFL OS … CRC32(4) ISIZE(4), the numbers little-endian."""
    data = b"a graph" * 100
    made = compress(data)
    assert made[:2] == b"\x1f\x8b"
    assert made[2] == 8  # deflate
    assert made[3] == 0  # neither name nor comment
    assert made[4:8] == b"\0\0\0\0"  # no time
    assert made[8] == 2  # compressed at its best
    assert made[9] == 255  # unknown system
    assert made[-8:-4] == zlib.crc32(data).to_bytes(4, "little")
    assert made[-4:] == (700).to_bytes(4, "little")
