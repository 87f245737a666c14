"""Vocabularies of others, read and formatted; the four largest ones are tried by `trial_vocabularies.py`."""

from __future__ import annotations

from pathlib import Path

from vocabularies import check


def test_vocabularies_keep_their_meaning_and_comments(vocab_dir: Path) -> None:
    files = [file for file in sorted(vocab_dir.rglob("*.ttl")) if file.stat().st_size < 300_000]
    assert len(files) > 30
    assert check(files) == {"prefix-differs", "a base", 'locn.ttl: "<locn.svg>" is a relative IRI.'}
