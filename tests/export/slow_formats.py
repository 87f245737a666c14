"""The whole graph in each format, and the small one as other programs read it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import readers
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export_files
from jhaan_kg.namespaces import BASE
from readers import PARSED, Reader, assert_same, by_pyoxigraph, documents, stored, without_doubles

USUAL = (True, True, False)

ALL = (True, True, True)

JSON_LD = [form for form in PARSED if form.startswith("jsonld")]

PROGRAMS = [
    *((program, form) for program in ("serd", "N3.js") for form in ("turtle", "ntriples", "nquads", "trig")),
    *(("Jena", form) for form in ("turtle", "ntriples", "nquads", "trig", "rdfxml")),
    *(("jsonld.js", form) for form in JSON_LD),
]
"""Each program with the formats that it reads."""


@cache
def written(form: str) -> tuple[bytes, ...]:
    return tuple(documents(open_snapshot(), form, USUAL))


@pytest.mark.parametrize("form", PARSED)
def test_the_whole_graph_is_written(form: str) -> None:
    assert_same(by_pyoxigraph(form, written(form)), stored(open_snapshot(), form, USUAL))


@pytest.mark.parametrize(
    ("reader", "form"),
    [*PROGRAMS, *(("rdflib", form) for form in ("turtle", "trig", "rdfxml", "jsonld"))],
    indirect=["reader"],
)
def test_others_read_the_whole_graph(reader: Reader, form: str) -> None:
    """Without evidence, which is more of the same."""
    assert_same(reader(form, written(form)), stored(open_snapshot(), form, USUAL))


@pytest.mark.parametrize(("reader", "form"), PROGRAMS, indirect=["reader"])
def test_others_read_what_is_hard_to_write(
    reader: Reader, form: str, small: Snapshot, small_for_xml: Snapshot
) -> None:
    snapshot = small_for_xml if form == "rdfxml" else small
    for by_reference in (False, True) if form in JSON_LD else (False,):
        found = reader(form, documents(snapshot, form, ALL, by_reference=by_reference))
        expected = stored(snapshot, form, ALL)
        if form in JSON_LD:
            found, expected = map(without_doubles, (found, expected))
        assert_same(found, expected)


def test_each_thing_has_its_document_and_no_file_has_the_name_of_a_folder_whatever_the_case() -> None:
    paths = [path for path, _ in export_files(open_snapshot(), "jsonld-things")]
    subjects = {quad.subject.value for quad in stored(open_snapshot(), "jsonld-things", USUAL)}
    things = {iri.removeprefix(BASE) for iri in subjects if iri.startswith(f"{BASE}id/")}
    assert {path for path in paths if path.startswith("id/")} == {f"{thing}.jsonld" for thing in things}
    rest = {path for path in paths if not path.startswith("id/")}
    assert {path for path in rest if "/" not in path} == {"elsewhere.jsonld", "ontology.jsonld"}
    assert {path.partition("/")[0] for path in rest if "/" in path} == {"graph", "ontology"}
    files = {path.lower() for path in paths}
    folders = {parent.as_posix().lower() for path in paths for parent in Path(path).parents}
    assert len(files) == len(paths)
    assert files & folders == set()


def of(form: str, small: Snapshot, small_for_xml: Snapshot) -> Snapshot:
    return small_for_xml if form == "rdfxml" else small


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
