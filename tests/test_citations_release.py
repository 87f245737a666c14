"""What an answer cites is what it rests on: tried with four rows of each question and many of their assertions."""

from __future__ import annotations

import pytest

from citing import MISSING, check_absences, check_citations
from jhaan_kg.pages.loaded import Loaded
from real_sources import QUESTIONS, assembled

pytestmark = pytest.mark.release


@pytest.mark.parametrize("name", QUESTIONS)
def test_rows_need_what_they_cite_and_nothing_else(name: str, loaded: Loaded) -> None:
    check_citations(assembled(), loaded.engine, loaded.catalogue.get(name), rows=4, each=12)


@pytest.mark.parametrize("name", MISSING)
def test_a_row_of_absence_is_gone_when_the_fact_is_there(name: str, loaded: Loaded) -> None:
    check_absences(assembled(), loaded.engine, loaded.catalogue.get(name), MISSING[name], rows=4)
