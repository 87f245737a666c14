"""The pages that are made leave nothing out of what there is; the table of the questions is current."""

from __future__ import annotations

import ast
import re
import signal
from functools import cache
from pathlib import Path

import pytest

from jhaan_kg.cli import COMMANDS, command
from jhaan_kg.errors import EXIT_CODES, JhaanError
from jhaan_kg.reference import PAGES, commands, page, write
from jhaan_kg.results import FORMATS, GRAPH_FORMATS
from real_sources import ROOT


@cache
def written(name: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return page(name, ROOT)


def section(name: str, heading: str) -> str:
    """Return a section of a page, without its heading."""
    _, _, rest = written(name).partition(f"\n{heading}\n")
    level = heading.partition(" ")[0]
    return re.split(rf"\n(?:{level} |<a id)", rest)[0]


def test_a_page_that_is_not_there_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(JhaanError, match=r'Unknown page "comands"\. Choose one of: checks, commands'):
        write("comands", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_every_argument_says_what_it_is_and_every_option_is_on_the_page() -> None:
    for name in COMMANDS:
        parser = command(name).parser()
        assert [action.dest for action in parser._actions if not action.help] == [], name
        shown = section("commands", f"## {parser.prog}")
        said = parser.format_help().replace(parser.examples, "")
        options = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", said))
        assert "--help" in options
        assert [option for option in sorted(options) if f"`{option}" not in shown] == [], name


def test_the_picture_of_the_docs_is_current() -> None:
    assert (ROOT / PAGES["picture"]).read_text("utf-8") == page("picture", ROOT), (
        "write it again: python -m jhaan_kg.reference picture"
    )


def test_the_table_of_the_questions_is_current_and_has_each_with_its_options() -> None:
    assert (ROOT / PAGES["index"]).read_text("utf-8") == written("index"), (
        "python -m jhaan_kg.reference index"
    )
    for path in (ROOT / "queries").rglob("*.rq"):
        if path.parent.name != "violations":
            row = re.search(rf"\| `{path.stem}`.*", written("index"))
            assert row, path.stem
            header = "".join(
                line for line in path.read_text("utf-8").splitlines(True) if line.startswith("#+")
            )
            for parameter in re.findall(r"^#\+ +- (?:{ )?name: (\w+)", header, re.MULTILINE):
                option = "report-id" if parameter == "report" else re.sub("([A-Z])", r"-\1", parameter)
                assert f"`--{option.lower()}`" in row[0], path.stem


def test_every_violation_is_on_the_page_of_checks() -> None:
    paths = list((ROOT / "queries" / "violations").glob("*.rq"))
    assert paths
    for path in paths:
        assert section("checks", f"### {path.stem}").strip(), path.stem


def test_every_format_is_described_and_no_other() -> None:
    assert set(commands.FORMATS_OF_ROWS) == set(FORMATS)
    assert set(commands.FORMATS_OF_GRAPHS) == set(GRAPH_FORMATS)


def subclasses(kind: type[JhaanError]) -> set[type[JhaanError]]:
    return {kind}.union(*(subclasses(below) for below in kind.__subclasses__()))


def test_every_exit_code_is_described_and_no_other() -> None:
    main = ast.parse((ROOT / "src" / "jhaan_kg" / "cli" / "__init__.py").read_text())
    given = {
        node.value.value
        for node in ast.walk(main)
        if isinstance(node, ast.Return)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, int)
    }
    given |= {kind.exit_code for kind in subclasses(JhaanError)}
    for path in (ROOT / "src").rglob("*.py"):
        for name in re.findall(r"SystemExit\(128 \+ signal\.(\w+)\)", path.read_text("utf-8")):
            given.add(128 + int(getattr(signal, name)))
    assert given == set(EXIT_CODES)
    assert re.findall(r"^\| `(\d+)`", section("commands", "## Exit codes"), re.MULTILINE) == [
        str(code) for code in EXIT_CODES
    ]


def variables_read(folder: Path) -> set[str]:
    """Return the environment variables that the Python files of a folder read, not those that they set."""
    name = r"""(?:\benviron(?:\.get\(|\[)|\bgetenv\()\s*"(\w+)"(?!\]\s*=[^=])|"(\w+)" (?:not )?in os\.environ\b"""
    texts = "\n".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    return {word for words in re.findall(name, texts) for word in words if word}


def test_every_environment_variable_that_is_read_is_described_and_no_other() -> None:
    by_requests = {"NETRC", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}
    assert variables_read(ROOT / "src") | by_requests == set(commands.ENVIRONMENT)
    shown = section("commands", "## Environment variables")
    assert all(f"| `{name}` |" in shown for name in commands.ENVIRONMENT)


def test_every_environment_variable_that_only_tests_read_is_explained_to_contributors() -> None:
    others = variables_read(ROOT / "tests") | variables_read(ROOT / "benchmarks")
    contributing = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert {name for name in others if name.startswith("JHAAN_") and f"`{name}`" not in contributing} == set()
