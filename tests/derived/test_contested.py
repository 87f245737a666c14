"""Two passages that give different values to a watched property."""

from __future__ import annotations

from small_derived import graph_of, report_of

from jhaan_kg.derived.statements import contested_values
from jhaan_kg.namespaces import PREFIXES

REPORT = ("# 1. Summary\n\nOn 15 May.\n", "# 2. Meeting\n\nOn 16 May.\n")
SIDES = """
<http://x/1> a jhaan:ContestedStatement ; jhaan:contestedSubject event2023:a ;
    jhaan:contestedProperty schema:startDate ; jhaan:contestedValue "2023-05-15" ; jhaan:statedIn <s/1/paragraph/1> .
<http://x/2> a jhaan:ContestedStatement ; jhaan:contestedSubject event2023:a ;
    jhaan:contestedProperty schema:startDate ; jhaan:contestedValue "2023-05-16" ; jhaan:statedIn <s/2/paragraph/1> .
"""


def test_both_sides_are_one_finding() -> None:
    [found] = contested_values(graph_of(SIDES), report_of(*REPORT))
    assert (found.line, found.kind.code) == (10, "contested-value")
    assert found.thing == PREFIXES["event2023"] + "a"
    assert found.property == PREFIXES["schema"] + "startDate"
    assert found.passages == tuple(PREFIXES["section"] + name for name in ("1/paragraph/1", "2/paragraph/1"))
    assert "2023-05-15 (1 paragraph 1); 2023-05-16 (2 paragraph 1)" in found.message


def test_two_properties_of_a_thing_are_two_findings() -> None:
    both = SIDES + SIDES.replace("http://x/", "http://y/").replace("schema:startDate", "jhaan:mode")
    assert len(list(contested_values(graph_of(both), report_of(*REPORT)))) == 2


def test_plain_values_are_not_contested() -> None:
    plain = (
        'event2023:a schema:startDate "2023-05-16" ; jhaan:statedIn <s/1/paragraph/1>, <s/2/paragraph/1> .'
    )
    assert not list(contested_values(graph_of(plain), report_of(*REPORT)))


def test_sides_of_another_report_are_not_told() -> None:
    """The report of 2022 contradicts itself about the same day; here only the contradiction of this one counts."""
    other = "<https://w3id.org/jhaan/id/report/jhaan-2022/section/1/paragraph/1>"
    theirs = (
        f"<http://x/other> a jhaan:ContestedStatement ; jhaan:contestedSubject event2023:a ; "
        f'jhaan:contestedProperty schema:startDate ; jhaan:contestedValue "2023-05-20" ; jhaan:statedIn {other} .'
    )
    assert not list(contested_values(graph_of(theirs), report_of(*REPORT)))
    [found] = contested_values(graph_of(SIDES + theirs), report_of(*REPORT))
    assert "2023-05-20" not in found.message
