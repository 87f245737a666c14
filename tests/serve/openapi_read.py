"""The OpenAPI document of the server, parsed, and the stored questions that it must describe."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import yaml
from in_process import Site

if TYPE_CHECKING:
    from httpx import Response

Json = dict[str, Any]

FILES: Final = sorted((Path(__file__).parents[2] / "queries").glob("[!v]*/*.rq"))
"""The files of the stored questions, without the violation queries."""


def found(document: Json, part: Json) -> Json:
    """Return a part of the document, or the part to which it refers."""
    for step in part.get("$ref", "").split("/")[1:]:
        document = document[step]
    return document if "$ref" in part else part


def parameters(document: Json, path: str) -> dict[str, Json]:
    """Return the query parameters of GET at a path."""
    all_of_them = [found(document, each) for each in document["paths"][path]["get"].get("parameters", ())]
    return {each["name"]: each for each in all_of_them if each["in"] != "header"}


def declared(document: Json, path: str, method: str = "get") -> dict[str, Json]:
    """Return the declared media types of the answer at a path."""
    return dict(found(document, document["paths"][path][method]["responses"]["200"])["content"])


def check_headers(document: Json, path: str, answer: Response) -> None:
    """Check that an answer has the declared headers."""
    said = found(document, document["paths"][path]["get"]["responses"][str(answer.status_code)])
    for name, each in said.get("headers", {}).items():
        if found(document, each)["required"]:
            assert name in answer.headers


def check_formats(site: Site, interface: Json, path: str, sent: dict[str, str]) -> None:
    """Check that a path returns the declared formats, and no others."""
    place = path.format(**{name: quote(value, safe="") for name, value in sent.items()})
    query = {name: value for name, value in sent.items() if f"{{{name}}}" not in path}
    for media in declared(interface, path):
        answer = site.fetch(place, media, **query)
        assert answer.status_code == 200, (media, answer.text)
        assert answer.headers["Content-Type"].partition(";")[0] == media
        check_headers(interface, path, answer)
    if path not in ("/health/live", "/health/ready", "/metrics"):  # which have only one format
        assert site.fetch(place, "image/png", **query).status_code == 406


def header(file: Path) -> Json:
    """Return the header of a stored question's file."""
    text = "\n".join(re.findall(r"^#\+(.*)", file.read_text(encoding="utf-8"), re.MULTILINE))
    return dict(yaml.safe_load(text))


def examples(document: Json, path: str, which: int) -> Json:
    """Return an example, by its index, for each parameter of a question."""
    values = {
        name: [each["value"] for each in said.get("examples", {}).values()]
        for name, said in parameters(document, path).items()
    }
    return {name: each[which] for name, each in values.items() if each}
