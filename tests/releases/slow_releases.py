"""The records of the releases of this project."""

from __future__ import annotations

from jhaan_kg.build.files import Kind
from jhaan_kg.checks.released import Record, check_released
from jhaan_kg.checks.stated import QueryText
from real_sources import sources


def test_the_records_of_this_project_are_checked() -> None:
    """Without its entry, each deprecated thing of 0.1.0 would be missed."""
    files = sources().files
    kept, entries = [], []
    for file in files:
        (entries if file.name.startswith("data/") and file.name.endswith("/deprecated.ttl") else kept).append(
            file
        )
    assert len(entries) == 2
    statements = [statement for file in kept for statement in file.statements]
    queries = [QueryText(file.name, file.text) for file in kept if file.kind is Kind.QUERY]
    records = [Record(file.name, file.text) for file in kept if file.kind is Kind.RELEASE]
    found = check_released(statements, queries, records)
    assert {(f.path, f.code) for f in found} == {("data/releases/0.1.0.txt", "released-gone")}
    deprecated = {statement.triple.subject for file in entries for statement in file.statements}
    assert len(found) == len(deprecated) > 5
