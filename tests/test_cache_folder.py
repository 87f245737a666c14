"""The memory of checks that passed: only successes count, and a damaged file costs nothing but time."""

from __future__ import annotations

from pathlib import Path

import pytest

from jhaan_kg.cache_folder import PassedChecks, passed_checks

FIRST, SECOND = PassedChecks.key("shape", "data"), PassedChecks.key("shaped", "ata")


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JHAAN_CACHE", str(tmp_path))
    with passed_checks("shapes") as passed:
        passed.add(FIRST)
    return tmp_path / "passed/shapes.txt"


def test_what_passed_is_known_to_the_next_run() -> None:
    with passed_checks("shapes") as passed:
        assert FIRST in passed
        assert SECOND not in passed
    with passed_checks("queries") as passed:
        assert FIRST not in passed


@pytest.mark.parametrize("damage", [b"", b"\xff\x00", FIRST[:40].encode(), FIRST.encode()[::-1]])
def test_a_damaged_file_makes_nothing_pass(file: Path, damage: bytes) -> None:
    file.write_bytes(damage)
    with passed_checks("shapes") as passed:
        assert FIRST not in passed
        passed.add(SECOND)
    with passed_checks("shapes") as passed:
        assert SECOND in passed


def test_without_a_cache_nothing_is_remembered(file: Path) -> None:
    file.unlink()
    file.parent.rmdir()
    file.parent.write_text("no folder")
    with passed_checks("shapes") as passed:
        assert FIRST not in passed
        passed.add(FIRST)
    with passed_checks("shapes") as passed:
        assert FIRST not in passed
