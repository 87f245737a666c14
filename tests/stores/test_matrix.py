"""The page of the stores has a row for each that is tested, and each question has the same answer on all of them."""

from __future__ import annotations

import re
from datetime import datetime

from jhaan_kg.stores.kinds import KINDS
from servers.matrix import ALL, COLUMNS, NOTHING, PAGE, SETUPS, TRIALS, rows

ROWS = rows(PAGE.read_text(encoding="utf-8"))


def test_the_rows_are_those_of_the_stores_that_can_be_seen() -> None:
    assert ROWS.keys() == {
        (KINDS[name.partition("-")[0]].title, SETUPS[name].how, way.value) for name, way in TRIALS
    }


def test_a_version_in_the_matrix_is_one_that_loads_were_run_on() -> None:
    run_on = {kind.title: kind.run_on for kind in KINDS.values()}
    assert {row[0]: row[1] for row in ROWS.values()}.items() <= run_on.items()


def test_each_question_is_alike_on_each_store() -> None:
    for row in ROWS.values():
        alike = dict(zip(COLUMNS, row, strict=True))
        assert alike["Same answers"] == ALL, row
        assert {alike["Same sources"], alike["Same with Comunica"]} <= {ALL, NOTHING}, row
        assert (alike["Same sources"] == ALL) is (alike["Loaded"] == "dataset"), row


def test_each_row_has_its_date_and_the_version_of_this_project() -> None:
    for row in ROWS.values():
        cells = dict(zip(COLUMNS, row, strict=True))
        assert datetime.strptime(cells["Tested"], "%d %B %Y")
        assert re.fullmatch(r"\d+\.\d+\.\d+\S*", cells["jhaan-kg"]), row
