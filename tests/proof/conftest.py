"""The report of 2023 with what its graph states, read once."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.namespaces import PREFIXES, REPORT_ID
from jhaan_kg.passages import split
from jhaan_kg.proof import Stated
from jhaan_kg.proof.lexicon import Lexicon
from jhaan_kg.proof.passage import PassageText, read_passages


@pytest.fixture(scope="session")
def report_stated() -> Stated:
    """What the passages of the report state."""
    return Stated.read(open_snapshot().quads(evidence=True, context=False), REPORT_ID)


@pytest.fixture(scope="session")
def report_passages(report_stated: Stated, report_text: str) -> Mapping[str, PassageText]:
    """The passages of the report by their place in it, such as `3/paragraph/9`."""
    read = read_passages(split(report_text), report_text, Lexicon.of(report_stated), 2023)
    return {iri.removeprefix(PREFIXES["section"]): passage for iri, passage in read.items()}
