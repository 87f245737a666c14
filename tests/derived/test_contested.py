"""Two passages that give different values to a watched property."""

from __future__ import annotations

from collections.abc import Callable

from jhaan_kg.derived.contested import contested_values
from jhaan_kg.derived.facts import Facts
from jhaan_kg.derived.source import Source
from jhaan_kg.namespaces import PREFIXES

REPORT = ("# 1. Summary\n\nOn 15 May.\n", "# 2. Meeting\n\nOn 16 May.\n")
SIDES = """
<http://x/1> a jhaan:ContestedStatement ; jhaan:contestedSubject event2023:a ;
    jhaan:contestedProperty schema:startDate ; jhaan:contestedValue "2023-05-15" ; jhaan:statedIn <s/1/paragraph/1> .
<http://x/2> a jhaan:ContestedStatement ; jhaan:contestedSubject event2023:a ;
    jhaan:contestedProperty schema:startDate ; jhaan:contestedValue "2023-05-16" ; jhaan:statedIn <s/2/paragraph/1> .
"""


def test_both_sides_are_one_finding(
    source_of: Callable[..., Source], facts_of: Callable[[str], Facts]
) -> None:
    [found] = contested_values(facts_of(SIDES), source_of(*REPORT))
    assert (found.line, found.kind.code) == (10, "contested-value")
    assert found.thing == PREFIXES["event2023"] + "a"
    assert found.property == PREFIXES["schema"] + "startDate"
    assert found.passages == tuple(PREFIXES["section"] + name for name in ("1/paragraph/1", "2/paragraph/1"))
    assert "2023-05-15 (1 paragraph 1); 2023-05-16 (2 paragraph 1)" in found.message


def test_two_properties_of_a_thing_are_two_findings(
    source_of: Callable[..., Source], facts_of: Callable[[str], Facts]
) -> None:
    both = SIDES + SIDES.replace("http://x/", "http://y/").replace("schema:startDate", "jhaan:mode")
    assert len(list(contested_values(facts_of(both), source_of(*REPORT)))) == 2


def test_plain_values_are_not_contested(
    source_of: Callable[..., Source], facts_of: Callable[[str], Facts]
) -> None:
    plain = (
        'event2023:a schema:startDate "2023-05-16" ; jhaan:statedIn <s/1/paragraph/1>, <s/2/paragraph/1> .'
    )
    assert not list(contested_values(facts_of(plain), source_of(*REPORT)))


def test_sides_of_another_report_are_not_told(
    facts_of: Callable[[str], Facts], source_of: Callable[..., Source]
) -> None:
    """The report of 2022 contradicts itself about the same day; here only the contradiction of this one counts."""
    other = "<https://w3id.org/jhaan/id/report/jhaan-2022/section/1/paragraph/1>"
    theirs = (
        f"<http://x/other> a jhaan:ContestedStatement ; jhaan:contestedSubject event2023:a ; "
        f'jhaan:contestedProperty schema:startDate ; jhaan:contestedValue "2023-05-20" ; jhaan:statedIn {other} .'
    )
    assert not list(contested_values(facts_of(theirs), source_of(*REPORT)))
    [found] = contested_values(facts_of(SIDES + theirs), source_of(*REPORT))
    assert "2023-05-20" not in found.message
