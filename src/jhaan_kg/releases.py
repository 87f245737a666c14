"""The record of a release: the IRIs that it publishes first.

It is in `data/releases/VERSION.txt`.

The records together list every published IRI; `checks.released` checks that each still exists. For each
release, `python -m jhaan_kg.releases` writes a record once.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from jhaan_kg.build.files import Kind
from jhaan_kg.build.read import Sources, read_sources
from jhaan_kg.checks.released import find_published
from jhaan_kg.checks.stated import SourceText
from jhaan_kg.errors import JhaanError
from jhaan_kg.files import write_whole
from jhaan_kg.namespaces import BASE, OWL

_ONTOLOGY = NamedNode(BASE + "ontology")
_VERSION = NamedNode(OWL + "versionInfo")


def write_record(root: Path) -> Path | None:
    """Write the record of the release that the sources are about to become.

    Args:
        root: the folder of the sources; the version in their ontology is that of the release.

    Returns:
        The file; None if the release publishes no new IRI.

    Raises:
        FindingsError: the sources can't be read.
        JhaanError: the ontology has no valid version, or this release already has a record.
        OSError: the file can't be written.
    """
    sources = read_sources(root)
    version = _read_version(sources)
    path = root / "data" / "releases" / f"{version}.txt"
    if path.exists():
        raise JhaanError(
            f"{path}: release {version} is already recorded. "
            "Change the version of the ontology, or delete the file if the release was not published."
        )
    earlier = {iri for file in sources.of_kind(Kind.RELEASE) for iri in file.text.split("\n")}
    statements = (statement for file in sources.files for statement in file.statements)
    queries = [SourceText(file.name, file.text) for file in sources.of_kind(Kind.QUERY)]
    new = sorted(find_published(statements, queries) - earlier)
    if not new:
        return None
    path.parent.mkdir(exist_ok=True)
    write_whole(path, "".join(f"{iri}\n" for iri in new).encode())
    return path


def _read_version(sources: Sources) -> str:
    for statement in sources.statements(Kind.ONTOLOGY):
        subject, predicate, value = statement.triple
        if subject == _ONTOLOGY and predicate == _VERSION and isinstance(value, Literal):
            if not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", value.value):
                raise JhaanError(
                    f'The version in ontology/jhaan.ttl must be of the form 1.4.0, not "{value.value}".'
                )
            return value.value
    raise JhaanError("ontology/jhaan.ttl has no version. Add owl:versionInfo.")


def main() -> int:
    """Write the record for the checkout in the current folder."""
    try:
        path = write_record(Path.cwd())
    except JhaanError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stderr.write(f"{path} written.\n" if path else "No new IRI to record.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
