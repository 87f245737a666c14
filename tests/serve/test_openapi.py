"""The description of the interface (OpenAPI 3.1): it is valid, and the server does what it says."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

import pytest
from in_process import ADDRESS, Site, site_of
from openapi_spec_validator import validate

from jhaan_kg import __version__
from jhaan_kg.namespaces import GRAPH
from jhaan_kg.pages.loaded import Loaded
from jhaan_kg.pages.resources import DOWNLOADS, QUESTIONS, THINGS

Json = dict[str, Any]

EUROPOL: Final = {"space": "id", "path": "agency/europol"}


@pytest.fixture(scope="module")
def interface(site: Site) -> Json:
    """The document."""
    return dict(site.fetch("/openapi.json", "text/html, */*;q=0.1").json())


def test_it_is_valid_and_names_the_server(interface: Json, loaded: Loaded) -> None:
    validate(interface)
    assert (interface["info"]["version"], interface["servers"]) == (__version__, [{"url": ADDRESS}])
    address = "https://example.org/jhaan"
    assert site_of(loaded, address).fetch("/openapi.json").json()["servers"] == [{"url": address}]


def test_all_places_for_programs_are_there(interface: Json) -> None:
    paths = interface["paths"]
    assert {"/sparql", "/graphs", "/.well-known/void", "/health/live", "/health/ready", "/metrics"} <= set(
        paths
    )
    assert f"/{QUESTIONS}/{{name}}" in paths
    spaces = set(paths["/{space}/{path}"]["get"]["parameters"][0]["schema"]["enum"])
    assert spaces | {"prefixes"} == set(THINGS)
    assert paths["/downloads/{file}"]["get"]["parameters"][0]["schema"]["enum"] == list(DOWNLOADS)


def found(document: Json, part: Json) -> Json:
    """Return a part of the document, or the part to which it refers."""
    for step in part.get("$ref", "").split("/")[1:]:
        document = document[step]
    return document if "$ref" in part else part


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/questions/{name}", {"name": "participation-ranking"}),
        ("/{space}/{path}", EUROPOL),
        ("/{space}/{path}", {"space": "graph", "path": "register/agencies"}),
        ("/{space}/{path}", {"space": "query", "path": "empact-co-run"}),
        ("/graphs", {"graph": f"{GRAPH}register/agencies"}),
    ],
)
def test_each_declared_format_is_given_and_only_those(
    site: Site, interface: Json, path: str, sent: dict[str, str]
) -> None:
    place = path.format(**{name: quote(value, safe="") for name, value in sent.items()})
    query = {name: value for name, value in sent.items() if f"{{{name}}}" not in path}
    declared = found(interface, interface["paths"][path]["get"]["responses"]["200"])["content"]
    for media in declared:
        answer = site.fetch(place, media, **query)
        assert answer.status_code == 200, (media, answer.text)
        assert answer.headers["Content-Type"].partition(";")[0] == media
    assert site.fetch(place, "image/png", **query).status_code == 406


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/questions/{name}", "/questions/empact-co-run?agency=eropol"),
        ("/questions/{name}.{suffix}", "/questions/empact-co-run.pdf"),
        ("/{space}/{path}", "/id/agency/nobody"),
        ("/graphs", "/graphs"),
        ("/sparql", "/sparql?query=no+query"),
    ],
)
def test_refusals_are_declared(site: Site, interface: Json, path: str, place: str) -> None:
    answer = site.fetch(place)
    said = found(interface, interface["paths"][path]["get"]["responses"][str(answer.status_code)])
    assert answer.status_code >= 400
    assert answer.headers["Content-Type"].partition(";")[0] in said["content"]
