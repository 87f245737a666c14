"""The checks on the sources: terms, OWL profile, conventions, grounding, shapes, notes on coverage, past releases.

Each module checks one matter and gives findings; `check_sources` runs them all.
"""

from __future__ import annotations

from jhaan_kg.build.files import DATA, Kind
from jhaan_kg.build.read import Sources
from jhaan_kg.checks.conventions import check_conventions
from jhaan_kg.checks.coverage import check_coverage
from jhaan_kg.checks.grounding import check_grounding
from jhaan_kg.checks.hierarchy import check_hierarchy
from jhaan_kg.checks.profile import check_profile
from jhaan_kg.checks.released import Record, check_released
from jhaan_kg.checks.shape_rules import check_shape_rules
from jhaan_kg.checks.shapes import validate
from jhaan_kg.checks.stated import QueryText
from jhaan_kg.checks.terms import check_terms
from jhaan_kg.errors import Finding

_VALIDATED = tuple(DATA - {Kind.DOCUMENT})


def check_sources(sources: Sources) -> list[Finding]:
    """Find what is wrong with sources that can be read.

    The data are checked as they are stated, before anything is reconciled or inferred, which would hide faults. The
    tree of passages is written by a program and large: its terms are checked here, its shape by the tests.

    Args:
        sources: all source files.

    Returns:
        The findings, sorted by file and line.

    Raises:
        JhaanError: the shapes can't be used.
    """
    files = sources.of_kind(Kind.ONTOLOGY)
    authored = {file.found.stem: file.statements for file in files}
    ontology, reused = authored.get("jhaan", ()), authored.get("reused-terms", ())
    data, shapes = sources.statements(*DATA), sources.statements(Kind.SHAPES)
    queries = [QueryText(file.name, file.text) for file in sources.of_kind(Kind.QUERY)]
    records = [Record(file.name, file.text) for file in sources.of_kind(Kind.RELEASE)]
    findings = {
        *check_terms((*ontology, *reused), data, shapes, queries),
        *check_profile(ontology, reused),
        *check_hierarchy(ontology, reused),
        *check_conventions(ontology, reused, data, shapes, queries),
        *check_grounding(ontology, sources.statements(Kind.REGISTER), sources.statements(Kind.SECTION)),
        *check_shape_rules(shapes),
        *check_released((*ontology, *shapes, *data), queries, records),
        *check_coverage(sources.statements(Kind.CURATION), sources.statements(Kind.SECTION), sources.trees),
        *validate(sources.statements(*_VALIDATED), (*ontology, *reused), shapes),
    }
    return sorted(findings)
