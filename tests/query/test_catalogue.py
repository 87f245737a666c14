from __future__ import annotations

import json
from pathlib import Path

import pytest
from meetings_graph import QUERIES, stored

from jhaan_kg.errors import JhaanError
from jhaan_kg.query.catalogue import catalogue_from_json, load_catalogue
from jhaan_kg.query.compile import compile_catalogue


def test_compiled_and_loaded_again_it_is_the_same(folder: Path, tmp_path: Path) -> None:
    data = compile_catalogue(folder)
    file = tmp_path / "catalogue.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    catalogue = load_catalogue(file)
    assert list(catalogue) == [stored(name) for name in sorted(QUERIES)]
    assert catalogue.get("who-met") == stored("who-met")
    assert len(catalogue) == len(QUERIES)


def test_a_mistyped_name_gives_a_hint() -> None:
    catalogue = catalogue_from_json({"format": 1, "queries": [stored("who-met").to_json()]})
    with pytest.raises(JhaanError, match=r"no stored query 'who-meets'\. Did you mean who-met\?"):
        catalogue.get("who-meets")


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "damaged"), ('{"format": 99, "queries": []}', "has format 99, and this program reads 1")],
)
def test_a_catalogue_that_is_no_catalogue_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "catalogue.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(JhaanError, match=message):
        load_catalogue(path)


def test_a_missing_catalogue_is_named(tmp_path: Path) -> None:
    with pytest.raises(JhaanError, match=r"none\.json: the catalogue of queries can't be read"):
        load_catalogue(tmp_path / "none.json")
