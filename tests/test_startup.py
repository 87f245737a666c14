"""A command imports what it uses, and nothing else: start-up is most of what a short answer takes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest

import imports
from imports import QUICK, USES, libraries, takes_requests_and_nothing_else
from jhaan_kg.build.cache import open_snapshot, store_for

SLOW_TO_IMPORT = {
    *("dataclasses", "decimal", "difflib", "inspect", "logging"),
    *("shutil", "subprocess", "tempfile", "urllib.request"),
}
"""Modules of the standard library that take milliseconds and that a stored question does without."""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], set[str]]:
    store_for(open_snapshot(), evidence=True, context=True)  # a command that must build first imports more
    return cache(partial(imports.imported, tmp_path_factory.mktemp("imports")))


@pytest.mark.parametrize("command", QUICK)
def test_a_command_imports_only_the_libraries_that_it_uses(
    imported: Callable[[str], set[str]], command: str
) -> None:
    assert libraries(imported(command)) == USES[command]


def test_an_endpoint_takes_requests_and_nothing_else(tmp_path: Path) -> None:
    assert takes_requests_and_nothing_else(tmp_path, "query renamings")


def test_help_loads_nothing_of_the_graph(imported: Callable[[str], set[str]]) -> None:
    own = {module for module in imported("--help") if module.startswith("jhaan_kg")}
    assert own == {"jhaan_kg", "jhaan_kg.cli", "jhaan_kg.errors"}


def test_a_stored_question_does_without_slow_modules(imported: Callable[[str], set[str]]) -> None:
    modules = imported("query organisers --agency eulisa --cite")
    assert modules & SLOW_TO_IMPORT == set()
    unused = (
        "checks",
        "find",
        "infer",
        "passages.splitter",
        "proof",
        "query.source",
        "turtle",
    )
    assert {
        module for module in modules if module.startswith(tuple(f"jhaan_kg.{name}" for name in unused))
    } == set()


def test_every_command_has_a_list() -> None:
    from jhaan_kg.cli import COMMANDS

    listed = {command.split()[0] for command in USES}
    for_curators = {"build", "check", "diff", "new", "verify"}  # they may take seconds anyway
    assert set(COMMANDS) - listed == for_curators
