"""The command line as a user meets it: answers, streams, exit codes, and errors that help."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from jhaan_kg.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
JHAAN = str(Path(sys.executable).parent / "jhaan")


def jhaan(*arguments: str, stdin: str = "", cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [JHAAN, *arguments], input=stdin, capture_output=True, text=True, check=False, cwd=cwd
    )


def test_without_arguments_it_says_what_is_here() -> None:
    done = jhaan()
    assert done.returncode == 0
    assert all(name in done.stdout for name in COMMANDS)
    assert "jhaan query empact-co-run --cite" in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_examples(name: str) -> None:
    done = jhaan(name, "--help")
    assert done.returncode == 0
    assert "examples:" in done.stdout
    assert f"jhaan {name}" in done.stdout.partition("examples:")[2]


def test_the_demo_says_exactly_what_the_report_says() -> None:
    done = jhaan("query", "empact-co-run", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    co_run = [row for row in rows if row["coRun"] == "yes"]
    assert {(row["agencyLabel"], row["partnerLabel"]) for row in co_run} == {
        ("Europol", "Frontex"),
        ("Frontex", "Europol"),
    }
    assert {(row["planNumber"], row["number"], row["unitLabel"]) for row in co_run} == {
        ("5", "11", "operational actions")
    }
    engaged = [row for row in rows if row["howLabel"] == "engaged in plans"]
    assert {(row["planLabel"], row["number"], row["unitLabel"]) for row in engaged} == {
        ("counted, not named", "11", "operational action plans")
    }
    on_call = [row for row in rows if row["howLabel"] == "on call at action days"]
    assert {(row["agencyLabel"], row["coRun"], row["number"]) for row in on_call} == {("Eurojust", "no", "")}
    assert not {row["agencyLabel"] for row in rows} & {"CEPOL", "eu-LISA", "EMCDDA"}  # their figures are lost


def test_citations_name_the_passages() -> None:
    done = jhaan("query", "empact-co-run", "--cite", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert all(row["sources"] for row in rows)
    for row in rows:
        if row["coRun"] == "yes":
            assert "9.4 paragraph 1" in row["sources"]
            assert "11.2 row 5" in row["sources"]
        if row["howLabel"] == "on call at action days":
            assert "9.4 paragraph 4" in row["sources"]
    table = jhaan("query", "empact-co-run", "--cite").stdout
    assert "9.4 paragraph 1" in table


def test_a_contested_value_is_flagged_without_citations_too() -> None:
    done = jhaan("query", "official-timeline", "--event", "event2023:seminar-information-provision-what")
    assert done.returncode == 0
    assert "2023-11-16" in done.stdout
    assert "Contested" in done.stderr
    cited = jhaan(
        "query", "official-timeline", "--event", "event2023:seminar-information-provision-what", "--cite"
    )
    assert "2023-11-15" in cited.stdout


@pytest.mark.parametrize(
    "value", ["europol", "EUROPOL", "agency:europol", "https://w3id.org/jhaan/id/agency/europol"]
)
def test_a_value_may_be_a_name_a_curie_or_an_iri(value: str) -> None:
    done = jhaan("query", "organisers", "--agency", value, "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert [row["agencyLabel"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["Europol"]


def test_show_prints_sparql_that_runs() -> None:
    shown = jhaan("query", "organisers", "--agency", "eu-lisa", "--show")
    assert "VALUES ?agency { <https://w3id.org/jhaan/id/agency/eu-lisa> }" in shown.stdout
    answered = jhaan("sparql", "-", "--format", "csv", stdin=shown.stdout)
    assert answered.stdout == jhaan("query", "organisers", "--agency", "eu-lisa", "--format", "csv").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["qurey"], 2, "Did you mean query"),
        (["query", "empact-corun"], 2, "empact-co-run"),
        (["query", "organisers", "--agency", "Eurpol"], 2, "Europol"),
        (["query", "organisers", "--agncy", "x"], 2, "--agncy"),
        (["query", "organisers", "--format", "pdf"], 2, "invalid choice: 'pdf'"),
        (["query", "organisers", "--format", "xlsx"], 2, "-o FILE"),
        (["query", "organisers", "-o", "/nowhere/at/all.txt"], 2, "/nowhere/at/all.txt"),
        (["sparql", "no-such-file.rq"], 2, "no-such-file.rq"),
        (["explain", "nobody at all"], 2, "nobody at all"),
        (["explain", "Europol", "--property", "colour"], 2, "colour"),
        (["export", "yaml"], 2, "invalid choice: 'yaml'"),
        (["verify", "no-report.txt"], 2, "no-report.txt"),
        (["check", "no-such-folder"], 2, "no-such-folder"),
    ],
)
def test_wrong_use_is_explained(arguments: list[str], code: int, message: str) -> None:
    done = jhaan(*arguments)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x { SERVICE <http://example.org/> { ?x ?y ?z } }",
        "SELECT ?x FROM <file:///etc/passwd> { ?x ?y ?z }",
        "INSERT DATA { <http://a> <http://b> <http://c> }",
        "LOAD <http://example.org/>",
        "SELECT ?x { ?x ?y",
    ],
)
def test_queries_that_reach_out_or_change_are_refused(query: str) -> None:
    done = jhaan("sparql", "-", stdin=query)
    assert done.returncode == 2
    assert done.stderr.startswith("jhaan: ")
    assert "Traceback" not in done.stderr


def test_prefixes_are_declared_and_an_empty_answer_is_explained() -> None:
    done = jhaan("sparql", "-", "--format", "csv", stdin="SELECT ?a { ?a a jhaan:Network }")
    assert (done.stdout.splitlines(), done.stderr) == (["a", "https://w3id.org/jhaan/id/body/jhaan"], "")
    empty = jhaan("sparql", "-", "--format", "csv", stdin="SELECT ?a { ?a a jhaan:Netwerk }")
    assert (empty.returncode, empty.stdout.splitlines()) == (0, ["a"])
    assert empty.stderr.splitlines() == [
        "The ontology has no term jhaan:Netwerk. Did you mean Network?",
        "Nothing was found.",
        "jhaan:Netwerk occurs nowhere in the graph.",
    ]


def test_a_query_that_aborts_the_engine_is_explained() -> None:
    done = jhaan("sparql", "-", stdin="SELECT ?o { ?s ?p ?o } ORDER BY ?o")
    if done.returncode:  # an engine that can order mixed values may answer
        assert done.returncode == 2
        assert "ORDER BY STR(?x)" in done.stderr
        assert "panicked" not in done.stderr
        assert done.stdout == ""


def test_ask_and_construct() -> None:
    asked = jhaan("sparql", "-", stdin="ASK { ?s a <https://w3id.org/jhaan/ontology#Network> }")
    assert (asked.returncode, asked.stdout.strip()) == (0, "yes")
    pattern = "{ ?s a <https://w3id.org/jhaan/ontology#Network> }"
    query = f"CONSTRUCT {pattern} {pattern}"
    graph = jhaan("sparql", "-", "--format", "ntriples", stdin=query)
    assert graph.stdout.count("\n") == 1


def test_explain_shows_both_sides() -> None:
    done = jhaan("explain", "event2023:seminar-information-provision-what", "--property", "startDate")
    assert done.returncode == 0
    _, other, preferred = done.stdout.split("\n\n")
    assert other.startswith("start date (schema:startDate)  2023-11-15\n    stated in 3 paragraph 4; ")
    assert other.endswith("Another value is preferred.")
    assert preferred.startswith("start date (schema:startDate)  2023-11-16\n    stated in contents entry 28 ")
    assert preferred.endswith("2023-11-15 is stated in 3 paragraph 4; 4 entry 27. This value is preferred.\n")


def test_output_goes_to_a_file_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "rows.json"
    done = jhaan("query", "empact-plans", "--format", "json", "-o", str(target))
    assert done.returncode == 0
    assert done.stdout == ""
    assert len(json.loads(target.read_text())["results"]["bindings"]) == 15
    assert [path.name for path in tmp_path.iterdir()] == ["rows.json"]


def test_it_works_from_any_directory(tmp_path: Path) -> None:
    assert jhaan("query", "empact-plans", "--format", "csv", cwd=tmp_path).stdout.count("\n") == 16


def test_a_closed_pipe_is_no_error() -> None:
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {JHAAN} query empact-plans | head -n 1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


@pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
def test_completion_scripts(shell: str) -> None:
    assert "jhaan" in jhaan("completion", shell).stdout


def test_completion_knows_questions_and_parameters() -> None:
    def completions(line: str) -> set[str]:
        environment = {
            **os.environ,
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_STDOUT_FILENAME": "/dev/stdout",
            "_ARGCOMPLETE_IFS": "\n",
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
        }
        done = subprocess.run([JHAAN], env=environment, capture_output=True, text=True, check=False)
        return {word.strip() for word in re.split(r"[\n\x0b]", done.stdout) if word.strip()}

    assert "query" in completions("jhaan qu")
    assert {"empact-co-run", "empact-plans"} <= completions("jhaan query empact-")
    assert "--agency" in completions("jhaan query organisers --ag")


@pytest.mark.slow
def test_check_format_and_build_find_no_fault() -> None:
    assert jhaan("format", "--check").returncode == 0
    checked = jhaan("check")
    assert (checked.returncode, checked.stdout) == (0, "")
    assert Path(jhaan("build").stdout.strip(), "manifest.json").is_file()


@pytest.mark.slow  # tests/test_verify.py asks the same of the Python behind it
def test_verify_proves(report_path: Path) -> None:
    done = jhaan("verify", str(report_path))
    assert done.returncode == 0
    assert "error" not in done.stdout
    assert re.search(r"not proven +0 ", done.stdout)


def test_verify_notices(report_path: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.txt"
    changed.write_bytes(report_path.read_bytes().replace(b"7 Joint Action Days", b"8 Joint Action Days"))
    noticed = jhaan("verify", str(changed))
    assert noticed.returncode == 1
    assert "9.4 paragraph 1" in noticed.stdout
    assert "quantity/jhaan-2023/9.4/action-days" in noticed.stdout
