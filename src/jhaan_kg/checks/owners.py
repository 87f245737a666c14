"""Whose a node is: the files of a report say nothing of nodes that belong to another one.

A prefix of another report would mint such a node silently.
"""

from __future__ import annotations

from collections.abc import Iterator

from jhaan_kg.build.files import Kind
from jhaan_kg.build.read import Sources
from jhaan_kg.checks.stated import iri_of
from jhaan_kg.errors import Finding, Severity
from jhaan_kg.namespaces import compact
from jhaan_kg.reports import report_of_iri


def check_owners(sources: Sources) -> Iterator[Finding]:
    """Find nodes of one report in the files of another.

    What is registered, such as a report itself or a cooperation that goes on, may be told of by any.

    Yields:
        An error for each such node, where a file first says something of it.
    """
    registered = {statement.triple.subject for statement in sources.statements(Kind.REGISTER)}
    for file in sources.of_kind(Kind.SECTION, Kind.CURATION, Kind.LEXICON):
        own = file.found.report
        seen: set[str] = set()
        for statement in file.statements:
            iri = iri_of(statement.triple.subject)
            owner = report_of_iri(iri)
            is_foreign = (
                owner in sources.trees and owner != own and statement.triple.subject not in registered
            )
            if is_foreign and iri not in seen:
                seen.add(iri)
                yield Finding(
                    file.name,
                    statement.line,
                    Severity.ERROR,
                    "other-report",
                    compact(iri),
                    f"this node belongs to the report {owner}, but the file is one of {own}.",
                    f"Correct the prefix, which should stand for …/{own}/.",
                )
