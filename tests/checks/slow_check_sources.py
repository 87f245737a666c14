"""The check of the project's own sources, on a copy with one fault: it finds that and nothing else."""

from __future__ import annotations

from pathlib import Path

from jhaan_kg.build.pipeline import check
from jhaan_kg.build.progress import Progress
from jhaan_kg.errors import Severity
from real_sources import copy_sources

INVENTED = '\ntopic:invented\n    a          jhaan:Topic ;\n    rdfs:label "invented"@en .\n'


def test_the_sources_have_neither_errors_nor_warnings_but_the_one_that_is_added(tmp_path: Path) -> None:
    copy_sources(tmp_path)
    register = tmp_path / "data" / "register" / "topics.ttl"
    text = register.read_text("utf-8")
    register.write_text(text + INVENTED)
    findings = [finding for finding in check(tmp_path, Progress()) if finding.severity <= Severity.WARNING]
    assert [(finding.code, finding.path, finding.line, finding.subject) for finding in findings] == [
        ("thing-that-no-passage-tells-of", "data/register/topics.ttl", text.count("\n") + 3, "topic:invented")
    ]
