"""The proof as a whole: what curation excepts, what is left as findings, and the account, which adds up."""

from __future__ import annotations

import pytest
from small_proof import FIRST, Case, case_of, node, report_case, short

from jhaan_kg.errors import Finding, Severity
from jhaan_kg.proof.account import Account, Share
from jhaan_kg.proof.proof import read_exceptions

DRILL = 'event2023:drill schema:startDate "2023-05-03"^^xsd:date .'
HOST = "x:host jhaan:inEvent event2023:drill ; jhaan:participant agency:nora ; jhaan:role jhaan:Organiser ."


def words(printed: str, place: str = FIRST) -> str:
    """Write an exception from words."""
    return (
        f'exception:words jhaan:exceptionIn <{place}> ; jhaan:printed "{printed}"@en ; '
        "jhaan:exceptionKind jhaan:PartOfTitle ."
    )


def role(participation: str, place: str = FIRST, its_role: str = "jhaan:Organiser") -> str:
    """Write an exception from a role."""
    return (
        f"exception:role jhaan:exceptionIn <{place}> ; jhaan:exceptionFrom {participation} ; "
        f"jhaan:exceptedRole {its_role} ; jhaan:exceptionKind jhaan:SenseOfText ."
    )


def codes(case: Case) -> list[str]:
    """Return the codes of the findings, but for those on the heading, which states nothing."""
    codes = [finding.code for finding in case.proof.findings("report.txt")]
    return [code for code in codes if code != "passage-unread"]


def test_exceptions_are_read() -> None:
    more = words("Oslo") + words("Norway", "1/heading") + role("x:host")
    case = case_of("Text.", "", more)
    assert [
        (short(one.node), one.passage.rpartition("/section/")[2], one.printed)
        for one in read_exceptions(case.statements)
    ] == [
        ("role", FIRST, None),
        ("words", "1/heading", "Norway"),
        ("words", "1/heading", "Oslo"),
        ("words", FIRST, "Norway"),
        ("words", FIRST, "Oslo"),
    ]
    (from_role,) = [one for one in read_exceptions(case.statements) if one.participation]
    assert from_role.participation
    assert short(from_role.participation, from_role.kind) == "host SenseOfText"


def test_an_exception_without_kind_or_passage_is_none() -> None:
    for missing in ("jhaan:exceptionKind jhaan:PartOfTitle", f"jhaan:exceptionIn <{FIRST}>"):
        case = case_of("Text.", "", words("Oslo").replace(missing, "jhaan:about x:a"))
        assert not list(read_exceptions(case.statements))


@pytest.mark.parametrize(
    ("printed", "place", "is_needed"),
    [("Oslo", FIRST, True), ("Oslo", "1/heading", False), ("Osl", FIRST, False), ("NORA", FIRST, False)],
)
def test_words_are_excepted_as_they_stand_and_where(printed: str, place: str, is_needed: bool) -> None:
    case = case_of("They met NORA in Oslo.", "x:r jhaan:refersTo agency:nora .", words(printed, place))
    assert case.not_taken == ([] if is_needed else [("name", "Oslo")])
    assert [one.printed for one in case.proof.exceptions] == ([printed] if is_needed else [])
    assert [one.printed for one in case.proof.unneeded] == ([] if is_needed else [printed])


@pytest.mark.parametrize(
    ("text", "participation", "is_needed"),
    [
        ("NORA, the Storm Drill of 3 May.", "x:host", True),
        ("NORA, the Storm Drill of 3 May.", "x:other", False),
        ("NORA organised the Storm Drill of 3 May.", "x:host", False),
    ],
)
def test_a_role_that_no_words_show_is_excepted(text: str, participation: str, is_needed: bool) -> None:
    case = case_of(text, f"{DRILL} {HOST}", role(participation))
    shown = "organised" in text
    assert set(case.refused) == (set() if is_needed or shown else {"host role Organiser"})
    assert len(case.proof.unneeded) == (not is_needed)
    assert len(case.proof.exceptions) == is_needed


def test_a_role_is_excepted_in_its_passage_only() -> None:
    text = "# 1. Storms\n\nNORA, the Storm Drill of 3 May.\n\nNORA, the Storm Drill of 3 May."
    stated = "".join(f"<1/paragraph/{number}> {{ {DRILL} {HOST} }}" for number in (1, 2))
    assert len(report_case([text], stated).proof.not_proven) == 2
    (left,) = report_case([text], stated, role("x:host")).proof.not_proven
    assert left.passage.endswith("1/paragraph/2")


def test_an_exception_from_a_role_saves_nothing_else() -> None:
    case = case_of("SUND, the Storm Drill of 3 May.", f"{DRILL} {HOST}", role("x:host"))
    assert set(case.refused) == {"host inEvent drill", "host participant nora"}


def test_an_exception_names_the_role() -> None:
    case = case_of(
        "NORA, the Storm Drill of 3 May.", f"{DRILL} {HOST}", role("x:host", FIRST, "jhaan:Observer")
    )
    assert set(case.refused) == {"host role Organiser"}
    assert len(case.proof.unneeded) == 1


@pytest.mark.parametrize(("numbers", "too_many"), [(20, False), (19, True)])
def test_at_most_five_of_a_hundred_may_be_excepted(numbers: int, too_many: bool) -> None:
    """One number of twenty is five of a hundred; one of nineteen is more."""
    text = ", ".join(str(number) for number in range(100, 100 + numbers))
    stated = "".join(f"x:q{number} jhaan:value {number} . " for number in range(101, 100 + numbers))
    case = case_of(f"They had {text}.", stated, words("100"))
    assert case.not_taken == []
    assert len(case.proof.mentions) == numbers
    assert case.proof.excepted_share == 1 / numbers
    assert codes(case) == (["too-many-exceptions"] if too_many else [])


def test_roles_count_among_what_is_excepted() -> None:
    """The only role of the report is excepted; docs/proof.md allows that for five of a hundred."""
    case = case_of("NORA, the Storm Drill of 3 May.", f"{DRILL} {HOST}", role("x:host"))
    assert codes(case) == ["too-many-exceptions"]


def test_an_empty_report_excepts_nothing() -> None:
    assert case_of("Text.").proof.excepted_share == 0


def test_findings_name_place_cause_and_remedy() -> None:
    text = "# 1. Storms\n\nNothing.\n\nThe Storm Drill of 4 May."
    stated = f'<1/paragraph/2> {{ {DRILL} event2023:drill jhaan:edition "x"@en . }}'
    noted = "x:n jhaan:givesNoFacts <1/heading>, <1/paragraph/1> ."
    case = report_case([text], stated, words("Oslo", "1/paragraph/2") + noted)
    line = case.report.text.splitlines().index("The Storm Drill of 4 May.") + 1
    findings = {finding.code: finding for finding in case.proof.findings("report.txt")}
    assert {finding[:3] for finding in findings.values()} == {("report.txt", line, Severity.ERROR)}
    said = {(finding.code, finding.subject) for finding in case.proof.findings("report.txt")}
    assert said == {
        ("not-proven", "event2023:drill"),
        ("not-taken", "section:1/paragraph/2"),
        ("exception-unneeded", "exception:words"),
    }
    assert "has the date “4 May”, which the graph does not take" in findings["not-taken"].message
    assert "“Oslo”" in findings["exception-unneeded"].message
    assert all(finding.fix for finding in findings.values())


def test_a_finding_says_whether_a_statement_or_the_lexicon_is_at_fault() -> None:
    case = case_of("The Storm Drill of 4 May.", f'{DRILL} event2023:drill jhaan:edition "Storm"@en .')
    edition, day = sorted(
        (one for one in case.proof.findings() if one.code == "not-proven"), key=lambda one: one.message
    )
    assert "jhaan:edition “Storm”" in edition.message
    assert edition.fix.startswith("Declare it in the lexicon with jhaan:grounded")
    assert "schema:startDate “2023-05-03”" in day.message
    assert day.fix.startswith("Correct the statement, or record the words")


def test_an_unneeded_exception_from_a_role_is_named() -> None:
    case = case_of("Text.", "", role("agency:nora"))
    (finding,) = case.proof.findings("report.txt")
    assert isinstance(finding, Finding)
    assert "agency:nora" in finding.message
    assert node("agency:nora") == case.proof.unneeded[0].participation


TEXT = "# 1. Storms\n\nThe Storm Drill of 3 May, in Oslo, for NORA and 12 lamps.\n\nThe Storm Drill of 3 May."
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
    assert account.excepted == 2 / 6, "the words and the role, of five mentions and one role"


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
