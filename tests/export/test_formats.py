"""Each format has what was asked for and nothing else, and each value comes back as it was, however odd."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from functools import cache

import pytest

import readers
from bad_input import Run
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import DamagedSnapshotError, Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.export import FORMATS, export
from jhaan_kg.export.formats import REMOVED, compress
from pages import EXPORTS, commands
from readers import PARSED, Choice, Reader, assert_same, by_rdflib, documents, stored, without_doubles

Make = Callable[..., Snapshot]

CHOICES = [(True, True, True), (False, True, False), (True, False, True), (False, False, False)]


@pytest.mark.parametrize("form", PARSED)
def test_each_choice_writes_what_was_asked_for(form: str, small: Snapshot, small_for_xml: Snapshot) -> None:
    snapshot = small_for_xml if form == "rdfxml" else small
    for choice in CHOICES:
        found = readers.by_pyoxigraph(form, documents(snapshot, form, choice))
        assert_same(found, stored(snapshot, form, choice))


def test_each_format_is_shown_on_the_page() -> None:
    """The slow tests run what the page shows."""
    shown = {command.split()[2] for command in commands(EXPORTS) if command.startswith("jhaan export ")}
    assert shown == set(FORMATS)


PROBE = """
import hashlib, sys, time
from pathlib import Path

time.time = lambda: float(sys.argv[2])

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import FORMATS, export, export_files

snapshot = Snapshot.open(Path(sys.argv[1]))
for name, form in FORMATS.items():
    if name not in ("ontology", "release", "site"):
        options = {"frame": "Event"} if "frame" in form.options else {}
        files = export_files(snapshot, name) if form.folder else [("", export(snapshot, name, **options))]
        print(name, hashlib.sha256(repr(list(files)).encode()).hexdigest())
"""
"""A program that prints the digest of each export, with a clock that stands still at a given time."""


def test_each_format_is_the_same_whatever_the_clock_and_the_hash_seed(stored_world: Snapshot) -> None:
    """The releases of `test_release.py` have the other formats."""
    digests = [
        subprocess.run(
            [sys.executable, "-c", PROBE, stored_world.path, moment],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for seed, moment, zone in (("1", "1000000000", "UTC"), ("4711", "1900000000", "America/Anchorage"))
    ]
    first, second = (dict(batched(words)) for words in digests)
    assert len(first) == len(FORMATS) - 3
    assert {name for name in first if first[name] != second[name]} == set()


def batched(words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the words in pairs."""
    return zip(words[::2], words[1::2], strict=True)


def test_evidence_goes_out_by_default_with_datasets_only(small: Snapshot) -> None:
    assert {name for name, form in FORMATS.items() if form.evidence} >= set(readers.DATASETS)
    for form in ("ntriples", "nquads", "trig", "jsonld"):
        assert export(small, form) == export(small, form, evidence=form in readers.DATASETS)


@pytest.mark.parametrize("name", REMOVED)
def test_a_removed_format_says_what_to_use_instead(name: str, run: Run) -> None:
    code, out, err = run("export", name)
    assert (code, out) == (2, "")
    assert err.startswith(f"jhaan: Format {name} was removed. ")
    assert err.count("\n") == 1
    named = {word for word in re.findall(r"[a-z-]+", REMOVED[name]) if word in FORMATS}
    assert named or "jhaan query" in REMOVED[name]


@pytest.mark.parametrize(
    ("form", "options"),
    [("ics", {}), ("jsonld-framed", {"frame": "event"}), ("gexf", {"counting": "meetings"})],
)
def test_what_is_inferred_can_not_be_left_out(form: str, options: dict[str, str], world: Snapshot) -> None:
    with pytest.raises(JhaanError, match="Remove --no-inferred"):
        export(world, form, inferred=False, **options)


def test_a_damaged_snapshot_is_noticed(make: Make) -> None:
    snapshot = make()
    file = snapshot.graphs[-1].path
    file.write_bytes(file.read_bytes().replace(b"Alba", b"Abla", 1))
    for form in PARSED:
        with pytest.raises(DamagedSnapshotError, match=r"was changed|is not valid"):
            documents(snapshot, form, (True, True, False))


def test_the_fields_of_the_header_and_the_trailer() -> None:
    """Section 2.3: ID1 ID2 CM FLG MTIME(4) XFL OS … CRC32(4) ISIZE(4), the numbers little-endian."""
    data = b"a graph" * 100
    compressed = compress(data)
    # deflate, neither name nor comment, no time, compressed at its best, unknown system
    assert compressed[:10] == b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"
    assert compressed[-8:] == zlib.crc32(data).to_bytes(4, "little") + (700).to_bytes(4, "little")


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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("reader", "form"),
    [*PROGRAMS, *(("rdflib", form) for form in ("turtle", "trig", "rdfxml", "jsonld"))],
    indirect=["reader"],
)
def test_others_read_the_whole_graph(reader: Reader, form: str) -> None:
    """Without evidence, which is more of the same."""
    assert_same(reader(form, written(form)), stored(open_snapshot(), form, DEFAULT))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("reader", "form"),
    # rdflib rewrites numbers without quotes, such as +1; the whole graph has none.
    [
        *PROGRAMS,
        *(("rdflib", form) for form in PARSED if form not in ("turtle", "trig")),
        *(("PyLD", form) for form in JSON_LD),
    ],
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
