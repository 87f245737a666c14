"""`jhaan new report`: what it makes, what it refuses, and that it makes all or nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mini_report import MINI
from tiny_sources import passage, write

from jhaan_kg.build.assemble import assemble
from jhaan_kg.build.pipeline import entail
from jhaan_kg.build.read import read_sources
from jhaan_kg.checks.sections import find_unread_passages
from jhaan_kg.cli import main
from jhaan_kg.errors import JhaanError, Severity
from jhaan_kg.namespaces import RDFS_LABEL
from jhaan_kg.new_report import begin_report
from jhaan_kg.passages import read_document, split

REPORT = "lights-1907"
STUB = Path(__file__).with_name("fog-horns.trig")


def everything_in(root: Path) -> dict[str, bytes]:
    """What a folder holds, hidden files too."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in root.rglob("*")
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Small sources with two other reports."""
    return write(tmp_path / "checkout")


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Such sources with a third report, just begun; no test changes them."""
    folder = write(tmp_path_factory.mktemp("begun") / "checkout")
    begin_report(folder, REPORT, MINI, "mini.txt")
    return folder


def test_it_makes_a_file_for_each_section_that_has_passages(begun: Path) -> None:
    made = {path.name for path in (begun / "data/reports" / REPORT).iterdir()}
    sections = (
        *("cover-title-page", "contents-titles", "1-welcome", "2-calendar", "3-work"),
        *("3.1-lamps-wicks-and-oil", "3.2-fog-horns", "4.1-signals", "4.2-tables"),
    )
    assert made == {"document.ttl", *(f"{section}.trig" for section in sections)}
    assert [path.name for path in (begun / "data/curation" / REPORT).iterdir()] == ["coverage.ttl"]
    assert "    a jhaan:Report ;" in (begun / f"data/register/{REPORT}.ttl").read_text("utf-8")


def test_the_files_can_be_built_at_once(begun: Path) -> None:
    made = [path for path in (begun / "data").rglob("*.t*") if REPORT in path.as_posix()]
    assert len(made) == 12
    sources = read_sources(begun)
    (document,) = (file for file in sources.files if file.name.endswith(f"{REPORT}/document.ttl"))
    tree = read_document(statement.triple for statement in document.statements)
    assert tree == split(MINI, f"https://w3id.org/jhaan/id/report/{REPORT}")
    quads = entail(assemble(sources))
    labels = {quad.subject: quad.object.value for quad in quads if quad.predicate == RDFS_LABEL}
    assert labels[passage("3.2/paragraph/1", REPORT)] == "lights-1907: Section 3.2, paragraph 1"
    assert labels[passage("2.1/paragraph/4", "fbn-2021")] == "fbn-2021: Section 2.1, paragraph 4"


def test_a_section_file_has_a_block_for_each_passage(begun: Path) -> None:
    lines = MINI.split("\n")
    assert (lines[96], lines[98], lines[100], lines[102]) == (
        "# 3.2. Fog horns",
        "It was agreed:",
        "1. Horns.  ",
        "2. Bells",
    ), "the lines were counted by hand"
    assert (begun / f"data/reports/{REPORT}/3.2-fog-horns.trig").read_bytes() == STUB.read_bytes()


def test_no_sentence_of_the_text_is_written(begun: Path) -> None:
    written = " ".join(
        path.read_text("utf-8")
        for path in (begun / "data").rglob("*")
        if REPORT in path.as_posix() and path.is_file()
    )
    for words in ("Bell Rock", "had **nine** keepers", "Ada Lantern", "To be tuned", "By day only"):
        assert words in MINI
        assert words not in written


def test_what_is_not_yet_read_is_a_hint_for_each_section(begun: Path) -> None:
    hints = [
        finding for finding in find_unread_passages(read_sources(begun)) if f"/{REPORT}/" in finding.path
    ]
    assert {finding.severity for finding in hints} == {Severity.INFO}
    assert len(hints) == 9
    told = {Path(finding.path).name: finding.message for finding in hints}
    assert told["3.2-fog-horns.trig"] == (
        "4 of 4 passages are not yet read: Section 3.2, heading; Section 3.2, paragraph 1; Section 3.2, item 1 "
        "and 1 more."
    )
    assert told["contents-titles.trig"].startswith("8 of 9 passages are not yet read: Contents, entry 1;"), (
        "that the heading of the contents list gives nothing is noted"
    )
    notes = (begun / f"data/curation/{REPORT}/coverage.ttl").read_text("utf-8")
    assert notes[notes.index("# Not processed yet") :].splitlines()[:4] == [
        "# Not processed yet:",
        "# - Cover: paragraph 1 to 4",
        "# - Contents: entry 1 to 8",
        "# - Section 1: heading, paragraph 1 to 3, footnote 1",
    ]


NO_ID = r"The id of a report must be a name in small letters"


@pytest.mark.parametrize(
    ("report", "text", "message"),
    [
        *((name, MINI, NO_ID) for name in ("Lights-1907", "lights", "1907", "lights-07", "../x-1907", "")),
        (REPORT, "Dear diary\n", r"^mini\.txt: The report's text has no table of contents"),
    ],
)
def test_what_is_no_report_is_refused(report: str, text: str, message: str, root: Path) -> None:
    before = everything_in(root)
    with pytest.raises(JhaanError, match=message):
        begin_report(root, report, text, "mini.txt")
    assert everything_in(root) == before


@pytest.mark.parametrize(
    "there",
    [
        "data/reports/fbn-2021/document.ttl",
        "data/curation/fbn-2021/readings.ttl",
        "data/register/fbn-2021.ttl",
    ],
)
def test_a_report_that_is_there_is_refused(there: str, tmp_path: Path) -> None:
    (tmp_path / there).parent.mkdir(parents=True)
    (tmp_path / there).write_text("# mine\n", encoding="utf-8")
    before = everything_in(tmp_path)
    with pytest.raises(JhaanError, match=r"fbn-2021(\.ttl)? already exists"):
        begin_report(tmp_path, "fbn-2021", MINI, "mini.txt")
    assert everything_in(tmp_path) == before


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_if_a_step_fails_nothing_is_left(failing: int, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fills up, or the user interrupts, while the finished files are put into their places."""
    before = everything_in(root)
    rename = Path.rename
    calls: list[Path] = []

    def fails(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == failing:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(KeyboardInterrupt):
        begin_report(root, REPORT, MINI, "mini.txt")
    assert everything_in(root) == before


# --- the command ---------------------------------------------------------------------------------------------


def test_the_command_says_what_it_made_and_what_comes_next(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "mini.txt").write_text(MINI, encoding="utf-8")
    monkeypatch.chdir(root / "data")
    assert main(["new", "report", REPORT, "--report", "../mini.txt"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "data/reports/lights-1907",
        "data/curation/lights-1907",
        "data/register/lights-1907.ttl",
    ]
    assert "Created 9 section files with 50 passages to process." in said.err
    assert re.search(r"^  4\. jhaan verify \.\./mini\.txt --report-id lights-1907$", said.err, re.MULTILINE)


@pytest.mark.parametrize(
    ("checkout", "text", "message"),
    [
        (False, MINI.encode(), "This folder is not in a checkout of jhaan-kg"),
        (
            True,
            MINI.replace("Skerry", "Skerry\xe9").encode("latin-1", "replace"),
            "mini.txt: not UTF-8 at line",
        ),
    ],
)
def test_the_command_refuses(
    checkout: bool,
    text: bytes,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = write(tmp_path / "checkout") if checkout else tmp_path
    (folder / "mini.txt").write_bytes(text)
    monkeypatch.chdir(folder)
    before = everything_in(folder)
    assert main(["new", "report", REPORT, "--report", "mini.txt"]) == 2
    assert message in capsys.readouterr().err
    assert everything_in(folder) == before
