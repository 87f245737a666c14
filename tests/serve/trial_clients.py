"""`jhaan compare` finds no difference between the server and the built-in engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from openapi_read import FILES, header
from serving import serving


def test_the_server_answers_each_question_as_the_embedded_engine_does(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    with serving(tmp_path, "--per-client", "50") as roomy:
        code, out, err = run("compare", roomy.sparql, "--format", "json")
    report = json.loads(out)
    differing = [entry for entry in report["questions"] if entry["answer"] != "same"]
    assert differing == []
    assert (code, report["differs"]) == (0, False), err
    with_defaults = [file for file in FILES if any("default" in each for each in header(file)["parameters"])]
    assert {entry["name"] for entry in report["questions"]} == {file.stem for file in FILES}
    assert len(report["questions"]) == len(FILES) + len(with_defaults)
    assert sum(entry["citations"] == "same" for entry in report["questions"]) == len(FILES)
    assert report["holds"]["graphsThatDiffer"] == []
