"""Tables: values of Python, data frames, CSV, and what a notebook shows."""

from __future__ import annotations

import csv
import datetime
import io
import pickle
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

import html_tree
from html_tree import Element
from jhaan_kg import JhaanError, Resource, Table
from jhaan_kg.api.values import native
from jhaan_kg.query.cite import Citation, CitationKind, CitedPassage, RowCitations, Side
from jhaan_kg.query.engine import Answer, Term
from small_graph import typed

FRA = NamedNode("https://w3id.org/jhaan/id/agency/fra")
CEPOL = NamedNode("https://w3id.org/jhaan/id/agency/cepol")


def section(path: str) -> NamedNode:
    return NamedNode(f"https://w3id.org/jhaan/id/report/jhaan-2023/section/{path}")


VALUES = (
    *(typed("3", "integer"), typed("59.10", "decimal"), typed("2023-11-21", "date")),
    *(typed("true", "boolean"), Literal("a, b")),
)
ANSWER = Answer(
    ("agency", "agencyLabel", "meetings", "rate", "day", "chair", "remark"),
    (
        (FRA, Literal("FRA", language="en"), *VALUES),
        (CEPOL, Literal("CEPOL", language="en"), None, None, None, None, None),
    ),
)


def one_column(*terms: Term | None, name: str = "x") -> Table:
    return Table(Answer((name,), tuple((term,) for term in terms)))


# --- values --------------------------------------------------------------------------------------------------------


def test_rows_have_values_of_python() -> None:
    table = Table(ANSWER)
    assert table.columns == ("agency", "meetings", "rate", "day", "chair", "remark")
    assert table.rows[0] == {
        "agency": Resource(FRA.value, "FRA"),
        "meetings": 3,
        "rate": Decimal("59.10"),
        "day": datetime.date(2023, 11, 21),
        "chair": True,
        "remark": "a, b",
    }
    assert table.rows[1] == dict.fromkeys(table.columns) | {"agency": Resource(CEPOL.value, "CEPOL")}
    assert str(table.rows[0]["rate"]) == "59.10"
    assert [row["meetings"] for row in table] == [3, None]
    assert len(table) == 2
    assert table.cited is None


@pytest.mark.parametrize(
    ("text", "datatype", "value"),
    [
        ("007", "integer", 7),
        ("1_000", "integer", "1_000"),
        ("٣", "integer", "٣"),
        ("9" * 5000, "integer", "9" * 5000),
        ("1e3", "decimal", "1e3"),
        ("1e3", "double", 1000.0),
        ("-INF", "double", float("-inf")),
        ("infinity", "float", "infinity"),
        ("1", "boolean", True),
        ("TRUE", "boolean", "TRUE"),
        ("2023-02-30", "date", "2023-02-30"),
        ("20230101", "date", "20230101"),
        ("true", "string", "true"),
    ],
)
def test_a_literal_has_the_value_of_its_type_or_its_text(text: str, datatype: str, value: object) -> None:
    found = native(typed(text, datatype))
    assert (found, type(found)) == (value, type(value))


NAMES = {bool: "boolean", int: "integer", datetime.date: "date", Decimal: "decimal", float: "double"}


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(sorted(NAMES.values())))
def test_no_literal_is_too_odd(text: str, datatype: str) -> None:
    native(typed(text, datatype))


def test_what_is_neither_thing_nor_literal_is_text() -> None:
    assert native(BlankNode("b")) == "_:b"
    assert "agency/fra" in str(native(Triple(FRA, FRA, FRA)))


def test_a_label_without_its_thing_is_a_column_of_its_own() -> None:
    table = Table(Answer(("agencyLabel", "planLabel", "plan"), ((Literal("FRA"), Literal("6.1"), None),)))
    assert table.columns == ("agencyLabel", "plan")
    assert table.rows == ({"agencyLabel": "FRA", "plan": "6.1"},)


def test_a_table_can_be_pickled() -> None:
    again = pickle.loads(pickle.dumps(Table(ANSWER, title="Who?", contested=[1])))  # noqa: S301
    assert (again.rows, again.title, again.contested) == (Table(ANSWER).rows, "Who?", (1,))
    assert again.to_csv() == Table(ANSWER).to_csv()


@pytest.mark.parametrize(
    ("table", "shown"),
    [
        (Table(ANSWER, contested=[0]), "<Table: 2 rows of agency, meetings, rate, day, chair, remark; 1 contested>"),
        (Table(Answer(tuple("abcdefgh"), ())), "<Table: 0 rows of a, b, c, d, e, f and 2 more>"),
        (one_column(Literal("secret")), "<Table: 1 row of x>"),
    ],
)  # fmt: skip
def test_its_representation_is_short(table: Table, shown: str) -> None:
    assert repr(table) == shown


# --- citations -----------------------------------------------------------------------------------------------------

LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
PARAGRAPH = CitedPassage(section("5.1/paragraph/1"), "Section 5.1, paragraph 1")
ITEM = CitedPassage(section("5.1/item/1"), "Section 5.1, item 1", (PARAGRAPH,), 1)
STATED = Citation(
    Triple(FRA, LABEL, Literal("FRA")),
    CitationKind.STATED,
    (ITEM,),
    others=(Side(Literal("<b>FRA</b>"), (PARAGRAPH,)),),
)
ABSENT = RowCitations((), "No passage says so & nobody knows.", (STATED._replace(others=()),))
CITED = Table(ANSWER, title="Who?", citations=[RowCitations((STATED,)), ABSENT], contested=[0])


QUOTED = Table(
    ANSWER,
    citations=[
        RowCitations(
            (
                STATED._replace(
                    passages=(ITEM._replace(words="FRA <met>", lead_ins=()),),
                    others=(Side(Literal("x"), (PARAGRAPH._replace(words="Others met " * 30),)),),
                ),
            )
        ),
        ABSENT,
    ],
    quotes=True,
)


def test_frames_and_notebooks_have_quotations() -> None:
    (whole, _) = csv.DictReader(io.StringIO(QUOTED.to_csv()))
    assert (
        whole["quotations"]
        == "Section 5.1, item 1: FRA <met>\nSection 5.1, paragraph 1: " + "Others met " * 30
    )
    assert QUOTED.to_polars()["quotations"].to_list() == [whole["quotations"], ""]
    html = shown(QUOTED)
    first, second = (quoted.raw for quoted in html.all("q"))
    assert first == "FRA <met>"
    assert second.startswith("Others met Others met ")
    assert len(second) <= 200
    assert html.all("met") == []


# --- csv -----------------------------------------------------------------------------------------------------------


def test_csv_goes_to_a_file_that_is_whole_or_untouched(tmp_path: Path) -> None:
    path = tmp_path / "é.csv"
    assert Table(ANSWER).to_csv(path) is None  # type: ignore[func-returns-value]
    assert path.read_bytes().decode() == Table(ANSWER).to_csv()
    Table(ANSWER).to_csv(str(path))
    with pytest.raises(JhaanError, match=r"Cannot write .*é\.csv/x: .*Nothing was changed\."):
        Table(ANSWER).to_csv(path / "x")
    assert [file.name for file in tmp_path.iterdir()] == ["é.csv"]


# --- data frames ---------------------------------------------------------------------------------------------------


FRAME = {
    "agency": ("string", "String", ["FRA", "CEPOL"]),
    "agency_iri": ("string", "String", [FRA.value, CEPOL.value]),
    "meetings": ("Int64", "Int64", [3, None]),
    "rate": ("Float64", "Float64", [59.1, None]),
    "day": ("datetime64[s]", "Date", [datetime.date(2023, 11, 21), None]),
    "chair": ("boolean", "Boolean", [True, None]),
    "remark": ("string", "String", ["a, b", None]),
}


def test_frames_have_a_type_for_each_column() -> None:
    import pandas as pd  # slow, and only a few tests need it

    frame = Table(ANSWER).to_pandas()
    assert frame.columns.to_list() == list(FRAME)
    for name, (dtype, _, (first, second)) in FRAME.items():
        assert str(frame[name].dtype) == dtype
        assert frame[name][0] == (pd.Timestamp(first) if name == "day" else first)
        assert pd.isna(frame[name][1]) == (second is None)
    again = Table(ANSWER).to_polars()
    assert {name: str(dtype) for name, dtype in again.schema.items()} == {
        name: dtype for name, (_, dtype, _) in FRAME.items()
    }
    assert again.to_dict(as_series=False) == {name: values for name, (_, _, values) in FRAME.items()}


def test_frames_have_the_citations_that_csv_has() -> None:
    assert CITED.cited is not None
    assert CITED.cited[1].notes == ("not recorded: No passage says so & nobody knows.",)
    rows = list(csv.DictReader(io.StringIO(CITED.to_csv())))
    for frame in (CITED.to_pandas().to_dict("records"), CITED.to_polars().to_dicts()):
        for column in ("sources", "sourceIris", "note"):
            assert [row[column] for row in frame] == [row[column] for row in rows]


@pytest.mark.parametrize(
    ("terms", "dtype", "values"),
    [
        ((typed("1", "integer"), typed("0.5", "decimal"), typed("1e2", "double")), "Float64", [1.0, 0.5, 100.0]),
        ((typed("1", "integer"), typed("2023-01-01", "date"), None), "string", ["1", "2023-01-01", None]),
        ((typed("1", "integer"), typed(str(2**63), "integer")), "string", ["1", str(2**63)]),
        ((typed(str(2**63 - 1), "integer"),), "Int64", [2**63 - 1]),
        ((typed("9999-12-31", "date"), typed("0001-01-01", "date")), "datetime64[s]", ["9999-12-31", "0001-01-01"]),
        ((None, None), "string", [None, None]),
        ((), "string", []),
    ],
)  # fmt: skip
def test_a_column_of_several_kinds(terms: tuple[Term, ...], dtype: str, values: list[object]) -> None:
    import pandas as pd

    frame, again = one_column(*terms).to_pandas(), one_column(*terms).to_polars()
    assert str(frame["x"].dtype) == dtype
    if dtype == "datetime64[s]":
        assert [str(value.date()) for value in frame["x"]] == values
        assert [str(value) for value in again["x"]] == values
    else:
        assert [None if pd.isna(value) else value for value in frame["x"]] == values
        assert again["x"].to_list() == values


def test_things_among_other_values_have_their_iri() -> None:
    frame = one_column(FRA, Literal("somebody"), None).to_polars().to_dict(as_series=False)
    assert frame == {"x": ["agency:fra", "somebody", None], "x_iri": [FRA.value, None, None]}


@pytest.mark.parametrize("make", [Table.to_pandas, Table.to_polars])
def test_two_columns_of_one_name_are_refused(make: Callable[[Table], object]) -> None:
    with pytest.raises(JhaanError, match='"a_iri" would exist twice'):
        make(Table(Answer(("a", "a_iri"), ((FRA, Literal("x")),))))


def test_a_frame_without_rows_has_the_same_columns() -> None:
    columns = ["agency", "agency_iri", "meetings", "rate", "day", "chair", "remark"]
    empty = Table(Answer(ANSWER.variables, ()))
    assert empty.to_pandas().columns.to_list() == columns
    assert empty.to_polars().columns == columns
    assert Table(Answer((), ((), ()))).to_pandas().shape == (2, 0)


# --- notebooks -----------------------------------------------------------------------------------------------------


def shown(table: Table) -> Element:
    """Return what a notebook shows, read as a browser reads it."""
    return html_tree.read(table._repr_html_().encode())


def cells(html: Element) -> list[list[str]]:
    return [[part.raw for part in row.walk() if part.name in ("td", "th")] for row in html.all("tr")]


def test_a_notebook_shows_labels_that_link() -> None:
    html = shown(Table(ANSWER, title="Who?"))
    assert html.all("caption")[0].text == "Who? (2 rows)"
    assert cells(html) == [
        ["agency", "meetings", "rate", "day", "chair", "remark"],
        ["FRA", "3", "59.10", "21 November 2023", "true", "a, b"],
        ["CEPOL", "", "", "", "", ""],
    ]
    assert html.links == {FRA.value, CEPOL.value}
    assert html.all("p") == []


def test_citations_are_the_last_column() -> None:
    html = shown(CITED)
    assert [row[-1] for row in cells(html)] == [
        "sources",
        "Section 5.1, item 1; Section 5.1, paragraph 1"
        "conflicting value: the label of agency:fra is <b>FRA</b> in Section 5.1, paragraph 1",
        "not recorded: No passage says so & nobody knows.searched: 1 passage of Section 5.1",
    ]
    assert html.links > {section("5.1/item/1").value, section("5.1/paragraph/1").value}
    assert html.all("b") == []


def test_without_citations_contested_rows_and_absences_are_named_below() -> None:
    html = shown(Table(ANSWER, absence="nobody says so", contested=[0, 1]))
    assert html.all("caption")[0].text == "2 rows"
    assert 'About "not recorded": nobody says so' in html.text
    assert "passages disagree about rows 1 (FRA), 2 (CEPOL). To see both values: cite=True" in html.text


def test_nothing_in_an_answer_is_taken_for_html() -> None:
    evil = "<script>alert(1)</script>\"'&"
    row = (Literal(evil), NamedNode("javascript:alert(1)"), Literal(evil))
    html = shown(Table(Answer((evil, "x", "xLabel"), (row,)), title=evil, absence=evil))
    elements = {element.name for element in html.walk()} - {"#document"}
    assert elements == {"table", "caption", "thead", "tbody", "tr", "th", "td", "p"}
    assert cells(html)[1] == [evil, evil]
    assert html.all("caption")[0].text.startswith(evil)
    iri = "https://example.org/a'onclick='alert(1)&b"
    assert shown(one_column(NamedNode(iri))).links == {iri}


@pytest.mark.parametrize(
    ("rows", "caption"),
    [(100, "100 rows"), (101, "101 rows, of which the first 100 are shown; .rows has them all")],
)
def test_a_long_table_is_cut_and_says_so(rows: int, caption: str) -> None:
    table = one_column(*(Literal(number) for number in range(rows)))
    html = shown(table)
    assert (len(cells(html)), html.all("caption")[0].text) == (1 + 100, caption)
    assert len(table.rows) == rows
