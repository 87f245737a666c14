"""Search for a static site with Pagefind: an index, and scripts for the browser.

See https://pagefind.app.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from jhaan_kg.errors import JhaanError

_INDEXED: Final = ("id/", "ontology", "questions/", "read/")
"""The prefixes of the paths of indexed pages."""


def search_files(pages: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Index the pages of a site with Pagefind, and yield the files for the search.

    Raises:
        JhaanError: Pagefind fails.
    """
    with TemporaryDirectory() as folder:
        for path, data in pages:
            if path.startswith(_INDEXED) and path.endswith(".html"):
                file = Path(folder, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
        command = [sys.executable, "-m", "pagefind", "--site", folder, "--root-selector", "main", "--silent"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().rpartition("\n")[2]
            raise JhaanError(
                f"Cannot index the site with Pagefind: {said} Or export it without --search pagefind."
            )
        made = Path(folder, "pagefind")
        for file in sorted(path for path in made.rglob("*") if path.is_file()):
            yield f"pagefind/{file.relative_to(made).as_posix()}", file.read_bytes()
