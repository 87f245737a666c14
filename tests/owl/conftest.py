"""The project's ontology, read once."""

from __future__ import annotations

from pathlib import Path

import pytest
from owl_support import ontology
from pyoxigraph import Triple


@pytest.fixture(scope="session")
def axioms(root: Path) -> frozenset[Triple]:
    return ontology(root)
