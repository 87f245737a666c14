"""The build hook of the wheel, which adds a snapshot, the ontology, the shapes and the queries."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Build hook for a wheel; an editable install needs no snapshot, since it has the sources."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the snapshot, and add it to the files of the wheel.

        Args:
            version: `editable` or `standard`.
            build_data: the configuration of the build, to which the files are added.

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
        # A build of a wheel must not write to the user's cache.
        os.environ["JHAAN_CACHE"] = str(self._folder / "cache")
        snapshot = self._folder / "snapshot"
        snapshot.mkdir()
        build(root, snapshot, Progress())
        # Files are listed one by one, since a whole folder may contain hidden files of editors.
        sources = {found.path: found.name for found in find_files(root) if not found.name.startswith("data/")}
        build_data["force_include"] |= {
            str(path): f"jhaan_kg/_bundle/{name}" for path, name in ({snapshot: "snapshot"} | sources).items()
        }

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Delete the temporary folder.

        Args:
            version: `editable` or `standard`.
            build_data: the configuration of the build.
            artifact_path: the finished wheel.
        """
        if version != "editable":
            shutil.rmtree(self._folder)
