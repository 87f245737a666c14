"""Screenshots of all pages, for review by people.

PYTHONPATH=tests:tests/serve .venv/bin/python -m browser.screenshots FOLDER [PART OF A PATH]
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from itertools import product
from pathlib import Path

from serving import serving

from browser.table import PAGES, SIZES, name
from browser.window import chromium, window


def main(folder: Path, part: str = "") -> None:
    """Write screenshots of each page whose path contains a text: in each size, light, dark and printed."""
    folder.mkdir(parents=True, exist_ok=True)
    executable = shutil.which("chromium")
    if executable is None:
        sys.exit("Install chromium.")
    with (
        tempfile.TemporaryDirectory() as log,
        serving(Path(log), "--per-client", "50") as server,
        chromium(executable) as browser,
    ):
        for size, colours in product(SIZES, ("light", "dark")):
            with window(browser, server.url, size, color_scheme=colours) as opened:
                for page in PAGES:
                    if part not in page.path:
                        continue
                    opened.open(page.path)
                    file = re.sub(r"\W+", "-", name(page)).strip("-") or "home"
                    whole = {"x": 0, "y": 0, "width": SIZES[size][0], "height": 3000}
                    opened.tab.screenshot(
                        path=folder / f"{file}.{size}.{colours}.png",
                        full_page=True,
                        clip=whole,  # type: ignore[arg-type]
                    )
                    if (size, colours) == ("desktop", "light"):
                        opened.tab.pdf(path=folder / f"{file}.pdf", format="A4")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
