"""The report's text: where it is found, which one is taken, and what is said without it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from pyoxigraph import NamedNode
from report_read import sentences
from serving import serving

import small_graph
from bad_input import Run
from jhaan_kg import cache_folder
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import GRAPH, ID
from jhaan_kg.passages import split
from jhaan_kg.passages.document import document_triples
from jhaan_kg.report_text import add_text, find_text, find_texts, open_quotations
from real_sources import ROOT
from yearbook import LANTERN

TEXT = LANTERN / "lantern-2031.txt"
REPORT = f"{ID}report/lantern-2031"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A graph that has the passages of the yearbook, and nothing else."""
    document = split(TEXT.read_text("utf-8"), REPORT)
    graphs = {NamedNode(f"{GRAPH}document/lantern-2031"): document_triples(document)}
    return small_graph.snapshot(tmp_path_factory.mktemp("yearbook") / "snapshot", graphs)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a user who has no text."""
    monkeypatch.delenv("JHAAN_REPORT", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def run_there(run: Run, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs commands with the graph of the yearbook."""
    monkeypatch.setattr("jhaan_kg.build.cache.open_snapshot", lambda: snapshot)
    return run


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# --- where it is ---------------------------------------------------------------------------------------------------


def test_a_given_file_comes_before_the_variable_and_that_before_the_copy(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_texts() == []
    copy = add_text(str(TEXT), snapshot)
    assert find_texts() == [copy]
    named = tmp_path / "named.txt"
    named.touch()
    monkeypatch.setenv("JHAAN_REPORT", str(named))
    assert find_texts() == [named]
    assert find_texts([Path("given.txt")]) == [Path("given.txt")]
    monkeypatch.setenv("JHAAN_REPORT", "")
    assert find_text(None) == str(copy)


def test_a_variable_that_names_no_file_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JHAAN_REPORT", str(tmp_path / "gone.txt"))
    with pytest.raises(
        JhaanError, match=r"Cannot open .*gone\.txt: not a file\. Correct or unset JHAAN_REPORT"
    ):
        find_texts()


def test_one_of_several_texts_must_be_named(home: Path) -> None:
    for name in ("a-2001", "b-2002"):
        (home / "jhaan-kg" / "reports").mkdir(parents=True, exist_ok=True)
        (home / "jhaan-kg" / "reports" / f"{name}.txt").touch()
    with pytest.raises(JhaanError, match=r"Several texts found\. Name one of: .*a-2001\.txt, .*b-2002\.txt"):
        find_text(None)


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/jhaan-kg"),
        ("darwin", {}, "~/Library/Application Support/jhaan-kg"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/jhaan-kg/Data"),
    ],
)
def test_the_data_folder_is_where_each_system_has_it(
    platform: str, variables: dict[str, str], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(cache_folder.sys, "platform", platform)
    assert str(cache_folder.data_folder()).replace(str(tmp_path), "~") == expected


# --- adding it -----------------------------------------------------------------------------------------------------


def test_a_text_is_copied_once_and_found_from_then_on(run_there: Run, home: Path) -> None:
    code, out, _ = run_there("text")
    assert (code, files_in(home.parent)) == (0, [])
    assert "jhaan text add FILE" in out
    copy = home / "jhaan-kg" / "reports" / "lantern-2031.txt"
    for _ in range(2):
        code, out, err = run_there("text", "add", str(TEXT))
        assert (code, out, err) == (0, f"{copy}: the text of lantern-2031\n", f"Added {copy}.\n")
        assert copy.read_bytes() == TEXT.read_bytes()
    assert run_there("text", "show") == (0, out, "")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace(b"Tern Light", b"Owl Light"), "It has 788 characters. "),
        (lambda text: text.replace(b"\n", b"\r\n"), "characters and lines that end with CR. "),
        (lambda text: text + b"\n", "It has 791 characters. "),
    ],
)
def test_another_text_is_not_copied(
    change: Callable[[bytes], bytes], said: str, run_there: Run, tmp_path: Path
) -> None:
    other = tmp_path / "other.txt"
    other.write_bytes(change(TEXT.read_bytes()))
    code, out, err = run_there("text", "add", str(other))
    assert (code, out) == (2, "")
    assert (
        "must be the text of a report in the graph: lantern-2031 with 790 characters and the SHA-256 " in err
    )
    assert said in err
    assert f"jhaan verify {other}\n" in err
    assert files_in(tmp_path) == [other]


def test_a_mark_of_byte_order_is_no_part_of_a_text(run_there: Run, tmp_path: Path, home: Path) -> None:
    marked = tmp_path / "marked.txt"
    marked.write_bytes(b"\xef\xbb\xbf" + TEXT.read_bytes())
    assert run_there("text", "add", str(marked))[0] == 0
    assert [path.read_bytes() for path in files_in(home)] == [TEXT.read_bytes()]


def test_what_is_in_the_way_stays(run_there: Run, home: Path) -> None:
    place = home / "jhaan-kg" / "reports" / "lantern-2031.txt"
    place.parent.mkdir(parents=True)
    place.write_text("My own notes.")
    code, _, err = run_there("text", "add", str(TEXT))
    assert code == 2
    assert "which has another text" in err
    assert place.read_text() == "My own notes."
    code, out, err = run_there("text")
    assert (code, out) == (2, "")
    assert f"{place} must be the text of a report in the graph" in err


@pytest.mark.parametrize(
    "arguments", [["add"], ["show", str(TEXT)], ["remove", str(TEXT)], ["add", "no-such-file"]]
)
def test_wrong_use_is_explained(arguments: list[str], run_there: Run, home: Path) -> None:
    code, out, err = run_there("text", *arguments)
    assert (code, out) == (2, "")
    assert err
    assert files_in(home.parent) == []


# --- quotations ----------------------------------------------------------------------------------------------------


def test_a_passage_is_quoted_by_its_iri(snapshot: Snapshot) -> None:
    quote = open_quotations(snapshot, [TEXT])
    assert quote(f"{REPORT}/section/1/paragraph/3") == "The Assembly of the Keepers was held on 14 May 2031."
    assert quote(f"{REPORT}/section/2.1/heading") == "2.1. Assembly of the Keepers"
    assert quote(f"{REPORT}/section/9/paragraph/1") == ""
    assert quote(f"{REPORT}/section/2.1") == "", "its passages have the words"
    assert quote(f"{ID}report/jhaan-2023/section/1/paragraph/1") == ""
    assert quote(f"{ID}agency/fra") == ""


def test_without_a_text_it_is_said_how_to_add_it(snapshot: Snapshot, run: Run) -> None:
    with pytest.raises(JhaanError, match=r"not part of this project.*: jhaan text add FILE$"):
        open_quotations(snapshot)
    for command in (
        ["query", "renamings", "--quote"],
        ["verify"],
        ["serve", "--port", "0", "--report"],
    ):
        code, out, err = run(*command)
        assert (code, out) == (2, ""), command
        assert "jhaan text add FILE" in err, command


def test_the_new_option_for_an_id_works(run: Run) -> None:
    whole = run("query", "coverage", "--format", "csv")[:2]
    assert run("query", "coverage", "--report-id", "report:jhaan-2023", "--format", "csv")[:2] == whole


def files_with(own: list[str], folder: Path) -> list[str]:
    """Return the files of a folder that contain one of some sentences, however its words are separated."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            text = " ".join(path.read_bytes().decode("utf-8", "replace").split())
            if any(sentence in text for sentence in own):
                found.append(path.relative_to(folder).as_posix())
    return found


@pytest.mark.slow
def test_no_sentence_of_it_is_cached_or_exported(
    report_path: Path, report_text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answers of --quote and the page that was asked for have sentences, so they would be seen elsewhere."""
    own = sentences(split(report_text), report_text)
    assert len(own) > 200
    (tmp_path / "made").mkdir()
    (tmp_path / "made").rename(short := Path(tempfile.mkdtemp()))  # sockets need a short path
    (tmp_path / "made").symlink_to(short)
    monkeypatch.setenv("TMPDIR", str(short))
    for name, value in {"JHAAN_CACHE": "cache", "XDG_DATA_HOME": "data"}.items():
        monkeypatch.setenv(name, str(tmp_path / value))
    monkeypatch.setenv("JHAAN_REPORT", "")

    def jhaan(*arguments: str) -> str:
        command = [sys.executable, "-m", "jhaan_kg", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
        ).stdout

    jhaan("text", "add", str(report_path))
    jhaan("build")
    said = " ".join(jhaan("query", "commitments", "--quote", "--format", "json").split())
    assert sum(sentence in said for sentence in own) > 20
    jhaan("query", "commitments", "--quote", "--timeout", "100", "--format", "csv")
    jhaan("verify")
    jhaan("find", "fundamental rights")
    jhaan("sparql", str(ROOT / "queries" / "report" / "coverage.rq"), "--timeout", "100", "--evidence")
    for form in ("nquads", "jsonld-dataset", "csv", "ontology", "graphml"):
        jhaan("export", form, "-o", str(tmp_path / "made" / form))
    with serving(tmp_path / "made", "--report", str(report_path)) as server:
        for path in ("read/jhaan-2023/3", "questions/date-of-event?cite=yes", "contradictions", "proof"):
            page = requests.get(f"{server.url}/{path}", headers={"Accept": "text/html"}, timeout=60)
            assert page.status_code == 200
    assert files_with(own, tmp_path / "data") == ["jhaan-kg/reports/jhaan-2023.txt"]
    assert len([path for path in (tmp_path / "cache").rglob("*") if path.is_file()]) > 50
    assert files_with(own, tmp_path / "cache") == []
    assert files_with(own, tmp_path / "made") == []
