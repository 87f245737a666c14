"""What tells two releases apart, in words: the expected text was written from the sources of the two."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Literal

from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.cli import main
from jhaan_kg.diff.compare import AnswerChange, compare
from jhaan_kg.diff.release import read_release
from jhaan_kg.diff.report import as_text
from jhaan_kg.query.engine import Answer

EXPECTED = """
Things
======

New (1)
    body: the crew (body:crew)

Gone (1)
    place: the Quay (place:quay)

Deprecated (1)
    place: the Cove (place:cove). Instead: the Port (place:port).

With another label (1)
    agency: Board of the South (agency:south), was: Southern Board

Statements
==========

Board of the South (agency:south)
    - partner  Northern Board  [fbn-2021 2 paragraph 1]
    + partner  the crew  [fbn-2021 2 paragraph 1]

Northern Board, the crew as host (the moot) (<https://w3id.org/jhaan/id/participation/fbn-2021/1/moot>)
    - participant  Southern Board  [fbn-2021 1 paragraph 2]
    + participant  the crew  [fbn-2021 1 paragraph 2]

the Quay (place:quay)
    - within  the Port  [context]

the ball (event2023:ball)
    + start date  2021-08-02  [fbn-2021 1 paragraph 3]

the gala (event2023:gala)
    - start date  2021-07-02  [fbn-2021 2 paragraph 2]

the moot (event2023:moot)
    ~ start date  2021-05-04  [now fbn-2021 1 paragraph 1, fbn-2022 1 paragraph 1; was fbn-2021 1 paragraph 1,
      fbn-2021 2 paragraph 1, fbn-2022 1 paragraph 1]

Contradictions
==============

New (1)
    start date of the ball (event2023:ball), in fbn-2021
        2021-08-01 [fbn-2021 2 paragraph 2] is used, not 2021-08-02 [fbn-2021 1 paragraph 3]. The second of
          August was a Monday.

Gone (1)
    start date of the gala (event2023:gala), in fbn-2021
        2021-07-01 [fbn-2021 1 paragraph 3] is used, not 2021-07-02 [fbn-2021 2 paragraph 2]. The summary
          wins.

Decided otherwise (1)
    start date of the fair (event2023:fair), in fbn-2021
        was: 2021-06-01 [fbn-2021 1 paragraph 3] is used, not 2021-06-02 [fbn-2021 2 paragraph 2]. The summary
          is read by more people.
        now: 2021-06-02 [fbn-2021 2 paragraph 2] is used, not 2021-06-01 [fbn-2021 1 paragraph 3]. The detail
          is the later text.

Terms of the ontology
=====================

New (1)
    ship (jhaan:Ship): A large boat.

Gone (1)
    raft (jhaan:Raft): Planks that swim.

Deprecated (1)
    dinghy (jhaan:Dinghy): A small boat. Instead: ship (jhaan:Ship).

fisheries (<https://w3id.org/jhaan/ontology>)
    + owl:versionInfo  2.0.0  [ontology]

place (jhaan:Place)
    - skos:definition  What the name says.  [ontology]
    + skos:definition  A part of the world.  [ontology]

Passages
========

New in fbn-2022: 1

Gone (1)
    fbn-2022 2.1 paragraph 4

With other words (1)
    fbn-2022 1 paragraph 3

Questions
=========

New (1)
    who-sits: Who has a seat?

Gone (1)
    who-hosts: Who hosts?

Changed (1)
    where: other description, SPARQL

Answers
=======

where: Where is a board?
    2 rows, before 1: 0 gone, 0 new
    columns new: seat

who-takes-part: Who took part in what?
    2 rows, before 2: 1 gone, 1 new
    - <https://w3id.org/jhaan/id/participation/fbn-2021/1/moot> | agency:south | event2023:moot
    + <https://w3id.org/jhaan/id/participation/fbn-2021/1/moot> | body:crew | event2023:moot
"""


def test_each_change_is_told_once_with_its_place_and_in_short(
    two_releases: tuple[Snapshot, Snapshot], stated: tuple[set[str], set[str]], tmp_path: Path
) -> None:
    file = tmp_path / "changes.txt"
    assert main(["diff", *(str(snapshot.path) for snapshot in two_releases), "-o", str(file)]) == 1
    told = file.read_text(encoding="utf-8")
    assert told[told.index("\nThings\n") :] == EXPECTED
    old, new = stated
    lines = told[: told.index("\nThings\n")].splitlines()
    keys = [snapshot.key[:12] for snapshot in two_releases]
    assert lines[0] == f"From (snapshot {keys[0]}) to 2.0.0 (snapshot {keys[1]})"
    assert lines[1:-1] == [
        "",
        "things          1 new, 1 gone, 1 deprecated, 1 with another label",
        f"statements      {len(new - old)} new, {len(old - new)} gone, 1 in other passages",
        "contradictions  1 new, 1 gone, 1 decided otherwise",
        "terms           1 new, 1 gone, 1 deprecated, 1 changed",
        "passages        1 new, 1 gone, 1 changed",
        "questions       1 new, 1 gone, 1 changed, 2 with other answers",
    ]
    assert lines[-1].startswith("what follows    ")


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
    assert "Nothing differs." in told
    assert "questions       1 not compared" in told
    assert "how: How?\n    not compared: It needs a library.\n" in told
