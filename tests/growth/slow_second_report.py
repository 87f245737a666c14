"""A fictional second report through the whole line: begun, filled, built, proven, questioned, exported.

The Lantern Yearbook 2031 (`lantern/`) tells of three lighthouses that run the network. It repeats what the report of
2023 says (what the network is called), says another thing (when it was founded), contradicts itself (the day of the
assembly) and lacks a picture. Its files never stand in `data/`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from jhaan_kg.build.read import read_sources
from jhaan_kg.checks.sections import find_unread_passages
from jhaan_kg.digests import node_for
from jhaan_kg.namespaces import ONTOLOGY, SKOS, jhaan
from jhaan_kg.serve.loaded import Loaded
from tables import read_table
from yearbook import LANTERN, Checkout, begin, fill

ID = "https://w3id.org/jhaan/id/"
ASSEMBLY = "Assembly of the Keepers 2031"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The sources with the yearbook begun."""
    return begin(tmp_path_factory.mktemp("growth"))


@pytest.fixture(scope="module")
def grown(begun: Checkout) -> Checkout:
    """The sources with what curators have written of the yearbook, built; what is not read is found before."""
    hints = find_unread_passages(read_sources(begun.root))
    assert [Path(hint.path).parent.as_posix() for hint in hints] == ["data/reports/lantern-2031"] * 5
    assert begun.jhaan("format", "--check") == ""
    fill(begun)
    begun.jhaan("build")
    return begun


def test_each_text_proves_its_report(grown: Checkout, report_path: Path) -> None:
    assert "failed                      0" in grown.jhaan("verify", "lantern-2031.txt")
    assert "failed                      0" in grown.jhaan("verify", str(report_path))
    assert "failed                      0" in grown.jhaan(
        "verify", "lantern-2031.txt", "--report-id", "lantern-2031"
    )


def test_a_changed_text_needs_the_name_of_its_report(grown: Checkout) -> None:
    text = (LANTERN / "lantern-2031.txt").read_text("utf-8").replace("Tern Light", "Owl Light")
    (grown.root / "changed.txt").write_text(text, encoding="utf-8")
    grown.jhaan("verify", "changed.txt", code=2)
    found = grown.jhaan("verify", "changed.txt", "--report-id", "lantern-2031", code=1)
    assert "org:hasMember agency:tern-light" in found
    assert "[statement-in-doubt]" in found


def test_what_both_reports_say_stands_once_and_names_the_passages_of_both(grown: Checkout) -> None:
    quads = list(parse(grown.jhaan("export", "nquads"), format=RdfFormat.N_QUADS))

    def graphs(predicate: str, value: str) -> set[str]:
        return {
            quad.graph_name.value.rpartition("/graph/")[2]
            for quad in quads
            if quad.subject.value == f"{ID}body/jhaan"
            and quad.predicate.value.endswith(predicate)
            and quad.object.value == value
        }

    called = "Justice and Home Affairs Agencies Network"
    assert graphs("#called", called) == {"report/jhaan-2023/cover"}
    # The year of foundation differs between the reports, which is no conflict.
    assert graphs("#foundedIn", f"{ID}period/2010") == {"report/jhaan-2023/2"}
    assert graphs("#foundedIn", f"{ID}period/2011") == {"report/lantern-2031/1"}
    statement = Triple(NamedNode(f"{ID}body/jhaan"), jhaan("called"), Literal(called, language="en"))
    assertion = node_for("assertion", statement)
    passages = {
        q.object.value for q in quads if q.subject == assertion and q.predicate == jhaan("evidenceIn")
    }
    assert passages >= {
        f"{ID}report/lantern-2031/section/1/paragraph/1",
        f"{ID}report/jhaan-2023/section/cover/paragraph/3",
    }


ANSWERS = f"""
date-of-event --event {ASSEMBLY} : statedDate dateStatus
    2031-05-14, not preferred
    2031-05-15, preferred
event-participants --event {ASSEMBLY} : bodyLabel relation roleLabel
    Gull Light, chaired, -
    Gull Light, took part, chair
    Heron Light, took part, participant
    Tern Light, took part, participant
commitments --body Heron Light : statement due
    bring out a book on lamps, 2032
priorities-by-year --period 2031 : priorityLabel bodyLabel priorityStatus
    Priority 2031: digitalisation, Heron Light, set
participation-rate --agency Europol --meeting-set with those of the Trio : meetingsAttended meetingsCounted
    13, 22
    0, 1
participation-rate --agency Gull Light --meeting-set with those of the Trio : meetingsAttended meetingsCounted
    0, 22
    1, 1
"""
"""Europol is named at 13 of 22 meetings of 2023; at the assembly, the one meeting of 2031, a light chaired."""


def test_questions_are_answered_for_the_second_report(grown: Checkout) -> None:
    for asked, rows in re.findall(r"^(\w.*)\n((?: {4}.*\n)+)", ANSWERS, re.MULTILINE):
        question, _, columns = asked.partition(" : ")
        name, *options = question.split(" --")
        parameters = dict(option.split(" ", 1) for option in options)
        found = grown.rows(name, *columns.split(), **parameters)
        assert [", ".join(cell or "-" for cell in row) for row in found] == re.findall(r"\S.*", rows), asked


def test_the_contradiction_is_shown_with_both_sides(grown: Checkout) -> None:
    cited = grown.jhaan("query", "date-of-event", "--event", ASSEMBLY, "--cite")
    assert [line.strip() for line in cited.splitlines() if line.startswith("    stated in:")] == [
        "stated in: lantern-2031: Section 1, paragraph 3",
        "stated in: lantern-2031: Section 2.1, paragraph 1",
    ]
    assert "is 2031-05-14 in lantern-2031: Section 1, paragraph 3" in " ".join(cited.split())
    framed = json.loads(grown.jhaan("export", "jsonld-framed", "--class", "event"))
    schema = json.loads(grown.jhaan("export", "jsonld-schema", "--class", "event"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(framed)] == []
    (assembly,) = (event for event in framed["@graph"] if event["label"] == {"en": ASSEMBLY})
    (decision,) = assembly["contestedBy"]
    sides = {side["rank"]: side["contestedValue"]["@value"] for side in decision["sides"]}
    assert sides == {"PreferredRank": assembly["startDate"], "OtherRank": "2031-05-14"}


OF_THE_REGISTER = {ONTOLOGY + "eventKind", SKOS + "inScheme"}
"""What follows from ontology and register alone; it is in the graph of the oldest report."""


def test_neither_network_changes_who_took_part_in_the_other(grown: Checkout, loaded: Loaded) -> None:
    def layer(quads: Iterable[Quad], report: str) -> set[Quad]:
        return {
            quad
            for quad in quads
            if re.search(rf"/graph/derived/.*{report}>", str(quad.graph_name))
            and quad.predicate.value not in OF_THE_REGISTER
        }

    both = list(parse(grown.jhaan("export", "nquads"), format=RdfFormat.N_QUADS))
    assert layer(both, "jhaan-2023") == layer(loaded.store, "jhaan-2023")
    lantern = {(q.subject.value, q.predicate.value.rpartition("#")[2]) for q in layer(both, "lantern-2031")}
    assert {f"{ID}agency/{name}-light" for name in ("gull", "heron", "tern")} == {
        agency for agency, did in lantern if did == "tookPartIn"
    }
    assert not [agency for agency, _ in lantern if agency.endswith(("/fra", "/frontex"))]


def test_years_are_compared(grown: Checkout, root: Path) -> None:
    """2031 has one event with three named agencies (2.1), one priority and one promise (1); all else is not told."""
    by_hand = {
        "commitments made": "1",
        "events held": "1",
        "participating agencies named": "3",
        "priorities of the presidency": "1",
    }
    found = grown.rows("compare-years", "measure", "year", "number", "reportCoverage")
    measures = {measure for measure, *_ in found}
    assert len(measures) == 12
    assert {row for row in found if row[1] == "2031"} == {
        (measure, "2031", by_hand.get(measure, "not recorded"), "report on that year") for measure in measures
    }
    before = {tuple(row) for row in read_table(root / "tests/expected/compare-years.tsv")[1:]}
    assert {row for row in found if row[1] != "2031"} == before, "what is told of other years stays"


def test_coverage_is_told_report_by_report(grown: Checkout) -> None:
    columns = ("passages", "withStatements", "withoutStatements", "notProcessed", "missingItems")
    # cover: two names; contents: heading and three entries; 1: heading and four paragraphs; 2: heading;
    # 2.1: heading, paragraph, figure
    expected = ["2 2 0 0 0", "4 0 4 0 0", "5 4 1 0 0", "1 0 1 0 0", "3 3 0 0 1"]
    assert [
        " ".join(row) for row in grown.rows("coverage", *columns, **{"report-id": "lantern-2031"})
    ] == expected
    reports = [report for (report,) in grown.rows("coverage", "report")]
    assert reports == sorted(reports), "the sections of one report stand together"
    assert len(grown.jhaan("coverage", "--report-id", "lantern-2031", "--format", "csv").splitlines()) == 6
    one = grown.jhaan("coverage", "2.1", "--report-id", "lantern-2031", "--format", "csv")
    assert [row["passageStatus"] for row in csv.DictReader(io.StringIO(one))] == ["has statements"] * 3


def test_what_one_report_lacks_is_not_said_of_another(grown: Checkout, root: Path) -> None:
    """The yearbook has no timeline, no plans and no instruments; its lost picture shows a lighthouse."""
    lost = grown.rows("what-the-report-cannot-tell", "gap", type="jhaan:LostContent")
    assert ("A picture captioned Gull Light is lost; what it showed is not in the text.",) in lost
    assert ASSEMBLY not in {event for (event,) in grown.rows("events-missing-from-timeline", "eventLabel")}
    parts = grown.rows("empact-plan-agencies", "roleInPlan", agency="Gull Light")
    assert set(parts) == {("not recorded",)}
    instruments = grown.rows("third-country-instruments", "statement", type="jhaan:InstrumentKind")
    table = read_table(root / "tests/expected/third-country-instruments.kinds.tsv")
    assert len(instruments) == len(table) - 1, "those that the report of 2023 lists"
