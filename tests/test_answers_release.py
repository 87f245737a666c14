"""rdflib answers what CI does not ask it, with all tested parameters, and all rows come in a defined order."""

from __future__ import annotations

import pytest

from expected_rows import Case
from jhaan_kg.pages.loaded import Loaded
from test_answers import check_order, check_rdflib, rdflib_trials

pytestmark = pytest.mark.release


@pytest.mark.parametrize(("case", "dataset"), list(rdflib_trials(sample=False)))
def test_rdflib_gives_the_same_typed_terms(case: Case, dataset: bool, loaded: Loaded) -> None:
    check_rdflib(case, dataset, loaded)


def test_rows_come_in_a_defined_order(loaded: Loaded) -> None:
    check_order(loaded.catalogue, loaded)
