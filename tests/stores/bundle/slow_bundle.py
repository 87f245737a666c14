"""The bundles of the real release have the same bytes wherever they are made."""

from __future__ import annotations

from pathlib import Path

from bad_input import environment, jhaan
from jhaan_kg.build.cache import cache_folder, open_snapshot
from jhaan_kg.files import MARKER, SUMS
from jhaan_kg.stores.bundle import bundle


def test_bundles_are_stable(tmp_path: Path) -> None:
    """The same bytes under another seed, clock, language and folder; a release has the other forms."""
    around = environment(
        PYTHONHASHSEED="4711", TZ="America/St_Johns", LC_ALL="C", PYTHONUTF8="0", COLUMNS="20",
        JHAAN_CACHE=str(cache_folder()),
    )  # fmt: skip
    done = jhaan("bundle", "virtuoso", "-o", tmp_path / "été", cwd=tmp_path, env=around)
    assert done.returncode == 0, done.stderr
    written = {path.name: path.read_bytes() for path in (tmp_path / "été").iterdir()}
    assert {name: data for name, data in written.items() if name not in (SUMS, MARKER)} == dict(
        bundle(open_snapshot(), "virtuoso")
    )
