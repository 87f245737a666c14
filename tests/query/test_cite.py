"""Expected citations are read off the fictional graph in `meetings_graph`, line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from meetings_graph import CONTEXT, CONTEXT_SOURCE, HEAD, Builder, changed, stored, term, triple
from pyoxigraph import Literal, NamedNode, Quad, Store

from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.cite import CitationKind, RowCitations, cite, cite_triples, find_contested_rows
from jhaan_kg.query.engine import Answer, StoreEngine, Value, answer

Key = tuple[str | None, ...]
KEYS = {"dates": ["date"], "not-chaired": ["agencyLabel"]}


def cited(
    engine: StoreEngine,
    query: StoredQuery,
    columns: Sequence[str],
    values: Mapping[str, Sequence[Value]] | None = None,
) -> dict[Key, RowCitations]:
    result = answer(engine, query, values or {})
    found = cite(engine, query, values or {}, result)
    places = [result.variables.index(column) for column in columns]
    keys = [tuple(getattr(row[place], "value", None) for place in places) for row in result.rows]
    assert len(set(keys)) == len(keys)
    return dict(zip(keys, found, strict=True))


def locators(row: RowCitations) -> list[list[str]]:
    return [[passage.locator for passage in citation.passages] for citation in row.citations]


def test_a_row_cites_what_it_rests_on(engine: StoreEngine) -> None:
    rows = cited(engine, stored("who-met"), ["eventLabel", "agencyLabel"])
    row = rows["spring meeting", "Brig"]
    assert [citation.triple for citation in row.citations] == [
        triple("part:named jhaan:inEvent event2023:spring ."),
        triple("part:named jhaan:participant agency:brig ."),
        triple('event2023:spring schema:startDate "2023-03-01"^^xsd:date .'),
    ]
    assert locators(row) == [
        ["Section 5.1, paragraph 2"],
        ["Section 5.1, item 10"],
        ["Section 5.1, paragraph 1"],
    ]
    assert all(citation.kind is CitationKind.STATED for citation in row.citations)
    assert not row.absence
    assert not row.contested
    assert not row.uncited
    premise = triple("part:named jhaan:party agency:brig .")
    assert [citation.via for citation in row.citations] == [(), (premise,), ()], "what is inferred"
    (passage,) = row.citations[1].passages
    assert [lead.locator for lead in passage.lead_ins] == ["Section 5.1, paragraph 2", "Section 5.1, item 9"]


def test_passages_have_their_words_where_somebody_knows_them(engine: StoreEngine) -> None:
    query = stored("who-met")
    result = answer(engine, query, {})
    rows = cite(engine, query, {}, result, lambda iri: iri.rpartition("/section/")[2])
    passages = [passage for row in rows for citation in row.citations for passage in citation.passages]
    assert any(passage.lead_ins for passage in passages)
    for passage in passages:
        for part in (passage, *passage.lead_ins):
            assert part.words == part.iri.value.rpartition("/section/")[2]
    bare = cite(engine, query, {}, result)
    assert not any(p.words for row in bare for citation in row.citations for p in citation.passages)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("", "part:named jhaan:inEvent event2023:spring ."),  # the first of the template
        ("?event schema:startDate ?date .", 'event2023:spring schema:startDate "2023-03-01"^^xsd:date .'),
        ("?participation jhaan:party ?agency .", "part:named jhaan:participant agency:brig ."),  # its premise
    ],
)
def test_the_key_statement_is_the_one_named_or_the_first(
    key: str, expected: str, engine: StoreEngine
) -> None:
    row = cited(engine, changed(stored("who-met"), key=key), ["eventLabel", "agencyLabel"])[
        "spring meeting", "Brig"
    ]
    assert [citation.triple for citation in row.key] == [triple(expected)]


def test_a_reading_of_the_curators_is_told_apart(engine: StoreEngine) -> None:
    row = cited(engine, stored("who-met"), ["eventLabel", "agencyLabel"])["autumn meeting", "Cone-X"]
    kinds = {citation.triple: citation.kind for citation in row.citations}
    assert kinds == {
        triple("part:group jhaan:inEvent event2023:autumn ."): CitationKind.STATED,
        triple("part:group jhaan:group group:all ."): CitationKind.STATED,
        triple("reading:all-agencies jhaan:readingOf group:all ."): CitationKind.CURATION,
        triple("reading:all-agencies jhaan:readAs agency:cone-x ."): CitationKind.CURATION,
    }
    curated = [citation for citation in row.citations if citation.kind is CitationKind.CURATION]
    assert [[passage.locator for passage in citation.passages] for citation in curated] == [
        ["Section 2, paragraph 3"]
    ] * 2


def test_a_count_cites_all_that_was_counted(engine: StoreEngine) -> None:
    """Alba chaired in two passages, of which 4 comes first; positions decide, not the words."""
    row = cited(engine, stored("how-often"), ["agencyLabel"])["Alba",]
    assert {citation.triple: [each.locator for each in citation.passages] for citation in row.citations} == {
        triple("part:named jhaan:inEvent event2023:spring ."): ["Section 5.1, paragraph 2"],
        triple("part:named jhaan:participant agency:alba ."): ["Section 5.1, item 1"],
        triple("part:chair jhaan:inEvent event2023:autumn ."): ["Section 5.2, paragraph 1"],
        triple("part:chair jhaan:participant agency:alba ."): [
            "Section 4, entry 2",
            "Section 5.2, paragraph 1",
        ],
    }


def test_a_row_about_nothing_cites_what_was_searched(engine: StoreEngine) -> None:
    """The two parts of the base share no variable: each is matched alone."""
    rows = cited(engine, stored("how-often"), ["agencyLabel"])
    row = rows["Dora",]
    assert row.absence == "No meeting names this agency."
    assert row.citations == ()
    assert not row.uncited
    assert {citation.triple for citation in row.searched} == {
        triple("part:named jhaan:participant agency:alba ."),
        triple("part:named jhaan:participant agency:brig ."),
        triple("part:chair jhaan:participant agency:alba ."),
        triple("part:chair jhaan:role jhaan:Chair ."),
    }
    assert [bool(each.absence) for each in rows.values()] == [False, False, True, True]


def test_the_base_has_the_values_of_the_row(engine: StoreEngine) -> None:
    rows = cited(engine, stored("not-chaired"), ["eventLabel", "agencyLabel"])
    assert len(rows) == 7
    spring = {citation.triple for citation in rows["spring meeting", "Alba"].searched}
    assert spring == {
        triple("part:named jhaan:inEvent event2023:spring ."),
        triple("part:named jhaan:role jhaan:Participant ."),
    }
    autumn = {citation.triple for citation in rows["autumn meeting", "Dora"].searched}
    assert autumn == {
        triple("part:chair jhaan:inEvent event2023:autumn ."),
        triple("part:chair jhaan:role jhaan:Chair ."),
        triple("part:group jhaan:inEvent event2023:autumn ."),
        triple("part:group jhaan:role jhaan:Participant ."),
    }


@pytest.mark.parametrize(
    ("cited_property", "absent_rows", "absent"),
    [
        ("schema:startDate", True, True),
        ("schema:startDate", False, False),
        ("jhaan:sortDay", False, True),  # which only says when the event was: no fact that the row lacks
    ],
)
def test_a_row_can_be_about_an_absence_and_cite(
    engine: StoreEngine, cited_property: str, absent_rows: bool, absent: bool
) -> None:
    query = stored("not-chaired")
    query = changed(
        query,
        evidence=f"?event {cited_property} ?value .",
        absent_rows=absent_rows,
        text=query.text.replace("?event a jhaan:Event ;", f"?event {cited_property} ?value ;"),
    )
    row = cited(engine, query, ["eventLabel", "agencyLabel"])["spring meeting", "Dora"]
    assert locators(row) == [["Section 5.1, paragraph 1"]]
    assert (bool(row.absence), bool(row.searched)) == (absent, absent)


def test_contested_values_are_flagged_with_the_other_side(engine: StoreEngine) -> None:
    rows = cited(engine, stored("dates"), ["eventLabel", "date"])
    assert not rows["spring meeting", "2023-03-01"].contested
    used, other = rows["autumn meeting", "2023-10-05"], rows["autumn meeting", "2023-10-06"]
    assert locators(used) == [["Section 5.2, paragraph 1"]]
    assert locators(other) == [["Section 4, entry 2"]]
    sides = [
        [
            (side.value.value, [passage.locator for passage in side.passages])
            for side in row.citations[0].others
        ]
        for row in (used, other)
    ]
    assert sides == [[("2023-10-06", ["Section 4, entry 2"])], [("2023-10-05", ["Section 5.2, paragraph 1"])]]
    assert used.contested
    assert other.contested


def test_a_row_that_names_both_sides_is_supported_by_its_own(engine: StoreEngine) -> None:
    dates = stored("dates")
    both = changed(
        dates,
        text=dates.text.replace(
            "?event a jhaan:Event ;",
            "?side jhaan:contestedSubject ?event ; jhaan:contestedValue ?otherDate . ?event a jhaan:Event ;",
        ),
        evidence=f"{dates.evidence}\n?event schema:startDate ?otherDate .",
    )
    rows = cited(engine, both, ["eventLabel", "date"])
    used, other = rows["autumn meeting", "2023-10-05"], rows["autumn meeting", "2023-10-06"]
    assert (locators(used), locators(other)) == ([["Section 5.2, paragraph 1"]], [["Section 4, entry 2"]])
    assert used.opposing == other.citations
    assert other.opposing == used.citations


def test_contested_rows_are_known_without_evidence(engine: StoreEngine, quads: list[Quad]) -> None:
    plain = Store()
    plain.extend(quad for quad in quads if "/evidence/" not in str(quad.graph_name))
    dates = stored("dates")
    result = answer(StoreEngine(plain), dates, {})
    assert find_contested_rows(StoreEngine(plain), dates, {}, result) == [1, 2]
    spring = {"event": [term("event2023:spring")]}
    assert find_contested_rows(engine, dates, spring, answer(engine, dates, spring)) == []
    absent = stored("not-chaired")
    assert find_contested_rows(engine, absent, {}, answer(engine, absent, {})) == []
    assert (
        find_contested_rows(StoreEngine(Store()), dates, {}, Answer(("event", "eventLabel", "date"), ()))
        == []
    )


def test_triples_are_cited_each_for_itself(engine: StoreEngine) -> None:
    stated, inferred, unknown = (
        triple("part:named jhaan:role jhaan:Participant ."),
        triple("part:named jhaan:party agency:brig ."),
        triple("agency:brig a jhaan:Agency ."),
    )
    found = cite_triples(engine, [stated, inferred, unknown])
    assert [citation.triple for citation in found[stated]] == [stated]
    assert [(citation.triple, citation.via) for citation in found[inferred]] == [
        (triple("part:named jhaan:participant agency:brig ."), (inferred,))
    ]
    assert found[unknown] == ()


@pytest.mark.parametrize("premise_value", ["jhaan:sortDay 10.50", "jhaan:inPeriod period:2023"])
def test_values_that_a_store_writes_in_its_own_way_are_cited(premise_value: str) -> None:
    graph = Builder()
    stated, inferred = f"event2023:spring {premise_value} .", "event2023:spring jhaan:startYear 20.230 ."
    graph.state("report/jhaan-2023/5.1", [triple(stated)])
    graph.record([triple(stated)], "5.1/paragraph/1")
    graph.derive("inferred/jhaan-2023", inferred, stated)
    own = {"10.50": "10.5", "20.230": "20.23"}
    store = Store()
    for s, p, o, name in graph.finish():
        value = Literal(own[o.value], datatype=o.datatype) if isinstance(o, Literal) and o.value in own else o
        store.add(Quad(s, p, value, name))
    wanted, premise = triple(inferred.replace("20.230", "20.23")), triple(stated.replace("10.50", "10.5"))
    found = cite_triples(StoreEngine(store), [wanted])
    assert [(each.triple, each.via) for each in found[wanted]] == [(premise, (wanted,))]
    assert [passage.locator for passage in found[wanted][0].passages] == ["Section 5.1, paragraph 1"]


def test_outside_facts_cite_their_source_and_others_do_not(engine: StoreEngine) -> None:
    query = changed(
        stored("seats"),
        text=f"{HEAD}SELECT DISTINCT ?agency {{ ?part jhaan:participant ?agency "
        "OPTIONAL { ?agency schema:location ?seat } }",
        evidence="?part jhaan:participant ?agency . ?agency schema:location ?seat .",
    )
    row = cited(engine, query, ["agency"])[term("agency:alba").value,]
    assert [(citation.kind, citation.sources) for citation in row.citations] == [
        (CitationKind.STATED, ()),
        (CitationKind.STATED, ()),
        (CitationKind.CONTEXT, (NamedNode(CONTEXT_SOURCE),)),
    ]
    assert row.citations[-1].triple == triple(CONTEXT)
    assert row.citations[-1].passages == ()


def test_a_premise_that_is_cited_itself_is_cited_once(engine: StoreEngine) -> None:
    query = changed(
        stored("who-met"),
        evidence="?participation jhaan:party ?agency ; jhaan:participant ?agency ; jhaan:inEvent ?event .",
    )
    row = cited(engine, query, ["eventLabel", "agencyLabel"])["spring meeting", "Brig"]
    direct = triple("part:named jhaan:participant agency:brig .")
    assert [citation.via for citation in row.citations if citation.triple == direct] == [()]


@pytest.mark.parametrize(
    ("name", "template", "text"),
    [
        ("dates", "evidence", "?event rdfs:label ?eventLabel ."),  # nobody states it
        ("not-chaired", "base", "?event jhaan:neverStated ?anything ."),  # a search among nothing
    ],
)
def test_a_row_is_uncited(name: str, template: str, text: str, engine: StoreEngine) -> None:
    rows = cited(engine, changed(stored(name), **{template: text}), ["eventLabel", *KEYS[name]])
    assert rows
    assert all(row.uncited for row in rows.values())


def test_a_computed_column_has_the_citations_of_its_row(engine: StoreEngine) -> None:
    select = 'SELECT (CONCAT("}", STR(?date)) AS ?day) ?event # SELECT ?date { }\n'
    query = changed(stored("dates"), text=f"{HEAD}{select} {{ ?event schema:startDate ?date }}")
    assert {key: locators(row) for (key,), row in cited(engine, query, ["day"]).items()} == {
        "}2023-03-01": [["Section 5.1, paragraph 1"]],
        "}2023-10-05": [["Section 5.2, paragraph 1"]],
    }


def test_look_ups_in_parts_find_the_same(engine: StoreEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    question = stored("who-met"), ["eventLabel", "agencyLabel"]
    whole = cited(engine, *question)
    monkeypatch.setattr("jhaan_kg.query.cite._CHUNK", 2)
    assert cited(engine, *question) == whole
