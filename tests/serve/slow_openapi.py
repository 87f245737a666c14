"""The description of the interface: all of it is valid, and a real server does what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from in_process import Site
from jsonschema import Draft202012Validator
from openapi_read import FILES, Json, check_formats, check_headers, declared, examples
from openapi_spec_validator import validate
from schemathesis_run import TIED, refused, schemathesis
from serving import serving

from jhaan_kg import __version__

EACH_KIND: Final = ("compare-years", "contradictions", "organisers")
"""Questions that together have parameters of a class, some of these, any entity, texts, and numbers."""


@pytest.fixture(scope="module")
def interface(site: Site) -> Json:
    """The document."""
    return dict(site.fetch("/openapi.json").json())


def test_all_of_it_is_valid(interface: Json) -> None:
    validate(interface)


def test_examples_of_all_questions_are_answered_as_the_schema_says(site: Site, interface: Json) -> None:
    """The first of each parameter together, and the last."""
    for file in FILES:
        path = f"/questions/{file.stem}"
        content = declared(interface, path)
        said = {**content["application/json"]["schema"], "components": interface["components"]}
        for which in (0, -1):
            sent = examples(interface, path, which)
            answer = site.fetch(path, **sent)
            assert answer.status_code == 200, (path, sent, answer.text)
            assert list(Draft202012Validator(said).iter_errors(answer.json())) == [], path
            check_headers(interface, path, answer)


@pytest.mark.parametrize(
    ("path", "sent"), [("/ontology", {}), ("/ontology/{version}", {"version": __version__})]
)
def test_each_declared_format_is_given_and_only_those(
    site: Site, interface: Json, path: str, sent: dict[str, str]
) -> None:
    check_formats(site, interface, path, sent)


def test_schemathesis_finds_no_fault(tmp_path: Path) -> None:
    """It sends all examples and all that is just inside or just outside of what the schemas allow.

    It does so at all places but for most of the questions; `trial_openapi.py` has these too, and more requests.
    """
    questions = f"^/questions/({'|'.join(EACH_KIND)})$|^/questions/renamings\\."
    chosen = f"^/(?!questions/|downloads/)|{questions}"
    options = ("--phases", "examples,coverage,fuzzing", "--max-examples", "1", "--include-path-regex", chosen)
    with serving(tmp_path, "--timeout", "120", "--per-client", "50") as patient:
        report = schemathesis(patient, tmp_path, *options)
    assert refused(report) <= TIED, "what it takes for good requests is good"
