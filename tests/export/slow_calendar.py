"""The calendar of the real graph: every event, on the days that the report gives, read again by icalendar."""

from __future__ import annotations

import datetime
from functools import cache

import pytest
from icalendar import Calendar, Event

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import export
from jhaan_kg.namespaces import ID

TIMELINE = """
2023-01-25            Trio Contact Points Coordination Meeting, January 2023
2023-01-30            Ad hoc JHAAN Contact Points meeting on information provision, January 2023
2023-02-17            Trio Contact Points Coordination Meeting, February 2023
2023-02-22            Presentation of the EUAA Presidency activities and JHAAN priorities for 2023 to COSI
2023-03-08            Meeting of the Informal Security Officers Network, March 2023
2023-03-17            Regular JHAAN Contact Points meeting, March 2023
2023-03-22            Presentation of EUAA Presidency activities and JHAAN priorities for 2023 to LIBE
2023-04-20            Meeting of the Working Group on Data Protection, April 2023
2023-05-04            Technical cybersecurity exercise 2023
2023-05-26            Trio Contact Points Coordination Meeting, May 2023
2023-06-01 2023-06-02 Seminar on Information Provision (“How”) 2023
2023-06-08            Trio Heads of Agencies meeting with the incoming Spanish Presidency 2023
2023-06-08            Meeting of the Working Group on Communication 2023
2023-06-09            Workshop on communication with Member States 2023
2023-06-12            Regular JHAAN Contact Points meeting, June 2023
2023-06-13 2023-06-14 Digitalisation conference 2023
2023-06-16            Inaugural joint meeting of FRA and the Fundamental Rights Officers 2023
2023-07-05            Meeting on Reporting Methodologies 2023
2023-07-06            Meeting of the Working Group on ICT and Cybersecurity 2023
2023-08-31            Trio Contact Points Coordination Meeting, August 2023
2023-09-05            Regular JHAAN Contact Points meeting, September 2023
2023-09-13            Meeting of the Informal Security Officers Network, September 2023
2023-09-19            Cybersecurity exercise for managers 2023
2023-09-21            Meeting of the Working Group on Training 2023
2023-09-22            JHAAN Open Market Event 2023
2023-10-12            Meeting of the Working Group on External Relations 2023
2023-10-17 2023-10-18 Meeting of the Working Group on European Situation Monitoring 2023
2023-10-19 2023-10-20 Digital Learning and Learning Technologies Ecosystem in JHA Agencies 2023
2023-10-25            Ad hoc JHAAN Contact Points meeting, October 2023
2023-11-16            Seminar on Information Provision (“What”) 2023
2023-11-20            Crisis Communication Coaching for Heads of Agencies 2023
2023-11-21            JHAAN Heads of Agencies meeting 2023
2023-11-24            Exchange on Single Programming Documents (SPD) good practices 2023
2023-12-05            Trio Heads of Agencies meeting with the incoming Belgian Presidency 2023
2023-12-05            JHAAN Brussels Briefing 2023
2023-12-11            Meeting of the Working Group on Data Protection, December 2023
2023-12-13            Annual exchange of JHA Agencies on the Charter of Fundamental Rights of the European Union 2023
"""
"""First day, last day if another, and our label: as read in chapter 4; 8 March and 13 September in 5.2.7; 16 June in
9.11; of the two days on which the chapters differ, 31 August in chapter 3 and 16 November in 6.3.3 and the contents."""

WITHOUT = [
    "Meeting on methodologies for the production of annual reports 2020 (2020)",
    "Meeting on methodologies for the production of annual reports 2021 (2021)",
    "thematic meeting held in 2021 (2021)",
    "JHAAN Heads of Agencies meeting 2022 (November 2022)",
    "Presentation of the JHAAN Annual Report 2023 to COSI (first half of 2024)",
    "Presentation of the JHAAN Annual Report 2023 to LIBE Committee (first half of 2024)",
    "Annual exchange of JHA Agencies on the Charter of Fundamental Rights of the European Union 2024 (2024)",
    "Meeting on digital learning 2024 (2024)",
    "CharterXchange 2024 (December 2024)",
    "CharterXchange 2023",
    "FRA training on how to communicate on migration 2023",
    "JAD Global Chain 2023",
]
"""Events with a period, but no day (6.5.2, 6.1.1, 6, the end of chapter 4, 6.1.2, 7.1), or neither (7.1, 9.11, 9.4)."""

Days = tuple[str, datetime.date, datetime.date]


@cache
def calendar() -> Calendar:
    return Calendar.from_ical(export(open_snapshot(), "ics"))


def entries() -> list[Event]:
    return list(calendar().walk("VEVENT"))


def entry(iri: str) -> Event:
    (found,) = (one for one in entries() if one["URL"] == f"{ID}event/{iri}")
    return found


def read(table: str) -> list[Days]:
    """Return label, first day, and the day after the last."""
    rows = []
    for line in table.strip().splitlines():
        first = datetime.date.fromisoformat(line[:10])
        last = datetime.date.fromisoformat(line[11:21]) if line[11:21].strip() else first
        rows.append((line[22:], first, last + datetime.timedelta(days=1)))
    return rows


def test_every_event_is_there_on_the_days_that_the_report_gives() -> None:
    found = [(str(one["SUMMARY"]), one.decoded("DTSTART"), one.decoded("DTEND")) for one in entries()]
    assert sorted(found) == sorted(read(TIMELINE))
    assert all(type(day) is datetime.date for _, *days in found for day in days)  # whole days, no time


@pytest.mark.parametrize(
    ("iri", "here", "elsewhere", "passages"),
    [
        ("2023/trio-contact-points-august", "2023-08-31 in 3 paragraph 9", "2023-08-12", "4 entry 18"),
        (
            "2023/seminar-information-provision-what",
            "2023-11-16 in contents entry 28, 6.3.3 heading, 6.3.3 paragraph 1",
            "2023-11-15",
            "3 paragraph 4, 4 entry 27",
        ),
    ],
)
def test_a_contested_day_is_told_with_both_sides(iri: str, here: str, elsewhere: str, passages: str) -> None:
    found = entry(iri)
    (line,) = (line for line in str(found["DESCRIPTION"]).splitlines() if line.startswith("Contested: "))
    assert f"Preferred here: {here}." in line
    assert line.endswith(f"It says elsewhere: {elsewhere} in {passages}.")
    assert found["X-JHAAN-OTHER-START"].to_ical().decode() == elsewhere.replace("-", "")
    assert sum("Contested" in str(one["DESCRIPTION"]) for one in entries()) == 2


def test_what_an_entry_says() -> None:
    """As 5.2.7, paragraph 3, tells it: chaired by eu-LISA, with ten colleagues of six agencies."""
    found = entry("2023/security-officers-september")
    assert found["LOCATION"] == "eu-LISA Liaison Office; online"
    assert found.categories == ["meeting"]
    lines = str(found["DESCRIPTION"]).splitlines()
    assert "State: held." in lines
    assert "Format: in person and online." in lines
    assert "Working group: Informal Security Officers Network." in lines
    assert "Chair (named individually): eu-LISA." in lines
    assert "Participant (named individually): CEPOL, EMCDDA, eu-LISA, EUAA, Eurojust, FRA." in lines
    assert "Number: 10 people." in lines
    assert lines[-1] == "Stated in: contents entry 19, 5.2.7 heading, 5.2.7 paragraph 1, 5.2.7 paragraph 3."


def test_a_part_does_not_point_to_a_whole_that_is_not_in_the_calendar() -> None:
    """7.1: the exchange of 2023 was within CharterXchange, whose day the report does not state."""
    assert "RELATED-TO" not in entry("2023/charter-exchange")


def test_what_the_calendar_lacks_is_said() -> None:
    said = str(calendar()["DESCRIPTION"])
    for label in WITHOUT:
        assert label in said
    assert "37 events have a day. 12 have none" in said
    assert not calendar().errors
    assert not any(one.errors for one in entries())
