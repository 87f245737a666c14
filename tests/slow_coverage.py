"""The page on coverage shows the answer."""

from __future__ import annotations

import re

from bad_input import Run
from real_sources import ROOT


def test_the_page_shows_the_answer(run: Run) -> None:
    page = (ROOT / "docs" / "coverage.md").read_text("utf-8")
    shown = re.search(r"a test compares the two\. -->\n\n(.*?)\n\n## ", page, re.DOTALL)
    assert shown
    assert shown[1] + "\n" == run("coverage", "--format", "md")[1], (
        "Put the output of `jhaan coverage --format md` into docs/coverage.md."
    )
