"""Large vocabularies of others, read and formatted."""

from __future__ import annotations

from pathlib import Path

from slow_vocabularies import check


def test_vocabularies_keep_their_meaning_and_comments(vocab_dir: Path) -> None:
    files = [file for file in vocab_dir.rglob("*.ttl") if file.stat().st_size >= 300_000]
    assert len(files) >= 4
    assert check(files) <= {"prefix-differs"}
