"""The description of the interface: all of it is valid, and a real server does what it says.

`trial_openapi.py` has more requests.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from in_process import Site
from openapi_read import FILES, Json, check_formats, examples
from openapi_spec_validator import validate
from schemathesis_run import TIED, refused, schemathesis
from serving import Serving, serving

from jhaan_kg import __version__

EACH_KIND: Final = (
    "meetings-attended-together",
    "pairs-that-meet-without-highlight",
    "compare-years",
    "joint-products",
    "thread",
    "contradictions",
)
"""Questions that together have all kinds of parameters: of a class, some of these, any entity, texts, numbers."""


@pytest.fixture(scope="module")
def interface(site: Site) -> Json:
    """The document."""
    return dict(site.fetch("/openapi.json").json())


def test_all_of_it_is_valid(interface: Json) -> None:
    validate(interface)


def test_examples_of_all_questions_are_answered(site: Site, interface: Json) -> None:
    """The first of each parameter together, and the last."""
    for file in FILES:
        path = f"/questions/{file.stem}"
        for which in (0, -1):
            sent = examples(interface, path, which)
            answer = site.fetch(path, **sent)
            assert answer.status_code == 200, (path, sent, answer.text)


@pytest.mark.parametrize(
    ("path", "sent"),
    [("/ontology", {}), ("/ontology/{version}", {"version": __version__}), ("/.well-known/void", {})],
)
def test_each_declared_format_is_given_and_only_those(
    site: Site, interface: Json, path: str, sent: dict[str, str]
) -> None:
    check_formats(site, interface, path, sent)


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server that takes its time: how long an answer takes is no matter here."""
    with serving(tmp_path_factory.mktemp("patient"), "--timeout", "120", "--per-client", "50") as running:
        yield running


def test_schemathesis_finds_no_fault_at_any_path(patient: Serving, interface: Json, tmp_path: Path) -> None:
    """It sends all examples, and makes up a good and a bad request more for each path."""
    report = schemathesis(patient, tmp_path, "--phases", "examples,fuzzing", "--max-examples", "1")
    of_methods = [(method, path) for path, said in interface["paths"].items() for method in said]
    assert report["operations"]["tested"] == len(of_methods) - 1, (
        "all but the description itself, which it reads"
    )


def test_schemathesis_finds_no_fault_at_the_edges(patient: Serving, tmp_path: Path) -> None:
    """It sends all that is just inside or just outside of what the schemas allow, and methods that aren't there."""
    chosen = f"^/(?!questions/|downloads/)|^/questions/({'|'.join(EACH_KIND)})$|^/questions/empact-co-run\\."
    options = ("--phases", "coverage,fuzzing", "--max-examples", "8", "--include-path-regex", chosen)
    assert refused(schemathesis(patient, tmp_path, *options)) <= TIED, (
        "what it takes for good requests is good"
    )
