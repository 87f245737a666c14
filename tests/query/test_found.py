"""Sentences about answers are those that a reader of the rows would write."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import jhaan
from jhaan_kg.query.catalogue import Parameter, StoredQuery
from jhaan_kg.query.engine import Answer
from jhaan_kg.query.found import NOTHING, find_faults, sum_up

ALBA, BRIG = NamedNode("urn:x:alba"), NamedNode("urn:x:brig")
AGENCY, STATUS = Parameter("agency", "jhaan:Agency", ""), Parameter("status", "string", "")
COLUMNS = ("agency", "agencyLabel", "event", "eventLabel", "status", "kind")
ROWS = [
    (ALBA, "Alba", "spring", "took part", "meeting"),
    (ALBA, "Alba", "autumn", "took part", "day of action"),
    (ALBA, "Alba", "autumn", "organised", "day of action"),
    (BRIG, "Brig", "autumn", "took part", "day of action"),
    (BRIG, "Brig", "winter", "not recorded", "meeting"),
]


def rows(*wanted: int) -> Answer:
    """Return the rows of some numbers."""
    chosen = [ROWS[number] for number in wanted]
    return Answer(
        COLUMNS,
        tuple(
            (
                agency,
                Literal(label),
                NamedNode(f"urn:x:{event}"),
                Literal(event),
                Literal(status),
                Literal(kind),
            )
            for agency, label, event, status, kind in chosen
        ),
    )


def said(found: Answer, *sentences: str, summary: str = "Who met?", **values: str | NamedNode) -> str:
    query = StoredQuery("q", "t", "t/q.rq", 1, summary, "", (), (AGENCY, STATUS), "", found=sentences)
    given = {name: (Literal(value) if isinstance(value, str) else value,) for name, value in values.items()}
    return sum_up(query, {"agency": None, "status": None, **given}, found)


ATTENDED = "{agency}: {count event where status is took part} [event|events] attended."


@pytest.mark.parametrize(
    ("sentence", "numbers", "expected"),
    [
        ("{count} [row|rows].", (0, 1, 2, 3, 4), "5 rows."),
        ("{count} [row|rows].", (3,), "1 row."),
        (
            "{count event} [event|events] of {count agency} [agency|agencies].",
            (0, 1, 2),
            "2 events of 1 agency.",
        ),
        ("{count event where status is took part} of {count event}.", (0, 1, 3, 4), "2 of 3."),
        ("{count where status is absent} [gap|gaps].", (0, 1), "0 gaps."),
        ("{count event by kind} on record.", (0, 1, 2, 3, 4), "2 meetings and 1 day of action on record."),
    ],
)
def test_numbers_and_nouns_of_a_sentence(sentence: str, numbers: tuple[int, ...], expected: str) -> None:
    assert said(rows(*numbers), sentence) == expected


def test_a_sentence_names_the_values_of_parameters_by_their_labels() -> None:
    assert said(rows(0, 1, 2), ATTENDED, agency=ALBA) == "Alba: 2 events attended."
    assert said(rows(0, 3), ATTENDED, agency=ALBA) == "Alba and Brig: 2 events attended."


def test_the_first_sentence_that_fits_the_values_is_used() -> None:
    sentences = (ATTENDED, "{count} [row|rows].")
    assert said(rows(0, 1), *sentences) == "2 rows.", "the agency is open"
    # Rows of one status only must not make a sentence that counts another one.
    assert said(rows(2), *sentences, agency=ALBA, status="organised") == "1 row."


@pytest.mark.parametrize(
    ("summary", "numbers", "values", "expected"),
    [
        ("Which agencies met at which events?", (0, 1, 3, 4), {}, "2 agencies and 3 events in 4 rows."),
        ("Which events were there?", (0, 3), {}, "2 events."),
        ("Which agencies met at which events?", (0, 1), {"agency": ALBA}, "Alba: 2 events."),
    ],
)
def test_without_a_sentence_what_the_summary_asks_about_is_counted(
    summary: str, numbers: tuple[int, ...], values: dict[str, NamedNode], expected: str
) -> None:
    assert said(rows(*numbers), summary=summary, **values) == expected


def test_what_is_not_stated_is_not_counted() -> None:
    nobody = (None, None, jhaan("notStated"), Literal("not named"), Literal("took part"), Literal("meeting"))
    answer = Answer(COLUMNS, (*rows(0, 1).rows, nobody))
    query = StoredQuery(
        "q", "t", "t/q.rq", 1, "?", "", (), (), "", found=("{count} rows, {count event} events.",)
    )
    assert sum_up(query, {}, answer) == "3 rows, 2 events."


def test_nothing_found_is_said() -> None:
    assert said(rows(), ATTENDED, agency=ALBA) == NOTHING


def test_labels_cannot_steer_a_terminal() -> None:
    found = Answer(COLUMNS, ((ALBA, Literal("Al\x1b[1mba"), None, None, None, None),))
    assert said(found, "{agency}.", agency=ALBA) == "Al [1mba."


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("{agancy} met.", "{agancy} is no parameter"),
        ("{count evnt} events.", "{count evnt}: ?evnt is no column"),
        ("{count event where stat is held}.", "{count event where stat is held}: ?stat is no column"),
        ("[event|events] of {count agency}.", "no number is before [event|events]"),
        ("{count event} [event].", "the character [ has no partner"),
        ("{count of event}.", "the character { has no partner"),
    ],
)
def test_faults_of_a_sentence(sentence: str, fault: str) -> None:
    assert fault in list(find_faults(sentence, ["agency"], COLUMNS))
