"""Generator of docs/questions.md, the list of the stored questions.

python tools/questions.py
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.query.catalogue import load_catalogue

TARGET: Final = "docs/questions.md"
_HEAD: Final = """# The stored questions

`jhaan query NAME` answers a question, and `--cite` names the passages behind each row. `jhaan query NAME --help`
explains the answer and its options, `--show` prints the SPARQL. Name entities by any name, some words of a name,
acronym, CURIE or IRI. `all` means any. Repeat an option to give several values.

An answer begins with a sentence that sums it up. Tables have lines of 120 characters at most; wider ones are shown as
records with a line for each value. Values that are the same in all rows appear once, above the table. Empty columns,
and columns of IRIs whose labels are shown, are left out. `--format csv`, `json` and so on have all columns.
[Writing queries](writing-queries.md) explains how the sentence is written.

`jhaan query --format md -o questions.md` writes all questions with the first rows of each answer.

| Question | In words | Its own options |
|---|---|---|
"""


def generate() -> str:
    """Return the page, in Markdown."""
    rows = []
    for stored in sorted(load_catalogue(open_snapshot().catalogue_path), key=lambda stored: stored.name):
        options = " ".join(f"`{parameter.option}`" for parameter in stored.parameters)
        rows.append(f"| `{stored.name}` | {stored.summary} | {options} |\n")
    return _HEAD + "".join(rows)


if __name__ == "__main__":
    Path(TARGET).write_text(generate(), encoding="utf-8")
    sys.stderr.write(f"{TARGET} written.\n")
