"""The memory of checks that passed and of digests: only successes count, and a damaged file costs nothing but time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jhaan_kg.cache_folder import PassedChecks, files_digest, passed_checks, write_cached

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


def test_a_digest_is_remembered_until_a_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jhaan_kg.cache_folder._SETTLED", -(10**10))  # the files of the test are new
    source = tmp_path / "sources" / "data" / "x.ttl"
    source.parent.mkdir(parents=True)
    source.write_text("one")
    top = tmp_path / "sources"
    first = files_digest(top, ["data"])
    (memory,) = (tmp_path / "digests").iterdir()
    memory.write_bytes(memory.read_bytes().replace(first.encode(), b"0" * 64))
    assert files_digest(top, ["data"]) == "0" * 64
    source.write_text("two")
    os.utime(source, ns=(0, 0))
    assert files_digest(top, ["data"]) not in (first, "0" * 64)


def test_the_digest_of_a_new_file_is_not_remembered(tmp_path: Path) -> None:
    source = tmp_path / "sources" / "data"
    source.parent.mkdir()
    source.write_text("one")
    files_digest(source.parent, ["data"])
    assert not (tmp_path / "digests").exists()


def test_a_link_in_the_cache_is_replaced_and_its_target_stays(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"the user's")
    link.symlink_to(target)
    write_cached(link, b"cached")
    assert (target.read_bytes(), link.read_bytes(), link.is_symlink()) == (b"the user's", b"cached", False)
