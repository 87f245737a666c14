"""Bundles of the real release, loaded into all stores that run here."""

from __future__ import annotations

from pathlib import Path

import pytest
from bundle_cases import STORES, see_dataset, see_flat

from jhaan_kg.build.cache import open_snapshot


@pytest.mark.parametrize("kind", STORES)
def test_the_dataset_arrives_and_the_check_sees_what_differs(kind: str, tmp_path: Path) -> None:
    see_dataset(kind, tmp_path, open_snapshot())


@pytest.mark.parametrize("kind", STORES)
def test_the_flat_graph_arrives_instead(kind: str, tmp_path: Path) -> None:
    see_flat(kind, tmp_path, open_snapshot())
