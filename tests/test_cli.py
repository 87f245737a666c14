"""The command line as a user meets it: answers, streams, exit codes, and errors that help.

Most of it runs in this process; `test_bad_queries.py` has signals and pipes that close.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from aborting import aborting_query
from bad_input import Run, environment, jhaan
from jhaan_kg.cli import COMMANDS, REMOVED
from tables import csv_rows

SEMINAR = "event2023:seminar-information-provision-what"


@pytest.fixture
def sparql(run: Run, tmp_path: Path) -> Run:
    """Run `jhaan sparql` on the text of a query."""

    def sparql(query: str, *options: str) -> tuple[int, str, str]:
        (tmp_path / "query.rq").write_text(query, encoding="utf-8")
        return run("sparql", str(tmp_path / "query.rq"), *options)

    return sparql


def test_without_arguments_it_says_what_is_here(run: Run) -> None:
    code, out, _ = run()
    assert code == 0
    assert [name for name in COMMANDS if name not in out] == []
    assert "jhaan query empact-co-run --cite" in out


def test_help_has_examples(run: Run) -> None:
    for name in COMMANDS:
        code, out, _ = run(name, "--help")
        assert code == 0
        assert f"jhaan {name}" in out.partition("examples:")[2], name


def test_citations_stand_under_each_row(run: Run) -> None:
    question = ("query", "who-is-who", "--person", "Alonso Alonso", "--cite")
    lines = run(*question)[1].splitlines()
    assert lines[0] == "1 position in 1 organisation, 1 person named."
    assert lines[-3:] == [
        "    stated in: Section 5.1.3, paragraph 2 (+1)",
        "",
        "How to read this answer: jhaan query who-is-who --help",
    ]
    (row,) = csv_rows(run(*question, "--format", "csv")[1])
    assert row["sources"].startswith("Section 3, paragraph 9; ")


def test_a_contested_value_is_flagged_without_citations_too(run: Run) -> None:
    code, out, _ = run("query", "official-timeline", "--event", SEMINAR)
    assert code == 0
    assert "16 November 2023" in out
    assert "passages disagree about row" in out
    assert (
        "passages disagree about row"
        in run("query", "official-timeline", "--event", SEMINAR, "--format", "csv")[2]
    )
    assert "15 November 2023" in run("query", "official-timeline", "--event", SEMINAR, "--cite")[1]


def test_show_prints_sparql_that_runs(run: Run, sparql: Run) -> None:
    _, shown, _ = run("query", "organisers", "--agency", "eu-lisa", "--show")
    assert "VALUES ?agency { <https://w3id.org/jhaan/id/agency/eu-lisa> }" in shown
    answered = run("query", "organisers", "--agency", "eu-lisa", "--format", "csv")
    assert sparql(shown, "--format", "csv")[1] == answered[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["qurey"], 'Did you mean "query"'),
        (["query", "organisers", "--format", "pdf"], 'Unknown format "pdf".'),
        (["explain", "Europol", "--property", "colour"], "colour"),
        (["export", "yaml"], 'Unknown format "yaml".'),
        (["check", "no-such-folder"], "Cannot open no-such-folder: no such file or folder."),
        (["load", "http://localhost:1"], "Missing option --store."),
        (["pair", "FRA"], "Missing: AGENCY."),
        (["build", "here"], 'Unexpected argument "here".'),
        (["query", "organisers", "--cite=yes"], "--cite: ignored explicit argument 'yes'."),
        (["text", "add"], "Missing argument FILE."),
    ],
)
def test_wrong_use_is_explained(arguments: list[str], message: str, run: Run) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_prefixes_are_declared_and_an_empty_answer_is_explained(sparql: Run) -> None:
    code, out, err = sparql("SELECT ?a { ?a a jhaan:Network }", "--format", "csv")
    assert (code, out.split(), err) == (0, ["a", "https://w3id.org/jhaan/id/body/jhaan"], "")
    code, out, err = sparql("SELECT ?a { ?a a jhaan:Netwerk }", "--format", "csv")
    assert (code, out.splitlines()) == (0, ["a"])
    assert err.splitlines() == [
        'Unknown name "jhaan:Netwerk" at line 1, column 18. Did you mean "jhaan:Network"?',
        "No results.",
    ]


AT_END = ", the end of the query. Check the last keyword, brackets and quotes."


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "SELECT ?a { ?a a jahan:Agency }",
            'line 1, column 18: the prefix "jahan:" is not declared. Add PREFIX jahan: <…>.',
        ),
        ("SELCT ?a { }", 'line 1, column 1: unknown word "SELCT". Did you mean "SELECT"?'),
        ("SELECT ?a { ?a a jhaan:Agency }}", f"line 1, column 33{AT_END}"),
        ("SELECT ?a { ?a rdfs:label }", 'line 1, column 27, near "rdfs:label".'),
        ("SELECT ?a {\n ?a a ?b ?a ?c ?d }", 'line 2, column 18, near "?d".'),
        ("SELECT ?a { ?a http://e.org/b ?c }", "line 1, column 16: an IRI needs angle brackets: <http://…>."),
    ],
)
def test_a_syntax_error_has_a_place_and_a_cause(query: str, message: str, sparql: Run) -> None:
    assert sparql(query) == (2, "", f"jhaan: Syntax error at {message}\n")


def test_the_help_of_a_question_has_its_parameters_and_describes_its_columns(run: Run) -> None:
    code, out, _ = run("query", "who-is-who", "--help")
    assert code == 0
    assert "--organisation VALUE" in out
    assert "`roleAtEvent` show" in " ".join(out.split())


def test_an_empty_name_of_a_snapshot_is_refused(run: Run) -> None:
    code, out, err = run("query", "products", "--snapshot", "")
    assert (code, out) == (2, "")
    assert "--snapshot must be a snapshot or a checkout" in err


def test_ask_and_construct(sparql: Run) -> None:
    pattern = "{ ?s a <https://w3id.org/jhaan/ontology#Network> }"
    assert sparql(f"ASK {pattern}") == (0, "yes\n", "")
    _, graph, _ = sparql(f"CONSTRUCT {pattern} {pattern}", "--format", "ntriples")
    assert graph.count("\n") == 1


def test_it_works_from_any_directory(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("query", "empact-plans", "--format", "csv")[1].count("\n") == 16


def test_a_removed_command_says_what_to_do_instead(run: Run) -> None:
    for name in REMOVED:
        code, out, err = run(name, "x")
        assert (code, out) == (2, "")
        assert err == f'jhaan: There is no command "{name}" since version 0.3. {REMOVED[name]}\n'


@pytest.mark.slow
def test_build_prints_where_the_graph_is(run: Run) -> None:
    assert Path(run("build")[1].strip(), "manifest.json").is_file()


@pytest.mark.slow
def test_verify_lists_words_for_curators(report_path: Path, run: Run) -> None:
    code, out, _ = run("verify", str(report_path), "--words")
    assert code == 0
    account, _, words = out.rpartition("\n\n")
    counts = re.search(r"added words +(\d+) of .*\n.* modality +(\d+) of ", account)
    assert counts is not None
    assert (words.count("  added: "), words.count("left out: ")) == tuple(map(int, counts.groups()))


@pytest.mark.slow
def test_the_same_search_gives_the_same_bytes() -> None:
    one, other = (
        jhaan("find", "information", "provison", env=environment(PYTHONHASHSEED=seed)).stdout for seed in "12"
    )
    assert one == other != ""


JHAAN = str(Path(sys.executable).parent / "jhaan")


@pytest.mark.slow
def test_a_query_that_aborts_the_engine_is_explained() -> None:
    """In a process of its own: in this one, pytest would print where it was aborted."""
    done = jhaan("sparql", "-", stdin=aborting_query().encode())
    assert (done.returncode, done.stdout) == (2, "")
    assert "ORDER BY STR(?x)" in done.stderr
    assert "panicked" not in done.stderr


@pytest.mark.slow
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

    assert {"empact-co-run", "empact-plans"} <= completions("jhaan query empact-")
    assert "--agency" in completions("jhaan query organisers --ag")
