"""Tables of a small graph contain the graph, and a cell that looks like a formula is guarded."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from meetings_graph import triples as read
from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import Request, export_files
from jhaan_kg.export.table_files import escape_formula
from jhaan_kg.export.tables import make_tables
from jhaan_kg.namespaces import GRAPH, ID
from read_tables import (
    DANGEROUS,
    assert_one_row_for_each_thing,
    data_of,
    plain,
    rows_of,
    triples_of,
)
from small_graph import ONTOLOGY as TERMS
from small_graph import TEXTS, english, iri, snapshot, typed

ODD = f"{ID}event/2023/odd"
Files = dict[str, bytes]


def tables(given: Snapshot, **choices: bool) -> Files:
    return dict(export_files(given, "csv", **choices))


def snapshot_of(folder: Path, triples: list[Triple]) -> Snapshot:
    """Return a snapshot of triples about things, and of the small ontology."""
    graphs = {NamedNode(GRAPH + "ontology"): read(TERMS), NamedNode(GRAPH + "report/odd-2023/1"): triples}
    return snapshot(folder / "snapshot", graphs)


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
    choice = {"inferred": inferred, "context": context, "evidence": evidence}
    made = tables(small, **choice)
    left = [
        quad
        for quad in small.quads(evidence=evidence, context=context)
        if inferred or "/graph/inferred/" not in str(quad.graph_name)
    ]
    rebuilt = triples_of(made, make_tables(Request(small, "csv", **choice)).tables)
    assert data_of(left) - rebuilt == set()
    assert rebuilt <= {quad.triple for quad in left}
    assert ("classes/assertions.csv" in made) is evidence


def test_each_thing_is_in_one_table_with_its_type_and_both_sides_of_a_contested_value(files: Files) -> None:
    assert_one_row_for_each_thing(files)
    events = rows_of(files["classes/events.csv"])
    types = {row["label"].removesuffix(" meeting"): row["type_label"] for row in events}
    assert types == {"autumn": "Event", "spring": "Event", "some": "Event", "winter": "Meeting"}
    contested = {row["label"]: row["contested"] for row in events if row["contested"]}
    assert contested == {"autumn meeting": "start_date"}
    statements = rows_of(files["classes/contested_statements.csv"])
    sides = [(row["contested_value_date"], row["rank"].partition("#")[2]) for row in statements]
    assert sorted(sides) == [("2023-10-05", "PreferredRank"), ("2023-10-06", "OtherRank")]


# --- the form of the files -----------------------------------------------------------------------------------


def test_files_are_as_rfc_4180_wants_them_and_no_cell_starts_a_formula(files: Files) -> None:
    for path, data in files.items():
        if path.endswith(".csv"):
            assert not data.startswith(b"\xef\xbb\xbf")
            assert data.endswith(b"\r\n")
            assert data.decode().partition("\r\n")[0].replace(",", "").replace("_", "").isalnum()
            cells = [cell for row in rows_of(data) for name, cell in row.items() if name != "value"]
            assert not [cell for cell in cells if cell.startswith(DANGEROUS)], path


def test_names_are_short_and_distinct(files: Files, small: Snapshot) -> None:
    """They do not depend on what is left out."""
    made = make_tables(Request(small, "csv")).tables
    without = make_tables(Request(small, "csv", inferred=False, context=False)).tables
    assert [table._replace(rows=()) for table in without] == [table._replace(rows=()) for table in made]
    names = [table.name for table in made]
    assert len({name.lower() for name in names}) == len(names) == len(files)
    assert max(map(len, names)) <= 31
    for table in made:
        columns = [column.name for column in table.columns]
        assert len(set(columns)) == len(columns)
        assert files[table.path].decode().partition("\r\n")[0].split(",") == columns


# --- values that are hard to keep ----------------------------------------------------------------------------

ANY_TEXT = st.one_of(
    st.sampled_from((*TEXTS, "\x00", "\x1b[31m", "_x0041_", "''")),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=12),
)


@example(" =1+1")
@example("\u00a0=1+1")
@given(st.builds(str.__add__, st.sampled_from(("", " ", "\u00a0")), ANY_TEXT))
def test_a_guarded_text_is_no_formula_and_can_be_had_again(text: str) -> None:
    assert plain(escape_formula(text)) == text
    assert not escape_formula(text).lstrip().startswith(DANGEROUS)


NUMBERS = ("7", "07", "-7", "+7", "-0", "", "true", "1", "=1")
DAYS = ("2023-02-01", "-0044-03-15", "2023-02-30", "2023-02-01Z")
LITERALS = st.one_of(
    ANY_TEXT.map(english),
    ANY_TEXT.map(Literal),
    st.builds(Literal, ANY_TEXT, language=st.sampled_from(("de", "sl"))),
    st.builds(
        typed,
        st.sampled_from((*NUMBERS, *DAYS)),
        st.sampled_from(("integer", "date", "boolean", "decimal")),
    ),
)


def some(names: str) -> st.SearchStrategy[NamedNode]:
    return st.sampled_from(names.split()).map(iri)


SUBJECTS = st.sampled_from((ODD, ODD + "-2")).map(NamedNode)
PROPERTIES = some(
    "rdfs:label jhaan:summary jhaan:value jhaan:startYear schema:startDate jhaan:timeWording jhaan:called "
    "jhaan:unheardOf"
)
LINKS = some("jhaan:precedes jhaan:statedIn jhaan:unheardOf jhaan:seat")
CLASSES = some("jhaan:Event jhaan:Meeting jhaan:Remark jhaan:UnheardOf foaf:Agent")
TRIPLES = st.one_of(
    st.builds(Triple, SUBJECTS, PROPERTIES, LITERALS),
    st.builds(Triple, SUBJECTS, LINKS, SUBJECTS | st.just(NamedNode("https://example.org/elsewhere"))),
    st.builds(Triple, SUBJECTS, st.just(iri("rdf:type")), CLASSES),
)


@given(triples=st.lists(TRIPLES, min_size=1, max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_is_lost_however_odd(
    triples: list[Triple], tmp_path_factory: pytest.TempPathFactory
) -> None:
    odd = snapshot_of(tmp_path_factory.mktemp("odd"), triples)
    made = tables(odd)
    rebuilt = triples_of(made, make_tables(Request(odd, "csv")).tables)
    assert set(triples) - rebuilt == set()
    assert {triple for triple in rebuilt if triple.subject.value.startswith(ODD)} == set(triples)
    for path, data in made.items():
        if path.endswith(".csv"):
            numbers = {"value", "start_year"} - ({"value"} if path == "other_values.csv" else set())
            cells = {cell for row in rows_of(data) for name, cell in row.items() if name not in numbers}
            assert not [cell for cell in cells if cell.startswith(DANGEROUS)]
