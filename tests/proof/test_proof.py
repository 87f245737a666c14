"""The whole verification: exceptions of curation, remaining findings, and the account, whose numbers add up."""

from __future__ import annotations

import pytest
from small_proof import FIRST, Case, case_of, judge, report_case, short

from jhaan_kg.errors import Severity
from jhaan_kg.proof.proof import Account, read_exceptions

DRILL = "drill startDate 2023-05-03"
HOST = f"{DRILL}; host inEvent drill; host participant nora; "
WITHOUT_WORDS = "NORA, the Storm Drill of 3 May."


def words(printed: str, place: str = FIRST) -> str:
    """Write an exception from words."""
    return (
        f'exception:words jhaan:exceptionIn <{place}> ; jhaan:printed "{printed}"@en ; '
        "jhaan:exceptionKind jhaan:PartOfTitle ."
    )


def role(participation: str = "x:host", its_role: str = "jhaan:Organiser") -> str:
    """Write an exception from a role."""
    return (
        f"exception:role jhaan:exceptionIn <{FIRST}> ; jhaan:exceptionFrom {participation} ; "
        f"jhaan:exceptedRole {its_role} ; jhaan:exceptionKind jhaan:SenseOfText ."
    )


def codes(case: Case) -> list[str]:
    """Return the codes of the findings, but for those on the heading, which states nothing."""
    codes = [finding.code for finding in case.proof.findings("report.txt")]
    return [code for code in codes if code != "passage-unread"]


def test_exceptions_are_read() -> None:
    case = case_of("Text.", "", words("Oslo") + words("Norway", "1/heading") + role())
    exceptions = list(read_exceptions(case.statements.graph))
    assert [(short(one.node), one.passage.rpartition("/section/")[2], one.printed) for one in exceptions] == [
        ("role", FIRST, None),
        ("words", "1/heading", "Norway"),
        ("words", "1/heading", "Oslo"),
        ("words", FIRST, "Norway"),
        ("words", FIRST, "Oslo"),
    ]
    assert exceptions[0].participation
    assert short(exceptions[0].participation, exceptions[0].kind) == "host SenseOfText"


@pytest.mark.parametrize(
    ("printed", "place", "is_needed"),
    [("Oslo", FIRST, True), ("Oslo", "1/heading", False), ("Osl", FIRST, False), ("NORA", FIRST, False)],
)
def test_words_are_excepted_as_they_stand_and_where(printed: str, place: str, is_needed: bool) -> None:
    case = case_of("They met NORA in Oslo.", "r refersTo nora", words(printed, place))
    assert case.not_taken == ([] if is_needed else [("name", "Oslo")])
    assert [one.printed for one in case.proof.exceptions] == [printed] * is_needed
    assert [one.printed for one in case.proof.unneeded] == [printed] * (not is_needed)


@pytest.mark.parametrize(
    ("text", "exception", "facts", "is_needed"),
    [
        (WITHOUT_WORDS, role(), HOST + "host role Organiser", True),
        # of another participation, or from another role
        (WITHOUT_WORDS, role("x:other"), HOST + "!host role Organiser", False),
        (WITHOUT_WORDS, role("x:host", "jhaan:Observer"), HOST + "!host role Organiser", False),
        ("NORA organised the Storm Drill of 3 May.", role(), HOST + "host role Organiser", False),
        # it saves nothing else
        (
            "SUND, the Storm Drill of 3 May.",
            role(),
            f"{DRILL}; !host inEvent drill; !host participant nora; host role Organiser",
            True,
        ),
    ],
)
def test_a_role_that_no_words_show_is_excepted(
    text: str, exception: str, facts: str, is_needed: bool
) -> None:
    case = case_of(text, facts, exception)
    assert judge(case, facts) == facts
    assert (len(case.proof.exceptions), len(case.proof.unneeded)) == (is_needed, not is_needed)


def test_a_role_is_excepted_in_its_passage_only() -> None:
    text = f"# 1. Storms\n\n{WITHOUT_WORDS}\n\n{WITHOUT_WORDS}"
    facts = dict.fromkeys(("1/paragraph/1", "1/paragraph/2"), HOST + "host role Organiser")
    (left,) = report_case([text], facts, role()).proof.not_proven
    assert left.passage.endswith("1/paragraph/2")


@pytest.mark.parametrize(("numbers", "too_many"), [(20, []), (19, ["too-many-exceptions"])])
def test_at_most_five_of_a_hundred_may_be_excepted(numbers: int, too_many: list[str]) -> None:
    """One number of twenty is five of a hundred; one of nineteen is more."""
    text = ", ".join(str(number) for number in range(100, 100 + numbers))
    facts = "; ".join(f"q{number} value {number}" for number in range(101, 100 + numbers))
    case = case_of(f"They had {text}.", facts, words("100"))
    assert case.proof.excepted_share == 1 / numbers
    assert codes(case) == too_many


def test_findings_name_place_cause_and_remedy() -> None:
    text = "# 1. Storms\n\nNothing.\n\nThe Storm Drill of 4 May."
    noted = "x:n jhaan:givesNoFacts <1/heading>, <1/paragraph/1> ."
    more = words("Oslo", "1/paragraph/2") + noted + role("agency:nora").replace(FIRST, "1/paragraph/2")
    case = report_case([text], {"1/paragraph/2": f"{DRILL}; drill edition Storm"}, more)
    line = case.report.text.splitlines().index("The Storm Drill of 4 May.") + 1
    findings = list(case.proof.findings("report.txt"))
    assert {finding[:3] for finding in findings} == {("report.txt", line, Severity.ERROR)}
    assert [
        (finding.code, finding.subject, *finding.message.split(" does not show ")[1:]) for finding in findings
    ] == [
        ("not-verified", "event2023:drill", "schema:startDate “2023-05-03”: date not found."),
        ("not-verified", "event2023:drill", "jhaan:edition “Storm”: the property has no matching method."),
        ("not-taken", "section:1/paragraph/2"),
        ("exception-unneeded", "exception:role"),
        ("exception-unneeded", "exception:words"),
    ]
    day, edition, not_taken, from_role, from_words = findings
    assert day.fix.startswith("Correct the statement, or add the words")
    assert edition.fix.startswith("Declare it in the lexicon with jhaan:grounded")
    assert "has the date “4 May”, which is missing in the graph." in not_taken.message
    assert "agency:nora" in from_role.message
    assert "“Oslo”" in from_words.message
    assert all(finding.fix for finding in findings)


TEXT = "# 1. Storms\n\nThe Storm Drill of 3 May, in Oslo, for NORA and 12 lamps.\n\nThe Storm Drill of 3 May."
FACTS = {
    FIRST: f"{HOST}host role Organiser; drill location oslo; drill mentionsDay 2023-05-04; drill basis Named; "
    "r about fog; r summary It rained.",
    "1/paragraph/2": DRILL,
}


def account(exceptions: str = role() + words("12")) -> Account:
    return Account(report_case([TEXT], FACTS, exceptions).proof)


def test_statements_by_what_became_of_them() -> None:
    found = account()
    # proven: twice the day, the place, the event and the agency of the participation
    assert (found.statements, found.proven, found.by_curation) == (10, 5, 1)
    assert found.by_place == {"jhaan:basis": 1, "jhaan:about": 1, "jhaan:summary": 1}
    assert [one.added for one in found.drifts] == [("rained",)]
    without = account("")
    assert (without.by_curation, without.excepted) == (0, 0)
    assert Account(case_of("Text.").proof).excepted == 0


def test_lines_add_up() -> None:
    lines = list(account().lines())
    assert lines[:5] == [
        "Statements from passages: 10 (9 different)",
        "  matched in the text         5   50.0 %",
        "  linked to a passage         3   30.0 %",
        "  confirmed by a curator      1   10.0 %",
        "  failed                      1   10.0 %",
    ]
    (excepted,) = [number for number, line in enumerate(lines) if "(33.3% of the contents" in line]
    assert lines[excepted + 1 : excepted + 3] == [
        "  Section 1, paragraph 1: jhaan:Organiser in <https://w3id.org/jhaan/id/x/host> (jhaan:SenseOfText)",
        "  Section 1, paragraph 1: “12” (jhaan:PartOfTitle)",
    ]
    assert [line.split()[-6:] for line in lines[-2:]] == [
        ["words", "1", "of", "1", "100.0", "%"],  # rained
        ["modality", "0", "of", "1", "0.0", "%"],
    ]
