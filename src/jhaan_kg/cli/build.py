"""`jhaan build`: build the snapshot from the sources."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from jhaan_kg.cli.common import parser, say
from jhaan_kg.errors import JhaanError

EXAMPLES = (
    """  jhaan build      build what has changed since the last time, and print where the snapshot lies"""
)


def arguments() -> argparse.ArgumentParser:
    """Make the parser of this command."""
    return parser(
        "build",
        "Build the snapshot from the sources around this folder: read, assemble, reconcile, check, infer. "
        "A finding stops it. The snapshot is kept under the digest of its inputs.",
        EXAMPLES,
    )


def run(argv: Sequence[str]) -> int:
    """Build the snapshot; see `jhaan build --help`."""
    arguments().parse_args(argv)

    from jhaan_kg.build.cache import snapshot_for
    from jhaan_kg.build.progress import Progress
    from jhaan_kg.build.read import find_root

    root = find_root()
    if root is None:
        raise JhaanError(
            "There are no sources here. Go to a checkout of jhaan-kg, which has ontology/ and data/."
        )
    snapshot = snapshot_for(root, Progress())
    print(snapshot.path)
    say(
        f"{snapshot.triples(evidence=False):,} triples, and {snapshot.triples(evidence=True):,} with their evidence."
    )
    return 0
