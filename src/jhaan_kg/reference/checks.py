"""The page of what must not be: the violation queries and the shapes, as authored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from jhaan_kg.namespaces import SH, compact
from jhaan_kg.query.header import read_query
from jhaan_kg.query.model import VIOLATIONS
from jhaan_kg.reference.markdown import code, prose, table

HEAD: Final = """# What must not be

Made from `queries/violations/` and `shapes/` by `python -m jhaan_kg.reference checks`. `jhaan check` and every
build look for all of it. Shapes look at each thing as it is stated; violation queries at the finished graph, at
things side by side, and at what inference and reconciling made of them. What they find is printed with file, line
and what to do, and stops the build.

- [Violations](#violations)
- [Shapes](#shapes)

## Violations
"""

SHAPES: Final = """## Shapes

One table for each file of `shapes/`.
"""


def page(root: Path) -> str:
    """Write the page, in Markdown."""
    return "\n".join([HEAD, *_violations(root), SHAPES, *_shapes(root)])


def _violations(root: Path) -> Iterator[str]:
    for path in sorted((root / "queries" / VIOLATIONS).glob("*.rq")):
        query = read_query(path, root)
        yield f"### {query.name}\n\n{prose(query.summary)} {prose(' '.join(query.description.split()))}\n"
        yield f"What to do: {prose(query.fix)}\n"


def _shapes(root: Path) -> Iterator[str]:
    for path in sorted((root / "shapes").glob("*.ttl")):
        messages: dict[str, list[str]] = defaultdict(list)
        for quad in parse(path=path, format=RdfFormat.TURTLE):
            if quad.predicate == NamedNode(SH + "message") and isinstance(quad.object, Literal):
                name = (
                    compact(quad.subject.value)
                    if isinstance(quad.subject, NamedNode)
                    else "a part of a shape"
                )
                messages[name].append(quad.object.value)
        rows = ([code(name), prose(text)] for name in sorted(messages) for text in sorted(messages[name]))
        yield f"### {path.stem.replace('-', ' ').capitalize()}\n"
        yield table(["Shape", "What it says of what it refuses"], rows)
