"""The difference of two releases in words: `changes.txt` was written from the sources of both."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Literal

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.cli import main
from jhaan_kg.diff.compare import AnswerChange, compare
from jhaan_kg.diff.release import read_release
from jhaan_kg.diff.report import as_text
from jhaan_kg.query.engine import Answer

EXPECTED = Path(__file__).with_name("changes.txt")


def test_each_change_is_told_once_with_its_place_and_in_short(
    two_releases: tuple[Snapshot, Snapshot], stated: tuple[set[str], set[str]], tmp_path: Path
) -> None:
    file = tmp_path / "changes.txt"
    assert main(["diff", *(str(snapshot.path) for snapshot in two_releases), "-o", str(file)]) == 1
    told = file.read_text(encoding="utf-8")
    assert told[told.index("\nEntities\n") + 1 :] == EXPECTED.read_text(encoding="utf-8")
    old, new = stated
    lines = told[: told.index("\nEntities\n")].splitlines()
    keys = [snapshot.key[:12] for snapshot in two_releases]
    assert lines[0] == f"From (snapshot {keys[0]}) to 2.0.0 (snapshot {keys[1]})"
    assert lines[1:-1] == [
        "",
        "entities        1 new, 1 gone, 1 deprecated, 1 with another label",
        f"statements      {len(new - old)} new, {len(old - new)} gone, 1 in other passages",
        "contradictions  1 new, 1 gone, 1 decided differently",
        "terms           1 new, 1 gone, 1 deprecated, 1 changed",
        "passages        1 new, 1 gone, 1 changed",
        "questions       1 new, 1 gone, 1 changed, 2 with different answers",
    ]
    assert lines[-1].startswith("inferred        ")


def test_the_first_rows_of_an_answer_or_why_there_is_none(two_releases: tuple[Snapshot, Snapshot]) -> None:
    release = read_release(two_releases[0])
    rows = Answer(("n",), tuple((Literal(n),) for n in range(5)))
    change = AnswerChange("how-many", "How many?", before=1, after=5, new=rows)
    told = as_text(compare(release, release, answers=[change]))
    assert told.endswith(
        "Answers\n=======\n\nhow-many: How many?\n    5 rows, before 1: 0 gone, 5 new\n"
        "    + 0\n    + 1\n    + 2\n    + … and 2 more\n"
    )
    problem = AnswerChange("how", "How?", problem="It needs a library.")
    difference = compare(release, release, answers=[problem])
    assert not difference
    told = as_text(difference)
    assert "No differences." in told
    assert "questions       1 not compared" in told
    assert "how: How?\n    not compared: It needs a library.\n" in told
