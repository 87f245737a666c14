"""The records of the releases of this project."""

from __future__ import annotations

import re

from jhaan_kg.build.files import Kind
from jhaan_kg.checks.released import Record, check_released
from jhaan_kg.checks.stated import QueryText
from real_sources import sources


def test_the_records_of_this_project_are_checked() -> None:
    """Five IRIs of things of 0.1.0 are deprecated; without their entries they would be missed."""
    files = sources().files
    kept = [
        file
        for file in files
        if not file.name.startswith("data/") or not file.name.endswith("/deprecated.ttl")
    ]
    assert len(files) - len(kept) == 2
    statements = [statement for file in kept for statement in file.statements]
    queries = [QueryText(file.name, file.text) for file in kept if file.kind is Kind.QUERY]
    records = [Record(file.name, file.text) for file in kept if file.kind is Kind.RELEASE]
    found = check_released(statements, queries, records)
    assert [(f.path, f.code, re.split("[/:>]", f.subject.rstrip(">"))[-1]) for f in found] == [
        ("data/releases/0.1.0.txt", "released-gone", name)
        for name in (
            "names-of-green-deal-priority",
            "organiser-of-timeline-events",
            "greening-survey-initiator",
            "trio-executive-directors",
            "content-of-assessment",
        )
    ]
