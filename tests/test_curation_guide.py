"""The steps of the curation guide for corrections, on a copy of the sources, and the slips that it explains."""

from __future__ import annotations

import re
import shutil
import textwrap
from pathlib import Path
from typing import NamedTuple

import pytest

from jhaan_kg.build.pipeline import check
from jhaan_kg.build.progress import Progress
from jhaan_kg.errors import FindingsError
from real_sources import ROOT, copy_sources

pytestmark = pytest.mark.slow


GUIDE = (ROOT / "docs" / "curation-guide.md").read_text("utf-8").partition("\n## Correct the data\n")[2]
PARTS = dict(part.split("\n", 1) for part in GUIDE.partition("\n## ")[0].split("\n### ")[1:])

_EDIT = re.compile(r"`(data/\S+)`:\n\n( *)```(diff|turtle)\n(.*?)\n\2```", re.DOTALL)
_ROW = re.compile(r"^\| (.+?) \| (.+?) \| `(.+?)` \|$", re.MULTILINE)
_NAMELESS = {"nothing": "", "the decision": "the decision"}


class Edit(NamedTuple):
    """A change of a file: the lines before and after, or lines for its end."""

    file: str
    before: str
    after: str

    def apply(self, folder: Path) -> None:
        path = folder / self.file
        text = path.read_text("utf-8")
        if self.before:
            assert text.count(self.before) == 1, self
            path.write_text(text.replace(self.before, self.after), "utf-8")
        else:
            path.write_text(f"{text}\n{self.after}", "utf-8")


def edits(part: str) -> list[Edit]:
    """Return the changes that the steps of a part show, in order."""
    found = []
    for file, indent, kind, block in _EDIT.findall(PARTS[part]):
        lines = textwrap.dedent(f"{block}\n".replace(f"\n{indent}", "\n").removeprefix(indent)).splitlines()
        if kind == "diff":
            lines = [line.removeprefix(indent) for line in block.splitlines()]
            before, after = (
                "".join(f"{line[1:]}\n" for line in lines if line[0] != sign) for sign in ("+", "-")
            )
            found.append(Edit(file, before, after))
        else:
            found.append(Edit(file, "", "".join(f"{line}\n" for line in lines)))
    return found


def written(cell: str) -> str:
    return _NAMELESS.get(cell, cell.strip("`"))


SLIPS = [
    pytest.param(part, written(meant), written(slip), said, id=f"{part}: {slip}")
    for part, text in PARTS.items()
    for meant, slip, said in _ROW.findall(text)
]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    copy_sources(folder)
    return folder


def corrected(sources: Path, folder: Path, part: str) -> list[Edit]:
    """Copy the sources, and do the steps of a part."""
    shutil.copytree(sources, folder, dirs_exist_ok=True)
    done = edits(part)
    for edit in done:
        edit.apply(folder)
    return done


def findings(folder: Path) -> list[str]:
    try:
        return list(map(str, check(folder, Progress())))
    except FindingsError as error:
        return list(map(str, error.findings))


def test_the_guide_has_steps_and_slips() -> None:
    assert list(PARTS) == ["Change a date", "Add a participant", "Mark a conflict"]
    assert [len(edits(part)) for part in PARTS] == [1, 1, 2]
    assert len(SLIPS) > 15


@pytest.mark.parametrize("part", PARTS)
def test_the_steps_leave_nothing_to_correct(sources: Path, tmp_path: Path, part: str) -> None:
    corrected(sources, tmp_path, part)
    assert findings(tmp_path) == []


@pytest.mark.parametrize(("part", "meant", "slip", "said"), SLIPS)
def test_a_slip_is_explained_where_it_is(
    sources: Path, tmp_path: Path, part: str, meant: str, slip: str, said: str
) -> None:
    *_, last = corrected(sources, tmp_path, part)
    path = tmp_path / last.file
    if meant == "the decision":
        path.write_text((sources / last.file).read_text("utf-8"), "utf-8")
    else:
        text = path.read_text("utf-8")
        at = text.rindex(meant)
        path.write_text(text[:at] + slip + text[at + len(meant) :], "utf-8")
    found = findings(tmp_path)
    explained = [finding for finding in found if said in finding]
    assert explained, found
    assert meant == "the decision" or explained[0].startswith(f"{last.file}:")
    assert len(found) <= 5
    assert not [
        finding for finding in found if "wording-missing" in finding or "grounding-missing" in finding
    ]
