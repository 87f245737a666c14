"""What bundles hold: files that parse, pages that are true, and checks that tell what is wrong."""

from __future__ import annotations

import base64
import configparser
import gzip
import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import rdflib
from meetings_graph import triples
from pyoxigraph import NamedNode

from bad_input import Run
from endpoints import Request, Response, responding
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.export import export
from jhaan_kg.files import write_folder
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.stores.bundle import bundle
from jhaan_kg.stores.kinds import BUNDLES, KINDS, addresses
from pages import ROOT, blocks
from programs import program
from small_graph import snapshot as written

GRAPHS = {
    GRAPH + "evidence/r-2023": triples("agency:a a agency:b ."),
    GRAPH + "ontology": triples(
        '<https://w3id.org/jhaan/ontology> owl:versionInfo "9.8.7" ; dcterms:issued "2031-02-03"^^xsd:date .'
    ),
    GRAPH + "report/r-2023/1": triples(
        'agency:a a jhaan:Link ; jhaan:link agency:b, "<https://example.org/> . <no> <IRI> ." . '
        "agency:b jhaan:link agency:a ."
    ),
}
COUNTS = {graph: len(triples) for graph, triples in GRAPHS.items()}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    graphs = {NamedNode(graph): triples for graph, triples in GRAPHS.items()}
    return written(tmp_path_factory.mktemp("snapshot") / "snapshot", graphs)


@pytest.fixture(scope="module")
def folders(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A bundle of each kind."""
    home = tmp_path_factory.mktemp("bundles")
    for kind in BUNDLES:
        write_folder(home / kind, bundle(snapshot, kind))
    return {kind: home / kind for kind in BUNDLES}


# --- what is in them -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", BUNDLES)
def test_the_data_are_those_of_the_exports(kind: str, folders: dict[str, Path], snapshot: Snapshot) -> None:
    folder = folders[kind]
    assert gzip.decompress((folder / "jhaan.nq.gz").read_bytes()) == export(snapshot, "nquads")
    assert gzip.decompress((folder / "jhaan.nt.gz").read_bytes()) == export(snapshot, "ntriples")
    rows = "".join(f"{graph}\t{count}\n" for graph, count in COUNTS.items())
    assert (folder / "counts.tsv").read_text(encoding="utf-8") == "graph\ttriples\n" + rows


@pytest.mark.parametrize("kind", BUNDLES)
def test_all_files_parse_and_nothing_of_a_template_is_left(kind: str, folders: dict[str, Path]) -> None:
    for path in folders[kind].iterdir():
        if path.suffix == ".gz":
            continue
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"\{\{|\}\}|\{%|%\}", text) == [], path.name
        assert text.endswith("\n"), path.name
        if path.suffix == ".ttl":
            assert len(rdflib.Graph().parse(data=text, format="turtle")) > 5
        elif path.suffix == ".json":
            json.loads(text)
        elif path.suffix == ".ru":
            rdflib.Dataset().update(text)
        elif path.suffix == ".sh":
            subprocess.run(["sh", "-n", path], check=True)
        elif path.name == "Qleverfile":
            settings = configparser.ConfigParser(interpolation=configparser.ExtendedInterpolation())
            settings.read_string(text)
            assert settings["index"]["cat_input_files"] == "gzip -dc jhaan.nq.gz"
            assert settings["data"]["format"] == "nq"


@pytest.mark.parametrize("kind", BUNDLES)
def test_the_page_names_all_files_and_says_whether_it_was_run(kind: str, folders: dict[str, Path]) -> None:
    page = (folders[kind] / "README.md").read_text(encoding="utf-8")
    table = page.partition("## What is here\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)) == {
        path.name for path in folders[kind].iterdir() if path.name != "README.md"
    }
    assert ("**Not run**" in page) is not bool(BUNDLES[kind].run_on)
    assert "Release 9.8.7, issued 2031-02-03." in page
    assert "7 triples in 3 named graphs" in page
    assert "6 triples, without named graphs" in page
    assert max(map(len, page.splitlines())) <= 200
    shown = [block for block in blocks(folders[kind] / "README.md") if block.language == "sh"]
    assert {"Load", "Check"} <= {block.heading for block in shown}
    for block in shown:
        subprocess.run(["sh", "-n"], input=block.text, text=True, check=True)
        for name in re.findall(
            r"\b[\w-]+\.(?:nq\.gz|nt\.gz|ttl|sql|json|ru|sh|cypher|properties)\b", block.text
        ):
            assert (folders[kind] / name).exists(), name


@pytest.mark.parametrize("kind", sorted(set(BUNDLES) - {"neo4j"}))
def test_the_address_is_the_one_that_other_commands_use(kind: str, folders: dict[str, Path]) -> None:
    endpoint = BUNDLES[kind].endpoint
    assert addresses(KINDS[kind], endpoint).query == endpoint
    assert f"sh check.sh {endpoint}\n" in (folders[kind] / "README.md").read_text(encoding="utf-8")


def test_the_union_is_switched_on_where_there_is_a_switch(folders: dict[str, Path]) -> None:
    graph = rdflib.Graph().parse(folders["fuseki"] / "fuseki.ttl")
    union = rdflib.URIRef("http://jena.apache.org/2016/tdb#unionDefaultGraph")
    assert [value.toPython() for value in graph.objects(None, union)] == [True]
    assert "\nquery.all.graphs=true\n" in (folders["stardog"] / "stardog.properties").read_text()
    (serve,) = (block for block in blocks(folders["oxigraph"] / "README.md") if block.heading == "Serve")
    assert "--union-default-graph" in serve.text.split()


def test_neptune_is_asked_for_what_its_loader_knows(folders: dict[str, Path]) -> None:
    dataset = json.loads((folders["neptune"] / "load.json").read_bytes())
    assert (dataset["source"], dataset["format"]) == ("s3://BUCKET/jhaan.nq.gz", "nquads")
    assert "parserConfiguration" not in dataset  # which would be for triples
    flat = json.loads((folders["neptune"] / "load-flat.json").read_bytes())
    assert (flat["source"], flat["format"]) == ("s3://BUCKET/jhaan.nt.gz", "ntriples")
    assert flat["parserConfiguration"] == {"namedGraphUri": GRAPH + "flat"}
    known = {"source", "format", "iamRoleArn", "region", "mode", "failOnError", "parallelism", "queueRequest"}
    assert set(dataset) == known == set(flat) - {"parserConfiguration"}


def test_what_takes_graphs_away_names_each_and_no_other(folders: dict[str, Path]) -> None:
    ours = {*GRAPHS, GRAPH + "flat"}
    for file in (folders["virtuoso"] / "remove.sql", folders["neptune"] / "remove.ru"):
        assert set(re.findall(r"GRAPH <([^>]+)>", file.read_text())) == ours


# --- the check -----------------------------------------------------------------------------------------------


def check(folder: Path, *arguments: str, **environment: str) -> tuple[int, str, str]:
    """Run the check of a bundle without credentials but for those in the environment."""
    program("curl", "curl")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JHAAN_STORE_")}
    done = subprocess.run(
        ["sh", folder / "check.sh", *arguments],
        env={**kept, "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


NO_TABLE = "answers, but not with a table in CSV. Is it the address of the SPARQL endpoint?\n"
NO_ANSWER = "doesn't answer. Is it the address of the SPARQL endpoint, and does the store run?\n"


@pytest.mark.parametrize(
    ("response", "message"),
    [
        (Response(b"<html><p>Welcome</p></html>", "text/html"), NO_TABLE),
        (Response(b"", "text/csv"), NO_TABLE),
        (Response(b"", "text/csv", 404), NO_ANSWER),
        (Response(b"version\n9.8.7\n", "text/csv", 500), NO_ANSWER),
        (Response(b"", "", 401, {"WWW-Authenticate": 'Basic realm="store"'}), NO_ANSWER),
    ],
)
def test_what_is_no_answer_is_no_difference(
    response: Response, message: str, folders: dict[str, Path]
) -> None:
    with responding(lambda _: response) as url:
        code, out, err = check(folders["fuseki"], url)
    assert (code, out) == (3, "")
    assert err.endswith(f"check.sh: {url} {message}")
    code, out, err = check(folders["fuseki"], url)  # nobody listens any more
    assert (code, out) == (3, "")
    assert err.endswith(f"check.sh: {url} {NO_ANSWER}")


def test_wrong_use(folders: dict[str, Path]) -> None:
    assert check(folders["fuseki"], "--flt") == (
        2,
        "",
        "check.sh: --flt is neither --flat nor an address. usage: sh check.sh [--flat] [URL]\n",
    )


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        (
            {"JHAAN_STORE_USER": "us er", "JHAAN_STORE_PASSWORD": "p\"\\:a'$ é"},
            "Basic " + base64.b64encode("us er:p\"\\:a'$ é".encode()).decode(),
        ),
        ({"JHAAN_STORE_TOKEN": 'to"k\\en'}, 'Bearer to"k\\en'),
    ],
)
def test_credentials_reach_the_store_as_they_are(
    environment: dict[str, str], wanted: str, folders: dict[str, Path]
) -> None:
    given = []

    def respond(request: Request) -> Response:
        given.append(request.headers.get("Authorization", ""))
        if given[-1] != wanted:
            return Response(b"", "", 401, {"WWW-Authenticate": 'Basic realm="store"'})
        return Response(b"version\n9.8.7\n", "text/csv")

    with responding(respond) as url:
        code, out, err = check(folders["fuseki"], url, **environment)
    assert wanted in given
    assert (code, out) == (3, "")  # the version was read, and then the counts were no counts
    assert err == f"check.sh: {url} {NO_TABLE}"


def told(
    folder: Path,
    *arguments: str,
    version: str = "9.8.7",
    counts: Mapping[str, int] = COUNTS,
    quoted: str = "",
    end: str = "\n",
) -> tuple[int, str]:
    """Check a store that holds some triples, and answers in one of the ways to write CSV."""

    def respond(request: Request) -> Response:
        rdflib.Graph().query(request.query)  # it is SPARQL
        if "versionInfo" in request.query:
            rows = [("version",), (version,)]
        elif "GROUP BY" in request.query:
            rows = [("graph", "count"), *((graph, str(count)) for graph, count in counts.items())]
        else:
            rows = [("count",), ("6",)]
        lines = (",".join(f"{quoted}{cell}{quoted}" for cell in row) + end for row in rows)
        return Response("".join(lines).encode(), "")

    with responding(respond) as url:
        code, out, err = check(folder, *arguments, url)
    assert err == ""
    return code, out


@pytest.mark.parametrize(("quoted", "end"), [("", "\n"), ("", "\r\n"), ('"', "\n")])
def test_each_way_to_write_csv_is_read(quoted: str, end: str, folders: dict[str, Path]) -> None:
    folder = folders["oxigraph"]
    alike = "3 named graphs, 7 triples: as in release 9.8.7.\n"
    assert told(folder, quoted=quoted, end=end) == (0, alike)
    assert told(folder, "--flat", quoted=quoted, end=end) == (0, "6 triples: as in release 9.8.7.\n")


EVIDENCE, HEADER, SECTION = COUNTS


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({"version": "9.8.6"}, "A query that names no graph sees release 9.8.6, expected 9.8.7.\n"),
        (
            {"counts": {}, "version": ""},
            "A query that names no graph sees nothing of the knowledge graph: it isn't there, or not in the default "
            f"graph.\n{EVIDENCE}: missing, expected 1 triples\n{HEADER}: missing, expected 2 triples\n"
            f"{SECTION}: missing, expected 4 triples\n"
            "Total: 0 triples in the named graphs of the project, expected 7.\n",
        ),
        (  # Together they are as many as expected, which hides nothing.
            {"counts": {EVIDENCE: 2, HEADER: 2, SECTION: 3}},
            f"{EVIDENCE}: 2 triples, expected 1\n{SECTION}: 3 triples, expected 4\n"
            "Total: 7 triples in the named graphs of the project, expected 7.\n",
        ),
    ],
    ids=["another release", "nothing", "one triple more and one less"],
)
def test_what_differs_is_told(held: dict[str, Any], said: str, folders: dict[str, Path]) -> None:
    assert told(folders["oxigraph"], **held) == (1, said)


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (2, (0, "3 nodes, 2 relationships: as in release 9.8.7.\n")),
        (3, (1, "relationships: 3, expected 2\n")),
        (None, (1, "relationships: none, expected 2\n")),
    ],
)
def test_nodes_and_relationships_are_compared_in_neo4j(
    links: int | None, expected: tuple[int, str], folders: dict[str, Path], tmp_path: Path
) -> None:
    """The output is written as the manual of cypher-shell shows it; no Neo4j was asked."""
    row = f'"relationships", {links}' if links else ""
    answer = f'what, count\n"nodes", 3\n{row}\n'
    (tmp_path / "cypher-shell").write_text(f"#!/bin/sh\ncat <<'END'\n{answer}END\n")
    (tmp_path / "cypher-shell").chmod(0o755)
    code, out, err = check(folders["neo4j"], PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert ((code, out), err) == (expected, "")


# --- the documentation ---------------------------------------------------------------------------------------

PAGE = ROOT / "docs" / "triple-stores.md"
OFFLINE = "Load offline"


def test_the_table_of_the_documentation_is_current(folders: dict[str, Path]) -> None:
    section = PAGE.read_text("utf-8").partition(f"\n## {OFFLINE}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|$", section, re.MULTILINE)
    assert [(kind, title, run) for kind, title, _, run in rows] == [
        (kind, store.title, store.run_on or "not tested") for kind, store in BUNDLES.items()
    ]
    for kind, _, files, _ in rows:
        own = set(BUNDLES[kind].files)
        assert own == {name for name in re.findall(r"`([^`]+)`", files) if (folders[kind] / name).exists()}


def test_the_example_of_a_check_has_its_form() -> None:
    (shown,) = (block.text for block in blocks(PAGE) if (block.heading, block.language) == (OFFLINE, "text"))
    form = rf"{GRAPH}register/agencies: missing, expected (\d+) triples\n"
    form += r"Total: (\d+) triples in the named graphs of the project, expected (\d+)\."
    lost, found, expected = map(int, re.fullmatch(form, shown.partition("\n")[2].strip()).groups())  # type: ignore[union-attr]
    assert found + lost == expected


# --- the command ---------------------------------------------------------------------------------------------


def test_a_folder_that_was_loaded_from_is_not_replaced(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "database").write_text("mine")
    code, out, err = run("bundle", "oxigraph", "-o", str(folder))
    assert (code, out) == (2, "")
    assert 'contains "database", which jhaan did not write' in err
    assert (folder / "database").read_text() == "mine"
