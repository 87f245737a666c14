"""The description of the interface (OpenAPI 3.1): it is valid, and the server does what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pytest
import yaml
from in_process import ADDRESS, Site
from openapi_spec_validator import validate

from jhaan_kg import __version__
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.serve.config import DOWNLOADS, PAGES, QUESTIONS, THINGS
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.openapi import openapi

if TYPE_CHECKING:
    from httpx import Response

Json = dict[str, Any]

FILES: Final = sorted((Path(__file__).parents[2] / "queries").glob("[!v]*/*.rq"))
"""The files of the stored questions, without the violation queries."""

CO_RUN: Final = "/questions/empact-co-run"


@pytest.fixture(scope="module")
def served(site: Site) -> Response:
    """The answer that has the document."""
    return site.fetch("/openapi.json", "text/html, */*;q=0.1")


@pytest.fixture(scope="module")
def interface(served: Response) -> Json:
    """The document."""
    return dict(served.json())


def found(document: Json, part: Json) -> Json:
    """Return a part of the document, or the part to which it refers."""
    for step in part.get("$ref", "").split("/")[1:]:
        document = document[step]
    return document if "$ref" in part else part


def parameters(document: Json, path: str) -> dict[str, Json]:
    """Return the parameters of GET at a path."""
    all_of_them = [found(document, each) for each in document["paths"][path]["get"].get("parameters", ())]
    return {each["name"]: each for each in all_of_them if each["in"] != "header"}


def test_it_is_valid(interface: Json) -> None:
    """All but the questions, of which one is enough."""
    paths = {path: said for path, said in interface["paths"].items() if not path.startswith("/questions/")}
    validate({**interface, "paths": paths | {CO_RUN: interface["paths"][CO_RUN]}})
    assert interface["openapi"].startswith("3.1.")
    assert interface["info"]["version"] == __version__
    named = set(re.findall(r'"\$ref": "#/components/([^"]+)"', json.dumps(interface)))
    assert named == {f"{kind}/{name}" for kind, parts in interface["components"].items() for name in parts}


def test_each_question_is_there_with_each_of_its_parameters(interface: Json) -> None:
    assert len(FILES) > 60
    for file in FILES:
        header = "\n".join(re.findall(r"^#\+(.*)", file.read_text(encoding="utf-8"), re.MULTILINE))
        asked = yaml.safe_load(header)
        assert interface["paths"][f"/questions/{file.stem}"]["get"]["summary"] == asked["summary"]
        own = parameters(interface, f"/questions/{file.stem}")
        declared = asked.get("parameters", [])
        assert list(own) == [*(each["name"] for each in declared), "cite", "iris", "from"]
        for each in declared:
            said = own[each["name"]]
            assert said["description"].lower().startswith(each["description"].lower()), file.stem
            default = each.get("default")
            several = default if isinstance(default, list) else [] if default is None else [default]
            assert said["schema"].get("default", []) == [str(value) for value in several], file.stem


def test_all_places_are_there(interface: Json) -> None:
    firsts = {re.match(r"/[^/.{]*", path)[0] for path in interface["paths"]}  # type: ignore[index]
    assert {f"/{place}" for place in (*PAGES, *THINGS, QUESTIONS)} <= firsts
    others = {"/sparql", "/graphs", "/.well-known/void", "/health/live", "/health/ready", "/metrics"}
    assert others | {"/", "/openapi.json"} <= set(interface["paths"])
    assert {f"/downloads/{file}" for file in DOWNLOADS} <= set(interface["paths"])


def test_it_has_the_address_of_the_proxy(loaded: Loaded, served: Response) -> None:
    address = "https://example.org/jhaan"
    made = openapi(loaded.catalogue, loaded.engine, address)
    assert made == served.content.replace(ADDRESS.encode(), address.encode())
    assert json.loads(made)["servers"] == [{"url": address}]


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/questions", {}),
        ("/questions/renamings", {}),
        ("/id/{path}", {"path": "agency/europol"}),
        ("/graph/{path}", {"path": "register/agencies"}),
        ("/query/{name}", {"name": "empact-co-run"}),
        ("/graphs", {"graph": f"{GRAPH}register/agencies"}),
        ("/search", {"q": "Europol"}),
    ],
)
def test_each_declared_format_is_given_and_only_those(
    site: Site, interface: Json, path: str, sent: dict[str, str]
) -> None:
    place = path.format(**{name: quote(value, safe="") for name, value in sent.items()})
    query = {name: value for name, value in sent.items() if f"{{{name}}}" not in path}
    for media in found(interface, interface["paths"][path]["get"]["responses"]["200"])["content"]:
        answer = site.fetch(place, media, **query)
        assert answer.status_code == 200, (media, answer.text)
        assert answer.headers["Content-Type"].partition(";")[0] == media
    assert site.fetch(place, "image/png", **query).status_code == 406


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (CO_RUN, f"{CO_RUN}?agency=eropol"),
        (f"{CO_RUN}.{{suffix}}", f"{CO_RUN}.pdf"),
        ("/id/{path}", "/id/agency/nobody"),
        ("/graphs", "/graphs"),
        ("/sparql", "/sparql?query=no+query"),
    ],
)
def test_refusals_are_declared(site: Site, interface: Json, path: str, place: str) -> None:
    answer = site.fetch(place)
    said = found(interface, interface["paths"][path]["get"]["responses"][str(answer.status_code)])
    assert answer.status_code >= 400
    assert answer.headers["Content-Type"].partition(";")[0] in said["content"]
