"""The records of the releases of this project."""

from __future__ import annotations

import re

from pyoxigraph import NamedNode

from jhaan_kg.build.files import Kind
from jhaan_kg.checks.released import check_released
from jhaan_kg.checks.stated import SourceText
from jhaan_kg.namespaces import compact
from real_sources import sources


def test_the_records_of_this_project_are_checked() -> None:
    """Without its entry, each deprecated thing of 0.1.0 would be missed."""
    files = sources().files
    entries = [
        file for file in files if file.name.startswith("data/") and file.name.endswith("/deprecated.ttl")
    ]
    assert len(entries) == 2
    kept = [file for file in files if file not in entries]
    statements = [statement for file in kept for statement in file.statements]
    queries = [SourceText(file.name, file.text) for file in kept if file.kind is Kind.QUERY]
    records = [SourceText(file.name, file.text) for file in kept if file.kind is Kind.RELEASE]
    found = check_released(statements, queries, records)
    assert {(f.path, f.code) for f in found} == {("data/releases/0.1.0.txt", "released-gone")}
    gone = {f.subject for f in found}
    deprecated = {statement.triple.subject for file in entries for statement in file.statements}
    assert gone == {compact(thing.value) for thing in deprecated if isinstance(thing, NamedNode)}
    assert {re.split("[/:>]", name.rstrip(">"))[-1] for name in gone} >= {
        "names-of-green-deal-priority",
        "organiser-of-timeline-events",
        "greening-survey-initiator",
        "trio-executive-directors",
        "content-of-assessment",
    }
