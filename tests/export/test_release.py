"""A release of a small graph, in some of its forms: its lists are true, and a file that differs is found."""

from __future__ import annotations

import gzip
import json
import re
from hashlib import sha256
from typing import Any

import pytest
import rdflib
from rdflib.namespace import DCAT

from dcat_ap import SPDX
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.export import Request, export_files, release
from jhaan_kg.export.release import Check, ReleasePart, parts

LEFT_OUT = ("graphml", "gexf")
"""The formats that need a cache."""

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def files(world: Snapshot) -> Files:
    with pytest.MonkeyPatch.context() as patch:
        one_of_each = {part.form: part for part in parts() if part.form not in LEFT_OUT}
        patch.setattr(release, "parts", one_of_each.values)
        return dict(export_files(world, "release"))


@pytest.fixture(scope="module")
def manifest(files: Files) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(files["manifest.json"])
    return read


def test_manifest_and_page_name_each_file_or_its_folder(files: Files, manifest: dict[str, Any]) -> None:
    left = {
        path: data
        for path, data in files.items()
        if not path.startswith(("description.ttl", "README", "manifest"))
    }
    for part in manifest["parts"]:
        within = {path for path in left if path == part["path"] or path.startswith(part["path"])}
        assert len(within) == part.get("files", 1), part["path"]
        assert sum(len(left[path]) for path in within) == part["bytes"], part["path"]
        if "sha256" in part:
            assert sha256(left[part["path"]]).hexdigest() == part["sha256"]
        left = {path: data for path, data in left.items() if path not in within}
    assert not left
    named = set(re.findall(r"^\| `([^`]+)`", files["README.md"].decode(), re.MULTILINE))
    tops = {path.partition("/")[0] for path in files} - {"README.md", "manifest.json", "description.ttl"}
    assert tops <= {path.partition("/")[0] for path in named}


def test_counts_are_those_of_the_files(files: Files, manifest: dict[str, Any]) -> None:
    flat = len(gzip.decompress(files["graph/jhaan.nt.gz"]).splitlines())
    quads = len(gzip.decompress(files["dataset/jhaan.nq.gz"]).splitlines())
    counts = {part["path"]: part["counts"] for part in manifest["parts"]}
    assert {count["statements"] for path, count in counts.items() if path.startswith("graph/")} == {flat}
    assert {count["statements"] for path, count in counts.items() if path.startswith("dataset/")} == {quads}
    assert manifest["statements"] == flat
    assert counts["calendar.ics"] == {"events": 2}
    rows = sum(data.count(b"\n") - 1 for path, data in files.items() if path.endswith(".csv"))
    assert counts["tables/"]["rows"] == rows


def test_the_catalogue_has_each_file_with_its_size_and_digest_and_each_folder(files: Files) -> None:
    described = rdflib.Graph().parse(data=files["description.ttl"], format="turtle")
    found, folders = {}, set()
    for distribution in described.subjects(rdflib.RDF.type, DCAT.Distribution):
        path = str(described.value(distribution, DCAT.accessURL)).partition("/release/9.8.7/")[2]
        if path.endswith("/"):
            folders.add(path)
            assert (distribution, DCAT.downloadURL, None) not in described
        else:
            digest = described.value(described.value(distribution, SPDX.checksum), SPDX.checksumValue)
            found[path] = int(str(described.value(distribution, DCAT.byteSize))), str(digest)
    assert folders == {"nested/", "ontology/", "tables/"}
    no_data = ("context/", "description.ttl", "README.md", "manifest.json")
    assert found == {
        path: (len(data), sha256(data).hexdigest())
        for path, data in files.items()
        if not path.startswith((*no_data, *folders))
    }


@pytest.mark.parametrize("form", ["turtle", "jsonld", "trig"])
def test_a_part_that_lacks_a_statement_or_has_another_is_found(form: str, world: Snapshot) -> None:
    """A file with one statement only, which the graph has not."""
    check = Check(Request(world, "release", evidence=True))
    strange = b'{"@id": "urn:a", "urn:b": {"@id": "urn:c"}}' if form == "jsonld" else b'<urn:a> <urn:b> "c" .'
    with pytest.raises(JhaanError, match=r"x has [1-9]\d* missing and 1 wrong statements"):
        check.counts(ReleasePart("x", form), [("x", strange)])
