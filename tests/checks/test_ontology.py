"""The rules for the ontology: each has an ontology that breaks it and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from checks_support import ONTOLOGY, reused, stated

from case_tables import cases
from jhaan_kg.checks.ontology import check_ontology

EVENT = ONTOLOGY.splitlines()[5]


def findings(text: str) -> list[str]:
    found = map(str, check_ontology(stated(text, "ontology/jhaan.ttl"), reused()))
    return [finding.partition(" Covered are")[0] for finding in found]


def test_the_small_ontology_keeps_all_rules() -> None:
    assert findings(ONTOLOGY) == []
    # a definition may begin with a longer word than the label
    assert findings(ONTOLOGY.replace("Something that takes place.", "Eventful time.")) == []


@cases(Path(__file__).with_name("ontology.yaml"))
def test_what_breaks_a_rule_is_found_with_its_line(case: dict[str, Any]) -> None:
    if "added" in case:
        text = ONTOLOGY + case["added"]
    else:
        place = EVENT if case["old"] in EVENT else ONTOLOGY
        assert case["old"] in place
        text = ONTOLOGY.replace(place, place.replace(case["old"], case["new"]))
    assert findings(text) == case["findings"]


def test_a_missing_header_is_found() -> None:
    found = findings("".join(ONTOLOGY.splitlines(keepends=True)[5:]))
    assert all(finding.startswith("ontology/jhaan.ttl:1: ") for finding in found)
    assert any("must have a header" in finding for finding in found)
