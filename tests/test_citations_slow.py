"""What an answer cites is what it rests on: tried with a row of each third question, before a release with all."""

from __future__ import annotations

import pytest

from citing import MISSING, check_absences, check_citations, cited_rows, usual_answer
from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.results.cells import sources
from real_sources import QUESTIONS, assembled

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", QUESTIONS[::3])
def test_rows_on_the_report_need_what_they_cite_and_nothing_else(name: str, loaded: Loaded) -> None:
    check_citations(assembled(), loaded.engine, loaded.catalogue.get(name), rows=1, each=2)


@pytest.mark.parametrize("name", list(MISSING)[::3])
def test_a_row_of_absence_in_the_report_is_gone_when_the_fact_is_there(name: str, loaded: Loaded) -> None:
    check_absences(assembled(), loaded.engine, loaded.catalogue.get(name), MISSING[name], rows=1)


def test_each_question_with_rows_of_absence_is_tried(loaded: Loaded) -> None:
    assert {stored.name for stored in loaded.catalogue if stored.base} == set(MISSING)


def test_every_row_cites_a_passage_or_a_source(loaded: Loaded) -> None:
    for stored in loaded.catalogue:
        for cited in cited_rows(loaded.engine, stored):
            assert not cited.citations.uncited, cited
            for citation in cited.citations.citations:
                assert citation.passages or citation.sources, (cited, citation)


def test_the_demo_cites_each_passage_that_it_rests_on(loaded: Loaded) -> None:
    query = loaded.catalogue.get("empact-co-run")
    columns = usual_answer(loaded.engine, query).variables
    how, co_run = columns.index("roleLabel"), columns.index("jointLead")
    kinds = set()
    for cited in cited_rows(loaded.engine, query):
        words = {words for words, _ in sources(cited.citations)}
        assert words
        if "yes" in str(cited.row[co_run]):
            kinds.add("co-run")
            assert {"Section 9.4, paragraph 1", "Section 11.2, row 5"} <= words
        if "on call during joint action days" in str(cited.row[how]):
            kinds.add("on call")
            assert "Section 9.4, paragraph 4" in words
    assert kinds == {"co-run", "on call"}
