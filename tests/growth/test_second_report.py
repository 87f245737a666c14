"""A fictional second report through the whole line: begun, filled, built, proven, questioned, exported.

The Lantern Yearbook 2031 (`lantern/`) tells of three lighthouses that run the network. It repeats what the report of
2023 says (what the network is called), says another thing (when it was founded), contradicts itself (the day of the
assembly) and lacks a picture. Its files never stand in `data/`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from jhaan_kg.build.read import read_sources
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.checks.sections import find_unread_passages
from jhaan_kg.digests import node_for
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import ONTOLOGY, SKOS, jhaan
from jhaan_kg.pages.home import home_page
from jhaan_kg.pages.loaded import Loaded, load
from jhaan_kg.pages.templates import pages_on
from jhaan_kg.query.engine import Row, answer
from jhaan_kg.query.names import resolve, resolve_parameters
from jhaan_kg.query.reports import name_reports
from jhaan_kg.report_text import titles_in
from jhaan_kg.views.sections import find_section
from tables import read_table
from yearbook import LANTERN, Checkout, begin, fill

pytestmark = pytest.mark.slow


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
participation-rate --agency Europol --meeting-set with those of the Trio : reportLabel meetingsAttended meetingsCounted
    JHAAN Final Report 2023, 13, 22
participation-rate --agency Gull --meeting-set with those of the Trio : reportLabel meetingsAttended meetingsCounted
    Lantern Yearbook 2031, 1, 1
agencies-at-events --event {ASSEMBLY} : agencyLabel status
    Gull Light, took part
    Heron Light, took part
    Tern Light, took part
pairs-without-joint-activity --agency Gull Light : partnerLabel
    Heron Light
    Tern Light
"""
"""Europol is named at 13 of 22 meetings of 2023. The lights are named at the assembly, the one meeting of 2031, and do
nothing else together."""

COMPARING = {
    "connection-between-agencies": "two agencies that a user names may be of different networks",
    "events-compared": "the events that a user names may be of different networks",
    "priorities-that-continue": "the priorities of years are its subject",
    "several-names": "it counts how often any report uses a name",
    "how-we-know": "it adds up the events of all networks",
    "sets-of-agencies": "it numbers the clusters of all networks",
}
"""The questions whose rows need both reports, and why."""


class Limited(NamedTuple):
    """The snapshots of both reports and of each, by the id of the report."""

    both: Loaded
    one: Mapping[str, Loaded]


@pytest.fixture(scope="module")
def limited(grown: Checkout) -> Limited:
    def opened(*options: str) -> Loaded:
        return load(Snapshot.open(Path(grown.jhaan("build", *options).strip())), with_search=False)

    reports = ("jhaan-2023", "lantern-2031")
    return Limited(opened(), {report: opened("--report-id", report) for report in reports})


def test_questions_are_answered_for_the_second_report(grown: Checkout) -> None:
    for asked, rows in re.findall(r"^(\w.*)\n((?: {4}.*\n)+)", ANSWERS, re.MULTILINE):
        question, _, columns = asked.partition(" : ")
        name, *options = question.split(" --")
        parameters = dict(option.split(" ", 1) for option in options)
        found = grown.rows(name, *columns.split(), **parameters)
        assert [", ".join(cell or "-" for cell in row) for row in found] == re.findall(r"\S.*", rows), asked


def test_an_answer_is_that_of_each_report_and_nothing_more(limited: Limited) -> None:
    def ask(loaded: Loaded, name: str) -> set[Row]:
        query = loaded.catalogue.get(name)
        anything = {parameter.name: ["all"] for parameter in query.parameters}
        return set(answer(loaded.engine, query, resolve_parameters(loaded.engine, query, anything)).rows)

    mixed = set()
    for query in limited.both.catalogue:
        if query.name != "why":  # it has a row for each statement
            parts = (ask(loaded, query.name) for loaded in limited.one.values())
            if ask(limited.both, query.name) != set[Row]().union(*parts):
                mixed.add(query.name)
    assert mixed == COMPARING.keys()


def lines(loaded: Loaded) -> dict[str, bytes]:
    """Return the named graphs as N-Quads, by IRI."""
    return {graph: file.read() for graph, file in loaded.graphs.items()}


def test_a_graph_of_one_report_is_that_without_the_other(limited: Limited, loaded: Loaded) -> None:
    jhaan, lantern = limited.one["jhaan-2023"], limited.one["lantern-2031"]
    assert lines(jhaan) == lines(loaded), "what both reports state is in each of them"
    assert not [graph for graph, text in lines(lantern).items() if b"jhaan-2023" in text + graph.encode()]
    called = f'<{ID}body/jhaan> <{ONTOLOGY}called> "Justice and Home Affairs Agencies Network"@en'
    assert called.encode() in lines(lantern)["https://w3id.org/jhaan/graph/report/lantern-2031/1"]
    assert b"/agency/europol>" not in b"".join(lines(lantern).values())


def test_commands_take_a_graph_of_one_report(grown: Checkout, limited: Limited) -> None:
    folder = str(limited.one["lantern-2031"].snapshot.path)
    events = grown.jhaan("query", "agencies-at-events", "--snapshot", folder, "--format", "csv")
    assert len(events.splitlines()) == 4
    assert "Tern Light" in grown.jhaan("explain", "Tern Light", "--snapshot", folder)
    assert "No matches" not in grown.jhaan("find", "assembly", "--snapshot", folder)
    calendar = grown.jhaan("export", "ics", "--snapshot", folder)
    assert calendar.count("BEGIN:VEVENT") == 1
    refused = grown.jhaan("query", "coverage", "--snapshot", str(grown.root / "data"), code=2)
    assert "--snapshot must be a snapshot or a checkout" in refused
    refused = grown.jhaan(
        "query", "coverage", "--snapshot", folder, "--endpoint", "http://localhost:1", code=2
    )
    assert "--snapshot is not possible with --endpoint" in refused


def test_in_a_graph_of_one_report_questions_have_defaults_that_are_in_it(limited: Limited) -> None:
    loaded = limited.one["lantern-2031"]
    for query in loaded.catalogue:
        answer(loaded.engine, query, resolve_parameters(loaded.engine, query, {}))


def test_everything_names_its_reports(grown: Checkout, limited: Limited) -> None:
    both, lantern = "JHAAN Final Report 2023 and Lantern Yearbook 2031", limited.one["lantern-2031"]
    asked = ("query", "participation-ranking", "--format")
    assert f"Source: {both}," in grown.jhaan(*asked, "svg")
    assert f"Reports: {both}." in grown.jhaan(*asked, "table")
    assert f"Reports: {both}." in grown.jhaan(*asked, "md")
    alone = grown.jhaan(*asked, "svg", "--snapshot", str(lantern.snapshot.path))
    assert "Source: Lantern Yearbook 2031," in alone
    for loaded, title, year in (
        (limited.both, both, "2023 and 2031"),
        (lantern, "Lantern Yearbook 2031", "2031"),
    ):
        assert titles_in(loaded.snapshot) == loaded.titles
        with pages_on(loaded.titles):
            page = home_page(loaded.catalogue, loaded.engine, "").decode()
        assert f"<h1>Explore the {title}</h1>" in page
        assert f"agencies worked together in {year}." in page
        assert name_reports(loaded.titles) == title


def test_a_name_of_several_years_lists_them_and_with_the_year_is_one(limited: Limited) -> None:
    engine = limited.both.engine
    with pytest.raises(JhaanError) as refused:
        resolve(engine, "digitalisation")
    listed = [re.sub(r" +", " ", line.strip()) for line in refused.value.args[1:3]]
    assert listed == [
        "priority:2023-digitalisation Priority 2023: digitalisation (network priority, 2023, jhaan-2023: Section 1)",
        "priority:2031-digitalisation Priority 2031: digitalisation (network priority, 2031, lantern-2031: Section 1)",
    ]
    assert resolve(engine, "digitalisation 2031").value == f"{ID}priority/2031-digitalisation"
    assert resolve(engine, "event2031:assembly-of-the-keepers").value.endswith(
        "/2031/assembly-of-the-keepers"
    )
    with pytest.raises(JhaanError, match='"1" is a section of several reports') as refused:
        find_section(engine, "1")
    assert [line.split()[:2] for line in refused.value.args[1:]] == [
        ["jhaan-2023", "1"],
        ["lantern-2031", "1"],
    ]
    assert find_section(engine, "section:1").value == f"{ID}report/jhaan-2023/section/1"
    with pytest.raises(JhaanError, match="Name a section of lantern-2031"):
        find_section(engine, "lantern-2031")
    for text in ("lantern-2031 1", "lantern-2031: Section 1", "report:lantern-2031/section/1"):
        assert find_section(engine, text).value == f"{ID}report/lantern-2031/section/1"


def test_the_contradiction_is_shown_with_both_sides(grown: Checkout) -> None:
    cited = grown.jhaan("query", "date-of-event", "--event", ASSEMBLY, "--cite")
    assert [line.strip() for line in cited.splitlines() if line.startswith("    stated in:")] == [
        "stated in: lantern-2031: Section 1, paragraph 3",
        "stated in: lantern-2031: Section 2.1, paragraph 1",
    ]
    assert "is 2031-05-14 in lantern-2031: Section 1, paragraph 3" in " ".join(cited.split())
    framed = json.loads(grown.jhaan("export", "jsonld-framed", "--class", "event"))
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


def test_what_one_report_lacks_is_not_said_of_another(grown: Checkout, root: Path) -> None:
    """The yearbook has no timeline, no plans and no instruments; its lost picture shows a lighthouse."""
    lost = grown.rows("what-the-report-cannot-tell", "gap", type="jhaan:LostContent")
    assert ("A picture captioned Gull Light is lost; what it showed is not in the text.",) in lost
    assert ASSEMBLY not in {event for (event,) in grown.rows("events-missing-from-timeline", "eventLabel")}
    assert grown.rows("empact-plan-agencies", "roleInPlan", agency="Gull Light") == []
    assert grown.rows("agencies-not-recorded-in-working-groups", "status", agency="Gull Light") == []
    instruments = grown.rows("third-country-instruments", "statement", type="jhaan:InstrumentKind")
    table = read_table(root / "tests/expected/third-country-instruments.kinds.tsv")
    assert len(instruments) == len(table) - 1, "those that the report of 2023 lists"
