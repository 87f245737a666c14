"""The cached digests of files, and links in the cache."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jhaan_kg.cache_folder import files_digest, write_cached


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JHAAN_CACHE", str(tmp_path))


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
