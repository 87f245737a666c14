"""The account of a proof adds up, and says of each kind how much of it is proven."""

from __future__ import annotations

from small_proof import FIRST, Case, report_case

from jhaan_kg.proof.account import Account, Share

TEXT = "# 1. Storms\n\nThe Storm Drill of 3 May, in Oslo, for NORA and 12 lamps.\n\nThe Storm Drill of 3 May."
DRILL = 'event2023:drill schema:startDate "2023-05-03"^^xsd:date .'
FACTS = f"""
<{FIRST}> {{
    {DRILL}
    event2023:drill schema:location place:oslo ; jhaan:mentionsDay "2023-05-04"^^xsd:date ; jhaan:basis jhaan:Named .
    x:host jhaan:inEvent event2023:drill ; jhaan:participant agency:nora ; jhaan:role jhaan:Organiser .
    x:r jhaan:about topic:fog ; jhaan:summary "It rained."@en .
}}
<1/paragraph/2> {{ {DRILL} }}
"""
EXCEPTIONS = f"""
exception:role jhaan:exceptionIn <{FIRST}> ; jhaan:exceptionFrom x:host ; jhaan:exceptedRole jhaan:Organiser ;
    jhaan:exceptionKind jhaan:SenseOfText .
exception:words jhaan:exceptionIn <{FIRST}> ; jhaan:printed "12"@en ; jhaan:exceptionKind jhaan:PartOfTitle .
"""


def case(more: str = EXCEPTIONS) -> Case:
    return report_case([TEXT], FACTS, more)


def test_statements_by_what_became_of_them() -> None:
    account = Account(case().proof)
    assert account.statements == 10
    assert account.proven == 5  # twice the day, the place, the event and the agency of the participation
    assert account.by_place == {"jhaan:basis": 1, "jhaan:about": 1, "jhaan:summary": 1}
    assert account.by_curation == 1
    assert account.statements - account.proven - sum(account.by_place.values()) - account.by_curation == 1


def test_without_exceptions() -> None:
    account = Account(case("").proof)
    assert (account.by_curation, account.excepted) == (0, 0)


def test_kinds_of_values_and_of_what_stands_there() -> None:
    account = Account(case().proof)
    kinds = {share.what: (share.proven, share.total) for share in account.kinds}
    assert kinds["dates and periods"] == (2, 3)
    assert kinds["names of who, where and what"] == (3, 3)
    assert kinds["roles"] == (0, 1)
    assert kinds["numbers, units, qualifiers"] == (0, 0)
    found = {share.what: (share.proven, share.total) for share in account.found}
    assert found == {"dates": (2, 2), "numbers": (0, 1), "names": (2, 2), "roles": (0, 0)}
    assert account.excepted == 2 / 6, "the words and the role, of five occurrences and one role"


def test_every_way_of_grounding_is_of_one_kind() -> None:
    account = Account(case().proof)
    grounded = sum(share.total for share in account.kinds)
    assert grounded + sum(account.by_place.values()) == account.statements


def test_lines_add_up() -> None:
    lines = list(Account(case().proof).lines())
    assert lines[0] == "What the passages state: 10 statements (9 different ones)"
    shares = {line[:22].strip(): line.split()[-3:] for line in lines[1:5]}
    assert shares == {
        "proven word by word": ["5", "50.0", "%"],
        "by their place alone": ["3", "30.0", "%"],
        "by curation": ["1", "10.0", "%"],
        "not proven": ["1", "10.0", "%"],
    }
    (excepted,) = [number for number, line in enumerate(lines) if "(33.3% of what" in line]
    assert lines[excepted + 1 : excepted + 3] == [
        "  1 paragraph 1: jhaan:Organiser in <https://w3id.org/jhaan/id/x/host> (jhaan:SenseOfText)",
        "  1 paragraph 1: “12” (jhaan:PartOfTitle)",
    ]
    assert [line.split()[-6:] for line in lines[-2:]] == [
        ["own", "1", "of", "1", "100.0", "%"],  # rained
        ["modality", "0", "of", "1", "0.0", "%"],
    ]


def test_texts_that_differ_from_their_passages() -> None:
    account = Account(case().proof)
    assert [one.added for one in account.drifts] == [("rained",)]


def test_a_share_of_nothing_has_no_per_cent() -> None:
    assert str(Share("roles", 0, 0)).split() == ["roles", "0", "of", "0", "-"]
    assert str(Share("roles", 1, 3)).split() == ["roles", "1", "of", "3", "33.3", "%"]
