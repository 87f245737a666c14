"""The description of the interface (OpenAPI 3.1): it is valid, has all that there is, and the server does what it says.

`JHAAN_OPENAPI=20` has schemathesis make up twenty requests of each kind for each path, and try all that it knows to be
at the edge of what is allowed; that takes half an hour. Without it, it does so for a sample.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest
import requests
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from serving import Serving, serving

from jhaan_kg import __version__
from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.namespaces import compact
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.nursery import load
from jhaan_kg.serve.openapi import openapi
from jhaan_kg.serve.places import PAGES, QUESTIONS, THINGS

Json = dict[str, Any]

HERE: Final = Path(__file__).parent
FILES: Final = sorted((HERE.parents[1] / "queries").glob("[!v]*/*.rq"))
"""The stored questions; the other folder has what must give no rows."""

SECONDS: Final = 60
CO_RUN: Final = "/questions/empact-co-run"
QUICK: Final = "/questions/renamings"
"""A question that is answered at once."""

MADE_UP: Final = int(os.environ.get("JHAAN_OPENAPI", "0"))


def get(server: Serving, path: str, parameters: Any = None, **headers: str) -> requests.Response:
    return requests.get(server.url + path, parameters, headers=headers, timeout=SECONDS)


@pytest.fixture(scope="module")
def document(server: Serving) -> Json:
    answer = get(server, "/openapi.json")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def found(document: Json, part: Json) -> Json:
    """Follow a reference, if it is one."""
    for step in part.get("$ref", "").split("/")[1:]:
        document = document[step]
    return document if "$ref" in part else part


def parameters(document: Json, path: str) -> dict[str, Json]:
    """Give the parameters of GET at a path that stand in the address."""
    all_of_them = [found(document, each) for each in document["paths"][path]["get"].get("parameters", ())]
    return {each["name"]: each for each in all_of_them if each["in"] != "header"}


def declared(document: Json, path: str, method: str = "get") -> dict[str, Json]:
    """Give the media types that are declared for the answer at a path, each with what is said of it."""
    return dict(found(document, document["paths"][path][method]["responses"]["200"])["content"])


def header(file: Path) -> Json:
    """Read what stands before the SPARQL of a stored question."""
    text = "\n".join(re.findall(r"^#\+(.*)", file.read_text(encoding="utf-8"), re.MULTILINE))
    return dict(yaml.safe_load(text))


def texts(value: Any) -> list[str]:
    """Give one value, several, or none as those of a parameter are sent."""
    several = value if isinstance(value, list) else [] if value is None else [value]
    return [str(each) for each in several]


# --- what it says ----------------------------------------------------------------------------------------------------


def test_it_is_valid(document: Json) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1.")
    assert document["info"]["version"] == __version__
    assert document["info"]["license"]["identifier"] == "CC-BY-4.0"


def test_it_says_where_it_is_served(server: Serving, document: Json) -> None:
    assert document["servers"] == [{"url": server.url}]


def test_its_examples_are_what_its_schemas_say(document: Json) -> None:
    """Those of answers and of parameters."""
    checked = 0
    for place, part in described(document):
        schema = Draft202012Validator({**part.get("schema", {}), "components": document["components"]})
        examples = [each["value"] for each in part.get("examples", {}).values()]
        for example in [*examples, *([part["example"]] if "example" in part else [])]:
            assert list(schema.iter_errors(example)) == [], place
            checked += 1
    assert checked > 200


def described(part: Any, place: str = "") -> Iterator[tuple[str, Json]]:
    """Give each part that has a schema, with where it stands."""
    if isinstance(part, dict):
        if "schema" in part:
            yield place, part
        for name, each in part.items():
            yield from described(each, f"{place}/{name}")
    elif isinstance(part, list):
        for number, each in enumerate(part):
            yield from described(each, f"{place}/{number}")


def test_all_references_lead_somewhere_and_nothing_is_left_over(document: Json) -> None:
    """The validator follows references only where it comes along."""
    named = set(re.findall(r'"\$ref": "#/components/([^"]+)"', json.dumps(document)))
    there = {f"{kind}/{name}" for kind, parts in document["components"].items() for name in parts}
    assert named == there


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_question_is_there_with_each_of_its_parameters(document: Json, file: Path) -> None:
    asked = header(file)
    path = f"/questions/{file.stem}"
    operation = document["paths"][path]["get"]
    assert operation["summary"] == asked["summary"]
    assert asked["description"].strip() in operation["description"]
    own = parameters(document, path)
    as_file = parameters(document, f"{path}.{{suffix}}")
    assert as_file.pop("suffix")["schema"]["enum"] == ["json", "html", "csv", "tsv", "xml", "md", "xlsx"]
    assert own == as_file
    assert list(own) == [*(each["name"] for each in asked["parameters"]), "cite"]
    for each in asked["parameters"]:
        said = own[each["name"]]
        assert said["description"].lower().startswith(each["description"].lower())
        assert (said["in"], said["style"], said["explode"]) == ("query", "form", True)
        assert said.get("required", False) is False
        assert said["schema"].get("default", []) == texts(each.get("default"))
        assert said["examples"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_may_be_sent_is_listed_where_nothing_else_may(document: Json, file: Path) -> None:
    """A thing has many names, so no list of those is complete: its values are only named in words."""
    own = parameters(document, f"/questions/{file.stem}")
    for each in header(file)["parameters"]:
        said, values = own[each["name"]], each.get("enumeration", [])
        items = said["schema"]["items"]
        if ":" in each["type"]:
            assert items == {"type": "string", "format": each["type"]}
            named = values if isinstance(values, list) else []
            assert len(named) > 20 or all(
                f"(`{compact_of(value)}`)" in said["description"] for value in named
            )
        elif values:
            assert items == {"type": "string", "enum": [*texts(values), "all"]}
        else:
            assert "pattern" in items


def compact_of(value: str) -> str:
    """Give an IRI as it is written in the description."""
    return compact(value).strip("<>") if "://" in value else value


def test_all_places_are_there(document: Json) -> None:
    firsts = {re.match(r"/[^/.{]*", path)[0] for path in document["paths"]}  # type: ignore[index]
    assert {f"/{place}" for place in (*PAGES, *THINGS, QUESTIONS)} <= firsts
    others = {
        "/sparql",
        "/graphs",
        "/.well-known/void",
        "/health/live",
        "/health/ready",
        "/metrics",
        "/openapi.json",
    }
    assert others | {"/"} <= set(document["paths"])


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load(open_snapshot().path)


def test_it_is_the_same_for_the_same_graph_and_has_the_address_of_the_proxy(loaded: Loaded) -> None:
    address = "https://example.org/jhaan"
    made = [openapi(loaded.catalogue, loaded.engine, address) for _ in range(2)]
    assert made[0] == made[1]
    assert json.loads(made[0])["servers"] == [{"url": address}]


# --- that it is so ---------------------------------------------------------------------------------------------------


def test_it_is_served_as_anything_else(server: Serving) -> None:
    first = get(server, "/openapi.json", Accept="text/html, */*;q=0.1")
    assert first.headers["Content-Type"] == "application/json"
    again = get(server, "/openapi.json", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert get(server, "/openapi.json", Accept="text/csv").status_code == 406
    refused = requests.post(f"{server.url}/openapi.json", timeout=SECONDS)
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert f"{server.url}/openapi.json " in get(server, "/").text


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_examples_of_a_question_are_answered(server: Serving, document: Json, file: Path) -> None:
    """The first of each parameter together, and the last; schemathesis sends the others."""
    own = parameters(document, f"/questions/{file.stem}")
    values = {
        name: [each["value"] for each in said.get("examples", {}).values()] for name, said in own.items()
    }
    for which in (0, -1):
        sent = {name: examples[which] for name, examples in values.items() if examples}
        answer = get(server, f"/questions/{file.stem}", sent)
        assert answer.status_code == 200, (sent, answer.text)


PLACES: Final = {
    "/questions": {},
    QUICK: {},
    "/id/{path}": {"path": "agency/europol"},
    "/graph/{path}": {"path": "register/agencies"},
    "/query/{name}": {"name": "empact-co-run"},
    "/ontology": {},
    "/ontology/{version}": {"version": __version__},
    "/prefixes": {},
    "/graphs": {"graph": "https://w3id.org/jhaan/graph/register/agencies"},
    "/.well-known/void": {},
    "/search": {"q": "Europol"},
    "/": {},
    "/openapi.json": {},
    "/health/live": {},
    "/health/ready": {},
    "/metrics": {},
}
"""A path of each kind, with what is sent."""


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(
            path, marks=[pytest.mark.slow] if path == "/.well-known/void" else []
        )  # counting takes seconds
        for path in PLACES
    ],
)
def test_each_declared_format_is_given_and_only_those(server: Serving, document: Json, path: str) -> None:
    sent: Mapping[str, str] = PLACES[path]
    place = path.format(**{name: quote(value, safe="") for name, value in sent.items()})
    query = {name: value for name, value in sent.items() if f"{{{name}}}" not in path}
    content = declared(document, path)
    for media in content:
        answer = get(server, place, query, Accept=media)
        assert answer.status_code == 200, (media, answer.text)
        assert answer.headers["Content-Type"].partition(";")[0] == media
        has_headers(document, path, answer)
    if path not in ("/health/live", "/health/ready", "/metrics"):  # which are as they are
        assert get(server, place, query, Accept="image/png").status_code == 406


def has_headers(document: Json, path: str, answer: requests.Response) -> None:
    """Check that an answer has the headers that are declared."""
    said = found(document, document["paths"][path]["get"]["responses"][str(answer.status_code)])
    for name, each in said.get("headers", {}).items():
        if found(document, each)["required"]:
            assert name in answer.headers


@pytest.mark.parametrize("path", [f"{QUICK}.{{suffix}}", "/id/{path}.{suffix}", "/ontology.{suffix}"])
def test_each_declared_suffix_leads_to_a_declared_format(server: Serving, document: Json, path: str) -> None:
    suffixes = parameters(document, path)["suffix"]["schema"]["enum"]
    given = {
        get(server, path.format(path="agency%2Feuropol", suffix=suffix)).headers["Content-Type"]
        for suffix in suffixes
    }
    assert {media.partition(";")[0] for media in given} == set(declared(document, path))


@pytest.mark.parametrize(
    ("query", "formats"),
    [
        ("SELECT ?s { ?s ?p ?o } LIMIT 1", 8),
        ("ASK { ?s ?p ?o }", 6),
        ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1", 9),
    ],
)
def test_answers_of_queries_are_declared(server: Serving, document: Json, query: str, formats: int) -> None:
    """Rows have four formats and yes and no two; JSON has two names then, and XML three. Each has a page too."""
    given = set()
    for media in declared(document, "/sparql"):
        answer = get(server, "/sparql", {"query": query}, Accept=media)
        if answer.status_code == 200:
            given.add(answer.headers["Content-Type"].partition(";")[0])
            assert media in given
        else:
            assert answer.status_code == 406, answer.text
    assert len(given) == formats
    assert declared(document, "/sparql") == declared(document, "/sparql", "post")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (CO_RUN, f"{CO_RUN}?agencie=europol"),
        (CO_RUN, f"{CO_RUN}?agency=eropol"),
        (f"{CO_RUN}.{{suffix}}", f"{CO_RUN}.pdf"),
        ("/id/{path}", "/id/agency/nobody"),
        ("/graphs", "/graphs?graph=urn:nothing"),
        ("/graphs", "/graphs"),
        ("/sparql", "/sparql?query=CLEAR+ALL&update=CLEAR+ALL"),
        ("/sparql", "/sparql?query=no+query"),
        ("/search", "/search?a=b"),
    ],
)
def test_refusals_are_declared(server: Serving, document: Json, path: str, place: str) -> None:
    answer = get(server, place)
    said = found(document, document["paths"][path]["get"]["responses"][str(answer.status_code)])
    assert answer.status_code >= 400
    assert answer.headers["Content-Type"].partition(";")[0] in said["content"]


# --- schemathesis ----------------------------------------------------------------------------------------------------

EACH_KIND: Final = (
    "meetings-attended-together",
    "pairs-that-meet-without-highlight",
    "compare-years",
    "joint-products",
    "thread",
    "contradictions",
)
"""Questions that together have all kinds of parameters: things of a class, some of these, anything, texts, numbers."""


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server that takes its time: how long an answer takes is no matter here."""
    with serving(tmp_path_factory.mktemp("patient"), "--timeout", "120", "--per-client", "50") as running:
        yield running


@pytest.mark.slow
def test_schemathesis_finds_no_fault_at_any_path(patient: Serving, document: Json, tmp_path: Path) -> None:
    """It sends all examples, and makes up a good and a bad request more for each path."""
    report = schemathesis(patient, tmp_path, "--phases", "examples,fuzzing", "--max-examples", "1")
    of_methods = [(method, path) for path, said in document["paths"].items() for method in said]
    assert report["operations"]["tested"] == len(of_methods) - 1, (
        "all but the description itself, which it reads"
    )
    assert {report["phases"][phase]["status"] for phase in ("examples", "fuzzing")} == {"success"}


@pytest.mark.slow
def test_schemathesis_finds_no_fault_at_the_edges(patient: Serving, tmp_path: Path) -> None:
    """It sends all that is just inside or just outside of what the schemas allow, and methods that aren't there."""
    questions = "|".join(EACH_KIND) if not MADE_UP else ".*"
    options = ("--phases", "coverage,fuzzing", "--max-examples", str(MADE_UP or 8))
    chosen = f"^/(?!questions/|downloads/)|^/questions/({questions})$|^{CO_RUN}\\."
    report = schemathesis(patient, tmp_path, *options, "--include-path-regex", chosen)
    assert {report["phases"][phase]["status"] for phase in ("coverage", "fuzzing")} == {"success"}
    refused = {
        operation
        for operation, rates in report["valid_rates"].items()
        if rates.get("fuzzing", {}).get("rejected")
    }
    assert refused <= TIED, "what it takes for good requests is good"


def schemathesis(server: Serving, folder: Path, *options: str) -> Json:
    """Have it test a server with all its checks, always with the same requests, and give its report."""
    file = folder / "report.json"
    program = Path(sys.executable).parent / "schemathesis"
    fixed = ("--generation-deterministic", "--request-timeout", "120", "--no-color", "--report", "json")
    command = [program, "run", f"{server.url}/openapi.json", *fixed, *options]
    done = subprocess.run(
        [*command, "--report-json-path", file],
        cwd=folder,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": path_of_python()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = dict(json.loads(file.read_text(encoding="utf-8")))
    assert report["complete"]
    assert (report["failures"], report["errors"]) == ([], [])
    warned = {kind: said for kind, said in report["warnings"].items() if said}
    assert set(warned) <= {"validation_mismatch"}, warned
    assert set(warned.get("validation_mismatch", ())) <= TIED, warned
    return report


TIED: Final = {"GET /graphs", "GET /sparql", "GET /sparql.{suffix}", "POST /sparql.{suffix}"}
"""Where much is refused of what the schemas allow, since parameters depend on each other: see `schemathesis_hooks`."""


def path_of_python() -> str:
    """Give where Python finds the hooks, beside all that it finds here."""
    return os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
