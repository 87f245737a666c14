"""A checkout is built before it is compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from jhaan_kg.build import pipeline
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.cli import main


def diff(old: Path, new: Path) -> int:
    return main(["diff", str(old), str(new)])


def test_sources_are_built(
    two_releases: tuple[Snapshot, Snapshot],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pipeline, "check_sources", lambda _: [])
    old, new = two_releases
    assert diff(old.path.parent / "sources", old.path) == 0
    assert diff(old.path.parent / "sources", new.path) == 1
    assert "body: the crew (body:crew)" in capsys.readouterr().out
