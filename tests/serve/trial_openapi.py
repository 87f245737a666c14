"""What schemathesis finds at all paths: it takes half an hour."""

from __future__ import annotations

from pathlib import Path

from schemathesis_run import TIED, refused, schemathesis
from serving import serving


def test_schemathesis_finds_no_fault(tmp_path: Path) -> None:
    """It sends all examples, all that is at the edges of what is allowed, and twenty requests more of each kind."""
    with serving(tmp_path, "--timeout", "120", "--per-client", "50") as patient:
        options = ("--phases", "examples,coverage,fuzzing", "--max-examples", "20")
        report = schemathesis(patient, tmp_path, *options, "--exclude-path-regex", "^/downloads/")
        assert report["operations"]["tested"] > 160
    assert refused(report) <= TIED, "what it takes for good requests is good"


def test_schemathesis_finds_no_fault_at_the_downloads(tmp_path: Path) -> None:
    """Each takes seconds."""
    with serving(tmp_path, "--timeout", "120", "--per-client", "50") as patient:
        options = ("--phases", "examples,fuzzing", "--max-examples", "1")
        schemathesis(patient, tmp_path, *options, "--include-path-regex", "^/downloads/")
