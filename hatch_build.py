"""The build hook of the wheel: brings along a snapshot with the ontology, shapes and queries that it was built from."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the snapshot for a wheel; an editable install has the sources themselves."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the snapshot, and have it put into the wheel.

        Args:
            version: `editable` or `standard`.
            build_data: what hatchling is to include.

        Raises:
            FindingsError: the sources have faults; the message names them all.
        """
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from jhaan_kg.build.files import find_files
        from jhaan_kg.build.pipeline import build
        from jhaan_kg.build.progress import Progress

        self._folder = Path(tempfile.mkdtemp(prefix="jhaan-kg-"))
        # Whoever builds a wheel has no use for a cache.
        os.environ["JHAAN_CACHE"] = str(self._folder / "cache")
        snapshot = self._folder / "snapshot"
        snapshot.mkdir()
        build(root, snapshot, Progress())
        # File by file, since a folder would bring along what an editor or a system hides in it.
        sources = {found.path: found.name for found in find_files(root) if not found.name.startswith("data/")}
        build_data["force_include"] |= {
            str(path): f"jhaan_kg/_bundle/{name}" for path, name in ({snapshot: "snapshot"} | sources).items()
        }

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Delete the temporary folder.

        Args:
            version: `editable` or `standard`.
            build_data: what hatchling has included.
            artifact_path: the finished wheel.
        """
        if version != "editable":
            shutil.rmtree(self._folder)
