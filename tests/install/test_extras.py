"""What is installed: little for those who want answers, and with each extra what it promises."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from installing import distributions, install, run

pytestmark = pytest.mark.release


# By hand: what pyproject.toml names, and what these name in turn.
MINIMAL = {"jhaan-kg", "argcomplete", "pyoxigraph", "pyshacl", "pyyaml", "rapidfuzz", "rdflib", "xlsxwriter"}
MINIMAL |= {"snowballstemmer"}  # to compare words of texts with the report
MINIMAL |= {"requests", "urllib3"}  # to ask and to load triple stores
MINIMAL |= {"certifi", "charset-normalizer", "idna"}  # of requests
MINIMAL |= {"pyparsing", "html5rdf"}  # of rdflib
MINIMAL |= {"owlrl", "packaging", "prettytable", "wcwidth"}  # of pySHACL
MINIMAL |= {"jinja2", "markupsafe"}  # for pages and bundles
MINIMAL |= {"networkx"}  # for measures of the network
MINIMAL |= {"icalendar", "python-dateutil", "tzdata", "typing-extensions"}  # for calendars
if sys.version_info < (3, 12):
    MINIMAL |= {"importlib-metadata", "lazy-importer", "zipp"}  # of pySHACL
SERVER = {"httptools", "prometheus-client", "starlette", "uvicorn", "werkzeug"}
TABLES = {"pandas", "polars", "numpy"}


def test_a_minimal_installation_brings_no_server_and_no_tables(installed: Path) -> None:
    assert distributions(installed) == MINIMAL


def test_a_data_frame_that_needs_an_extra_says_what_to_install(
    installed: Path, tmp_path: Path, environment: Mapping[str, str]
) -> None:
    program = "from jhaan_kg import KnowledgeGraph; KnowledgeGraph.open().query('renamings').to_pandas()"
    done = run(installed / "bin" / "python", "-c", program, cwd=tmp_path, environment=environment)
    assert done.returncode == 1
    assert done.stderr.endswith(
        'jhaan_kg.errors.JhaanError: Missing library "pandas" of the extra "tables". '
        "Install it: pip install pandas\n"
    )


SERVED = "__import__('jhaan_kg.serve.run').serve.run.serve"
FRAMED = "len(asked.to_pandas()) == len(asked.to_polars()) == len(asked.rows) > 0"


@pytest.mark.parametrize(
    ("extra", "brings", "use"),
    [
        ("tables", TABLES, FRAMED),
        ("server", SERVER, SERVED),
        ("site", {"pagefind", "pagefind-bin"}, "__import__('pagefind')"),
        ("all", SERVER | TABLES, f"{FRAMED} and {SERVED}"),
    ],
)
def test_an_extra_brings_what_it_is_for(
    wheel: Path,
    pins: Path,
    tmp_path: Path,
    environment: Mapping[str, str],
    extra: str,
    brings: set[str],
    use: str,
) -> None:
    venv = tmp_path / "venv"
    install(wheel, venv, pins, extra)
    added = distributions(venv) - MINIMAL
    assert brings <= added
    opened = (
        "from jhaan_kg import KnowledgeGraph; kg = KnowledgeGraph.open(); asked = kg.query('empact-co-run')"
    )
    program = f"{opened}; print(bool({use}))"
    done = run(venv / "bin" / "python", "-c", program, cwd=tmp_path, environment=environment)
    assert (done.stdout, done.stderr) == ("True\n", "")
