"""The whole release in four stores: stored questions have the same rows, as the page says, and commands print the same.

Each store cites another quarter of them, and is asked that quarter with open parameters; `trial_matrix.py` does both
with all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bad_input import Run
from endpoints import QUERIES, without_checksum
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.engine import Values
from jhaan_kg.stores.compare import questions
from jhaan_kg.stores.compare.holdings import InspectedStore
from jhaan_kg.stores.compare.questions import QuestionComparison
from jhaan_kg.stores.compare.questions import Way as Asked
from real_sources import QUESTIONS
from servers import Server
from servers.matrix import COLUMNS, PAGE, SETUPS, Way, key, look, rows, steady
from stores import CI, FAST, load

SERVERS = FAST + CI
ASKED_BY_COMUNICA = "rdf4j"
ROWS = rows(PAGE.read_text(encoding="utf-8"))

COMMANDS = [
    "query renamings",
    "query organisers --agency europol --cite",
    "query contradictions --cite --format json",
    "query date-of-event --format csv",
    "query most-central-agencies --rule meeting --format md",
    "query event-participants --event event2023:heads-of-agencies --show",
    "explain Eurojust --property called",
    "explain event2023:seminar-information-provision-what",
]

FORMS = [
    *(("rows", form) for form in ("table", "csv", "tsv", "json", "xml", "md")),
    *(("odd", form) for form in ("csv", "tsv", "json", "xml")),
    *(("none", form) for form in ("table", "csv", "json")),
    *(("graph", form) for form in ("ttl", "jsonld", "ntriples")),
    ("blank", "ntriples"),
    *(("ask", form) for form in ("table", "json")),
]

COMMON = {"rows csv", "rows xml", "graph ntriples", "graph ttl", "ask json"}
"""What all stores give in the same form: rows of VALUES come in any order, blank nodes with any label."""


@pytest.fixture
def quarter(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask each question once, since its time is no matter here, and cite a quarter of them."""
    at = SERVERS.index(request.node.callspec.params["whole"])
    chosen = QUESTIONS[at :: len(SERVERS)]
    compare = questions.compare_question

    def compared(
        query: StoredQuery, way: Asked, values: Values, embedded: Any, store: InspectedStore
    ) -> QuestionComparison:
        if query.name in chosen:
            return compare(query, way, values, embedded, store)
        if way is Asked.OPEN:
            return QuestionComparison(query.name, way, values, skipped="another store is asked")
        return compare(query, way, values, embedded, store._replace(citable=False))

    monkeypatch.setattr(questions, "QUICK", -1)
    monkeypatch.setattr(questions, "compare_question", compared)


@pytest.mark.usefixtures("quarter")
def test_the_matrix_says_what_is_seen(whole: Server, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.params["whole"]
    with_comunica = name == ASKED_BY_COMUNICA
    seen, differing = look(whole, SETUPS[name].how, Way.DATASET, with_comunica=with_comunica)
    assert differing == []
    for column, found, written in zip(steady(COLUMNS), steady(seen), steady(ROWS[key(seen)]), strict=True):
        if with_comunica or column != "Same with Comunica":
            assert found == written, column


def test_commands_print_the_same(run: Run, whole: Server, tmp_path: Path) -> None:
    """Virtuoso cuts an answer of so many triples as the evidence has."""
    assert run(*load(whole))[0] == 0
    for command in COMMANDS:
        expected = without_checksum(run(*command.split()))
        assert run(*command.split(), "--endpoint", whole.query) == expected, command
    file = tmp_path / "query.rq"
    for name, form in FORMS:
        if whole.kind == "oxigraph" or f"{name} {form}" in COMMON:
            file.write_text(QUERIES[name], encoding="utf-8")
            words = ("sparql", str(file), "--format", form)
            assert run(*words, "--endpoint", whole.query) == run(*words), (name, form)
    file.write_text("CONSTRUCT { ?a rdf:subject ?s } { ?a rdf:subject ?s }", encoding="utf-8")
    words = ("sparql", str(file), "--format", "ntriples", "--evidence")
    code, out, err = run(*words, "--endpoint", whole.query)
    if whole.kind == "virtuoso":
        assert (code, out) == (3, "")
        assert "returned only 10,001 of" in err
    else:
        assert out.count("\n") > 20_000
        assert (code, out, err) == run(*words)
