"""Bad source files: what is said, with which exit code, and that nothing is lost.

| Case | Test |
|---|---|
| malformed Turtle | `test_a_bad_source_file_is_a_finding_and_stops_the_build` |
| impossible date, empty file, not UTF-8 | the same |
| byte-order mark, 100 MB, outside the naming rule | the same |
| a folder, a broken link, a pipe | the same |
| unknown term, wrong datatype, two labels | in `checks` |
| without read permission | `test_a_file_that_may_not_be_read` |
| the same as text of the report | `test_a_report_that_is_none` |

Bad queries are in `test_bad_queries.py`, bad places and surroundings in `test_bad_surroundings.py`.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tiny_sources import HEAD, QUERY, write

from bad_input import Run, as_another_user, contents

FILE = "data/register/more.ttl"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Small sources around the current folder, and a cache of their own."""
    monkeypatch.setenv("JHAAN_CACHE", str(tmp_path / "cache"))
    root = write(tmp_path / "sources")
    monkeypatch.chdir(root)
    return root


def text(content: str | bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content if isinstance(content, bytes) else content.encode())


def hundred_megabytes(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100 * 2**20)


GOOD = HEAD + 'agency:x a jhaan:Agency ; rdfs:label "x"@en .\n'

LINE = HEAD.count("\n") + 1

BAD_FILES = {
    "malformed Turtle": (
        text(GOOD.replace(" ;", "")),
        f"{FILE}:{LINE}: error [turtle-syntax] column 25: A dot is expected at the end of statements. "
        'Write "." before it, ";" if it is a predicate, or "," if it is an object.',
    ),
    "undeclared prefix": (
        text("agency:x a owl:Thing ."),
        f"{FILE}:1: error [turtle-syntax] column 1: The prefix agency: has not been declared. "
        "Declare it: @prefix agency: <https://w3id.org/jhaan/id/agency/> .",
    ),
    "impossible date": (
        text(HEAD + 'agency:x schema:startDate "2023-02-30"^^xsd:date .'),
        f"{FILE}:{LINE}: error [lexical-form] schema:startDate: a date must be in the calendar, but 2023-02-30 is not.",
    ),
    "empty": (
        text(""),
        f"{FILE}: error [empty-file] a source file must not be empty. Fill it, or delete it.",
    ),
    "Latin-1": (
        text(HEAD.encode() + 'agency:x rdfs:label "café"@en .'.encode("latin-1")),
        f"{FILE}:{LINE}: error [encoding] a source file must be UTF-8, but byte {len(HEAD) + 24} is not. "
        "Save the file as UTF-8.",
    ),
    "byte-order mark": (
        text("\ufeff" + GOOD),
        f"{FILE}:1: error [encoding] a source file must not begin with a byte order mark. "
        "Save it as UTF-8 without BOM.",
    ),
    "100 MB": (hundred_megabytes, f"{FILE}: error [large-file] the file has 100 MB. The limit is 20 MB."),
    "folder": (Path.mkdir, f"{FILE}: error [unreadable-file] this must be a regular file, not a folder."),
    "broken link": (
        lambda path: path.symlink_to("nowhere.ttl"),
        f"{FILE}: error [unreadable-file] broken link. Correct or delete it.",
    ),
    "pipe": (
        os.mkfifo,
        f"{FILE}: error [unreadable-file] this must be a regular file, not a special file.",
    ),
}

MISNAMED = ["data/register/More_Things.ttl", "data/more.ttl", "data/register/more.TTL", "ontology/other.ttl"]


@pytest.mark.parametrize("case", [*BAD_FILES, *MISNAMED])
def test_a_bad_source_file_is_a_finding_and_stops_the_build(case: str, tree: Path, run: Run) -> None:
    if case in BAD_FILES:
        make, message = BAD_FILES[case]
        make(tree / FILE)
    else:
        (tree / case).write_text(GOOD)
        message = f"{case}: error [file-name] a file name must follow the rule of its folder"
    before = contents(tree) if case != "100 MB" else {}
    code, out, err = run("check")
    assert code == 1
    assert message in out
    assert out.count("error [") == 1
    assert err == "1 error.\n"
    if case in ("malformed Turtle", *MISNAMED[:1]):  # the others stop it as these do
        code, out, err = run("build")
        assert (code, out) == (1, "")
        assert err.startswith("jhaan: ")
        assert message in err
        assert not list((tree.parent / "cache/snapshots").iterdir())
    assert before == (contents(tree) if case != "100 MB" else {})


def test_a_check_of_one_file_says_that_another_stops_it(tree: Path, run: Run) -> None:
    (tree / FILE).write_text("")
    code, out, err = run("check", "data/context")
    assert (code, out) == (0, "")
    assert "1 error in other files may hide others here. List all with: jhaan check" in err


# --- names that steer a terminal -------------------------------------------------------------------------------


STEERING = "x\x1b[2J\x9b\u202e\njhaan.ttl:1: error [forged] y\u2066\udcff"
ESCAPED = r"x\x1b[2J\x9b\u202e\njhaan.ttl:1: error [forged] y\u2066\udcff"


@pytest.mark.parametrize(
    ("arguments", "stream"),
    [
        (["check"], 1),
        (["build"], 2),
        (["check", f"data/{STEERING}"], 2),
        (["diff", f"data/register/{STEERING}.ttl", "."], 2),
        (["verify", f"data/{STEERING}"], 2),
        (["query", STEERING], 2),
        (["export", "turtle", "-o", f"data/{STEERING}/x"], 2),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)
def test_a_name_can_neither_steer_a_terminal_nor_forge_a_line(
    arguments: list[str], stream: int, tree: Path, run: Run
) -> None:
    for name in (STEERING, "bad\x1b\nb"):
        (tree / f"data/register/{name}.ttl").write_text(
            GOOD.replace("@prefix", "x @prefix", name != STEERING)
        )
    (tree / QUERY).unlink()
    said = run(*arguments)
    assert ESCAPED in said[stream] or "bad\\x1b\\nb" in said[stream], said
    for text in said[1:]:
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        assert not re.search("^(jhaan.ttl|b.ttl)", text, re.MULTILINE)


# --- the report's text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (text(""), "Is this the text of the report?"),
        (text("caf\xe9".encode("latin-1")), "not UTF-8 at line 1 (byte 3). Save it as UTF-8."),
        (hundred_megabytes, "larger than 20 MB."),
        (Path.mkdir, "report.txt: Is a directory."),
        (lambda path: path.symlink_to("nowhere"), "report.txt: No such file or directory."),
    ],
    ids=["empty", "Latin-1", "100 MB", "folder", "broken link"],
)
def test_a_report_that_is_none(
    make: Callable[[Path], object], message: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "report.txt")
    code, out, err = run("verify", "report.txt")
    assert code == (2 if out == "" else 1)
    assert message in err + out


# --- another user ----------------------------------------------------------------------------------------------


@pytest.fixture
def open_tree() -> Iterator[Path]:
    """Small sources where everybody may enter, which pytest's own folders do not allow."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield write(folder / "sources")
    shutil.rmtree(folder)


def test_a_file_that_may_not_be_read(open_tree: Path) -> None:
    (open_tree / FILE).write_text(GOOD)
    (open_tree / FILE).chmod(0)
    done = as_another_user("check", cwd=open_tree)
    assert done.returncode == 1
    message = "cannot open the file: Permission denied. Check its permissions."
    assert done.stdout == f"{FILE}: error [unreadable-file] {message}\n"
