"""Print the tree of passages of a report's text, in Turtle: `python tools/passages.py REPORT.txt > document.ttl`.

Do not renumber the passages of a report that has statements: compare with `jhaan verify` first.
"""

from __future__ import annotations

import sys

from jhaan_kg.files import read_text
from jhaan_kg.passages import split, write_document

if __name__ == "__main__":
    sys.stdout.write(write_document(split(read_text(sys.argv[1]))))
