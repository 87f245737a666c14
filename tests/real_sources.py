"""The sources of this checkout: read once for all tests of a process, or copied."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from jhaan_kg.build.assemble import Assembled, assemble
from jhaan_kg.build.read import Sources, read_sources

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = sorted(path.stem for path in ROOT.glob("queries/*/*.rq") if path.parent.name != "violations")
"""The names of the stored questions."""


def copy_sources(folder: Path, root: Path = ROOT) -> None:
    """Copy the files from which a release is built into a folder."""
    for name in ("ontology", "shapes", "data", "queries"):
        shutil.copytree(root / name, folder / name)


@cache
def sources() -> Sources:
    """Return the files of the checkout, parsed."""
    return read_sources(ROOT)


@cache
def assembled() -> Assembled:
    """Return the assembled sources of the checkout."""
    return assemble(sources())
