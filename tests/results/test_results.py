from __future__ import annotations

import csv
import datetime
import io
import json
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import RDF_TYPE, RDFS_LABEL, jhaan
from jhaan_kg.query.cite import Citation, CitationKind, CitedPassage, RowCitations, Side
from jhaan_kg.query.engine import Answer, Term
from jhaan_kg.results import FORMATS, render, render_boolean, render_graph
from jhaan_kg.results.cells import describe_sources
from small_graph import iri, typed

DAY = typed("2023-10-05", "date")
ANSWER = Answer(
    ("agency", "agencyLabel", "meetings", "firstDay", "chairLabel"),
    (
        (iri("agency:alba"), Literal("Alba", language="en"), Literal(2), DAY, Literal("a|b, *c*")),
        (iri("agency:dora"), None, Literal(0), None, Literal('=1+1 "x"\nnext')),
    ),
)


def locate(path: str) -> str:
    section, kind, *number = path.split("/")
    return f"Section {section}, {' '.join((kind, *number))}"


def passage(path: str, *lead_ins: str) -> CitedPassage:
    leads = tuple(passage(lead) for lead in lead_ins)
    return CitedPassage(iri(f"section:{path}"), locate(path), leads)


STATED = Citation(
    Triple(iri("event2023:autumn"), iri("schema:startDate"), DAY),
    CitationKind.STATED,
    (passage("5.2/item/1", "5.2/paragraph/1"),),
    others=(Side(typed("2023-10-06", "date"), (passage("4/entry/2"),)),),
)
INFERRED = Citation(
    Triple(iri("event2023:autumn"), jhaan("group"), iri("group:all")),
    CitationKind.STATED,
    (passage("5.2/paragraph/3"), passage("6/heading")),
    via=(Triple(iri("event2023:autumn"), jhaan("party"), iri("agency:alba")),),
)
READING = Citation(
    Triple(iri("reading:all"), jhaan("readAs"), iri("agency:alba")),
    CitationKind.CURATION,
    (passage("2/paragraph/3"),),
    via=INFERRED.via,
)
SEAT = Citation(
    Triple(iri("agency:alba"), iri("schema:location"), iri("place:lisbon")),
    CitationKind.CONTEXT,
    (),
    sources=(NamedNode("https://example.org/seats"),),
)
SEARCHED = Citation(
    Triple(iri("event2023:autumn"), jhaan("mode"), jhaan("Online")),
    CitationKind.STATED,
    (passage("5.2/paragraph/1"), passage("5.2/paragraph/2"), passage("6/heading")),
)
CITED = RowCitations((STATED, INFERRED, READING, SEAT), key=(STATED,))
ABSENT = RowCitations((), "No passage names her.", (SEARCHED,))
CITATIONS = (CITED, ABSENT)


def test_a_table_prints_citations_under_each_row() -> None:
    assert render(ANSWER, "table", citations=CITATIONS, title="Who?").decode() == (
        "Who?\n"
        "agency       meetings  first day       chair\n"
        "-----------  --------  --------------  -------------\n"
        "Alba                2  5 October 2023  a|b, *c*\n"
        "    stated in: Section 5.2, item 1 (+6)\n"
        "    conflicting value: the start date of event2023:autumn is 2023-10-06 in Section 4, entry 2\n"
        'agency:dora         0                  =1+1 "x" next\n'
        "    not recorded: No passage names her. Searched: 3 passages of Section 5.2, Section 6.\n"
    )


def test_what_a_table_lacks_is_said() -> None:
    for found, said in (("", "No results."), ("Nobody met.", "Nobody met.")):
        assert render(Answer(("agency",), ()), "table", found=found).decode() == f"{said}\n"
        assert render(Answer(("agency",), ()), "md", found=found).decode() == f"{said}\n"
    uncited = render(ANSWER, "table", citations=(RowCitations(()), ABSENT)).decode()
    assert "    no source recorded\n" in uncited


WIDE = Answer(("one", "two"), ((Literal("word " * 30), Literal("x" * 30)), (Literal("a"), Literal("b"))))


@pytest.mark.parametrize(("width", "most"), [(50, 50), (80, 80), (None, 120), (200, 120)])
def test_a_table_fits_the_terminal(width: int | None, most: int) -> None:
    text = render(WIDE, "table", citations=(CITED, ABSENT), width=width).decode()
    assert max(map(len, text.splitlines())) <= most
    assert text.count("word") == 30
    assert "x" * 30 in text
    assert "\n    stated in: " in text


def test_a_table_that_is_longer_than_its_records_is_written_as_records() -> None:
    long, short = (Literal("word " * number) for number in (60, 1))
    three = Answer(
        ("number", "text", "other", "none"), tuple((Literal(n), long, short, None) for n in (1, 2))
    )
    text = render(three, "table", citations=(ABSENT, ABSENT), width=40, note="Note.").decode()
    record = text.split("\n\n")[1]
    assert record.splitlines()[0] == "number: 2"
    assert record.splitlines()[1].startswith("text: word word")
    assert record.splitlines()[-1].startswith("    ")
    assert "none" not in text.replace("not recorded", "")
    assert text.endswith("\n\nNote.\n")


def test_the_table_of_a_question_leaves_out_what_tells_nothing() -> None:
    columns = ("event", "eventLabel", "item", "text", "none", "position", "count")
    rows = tuple(
        (
            iri("event2023:spring"),
            Literal("spring"),
            iri(f"agency:{n}"),
            Literal(text),
            None,
            Literal(n),
            Literal(7),
        )
        for n, text in enumerate(("first", "second"))
    )
    answer = Answer(columns, rows)
    assert render(answer, "table", found="2 items.").decode() == (
        "2 items.\nevent: spring\ncount: 7\n\ntext\n------\nfirst\nsecond\n"
    )
    assert render(answer, "md", found="2 items.").decode() == (
        "2 items.\n\n"
        "event: [spring](https://w3id.org/jhaan/id/event/2023/spring)\n\ncount: 7\n\n"
        "| text |\n| --- |\n"
        "| [first](https://w3id.org/jhaan/id/agency/0) |\n| [second](https://w3id.org/jhaan/id/agency/1) |\n"
    )
    assert (
        "spring" in render(answer._replace(rows=rows[:1]), "table", found="1 item.").decode().splitlines()[-1]
    )
    whole = render(answer, "table").decode().splitlines()
    assert whole[0].split() == ["event", "item", "text", "none", "position", "count"], "a query of one's own"
    assert render(answer, "csv", found="2 items.") == render(answer, "csv")


def test_no_text_can_steer_a_terminal() -> None:
    answer = Answer(("x",), ((Literal("a\x1b[31mb\r\u009bc"),),))
    out = render(answer, "table").decode()
    assert out.splitlines()[-1] == "a [31mb c"


def test_people_see_the_sources_of_key_statements_first() -> None:
    def read(*keys: Citation) -> list[str]:
        return describe_sources(CITED._replace(key=keys))[:-1]

    assert read(STATED) == ["stated in: Section 5.2, item 1 (+6)"]
    assert read(INFERRED) == ["inferred from: Section 5.2, paragraph 3; Section 6, heading (+5)"]
    assert read(SEAT, STATED) == [
        "stated in: Section 5.2, item 1",
        "external source: <https://example.org/seats> (+5)",
    ]
    assert read(READING, INFERRED) == [
        "inferred from: Section 5.2, paragraph 3; Section 6, heading",
        "curators: reading:all (+4)",
    ]
    twice = INFERRED._replace(passages=INFERRED.passages[1:])
    assert read(INFERRED, twice) == ["inferred from: Section 6, heading (+6)"], "it states most of it"


def test_csv_is_that_of_sparql() -> None:
    assert render(ANSWER, "csv").decode() == (
        "agency,agencyLabel,meetings,firstDay,chairLabel\r\n"
        'https://w3id.org/jhaan/id/agency/alba,Alba,2,2023-10-05,"a|b, *c*"\r\n'
        'https://w3id.org/jhaan/id/agency/dora,,0,,"=1+1 ""x""\nnext"\r\n'
    )


SECTION = "https://w3id.org/jhaan/id/report/jhaan-2023/section/"
COLUMNS = [
    {
        "sources": "Section 2, paragraph 3; Section 5.2, item 1; Section 5.2, paragraph 1; Section 5.2, paragraph 3; "
        "Section 6, heading; reading:all; "
        "<https://example.org/seats>",
        "sourceIris": f"{SECTION}2/paragraph/3; {SECTION}5.2/item/1; {SECTION}5.2/paragraph/1; "
        f"{SECTION}5.2/paragraph/3; {SECTION}6/heading; "
        "https://w3id.org/jhaan/id/reading/jhaan-2023/all; https://example.org/seats",
        "note": "conflicting value: the start date of event2023:autumn is 2023-10-06 in Section 4, entry 2; "
        "based on a statement by the curators; based on an external source",
    },
    {
        "sources": "Section 5.2, paragraph 1; Section 5.2, paragraph 2; Section 6, heading",
        "sourceIris": f"{SECTION}5.2/paragraph/1; {SECTION}5.2/paragraph/2; {SECTION}6/heading",
        "note": "not recorded: No passage names her.",
    },
]


def test_citations_are_columns_of_csv() -> None:
    rows = list(csv.DictReader(io.StringIO(render(ANSWER, "csv", citations=CITATIONS).decode())))
    assert [{name: row[name] for name in COLUMNS[0]} for row in rows] == COLUMNS
    assert [row["meetings"] for row in rows] == ["2", "0"]


@pytest.mark.parametrize("form", ["json", "tsv", "xml"])
def test_the_formats_of_sparql_can_be_read_again(form: str) -> None:
    data = render(ANSWER, form, citations=CITATIONS)
    read = parse_query_results(data, format=getattr(QueryResultsFormat, form.upper()))
    assert isinstance(read, QuerySolutions)
    assert [variable.value for variable in read.variables] == [*ANSWER.variables, *COLUMNS[0]]
    rows = [tuple(solution) for solution in read]
    assert [row[: len(ANSWER.variables)] for row in rows] == list(ANSWER.rows)
    assert [[getattr(value, "value", None) for value in row[-3:]] for row in rows] == [
        list(columns.values()) for columns in COLUMNS
    ]


values = (
    st.none()
    | st.text().map(Literal)
    | st.integers().map(Literal)
    | st.sampled_from([iri("agency:alba"), typed("007", "integer")])
)


@given(st.lists(st.tuples(values, values), max_size=4))
def test_any_rows_survive_every_format(rows: list[tuple[Literal | NamedNode | None, ...]]) -> None:
    answer = Answer(("a", "b"), tuple(rows))
    read = parse_query_results(render(answer, "json"), format=QueryResultsFormat.JSON)
    assert isinstance(read, QuerySolutions)
    assert [tuple(solution) for solution in read] == rows
    table = list(csv.reader(io.StringIO(render(answer, "csv").decode(), newline="")))
    assert table[1:] == [[getattr(value, "value", "") for value in row] for row in rows]
    lines = render(answer, "md").decode().splitlines()
    assert len(lines) == (2 + len(rows) if rows else 1)
    assert render(answer, "table", width=40)


def test_markdown_links_labels_and_escapes_cells() -> None:
    assert render(ANSWER, "md", title="Who_is?", note="Read on.").decode() == (
        "**Who\\_is?**\n"
        "\n"
        "| agency | meetings | first day | chair |\n"
        "| --- | --- | --- | --- |\n"
        "| [Alba](https://w3id.org/jhaan/id/agency/alba) | 2 | 5 October 2023 | a\\|b, \\*c\\* |\n"
        '| [agency:dora](https://w3id.org/jhaan/id/agency/dora) | 0 |  | =1+1 "x" next |\n'
        "\nRead on.\n"
    )


def test_markdown_links_sources() -> None:
    lines = render(ANSWER, "md", citations=CITATIONS).decode().splitlines()
    assert lines[0].endswith("| chair | sources | note |")
    assert f"| [Section 5.2, item 1]({SECTION}5.2/item/1) (+6) |" in lines[2]
    assert lines[3].endswith("| not recorded: No passage names her. |")


LONG = f"A passage of {'many words, ' * 20}to its end."
QUOTED = (
    RowCitations(
        (
            Citation(
                Triple(iri("agency:alba"), iri("rdfs:label"), Literal("Alba")),
                CitationKind.STATED,
                (
                    passage("5.2/item/1")._replace(
                        words="Alba *met* <i>",
                        lead_ins=(passage("5.2/paragraph/1")._replace(words=LONG),),
                    ),
                ),
                others=(Side(Literal("Alma"), (passage("4/entry/2")._replace(words="Alma met"),)),),
            ),
        )
    ),
    RowCitations((), "No passage names her.", (CITATIONS[0].citations[0],)),
)
"""Citations with the words of passages: of an item, of the paragraph before it, of an entry that contradicts it."""


def test_a_table_has_the_beginning_of_the_words() -> None:
    lines = render(ANSWER, "table", citations=QUOTED).decode().splitlines()
    assert max(map(len, lines)) <= 120
    text = " ".join(" ".join(lines).split())
    shown = text.partition(" Section 5.2, item 1: “Alba *met* <i>” Section 5.2, paragraph 1: “")[2].partition(
        " …” Section 4, entry 2: “Alma met”"
    )[0]
    assert LONG.startswith(f"{shown} ")
    assert 190 < len(shown) <= 198


def test_the_words_are_whole_in_a_column_of_their_own() -> None:
    data = render(ANSWER, "json", citations=QUOTED, quotes=True)
    first, second = (row["quotations"]["value"] for row in json.loads(data)["results"]["bindings"])
    assert first.splitlines() == [
        "Section 5.2, item 1: Alba *met* <i>",
        f"Section 5.2, paragraph 1: {LONG}",
        "Section 4, entry 2: Alma met",
    ]
    assert second == ""


def test_markdown_has_the_words_whole_and_escaped() -> None:
    lines = render(ANSWER, "md", citations=QUOTED, quotes=True).decode().splitlines()
    assert lines[0].endswith("| sources | note | quotations |")
    said = (
        "Section 5.2, item 1: Alba \\*met\\* \\<i\\><br>"
        f"Section 5.2, paragraph 1: {LONG}<br>Section 4, entry 2: Alma met |"
    )
    assert lines[2].endswith(said)
    assert lines[3].endswith("| not recorded: No passage names her. |  |")


def sheet(data: bytes) -> openpyxl.worksheet.worksheet.Worksheet:
    active = openpyxl.load_workbook(io.BytesIO(data)).active
    assert isinstance(active, openpyxl.worksheet.worksheet.Worksheet)
    return active


CELLS: list[tuple[Term | None, object, str]] = [
    (Literal(12), 12, "n"),
    (typed("2.5", "decimal"), 2.5, "n"),
    (DAY, datetime.datetime(2023, 10, 5), "d"),
    (Literal(True), True, "b"),
    (Literal("=HYPERLINK(1)"), "=HYPERLINK(1)", "s"),
    (Literal("https://e.org"), "https://e.org", "s"),
    (Literal("007"), "007", "s"),
    (iri("agency:alba"), "https://w3id.org/jhaan/id/agency/alba", "s"),
    (None, None, "n"),
    (Literal(2**53), str(2**53), "s"),
    (typed("1850-01-01", "date"), "1850-01-01", "s"),
    (typed("not a day", "date"), "not a day", "s"),
    (typed("INF", "double"), "INF", "s"),
]


def test_a_workbook_has_typed_cells() -> None:
    names, row = tuple(f"c{number}" for number in range(len(CELLS))), tuple(term for term, *_ in CELLS)
    read = sheet(render(Answer(names, (row,)), "xlsx", title="What?"))
    assert [[cell.value, cell.data_type] for cell in read[2]] == [cell for _, *cell in CELLS]
    assert all(cell.hyperlink is None for cell in read[2])
    assert (read.freeze_panes, read.auto_filter.ref) == ("A2", "A1:M2")


def test_a_workbook_has_the_citations() -> None:
    read = sheet(render(ANSWER, "xlsx", citations=CITATIONS))
    assert [cell.value for cell in read[1]][-3:] == list(COLUMNS[0])
    assert [cell.value for cell in read[3]][-3:] == list(COLUMNS[1].values())


def test_a_long_list_in_a_workbook_is_cut_at_an_item() -> None:
    items = [f"https://e.org/{n:06}" for n in range(3000)]
    read = sheet(render(Answer(("x",), ((Literal("; ".join(items)),),)), "xlsx"))
    kept = str(read["A2"].value)
    assert len(kept) <= 32767
    *whole, note = kept.split("; ")
    assert whole == items[: len(whole)]
    assert note == f"… ({3000 - len(whole)} more, see csv)"


def test_a_workbook_holds_no_date_of_its_making() -> None:
    with zipfile.ZipFile(io.BytesIO(render(ANSWER, "xlsx"))) as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {1980}
        core = archive.read("docProps/core.xml").decode()
    assert "2000-01-01T00:00:00Z" in core
    assert str(datetime.datetime.now(tz=datetime.UTC).year) not in core


@pytest.mark.parametrize("form", FORMATS)
def test_an_answer_without_rows_can_be_written(form: str) -> None:
    assert render(Answer(("agency", "agencyLabel"), ()), form, citations=())


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda: render_graph([], "csv"), r"Unknown format .csv. for graphs\. Choose one of: ttl"),
        (lambda: render_boolean(True, "csv"), r"Unknown format .csv. for yes or no\. .*: table, json, xml"),
    ],
)
def test_an_unknown_format_is_refused(write: Callable[[], bytes], message: str) -> None:
    with pytest.raises(JhaanError, match=message):
        write()


def test_a_column_of_the_citations_must_be_free() -> None:
    with pytest.raises(JhaanError, match='column name "note" is reserved'):
        render(Answer(("note",), ((Literal("x"),), (None,))), "csv", citations=CITATIONS)


def test_yes_and_no() -> None:
    assert json.loads(render_boolean(False, "json")) == {"head": {}, "boolean": False}
    assert b"<boolean>true</boolean>" in render_boolean(True, "xml")
    assert (render_boolean(True, "table"), render_boolean(False, "table")) == (b"yes\n", b"no\n")


GRAPH = [
    Triple(iri("agency:alba"), RDFS_LABEL, Literal("Alba", language="en")),
    Triple(iri("agency:alba"), RDF_TYPE, jhaan("Agency")),
    Triple(iri("agency:alba"), iri("schema:foundingDate"), DAY),
    Triple(iri("agency:alba"), jhaan("value"), typed("0.50", "decimal")),
    Triple(iri("agency:alba"), NamedNode("https://example.org/p"), Literal("plain")),
    Triple(BlankNode("zz"), jhaan("knows"), iri("agency:alba")),
]


@pytest.mark.parametrize(
    ("form", "syntax"),
    [("ttl", RdfFormat.TURTLE), ("jsonld", RdfFormat.JSON_LD), ("ntriples", RdfFormat.N_TRIPLES)],
)
def test_a_graph_has_one_form_and_can_be_read_again(form: str, syntax: RdfFormat) -> None:
    *plain, blank = GRAPH
    renamed = Triple(BlankNode("a1"), blank.predicate, blank.object)
    assert render_graph(GRAPH, form) == render_graph([renamed, *reversed(plain)], form)
    assert {quad.triple for quad in parse(render_graph(plain, form), format=syntax)} == set(plain)
    assert list(parse(render_graph([], form), format=syntax)) == []


def test_jsonld_has_the_keys_of_our_context_and_those_that_it_needs() -> None:
    document = json.loads(render_graph(GRAPH, "jsonld"))
    assert list(document["@context"]) == ["@version", "id", "type", "date", "label", "Agency"]
    (alba,) = (node for node in document["@graph"] if node["id"].endswith("/agency/alba"))
    assert alba == {
        "id": "https://w3id.org/jhaan/id/agency/alba",
        "type": ["Agency"],
        "label": {"en": "Alba"},
        "https://schema.org/foundingDate": {"@value": "2023-10-05", "@type": "date"},
        "https://w3id.org/jhaan/ontology#value": {
            "@value": "0.50",
            "@type": "http://www.w3.org/2001/XMLSchema#decimal",
        },
        "https://example.org/p": "plain",
    }
