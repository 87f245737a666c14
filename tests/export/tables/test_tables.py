"""The tables hold the graph: rebuilt from the CSV files by their metadata it is the same."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.graphs import graph_name
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export_files
from jhaan_kg.export.tables.cells import fits, guarded
from jhaan_kg.export.tables.layout import CLASSES, RELATIONS
from jhaan_kg.namespaces import GRAPH, ONTOLOGY, RDFS, SKOS, compact
from odd_snapshot import FORMULAS, ODD, UNICODE, english, events, iri, odd_snapshot, typed
from read_tables import METADATA, plain, rows_of, triples_of

TERMS = (GRAPH + "ontology", GRAPH + "ontology/reused", GRAPH + "queries")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@cache
def quads() -> tuple[Quad, ...]:
    return tuple(open_snapshot().quads(evidence=False, context=True))


@cache
def files() -> dict[str, bytes]:
    return dict(export_files(open_snapshot(), "csv"))


@cache
def store() -> Store:
    loaded = Store()
    loaded.bulk_extend(quad for quad in quads() if graph_name(quad) not in TERMS)
    return loaded


def data_of(given_quads: tuple[Quad, ...]) -> set[Triple]:
    return {quad.triple for quad in given_quads if graph_name(quad) not in TERMS}


def exported(snapshot: Snapshot) -> dict[str, bytes]:
    return dict(export_files(snapshot, "csv"))


@cache
def facts() -> frozenset[Triple]:
    return frozenset(data_of(quads()))


@cache
def rows(path: str) -> list[dict[str, str]]:
    return rows_of(files()[path])


# --- the whole graph -----------------------------------------------------------------------------------------


def test_every_triple_of_the_data_stands_in_a_table_and_nothing_else() -> None:
    rebuilt = triples_of(files())
    assert facts() - rebuilt == set()
    more = rebuilt - facts()
    assert more <= {quad.triple for quad in quads()}
    said_of_terms = {RDFS + "label", SKOS + "definition", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"}
    assert {triple.predicate.value for triple in more} <= said_of_terms


@pytest.mark.slow
@pytest.mark.parametrize(("inferred", "context"), [(False, True), (True, False), (False, False)])
def test_what_is_left_out_is_in_no_table(inferred: bool, context: bool) -> None:
    made = dict(export_files(open_snapshot(), "csv", inferred=inferred, context=context))
    left = [
        quad
        for quad in open_snapshot().quads(evidence=False, context=context)
        if inferred or "/graph/inferred/" not in graph_name(quad)
    ]
    rebuilt = triples_of(made)
    assert data_of(tuple(left)) - rebuilt == set()
    assert rebuilt <= {quad.triple for quad in left}
    headers = {path: file.splitlines()[:1] for path, file in made.items() if path.endswith(".csv")}
    assert headers == {path: file.splitlines()[:1] for path, file in files().items() if path.endswith(".csv")}


@pytest.mark.slow
def test_a_lost_cell_is_noticed() -> None:
    without = files() | {"classes/persons.csv": files()["classes/persons.csv"].splitlines(keepends=True)[0]}
    assert facts() - triples_of(without)


@pytest.mark.parametrize(
    "table", [table for table in CLASSES if not table.evidence], ids=lambda table: table.name
)
def test_a_table_has_a_row_for_each_instance_of_its_class(table: object) -> None:
    """Counted by SPARQL, less those of the classes whose tables come first."""
    index = CLASSES.index(table)  # type: ignore[arg-type]
    first = " ".join(f"<{other.class_iri}>" for other in CLASSES[:index])
    query = f"""SELECT ?thing WHERE {{ ?thing a <{CLASSES[index].class_iri}>
        FILTER NOT EXISTS {{ VALUES ?class {{ {first} }} ?thing a ?class }} }}"""
    solutions = store().query(query, use_default_graph_as_union=True)
    expected = {solution["thing"].value for solution in solutions}  # type: ignore[union-attr]
    found = [row["id"] for row in rows(f"classes/{CLASSES[index].name}.csv")]
    assert len(found) == len(set(found))
    assert set(found) == expected != set()


def test_each_thing_stands_in_one_class_table() -> None:
    listed = {row["id"]: row["table"] for row in rows("things.csv")}
    assert len(listed) == len(rows("things.csv"))
    placed = [
        (row["id"], Path(path).stem)
        for path in files()
        if path.startswith("classes/") or path in ("terms.csv", "context_sources.csv")
        for row in rows(path)
    ]
    assert len(placed) == len(dict(placed))
    assert dict(placed) == listed


@pytest.mark.parametrize("relation", RELATIONS, ids=compact)
def test_a_relation_has_a_row_for_each_pair(relation: str) -> None:
    expected = {
        (triple.subject.value, getattr(triple.object, "value", ""))
        for triple in facts()
        if triple.predicate.value == relation and isinstance(triple.subject, NamedNode)
    }
    path = next(
        table["url"]
        for table in json.loads(files()[METADATA])["tables"]
        if table["url"].startswith("relations/")
        and relation == table["tableSchema"]["columns"][2].get("propertyUrl")
    )
    name = Path(path).stem
    assert expected <= {(row["id"], plain(row[name])) for row in rows(path)}
    assert expected


def test_nothing_of_the_graph_needs_the_table_for_what_fits_nowhere() -> None:
    """A new property or class needs a place in the layout, so that readers find it where they look."""
    assert rows("other_values.csv") == []
    assert not [path for path, data in files().items() if b"see other_values" in data and path != METADATA]


def test_no_column_is_for_nothing() -> None:
    """But for those of other kinds of values than the graph has, of properties whose values may be of any kind."""
    empty = {
        (table["dc:title"], column["name"])
        for table in json.loads(files()[METADATA])["tables"]
        for column in table["tableSchema"]["columns"]
        if table["url"].startswith("classes/") and not any(row[column["name"]] for row in rows(table["url"]))
    }
    of_any_kind = {column for _, column in empty if column.startswith(("object", "prefers"))}
    assert {column for _, column in empty} - of_any_kind == {"contested", "type_label"}
    assert [table for table, column in empty if column == "type_label"] == [
        "names"
    ]  # SKOS-XL calls it nothing


def test_the_subclass_is_told_by_the_type() -> None:
    types = {row["label"]: row["type_label"] for row in rows("classes/events.csv")}
    assert types["Digitalisation conference 2023"] == "conference"
    assert types["JHAAN Open Market Event 2023"] == "open market"
    places = {row["label"]: row["type_label"] for row in rows("classes/places.csv")}
    assert places["Budapest"] == "place"
    assert places["Ukraine"] == "country"


def test_both_sides_of_a_contested_value_are_told() -> None:
    contested = {row["id"]: row["contested"] for row in rows("classes/events.csv") if row["contested"]}
    assert set(contested.values()) == {"start_date"}
    sides = [
        (row["subject"], row["object_date"], row["rank_label"])
        for row in rows("classes/contested_statements.csv")
    ]
    assert {subject for subject, _, _ in sides} == set(contested)
    for subject in contested:
        assert sorted(rank for thing, _, rank in sides if thing == subject) == ["not preferred", "preferred"]
        (preferred,) = [day for thing, day, rank in sides if thing == subject and rank == "preferred"]
        assert preferred == next(
            row["start_date"] for row in rows("classes/events.csv") if row["id"] == subject
        )


# --- the form of the files -----------------------------------------------------------------------------------


def test_files_are_as_rfc_4180_wants_them() -> None:
    for path, data in files().items():
        if path.endswith(".csv"):
            assert not data.startswith(b"\xef\xbb\xbf")
            assert data.endswith(b"\r\n")
            assert data.count(b"\n") == data.count(b"\r\n")  # no text of the graph has a line end
            assert data.decode().partition("\r\n")[0].replace(",", "").replace("_", "").isalnum()


def test_no_cell_starts_a_formula() -> None:
    for path, data in files().items():
        if path.endswith(".csv"):
            cells = {cell for row in rows_of(data) for cell in row.values()}
            assert not [cell for cell in cells if cell.startswith(DANGEROUS)]


def test_iris_are_what_their_templates_give() -> None:
    """Reserved expansion leaves a character alone that may stand in a URI (RFC 6570, section 3.2.3)."""
    from uritemplate import URITemplate

    iris = {row["id"] for row in rows("things.csv")}
    assert {iri for iri in iris if URITemplate("{+id}").expand(id=iri) != iri} == set()


def test_names_are_short_and_told_apart() -> None:
    names = [table["dc:title"] for table in json.loads(files()[METADATA])["tables"]]
    assert len({name.lower() for name in names}) == len(names) == len(files()) - 1
    assert max(map(len, names)) <= 31
    for table in json.loads(files()[METADATA])["tables"]:
        columns = [column["name"] for column in table["tableSchema"]["columns"]]
        assert len(set(columns)) == len(columns)
        assert (
            list(rows_of(files()[table["url"]])[0] if rows_of(files()[table["url"]]) else columns) == columns
        )
        assert table["dc:description"]


def test_each_column_leads_to_a_table() -> None:
    described = {table["url"]: table["tableSchema"] for table in json.loads(files()[METADATA])["tables"]}
    keys = {
        (key["columnReference"], key["reference"]["resource"])
        for key in described["classes/participations.csv"]["foreignKeys"]
    }
    assert keys >= {
        ("in_event", "classes/events.csv"),
        ("role", "terms.csv"),
        ("takes_part_in", "things.csv"),
    }
    (stated,) = [
        key
        for key in described["relations/stated_in.csv"]["foreignKeys"]
        if key["columnReference"] == "stated_in"
    ]
    assert stated["reference"] == {"resource": "classes/passages.csv", "columnReference": "id"}


# --- values that are hard to keep ----------------------------------------------------------------------------

TEXTS = st.one_of(
    st.sampled_from(
        (*FORMULAS, *UNICODE, "", "see other_values", "\x00", "\x1b[31m", "_x0041_", "NA", "'", "''")
    ),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=12),
)


@given(TEXTS)
def test_a_guarded_text_is_no_formula_and_can_be_had_again(text: str) -> None:
    assert plain(guarded(text)) == text
    assert not guarded(text).startswith(DANGEROUS)
    assert not guarded(text).lstrip().startswith(DANGEROUS)


LITERALS = st.one_of(
    TEXTS.map(english),
    TEXTS.map(Literal),
    st.builds(Literal, TEXTS, language=st.sampled_from(("de", "sl"))),
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
    st.builds(
        Triple,
        st.sampled_from((ODD, ODD + "-2")).map(NamedNode),
        PROPERTIES.map(iri),
        LITERALS,
    ),
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
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_is_lost_however_odd(
    triples: list[Triple], tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = exported(odd_snapshot(tmp_path_factory.mktemp("odd"), triples))
    rebuilt = triples_of(made)
    assert set(triples) - rebuilt == set()
    assert {triple for triple in rebuilt if triple.subject.value.startswith(ODD)} == set(triples)  # type: ignore[union-attr]
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
    made = exported(odd_snapshot(tmp_path, triples))
    assert [row["start_date"] for row in rows_of(made["classes/events.csv"])] == ["see other_values"]
    others = [(row["property_label"], row["value"]) for row in rows_of(made["other_values.csv"])]
    assert others == [("startDate", "2023-02-01"), ("startDate", "2023-02-02")]


def test_the_words_of_the_marker_as_a_value_are_no_marker(tmp_path: Path) -> None:
    triples = [*events(["see other_values"])]
    made = exported(odd_snapshot(tmp_path, triples))
    assert [row["value"] for row in rows_of(made["other_values.csv"])] == ["see other_values"]


def test_a_cell_holds_only_what_it_can_give_back() -> None:
    assert not fits("text", Literal("words"))
    assert not fits("link", BlankNode())
    assert fits("web", NamedNode(ONTOLOGY))


# --- the same bytes ------------------------------------------------------------------------------------------

DIGESTS = """
from hashlib import sha256
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.export import export, export_files
snapshot = open_snapshot()
for path, data in export_files(snapshot, "csv"):
    print(path, sha256(data).hexdigest())
print(sha256(export(snapshot, "xlsx")).hexdigest())
"""


@pytest.mark.slow
def test_the_bytes_depend_on_neither_seed_nor_time_zone() -> None:
    printed = {
        subprocess.run(
            [sys.executable, "-c", DIGESTS],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Pacific/Kiritimati"))
    }
    assert len(printed) == 1
    assert len(printed.pop().splitlines()) == len(files()) + 1


@pytest.mark.slow
def test_the_evidence_is_tabulated_whole() -> None:
    made = dict(export_files(open_snapshot(), "csv", evidence=True))
    whole = data_of(tuple(open_snapshot().quads(evidence=True, context=True)))
    assert whole - triples_of(made) == set()
    assert rows_of(made["classes/assertions.csv"])
    assert "classes/assertions.csv" not in files()


# --- CSV on the Web ------------------------------------------------------------------------------------------


def _folder(folder: Path, changed: dict[str, bytes] | None = None) -> Path:
    for path, data in {**files(), **(changed or {})}.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(data)
    return folder / METADATA


@pytest.mark.slow
def test_csvw_accepts_the_folder(tmp_path: Path) -> None:
    from csvw import CSVW

    checked = CSVW(str(_folder(tmp_path)), validate=True, strict=False)
    assert checked.is_valid, checked.warnings


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("relations/in_series.csv", b"/id/event/", b"/id/evnt/"),
        ("classes/events.csv", b",2023-06-01,", b",2023-06-31,"),
        ("classes/events.csv", b",start_date,", b",starts,"),
    ],
    ids=["link to nothing", "no day", "unknown column"],
)
def test_csvw_finds_a_fault(path: str, old: bytes, new: bytes, tmp_path: Path) -> None:
    from csvw import CSVW

    assert old in files()[path]
    changed = _folder(tmp_path, {path: files()[path].replace(old, new, 1)})
    metadata = json.loads(changed.read_bytes())
    kept = {path, "things.csv", "terms.csv"} | {
        table["url"] for table in metadata["tables"] if table["url"].startswith("classes/")
    }
    metadata["tables"] = [table for table in metadata["tables"] if table["url"] in kept]
    changed.write_text(json.dumps(metadata), encoding="utf-8")
    with contextlib.suppress(ValueError):  # of the values of a cell
        assert not CSVW(str(changed), validate=True, strict=False).is_valid
