"""The check that each property says how its values are found in a text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from checks_support import stated

from case_tables import cases
from jhaan_kg.checks.grounding import check_grounding

WAYS = "jhaan:ByDate a jhaan:Grounding . jhaan:ByRole a jhaan:Grounding . jhaan:ByName a jhaan:Grounding . "


@cases(Path(__file__).with_name("grounding.yaml"))
def test_each_fault_is_found_and_nothing_else(case: dict[str, Any]) -> None:
    lexicon, register = stated(WAYS + case.get("lexicon", "")), stated("period:2023 a jhaan:Period .")
    sections = stated(f"agency:fra {case['data']} ." if "data" in case else "")
    assert list(map(str, check_grounding(lexicon, register, sections))) == case["findings"]
