"""Runs of schemathesis against a server, by the server's own OpenAPI document."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from serving import Serving

TIED: Final = {"GET /graphs", "GET /sparql", "GET /sparql.{suffix}", "POST /sparql.{suffix}"}
"""The operations that reject many requests that the schemas allow; see `schemathesis_hooks.filter_failure`."""


def schemathesis(server: Serving, folder: Path, *options: str) -> dict[str, Any]:
    """Test a server with all checks of schemathesis and reproducible requests, and return the report.

    Args:
        server: the server.
        folder: an empty folder.
        options: options of schemathesis: the phases (`--phases`), the number of generated requests, and the paths.
    """
    file = folder / "report.json"
    program = Path(sys.executable).parent / "schemathesis"
    fixed = ("--generation-deterministic", "--request-timeout", "120", "--no-color", "--report", "json")
    command = [program, "run", f"{server.url}/openapi.json", *fixed, *options]
    done = subprocess.run(
        [*command, "--report-json-path", file],
        cwd=folder,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": _path_of_python()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = dict(json.loads(file.read_text(encoding="utf-8")))
    assert report["complete"]
    assert (report["failures"], report["errors"]) == ([], [])
    warned = {kind: said for kind, said in report["warnings"].items() if said}
    assert set(warned) <= {"validation_mismatch"}, warned
    assert set(warned.get("validation_mismatch", ())) <= TIED, warned
    phases = options[options.index("--phases") + 1].split(",")
    assert {report["phases"][phase]["status"] for phase in phases} == {"success"}
    return report


def refused(report: dict[str, Any]) -> set[str]:
    """Return the operations that rejected requests that are valid by the schemas."""
    rates = report["valid_rates"].items()
    return {operation for operation, each in rates if each.get("fuzzing", {}).get("rejected")}


def _path_of_python() -> str:
    """Return the module path of this process with the folder of the hooks."""
    return os.pathsep.join([str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])])
