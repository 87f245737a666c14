"""The golden master notices what differs, counts it, and accepts what was reviewed."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from golden import __main__ as command
from golden.compare import Difference, compare
from golden.record import questions, request_of, requested


def answer(*rows: str, columns: str = "agency n sources") -> bytes:
    names = columns.split()
    bindings = [
        {name: {"value": value} for name, value in zip(names, row.split(), strict=True)} for row in rows
    ]
    body = json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}})
    return f"200\ncontent-type: application/json\n\n{body}".encode()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (answer("fra 1 a"), answer("fra 1 a"), None),
        (
            answer("fra 1 a"),
            answer("fra 1 a", "eige 2 b"),
            ["rows: 1 added, 0 removed, 0 changed", "+ eige | 2"],
        ),
        (
            answer("fra 1 a", "fra 1 a"),
            answer("fra 1 a"),
            ["rows: 0 added, 1 removed, 0 changed", "- fra | 1"],
        ),
        (
            answer("fra 1 a"),
            answer("fra 2 a"),
            ["rows: 0 added, 0 removed, 1 changed", "- fra | 1", "+ fra | 2"],
        ),
        (answer("fra 1 a"), answer("fra 1 b"), ["citations of 1 rows", "- fra | 1 | a", "+ fra | 1 | b"]),
        (answer("fra 1 a", "eige 2 b"), answer("eige 2 b", "fra 1 a"), ["the same rows in another order"]),
        (
            answer("fra 1 a"),
            answer("fra 1", columns="agency n"),
            ["columns: agency, n, sources -> agency, n"],
        ),
        (answer("fra 1 a"), b"400\nx: y\n\nUnknown value.", ["- an answer", "+ Unknown value."]),
    ],
)
def test_rows_of_answers(before: bytes, after: bytes, said: list[str] | None, tmp_path: Path) -> None:
    for state, data in (("before", before), ("after", after)):
        (tmp_path / state / "questions").mkdir(parents=True)
        (tmp_path / state / "questions" / "who.json").write_bytes(data)
    found = list(compare(tmp_path / "before", tmp_path / "after"))
    assert [(each.item, list(each.lines)) for each in found] == (
        [("questions/who.json", said)] if said else []
    )


def test_files(tmp_path: Path) -> None:
    states = {
        "before": {"a.nt": b"1\n2\n", "gone": b"", "same": b"x", "list.gz": gzip.compress(b"a\n", mtime=1)},
        "after": {"a.nt": b"2\n3\n4\n", "new": b"", "same": b"x", "list.gz": gzip.compress(b"a\n", mtime=2)},
    }
    for state, files in states.items():
        (tmp_path / state / "release").mkdir(parents=True)
        (tmp_path / state / "release" / "SHA256SUMS").write_text(state)
        (tmp_path / state / "release" / "page").write_text(
            f"checksum {'0' if state == 'after' else 'f'}{'a' * 63}"
        )
        for name, data in files.items():
            (tmp_path / state / "release" / name).write_bytes(data)
    assert {each.item: each.lines for each in compare(tmp_path / "before", tmp_path / "after")} == {
        "release/a.nt": ("1 lines removed, 2 added", "- 1", "+ 3", "+ 4"),
        "release/gone": ("only before",),
        "release/new": ("only afterwards",),
    }


def test_only_reviewed_differences_are_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    differences = [Difference(f"questions/{name}.json", ("rows",), name) for name in ("who", "when", "where")]
    accepted = tmp_path / "accepted.yaml"
    monkeypatch.setattr(command, "ACCEPTED", accepted)
    entry = (
        "base: abc\ndifferences: [{{items: ['*/wh?.json', '*/when.json'], reason: asked for, checksum: {}}}]"
    )
    accepted.write_text(entry.format("none"))
    left, said = command.accept(differences, "abc")
    assert left == differences
    checksum = said[0].split("checksum ")[1].split(":")[0]
    accepted.write_text(entry.format(f"'{checksum}'"))
    assert command.accept(differences, "abc") == ([differences[2]], ["2 accepted: asked for"])
    assert command.accept(differences, "another base") == (differences, [])
    changed = [Difference("questions/who.json", ("rows",), "other"), *differences[1:]]
    assert command.accept(changed, "abc")[0] == changed


def test_what_is_recorded(root: Path) -> None:
    asked = dict(questions(root))
    assert asked["events-by-month --eventSet timeline entries"].endswith("eventSet=timeline+entries&cite=yes")
    assert {
        path.stem for path in (root / "queries").rglob("*.rq") if path.parent.name != "violations"
    } <= asked.keys()
    assert len(requested()) == len(set(requested())) >= 80
    assert request_of("GET /read text/html") == ("GET", "/read", "text/html")
    assert request_of("GET /read") == ("GET", "/read", "*/*")


def test_the_summary_groups_items() -> None:
    differences = [Difference(f"release/things/{number}.ttl", ("1 lines added",), "") for number in range(10)]
    assert command.summary(differences).splitlines()[1:3] == ["release/things: 10 differ", "  0.ttl"]
    assert command.summary(differences).endswith("  … and 2 more")
