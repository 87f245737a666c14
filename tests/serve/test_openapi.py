"""The description of the interface (OpenAPI 3.1): it is valid, has all that there is, and the server does what it says.

The slow tests try the examples of all questions, and what schemathesis makes up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import pytest
from in_process import ADDRESS, Site
from jsonschema import Draft202012Validator
from openapi_read import FILES, Json, check_formats, declared, examples, found, header, parameters
from openapi_spec_validator import validate

from jhaan_kg import __version__
from jhaan_kg.export.formats import FORMATS
from jhaan_kg.namespaces import GRAPH, ID, RDFS_LABEL, compact
from jhaan_kg.serve.config import DOWNLOADS, PAGES, QUESTIONS, THINGS
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.openapi import openapi
from jhaan_kg.serve.protocol import ANSWERS

if TYPE_CHECKING:
    from httpx import Response

CO_RUN: Final = "/questions/empact-co-run"
QUICK: Final = "/questions/renamings"
"""A question that is answered at once."""


@pytest.fixture(scope="module")
def served(site: Site) -> Response:
    """The answer that has the document."""
    return site.fetch("/openapi.json", "text/html, */*;q=0.1")


@pytest.fixture(scope="module")
def interface(served: Response) -> Json:
    """The document."""
    return dict(served.json())


def texts(value: Any) -> list[str]:
    """Return one value, several, or none as those of a parameter are sent."""
    several = value if isinstance(value, list) else [] if value is None else [value]
    return [str(each) for each in several]


# --- what it says ----------------------------------------------------------------------------------------------------


def test_it_is_valid(interface: Json) -> None:
    """All but the questions, of which one is enough here; the slow tests have all."""
    paths = {path: said for path, said in interface["paths"].items() if not path.startswith("/questions/")}
    validate({**interface, "paths": paths | {CO_RUN: interface["paths"][CO_RUN]}})
    assert interface["openapi"].startswith("3.1.")
    assert interface["info"]["version"] == __version__
    assert interface["info"]["license"]["identifier"] == "CC-BY-4.0"


def test_its_examples_are_what_its_schemas_say(interface: Json) -> None:
    """Those of answers and of parameters."""
    checked = 0
    for place, part in described(interface):
        schema = Draft202012Validator({**part.get("schema", {}), "components": interface["components"]})
        values = [each["value"] for each in part.get("examples", {}).values()]
        for example in [*values, *([part["example"]] if "example" in part else [])]:
            assert list(schema.iter_errors(example)) == [], place
            checked += 1
    assert checked > 200


def described(part: Any, place: str = "") -> Iterator[tuple[str, Json]]:
    """Yield each part that has a schema, with where it is."""
    if isinstance(part, dict):
        if "schema" in part:
            yield place, part
        for name, each in part.items():
            yield from described(each, f"{place}/{name}")
    elif isinstance(part, list):
        for number, each in enumerate(part):
            yield from described(each, f"{place}/{number}")


def test_all_references_lead_somewhere_and_nothing_is_left_over(interface: Json) -> None:
    """The validator follows references only where it comes along."""
    named = set(re.findall(r'"\$ref": "#/components/([^"]+)"', json.dumps(interface)))
    there = {f"{kind}/{name}" for kind, parts in interface["components"].items() for name in parts}
    assert named == there


def test_each_question_is_there_with_each_of_its_parameters(interface: Json) -> None:
    assert len(FILES) > 60
    for file in FILES:
        asked = header(file)
        path = f"/questions/{file.stem}"
        operation = interface["paths"][path]["get"]
        assert operation["summary"] == asked["summary"]
        assert " ".join(asked["description"].split()) in operation["description"]
        own = parameters(interface, path)
        as_file = parameters(interface, f"{path}.{{suffix}}")
        suffixes = as_file.pop("suffix")["schema"]["enum"]
        assert suffixes == ["json", "html", "csv", "tsv", "xml", "md", "xlsx"]
        assert own == as_file
        declared = asked.get("parameters", [])
        assert list(own) == [*(each["name"] for each in declared), "cite", "iris", "from"]
        for each in declared:
            check_parameter(own[each["name"]], each, f"{file.stem} {each['name']}")


def check_parameter(said: Json, asked: Json, name: str) -> None:
    """Compare how a parameter is described with how the question has it.

    An entity has many names, so that no list of values is complete: those that may be sent are only named in words.
    """
    assert said["description"].lower().startswith(asked["description"].lower()), name
    assert (said["in"], said["style"], said["explode"]) == ("query", "form", True), name
    assert said.get("required", False) is False, name
    assert said["schema"].get("default", []) == texts(asked.get("default")), name
    assert said["examples"], name
    values, items = asked.get("enumeration", []), said["schema"]["items"]
    if ":" in asked["type"]:
        assert items == {"type": "string", "format": asked["type"]}, name
        named = values if isinstance(values, list) else []
        shorts = [compact(value).strip("<>") if "://" in value else value for value in named]
        assert len(named) > 20 or all(f"(`{short}`)" in said["description"] for short in shorts), name
    elif values:
        assert items == {"type": "string", "enum": [*texts(values), "all"]}, name
    else:
        assert "pattern" in items, name


def test_all_places_are_there(interface: Json) -> None:
    firsts = {re.match(r"/[^/.{]*", path)[0] for path in interface["paths"]}  # type: ignore[index]
    assert {f"/{place}" for place in (*PAGES, *THINGS, QUESTIONS)} <= firsts
    others = {"/sparql", "/graphs", "/.well-known/void", "/health/live", "/health/ready", "/metrics"}
    assert others | {"/", "/openapi.json"} <= set(interface["paths"])
    for file, form in DOWNLOADS.items():
        path = f"/downloads/{file}"
        assert interface["paths"][path]["get"]["summary"].lower() == FORMATS[form].what.lower()
        assert set(declared(interface, path)) == {FORMATS[form].media_type}
    suffixes = parameters(interface, "/sparql.{suffix}")["suffix"]["schema"]["enum"]
    assert [f".{suffix}" for suffix in suffixes] == list(ANSWERS)


def test_each_path_may_ask_to_come_again_later(interface: Json) -> None:
    """One client has a number of answers on their way, and the server of connections, whatever the path."""
    operations = [operation for item in interface["paths"].values() for operation in item.values()]
    assert len(operations) > 2 * len(FILES)
    for operation in operations:
        for status in ("429", "503"):
            said = found(interface, operation["responses"][status])
            assert "Retry-After" in said["headers"], (operation["operationId"], status)


def test_it_is_the_same_for_the_same_graph_and_has_the_address_of_the_proxy(
    loaded: Loaded, served: Response
) -> None:
    address = "https://example.org/jhaan"
    made = openapi(loaded.catalogue, loaded.engine, address)
    assert made == served.content.replace(ADDRESS.encode(), address.encode())
    assert json.loads(made)["servers"] == [{"url": address}]


# --- that it is so ---------------------------------------------------------------------------------------------------


def test_it_is_served_as_anything_else(site: Site, served: Response) -> None:
    assert served.headers["Content-Type"] == "application/json"
    again = site.get("/openapi.json", headers={"If-None-Match": served.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert site.fetch("/openapi.json", "text/csv").status_code == 406
    refused = site.post("/openapi.json")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert f"{ADDRESS}/openapi.json " in site.fetch("/").text


@pytest.mark.parametrize("name", ["compare-years", "joint-products", "system-access", "contradictions"])
def test_examples_of_a_question_are_answered(site: Site, interface: Json, name: str) -> None:
    """Questions with parameters of different types; the slow tests have all."""
    path = f"/questions/{name}"
    for which in (0, -1):
        answer = site.fetch(path, **examples(interface, path, which))
        assert answer.status_code == 200, answer.text


PLACES: Final = {
    "/questions": {},
    QUICK: {},
    "/id/{path}": {"path": "agency/europol"},
    "/graph/{path}": {"path": "register/agencies"},
    "/query/{name}": {"name": "empact-co-run"},
    "/prefixes": {},
    "/graphs": {"graph": f"{GRAPH}register/agencies"},
    "/search": {"q": "Europol"},
    "/": {},
    "/health/live": {},
    "/health/ready": {},
    "/metrics": {},
}
"""A path of each kind, with what is sent; those of the ontology are in the slow tests."""


@pytest.mark.parametrize("path", PLACES)
def test_each_declared_format_is_given_and_only_those(site: Site, interface: Json, path: str) -> None:
    check_formats(site, interface, path, PLACES[path])


def test_the_declared_formats_of_the_description_are_given(small: Site, interface: Json) -> None:
    check_formats(small, interface, "/.well-known/void", {})


@pytest.mark.parametrize("path", [f"{QUICK}.{{suffix}}", "/id/{path}.{suffix}", "/query/{name}.{suffix}"])
def test_each_declared_suffix_leads_to_a_declared_format(site: Site, interface: Json, path: str) -> None:
    suffixes = parameters(interface, path)["suffix"]["schema"]["enum"]
    places = [path.format(path="agency%2Feuropol", name="empact-co-run", suffix=each) for each in suffixes]
    given = {site.fetch(place).headers["Content-Type"].partition(";")[0] for place in places}
    assert given == set(declared(interface, path))


EUROPOL: Final = f"<{ID}agency/europol>"


@pytest.mark.parametrize(
    ("query", "formats", "examples"),
    [
        (f'SELECT * {{ VALUES (?agency ?agencyLabel ?number) {{ ({EUROPOL} "Europol"@en 11) }} }}', 8, 7),
        ("ASK {}", 6, 2),
        (f'CONSTRUCT {{ {EUROPOL} {RDFS_LABEL} "Europol"@en }} WHERE {{}}', 9, 7),
    ],
)
def test_answers_of_queries_are_declared(
    site: Site, interface: Json, query: str, formats: int, examples: int
) -> None:
    """Rows have four formats and yes and no two; JSON has two names then, and XML three. Each has a page too.

    These answers are the examples, of which XML has one for rows only.
    """
    given, shown = set(), set()
    for media, said in declared(interface, "/sparql").items():
        answer = site.ask(query, media)
        if answer.status_code == 200:
            given.add(answer.headers["Content-Type"].partition(";")[0])
            assert media in given
            values = [said.get("example"), *(each["value"] for each in said.get("examples", {}).values())]
            if (answer.json() if media.endswith("json") else answer.text) in values:
                shown.add(media)
        else:
            assert answer.status_code == 406, answer.text
    assert (len(given), len(shown)) == (formats, examples)
    assert declared(interface, "/sparql") == declared(interface, "/sparql", "post")


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
def test_refusals_are_declared(site: Site, interface: Json, path: str, place: str) -> None:
    answer = site.fetch(place)
    said = found(interface, interface["paths"][path]["get"]["responses"][str(answer.status_code)])
    assert answer.status_code >= 400
    assert answer.headers["Content-Type"].partition(";")[0] in said["content"]
