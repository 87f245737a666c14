"""Some stored queries read by grlc's own parser, as those do who publish a folder of queries with it.

grlc looks at its configuration when it is imported, so it is asked in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from jhaan_kg.query.source import read_query

ASK_GRLC = """
import json, sys
from grlc import gquery
found = []
for path in json.load(sys.stdin):
    text = open(path, encoding="utf-8").read()
    metadata = gquery.get_metadata(text, "http://localhost/sparql")
    found.append({key: metadata.get(key) for key in ("type", "summary", "description", "tags")})
print("\\n" + json.dumps(found))
"""


@pytest.mark.parametrize(
    "step", [pytest.param(5, marks=pytest.mark.slow), pytest.param(1, marks=pytest.mark.release)]
)
def test_grlc_reads_stored_queries(step: int, root: Path, tmp_path: Path) -> None:
    """Each fifth, and all of them before a release, because each takes half a second."""
    files = sorted((root / "queries").rglob("*.rq"))[::step]
    done = subprocess.run(
        [sys.executable, "-c", ASK_GRLC],
        input=json.dumps(list(map(str, files))),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    read = json.loads(done.stdout.splitlines()[-1])
    assert len(read) == len(files) > 0
    for path, metadata in zip(files, read, strict=True):
        query = read_query(path, root)
        assert metadata["type"] == "SelectQuery", path
        assert metadata["summary"] == query.summary
        assert metadata["description"].split() == query.description.split()
        assert tuple(metadata["tags"] or ()) == query.tags
