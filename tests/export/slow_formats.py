"""The whole graph in each format, and the small one as other programs read it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export_files
from jhaan_kg.namespaces import BASE
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
    """JSON-LD that names its context too; of many documents only the agencies' ones, as each is expanded by itself."""
    snapshot = small_for_xml if form == "rdfxml" else small
    expected = stored(snapshot, form, DEFAULT)
    many = form in ("jsonld-lines", "jsonld-things")
    for by_reference in {many, form in JSON_LD}:
        exported = documents(snapshot, form, DEFAULT, by_reference=by_reference)
        if many:
            exported = [document for document in exported if b"/id/agency/" in document[:120]]
            expected = {quad for quad in expected if "/id/agency/" in str(quad.subject)}
        found = {quad for quad in reader(form, exported) if not many or "/id/agency/" in str(quad.subject)}
        if form in JSON_LD and reader is not by_rdflib:
            found, expected = map(without_doubles, (found, expected))
        assert_same(found, expected)


def test_each_thing_has_its_document_and_no_file_has_the_name_of_a_folder_whatever_the_case() -> None:
    paths = [path for path, _ in export_files(open_snapshot(), "jsonld-things")]
    subjects = {quad.subject.value for quad in stored(open_snapshot(), "jsonld-things", DEFAULT)}
    things = {iri.removeprefix(BASE) for iri in subjects if iri.startswith(f"{BASE}id/")}
    assert {path for path in paths if path.startswith("id/")} == {f"{thing}.jsonld" for thing in things}
    rest = {path for path in paths if not path.startswith("id/")}
    assert {path for path in rest if "/" not in path} == {"elsewhere.jsonld", "ontology.jsonld"}
    assert {path.partition("/")[0] for path in rest if "/" in path} == {"graph", "ontology"}
    files = {path.lower() for path in paths}
    folders = {parent.as_posix().lower() for path in paths for parent in Path(path).parents}
    assert len(files) == len(paths)
    assert files & folders == set()
