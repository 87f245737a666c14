"""Tables of a small graph contain the graph, and a cell that looks like a formula is guarded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from meetings_graph import triples as read
from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export_files
from jhaan_kg.export.tables.folder import escape_formula
from jhaan_kg.export.tables.layout import fits
from jhaan_kg.namespaces import GRAPH, ID, ONTOLOGY
from read_tables import (
    DANGEROUS,
    METADATA,
    assert_one_row_for_each_thing,
    data_of,
    plain,
    rows_of,
    triples_of,
)
from small_graph import FORMULAS, TEXTS, english, iri, snapshot, typed
from small_graph import ONTOLOGY as TERMS

ODD = f"{ID}event/2023/odd"
Files = dict[str, bytes]


def tables(given: Snapshot, **choices: bool) -> Files:
    return dict(export_files(given, "csv", **choices))


def of_triples(folder: Path, triples: list[Triple]) -> Files:
    """Return the tables of triples about things, beside the small ontology."""
    graphs = {NamedNode(GRAPH + "ontology"): read(TERMS), NamedNode(GRAPH + "report/odd-2023/1"): triples}
    return tables(snapshot(folder / "snapshot", graphs))


@pytest.fixture(scope="module")
def files(small: Snapshot) -> Files:
    return tables(small)


# --- the whole of a small graph ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inferred", "context", "evidence"), [(True, True, True), (False, True, False), (True, False, True)]
)
def test_what_was_asked_for_is_in_the_tables_and_nothing_else(
    inferred: bool, context: bool, evidence: bool, small: Snapshot
) -> None:
    made = tables(small, inferred=inferred, context=context, evidence=evidence)
    left = [
        quad
        for quad in small.quads(evidence=evidence, context=context)
        if inferred or "/graph/inferred/" not in str(quad.graph_name)
    ]
    rebuilt = triples_of(made)
    assert data_of(left) - rebuilt == set()
    assert rebuilt <= {quad.triple for quad in left}
    assert ("classes/assertions.csv" in made) is evidence


def test_each_thing_is_in_one_class_table(files: Files) -> None:
    assert_one_row_for_each_thing(files)


def test_the_subclass_is_shown_by_the_type(files: Files) -> None:
    types = {row["label"]: row["type_label"] for row in rows_of(files["classes/events.csv"])}
    assert types == {
        "autumn meeting": "Event", "spring meeting": "Event", "some meeting": "Event", "winter meeting": "Meeting",
    }  # fmt: skip


def test_both_sides_of_a_contested_value_are_shown(files: Files) -> None:
    contested = {
        row["label"]: row["contested"] for row in rows_of(files["classes/events.csv"]) if row["contested"]
    }
    assert contested == {"autumn meeting": "start_date"}
    statements = rows_of(files["classes/contested_statements.csv"])
    sides = [(row["contested_value_date"], row["rank"].partition("#")[2]) for row in statements]
    assert sorted(sides) == [("2023-10-05", "PreferredRank"), ("2023-10-06", "OtherRank")]


# --- the form of the files -----------------------------------------------------------------------------------


def test_files_are_as_rfc_4180_wants_them(files: Files) -> None:
    for path, data in files.items():
        if path.endswith(".csv"):
            assert not data.startswith(b"\xef\xbb\xbf")
            assert data.endswith(b"\r\n")
            assert data.decode().partition("\r\n")[0].replace(",", "").replace("_", "").isalnum()


def test_no_cell_starts_a_formula(files: Files) -> None:
    for path, data in files.items():
        if path.endswith(".csv"):
            cells = [cell for row in rows_of(data) for name, cell in row.items() if name != "value"]
            assert not [cell for cell in cells if cell.startswith(DANGEROUS)], path


def test_names_are_short_and_told_apart(files: Files) -> None:
    described = json.loads(files[METADATA])["tables"]
    names = [table["dc:title"] for table in described]
    assert len({name.lower() for name in names}) == len(names) == len(files) - 1
    assert max(map(len, names)) <= 31
    for table in described:
        columns = [column["name"] for column in table["tableSchema"]["columns"]]
        assert len(set(columns)) == len(columns)
        assert files[table["url"]].decode().partition("\r\n")[0].split(",") == columns


def test_each_column_leads_to_a_table(files: Files) -> None:
    described = {table["url"]: table["tableSchema"] for table in json.loads(files[METADATA])["tables"]}
    keys = {
        (key["columnReference"], key["reference"]["resource"])
        for key in described["classes/participations.csv"]["foreignKeys"]
    }
    assert keys >= {("in_event", "classes/events.csv"), ("in_activity", "things.csv")}


# --- values that are hard to keep ----------------------------------------------------------------------------

ANY_TEXT = st.one_of(
    st.sampled_from((*TEXTS, "\x00", "\x1b[31m", "_x0041_", "''")),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=12),
)


@given(ANY_TEXT)
def test_a_guarded_text_is_no_formula_and_can_be_had_again(text: str) -> None:
    assert plain(escape_formula(text)) == text
    assert not escape_formula(text).startswith(DANGEROUS)
    assert not escape_formula(text).lstrip().startswith(DANGEROUS)


def test_each_text_that_looks_like_a_formula_is_guard() -> None:
    """White space before it is no matter to a spreadsheet program."""
    for text in FORMULAS:
        for looks_like_it in (text, f" {text}", f"\u00a0{text}"):
            assert plain(escape_formula(looks_like_it)) == looks_like_it
            assert not escape_formula(looks_like_it).lstrip().startswith(DANGEROUS), looks_like_it


LITERALS = st.one_of(
    ANY_TEXT.map(english),
    ANY_TEXT.map(Literal),
    st.builds(Literal, ANY_TEXT, language=st.sampled_from(("de", "sl"))),
    st.builds(
        typed,
        st.sampled_from(
            (
                "7",
                "07",
                "-7",
                "+7",
                "-0",
                "",
                "2023-02-01",
                "-0044-03-15",
                "2023-02-30",
                "2023-02-01Z",
                "true",
                "1",
                "=1",
            )
        ),
        st.sampled_from(("integer", "date", "boolean", "decimal")),
    ),
)
PROPERTIES = st.sampled_from(
    (
        "rdfs:label",
        "jhaan:summary",
        "jhaan:value",
        "jhaan:startYear",
        "schema:startDate",
        "jhaan:timeWording",
        "jhaan:called",
        "jhaan:unheardOf",
    )
)
TRIPLES = st.one_of(
    st.builds(Triple, st.sampled_from((ODD, ODD + "-2")).map(NamedNode), PROPERTIES.map(iri), LITERALS),
    st.builds(
        Triple,
        st.sampled_from((ODD, ODD + "-2")).map(NamedNode),
        st.sampled_from(("jhaan:precedes", "jhaan:statedIn", "jhaan:unheardOf", "jhaan:seat")).map(iri),
        st.sampled_from((ODD, ODD + "-2", "https://example.org/elsewhere")).map(NamedNode),
    ),
    st.builds(
        Triple,
        st.sampled_from((ODD, ODD + "-2")).map(NamedNode),
        st.just(iri("rdf:type")),
        st.sampled_from(
            ("jhaan:Event", "jhaan:Meeting", "jhaan:Remark", "jhaan:UnheardOf", "foaf:Agent")
        ).map(iri),
    ),
)


@given(triples=st.lists(TRIPLES, min_size=1, max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_is_lost_however_odd(
    triples: list[Triple], tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = of_triples(tmp_path_factory.mktemp("odd"), triples)
    rebuilt = triples_of(made)
    assert set(triples) - rebuilt == set()
    assert {triple for triple in rebuilt if triple.subject.value.startswith(ODD)} == set(triples)
    for path, data in made.items():
        if path.endswith(".csv"):
            numbers = {"value", "start_year"} - ({"value"} if path == "other_values.csv" else set())
            cells = {cell for row in rows_of(data) for name, cell in row.items() if name not in numbers}
            assert not [cell for cell in cells if cell.startswith(DANGEROUS)]


def test_several_values_of_a_column_are_told_and_stand_elsewhere(tmp_path: Path) -> None:
    event = NamedNode(ODD)
    triples = [
        Triple(event, iri("rdf:type"), iri("jhaan:Event")),
        Triple(event, iri("schema:startDate"), typed("2023-02-01", "date")),
        Triple(event, iri("schema:startDate"), typed("2023-02-02", "date")),
    ]
    made = of_triples(tmp_path, triples)
    assert [row["start_date"] for row in rows_of(made["classes/events.csv"])] == ["see other_values"]
    others = [(row["property_label"], row["value"]) for row in rows_of(made["other_values.csv"])]
    assert others == [("startDate", "2023-02-01"), ("startDate", "2023-02-02")]


def test_the_words_of_the_marker_as_a_value_are_no_marker(tmp_path: Path) -> None:
    event = NamedNode(ODD)
    made = of_triples(
        tmp_path,
        [
            Triple(event, iri("rdf:type"), iri("jhaan:Event")),
            Triple(event, iri("rdfs:label"), english("see other_values")),
        ],
    )
    assert [row["value"] for row in rows_of(made["other_values.csv"])] == ["see other_values"]


def test_a_cell_holds_only_what_it_can_give_back() -> None:
    assert not fits("text", Literal("words"))
    assert fits("web", NamedNode(ONTOLOGY))
