"""A command imports what it uses, and nothing else: start-up is most of what a short answer takes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest

PROBE = """
import sys
before = set(sys.modules)
from jhaan_kg.cli import main
main(sys.argv[2:])
import json
with open(sys.argv[1], "w") as file:
    json.dump(sorted(set(sys.modules) - before), file)
"""

USES = [
    ("--help", set()),
    ("--version", set()),
    ("query", {"pyoxigraph"}),
    ("query renamings", {"pyoxigraph"}),
    ("query renamings --agency emcdda --cite", {"pyoxigraph"}),
    ("query renamings --format csv", {"pyoxigraph"}),
    ("query renamings --format json", {"pyoxigraph"}),
    ("query renamings --format md", {"pyoxigraph"}),
    ("query renamings --format xlsx -o renamings.xlsx", {"pyoxigraph", "xlsxwriter"}),
    ("query most-central-agencies", {"pyoxigraph", "networkx"}),
    ("sparql ask.rq", {"pyoxigraph"}),
    ("explain Eurojust --property called", {"pyoxigraph"}),
    ("find frontex", {"pyoxigraph", "rapidfuzz"}),
    ("coverage", {"pyoxigraph"}),
    ("compare --help", set()),
    ("load --help", set()),
    ("serve --help", set()),
    ("export ntriples -o all.nt", {"pyoxigraph"}),
    ("export turtle -o all.ttl", {"pyoxigraph"}),
    ("export nquads -o all.nq", {"pyoxigraph"}),
    ("export trig -o all.trig", {"pyoxigraph"}),
    ("export rdfxml -o all.rdf", {"pyoxigraph"}),
    ("export jsonld -o all.jsonld", {"pyoxigraph"}),
    ("export graphml -o all.graphml", {"pyoxigraph"}),
    ("export gexf --counting meetings -o all.gexf", {"pyoxigraph"}),
    ("export ics -o all.ics", {"pyoxigraph"}),
    ("export void -o void.ttl", {"pyoxigraph"}),
    ("export provenance -o provenance.ttl", {"pyoxigraph"}),
    ("export jsonld-dataset -o all.jsonld", {"pyoxigraph"}),
    ("export jsonld-lines -o all.ndjsonld", {"pyoxigraph"}),
    ("export jsonld-things -o things", {"pyoxigraph"}),
    ("export jsonld-framed --class event -o events.jsonld", {"pyoxigraph"}),
    ("export jsonld-schema --class event -o event.json", {"pyoxigraph"}),
    ("export csv -o tables", {"pyoxigraph"}),
    ("export xlsx -o all.xlsx", {"pyoxigraph", "xlsxwriter"}),
    ("export ontology -o ontology", {"pyoxigraph"}),
    ("bundle oxigraph -o bundle", {"pyoxigraph"}),
    ("format --check ask.ttl", {"pyoxigraph"}),
    ("completion bash", {"argcomplete"}),
]

SLOW_TO_IMPORT = {
    *("dataclasses", "decimal", "difflib", "inspect", "logging"),
    *("shutil", "subprocess", "tempfile", "urllib.request"),
}
"""Modules of the standard library that take milliseconds and that a stored question does without."""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], set[str]]:
    return cache(partial(_imported, tmp_path_factory.mktemp("imports")))


def _imported(folder: Path, command: str) -> set[str]:
    (folder / "ask.rq").write_text("ASK { ?agency a jhaan:Agency }", encoding="utf-8")
    (folder / "ask.ttl").write_text("", encoding="utf-8")
    file = folder / "modules.json"
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(file), *command.split()], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(file.read_text(encoding="utf-8")))


def libraries(modules: set[str]) -> set[str]:
    roots = {module.partition(".")[0] for module in modules}
    # Compiled libraries bring modules of Cython along, whose names change with its version.
    own = {"jhaan_kg", *(root for root in roots if root.startswith(("cython_runtime", "_cython_")))}
    return {root for root in roots - own if root not in sys.stdlib_module_names}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        # an export takes a second or more
        pytest.param(
            *use, marks=[pytest.mark.slow] if use[0].startswith("export") and "nquads" not in use[0] else []
        )
        for use in USES
    ],
)
def test_a_command_imports_only_the_libraries_that_it_uses(
    imported: Callable[[str], set[str]], command: str, expected: set[str]
) -> None:
    assert libraries(imported(command)) == expected


@pytest.mark.parametrize("command", ["query renamings", "sparql ask.rq", "explain Eurojust"])
def test_an_endpoint_takes_requests_and_nothing_else(
    imported: Callable[[str], set[str]], command: str
) -> None:
    found = libraries(imported(f"{command} --endpoint http://127.0.0.1:1/"))
    listed = {library for _, libraries in USES for library in libraries}
    assert found & {*listed, "requests", "rdflib", "yaml", "pyshacl"} == {"pyoxigraph", "requests"}


def test_help_loads_nothing_of_the_graph(imported: Callable[[str], set[str]]) -> None:
    own = {module for module in imported("--help") if module.startswith("jhaan_kg")}
    assert own == {"jhaan_kg", "jhaan_kg.cli", "jhaan_kg.errors"}


@pytest.mark.parametrize("command", ["query", "query renamings", "query renamings --format csv"])
def test_a_stored_question_does_without_slow_modules(
    imported: Callable[[str], set[str]], command: str
) -> None:
    modules = imported(command)
    assert modules & SLOW_TO_IMPORT == set()
    unused = (
        "checks",
        "infer",
        "passages.splitter",
        "proof",
        "query.compile",
        "query.header",
        "query.lint",
        "turtle",
    )
    assert {
        module for module in modules if module.startswith(tuple(f"jhaan_kg.{name}" for name in unused))
    } == set()


def test_every_command_has_a_list() -> None:
    from jhaan_kg.cli import COMMANDS

    listed = {command.split()[0] for command, _ in USES}
    for_curators = {"build", "check", "diff", "new", "passages", "verify"}  # they may take seconds anyway
    assert set(COMMANDS) - listed == for_curators
