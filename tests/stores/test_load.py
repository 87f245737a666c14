"""`jhaan load` as a user runs it, with Oxigraph and with servers that fail."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from load_cases import (
    load,
    new,
    old,
    put,
    test_a_broken_load_names_the_complete_graphs_and_can_be_repeated,
    test_a_load_replaces_the_graphs_of_the_project_only,
    test_any_store_can_be_loaded_by_its_addresses,
    test_parts_can_be_left_out,
)
from meetings_graph import QUERIES, build, stored
from pyoxigraph import NamedNode, Triple

from bad_input import Run
from endpoints import Request, Response, responding
from jhaan_kg import stores
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.query.catalogue import load_catalogue
from jhaan_kg.stores import QUESTIONS, Loader
from servers import Server
from small_graph import BIG, snapshot, triple

SERVERS = ("oxigraph",)
__all__ = [
    "new",
    "old",
    "test_a_broken_load_names_the_complete_graphs_and_can_be_repeated",
    "test_a_load_replaces_the_graphs_of_the_project_only",
    "test_any_store_can_be_loaded_by_its_addresses",
    "test_parts_can_be_left_out",
]


@pytest.fixture(scope="module")
def meetings(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A release with questions."""
    graphs: dict[NamedNode, list[Triple]] = {}
    for quad in build():
        assert isinstance(quad.graph_name, NamedNode)
        graphs.setdefault(quad.graph_name, []).append(quad.triple)
    catalogue = {"format": 1, "queries": [stored(name).to_json() for name in QUERIES]}
    return snapshot(tmp_path_factory.mktemp("meetings") / "release", graphs, catalogue)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Questions of the meetings in the place of the real ones."""
    monkeypatch.setattr(stores, "QUESTIONS", ("who-met", "how-often"))
    return


def test_the_questions_that_check_a_load_exist() -> None:
    found = {query.name: query.needs_evidence for query in load_catalogue(open_snapshot().catalogue_path)}
    assert sorted(found[name] for name in QUESTIONS) == [False, False, True]


@pytest.mark.usefixtures("asked")
def test_the_answers_of_the_store_are_compared(
    run: Run, server: Server, meetings: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, err = run(*load(server, meetings))
    assert code == 0, err
    assert "answers the same as the built-in engine: how-often, who-met." in err
    assert "start it with --union-default-graph" in err

    whole = Loader.load

    def changed(self: Loader, *arguments: object) -> list[str]:
        found = whole(self, *arguments)  # type: ignore[arg-type]
        server.change(
            "DELETE { GRAPH ?g { ?a rdfs:label ?old } } INSERT { GRAPH ?g { ?a rdfs:label 'Dorra'@en } } "
            "WHERE { GRAPH ?g { ?a rdfs:label ?old } FILTER(STR(?old) = 'Dora') }".replace(
                "rdfs:label", "<http://www.w3.org/2000/01/rdf-schema#label>"
            )
        )
        return found

    monkeypatch.setattr(Loader, "load", changed)
    code, _, err = run(*load(server, meetings))
    assert code == 1
    assert "[answer-differs] how-often: " in err
    assert "rows are missing in the store's answer" in err
    assert f"To repeat it: jhaan query how-often --endpoint {server.query}" in err
    assert "Checked:" not in err


def test_counts_that_differ_are_findings(
    run: Run, server: Server, new: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Loader.load

    def meddled(self: Loader, *arguments: object) -> list[str]:
        found = whole(self, *arguments)  # type: ignore[arg-type]
        put(server, BIG, [triple("a", "by somebody else")])
        return found

    monkeypatch.setattr(Loader, "load", meddled)
    code, _, err = run(*load(server, new))
    assert code == 1
    assert f"[store-differs] {BIG}: the release has 600 triples, the store 601. Run the command again." in err


def test_a_store_that_cuts_its_counts_is_not_taken_for_complete(run: Run, new: Snapshot) -> None:
    """The header is that of Virtuoso for an answer at its limit."""
    found = [
        {
            "graph": {"type": "uri", "value": file.graph},
            "triples": {"type": "literal", "value": str(file.triples)},
        }
        for file in new.graphs
    ]
    rows = json.dumps({"head": {"vars": ["graph", "triples"]}, "results": {"bindings": found}})

    def respond(request: Request) -> Response:
        if request.method != "POST":
            return Response(b"", "", 204)
        return Response(rows.encode(), headers={"X-SPARQL-MaxRows": limit})

    with responding(respond) as url:
        words = ["load", url, "--graph-store", url, "--snapshot", str(new.path)]
        limit = "7"
        assert run(*words)[0] == 0
        limit = "6"
        code, _, err = run(*words)
    assert code == 3
    assert "returned 6 rows, which is its limit. The answer may be incomplete." in err


def test_an_interrupted_load_says_how_to_go_on(
    run: Run, server: Server, new: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Loader, "write", interrupted)
    code, _, err = run(*load(server, new))
    assert code == 130
    assert "Interrupted. Complete graphs, 0 of 6: none. Run the command again" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Missing: URL."),
        (["http://localhost:1"], "--store"),
        (["http://localhost:1", "--store", "oracle"], 'Unknown store type "oracle".'),
        (["http://localhost:1", "--store", "fuseki", "--timeout", "0"], "must be a number of seconds"),
        (["http://localhost/", "--update", "localhost"], "must begin with http:// or https://"),
        (["http://ada:secret@localhost/", "--store", "oxigraph"], "must not contain a name or password"),
        (
            ["http://localhost:1", "--update", "http://localhost", "--graph-store", "http://localhost"],
            "not allowed",
        ),
    ],
)
def test_wrong_use_is_told(run: Run, words: list[str], said: str) -> None:
    code, out, err = run("load", *words)
    assert (code, out) == (2, "")
    assert said in err
    assert "secret" not in err
