"""Queries in a process of their own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal, Store

from jhaan_kg.api.separate import SeparateEngine
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.errors import JhaanError, ServiceError


@pytest.fixture(scope="module")
def engine() -> SeparateEngine:
    return SeparateEngine(open_snapshot(), evidence=False, context=True)


def test_terms_come_through_as_they_are(engine: SeparateEngine) -> None:
    text = 'é\t"\n\\'
    query = f"SELECT ?x ?y {{ VALUES (?x ?y) {{ ({Literal(text, language='fr')} UNDEF) (true 0.50) }} }}"
    expected = tuple(tuple(solution) for solution in Store().query(query))  # type: ignore[arg-type, union-attr]
    assert engine.select(query).rows == expected
    assert expected[0] == (Literal(text, language="fr"), None)


def test_an_answer_may_have_no_rows(engine: SeparateEngine) -> None:
    assert engine.select("SELECT ?x { ?x a jhaan:Spaceship }").rows == ()


def test_errors_come_through(engine: SeparateEngine) -> None:
    with pytest.raises(JhaanError, match=r"^The query can't be read: line 2, column \d+: "):
        engine.select("SELECT ?x {\n )")
    with pytest.raises(JhaanError, match="A SELECT query was expected"):
        engine.select("ASK { }")


def test_a_query_that_takes_too_long_is_ended() -> None:
    engine = SeparateEngine(open_snapshot(), evidence=False, context=True, timeout=0.2)
    with pytest.raises(ServiceError, match=r"ended after 0\.2 seconds .* with a longer timeout"):
        engine.select("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")


def test_a_program_without_a_python_is_told(engine: SeparateEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "")
    with pytest.raises(JhaanError, match=r"sys\.executable is empty"):
        engine.ask("ASK { }")
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(JhaanError, match=r"can't be started: No such file or directory"):
        engine.ask("ASK { }")


def test_a_python_without_this_package_is_told(
    engine: SeparateEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", ["/no/such/folder"])
    monkeypatch.setattr(sys, "executable", str(Path("/usr/bin/python3")))
    if not Path(sys.executable).exists():
        pytest.skip("there is no second Python on this machine")
    with pytest.raises(JhaanError, match=r"can't run in a second Python: .*(jhaan_kg|pyoxigraph)"):
        engine.ask("ASK { }")


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script of the shell")
@pytest.mark.parametrize(
    ("end", "message"),
    [
        ("kill -KILL $$", "killed by the system, most likely for want of memory"),
        ("kill -INT $$; sleep 1", r"The query was interrupted\."),
        ("kill -ABRT $$", r"write ORDER BY STR\(\?x\)"),
        ("kill -SEGV $$", r"The engine broke down on this query \(signal 11\)"),
        ("echo 'ValueError: odd' >&2; exit 1", r"can't run in a second Python: ValueError: odd\.$"),
        ("exit 1", r"can't run in a second Python: it ended without a word\.$"),
    ],
)
def test_each_end_without_an_answer_is_explained(
    end: str, message: str, engine: SeparateEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A script in the place of Python comes to that end."""
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\n{end}\n")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    with pytest.raises(JhaanError, match=message):
        engine.ask("ASK { }")
