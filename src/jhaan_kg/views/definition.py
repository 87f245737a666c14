"""Definitions of views, from `views.yaml`.

They are parts, lines, and the paths and phrases of lines.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from pyoxigraph import NamedNode

from jhaan_kg.files import read_yaml
from jhaan_kg.namespaces import ONTOLOGY, expand

_STEP: Final = re.compile(r"(\^?)([\w-]+)(?:\[([\w-]+)=([\w-]+(?:\|[\w-]+)*)\])?")
_FIELD: Final = re.compile(r"\{([^}]*)\}")


class Step(NamedTuple):
    """A step of a path, from an entity to the values or subjects of a property.

    Attributes:
        property: the property.
        is_inverse: whether the step goes from the value to the subject.
        where: a property of the target, with the required values; None for any target.
    """

    property: NamedNode
    is_inverse: bool
    where: tuple[NamedNode, tuple[NamedNode, ...]] | None


PropertyPath: TypeAlias = tuple[tuple[Step, ...], ...]
"""The alternatives of a path, each of which is a sequence of steps."""


class Fragment(NamedTuple):
    """A part of a phrase with a field; it is omitted if the field has no value.

    Attributes:
        before: the words before the value.
        path: the path to the value; empty for the entity itself; None for a fragment without a field.
        after: the words after the value.
    """

    before: str
    path: PropertyPath | None
    after: str


class LineDefinition(NamedTuple):
    """The definition of a line, or of a list of lines.

    Attributes:
        label: the label of the line.
        path: the path to the values.
        phrase: the phrase for each value, on a line of its own; if empty, the labels of all values are on one line.
        order: the paths to the sort keys of the values; empty for the order of the report.
        excluded: the path to entities that another line shows; empty for none.
        is_ranked: whether values are sorted by the number of paths that lead to them, and show this number instead of
            sources.
    """

    label: str
    path: PropertyPath
    phrase: tuple[Fragment, ...]
    order: tuple[PropertyPath, ...] = ()
    excluded: PropertyPath = ()
    is_ranked: bool = False


ViewDefinition: TypeAlias = tuple[tuple[str, tuple[LineDefinition, ...]], ...]
"""The parts of a view: headings with the definitions of lines."""


def parse_path(text: str) -> PropertyPath:
    """Parse a path: `/` joins steps, `|` separates alternatives, and `^` inverts a step.

    >>> [[step.is_inverse for step in steps] for steps in parse_path("^jhaan-onItem/participant | when")]
    [[True, False], [False]]
    """
    return tuple(tuple(map(_parse_step, steps.strip().split("/"))) for steps in re.split(r"\s\|\s", text))


def _parse_step(text: str) -> Step:
    found = _STEP.fullmatch(text.strip())
    if not found:
        raise ValueError(f"views.yaml: {text!r} is no step of a path.")
    inverse, name, by, values = found.groups()
    where = (_term(by), tuple(map(_term, values.split("|")))) if by else None
    return Step(_term(name), bool(inverse), where)


def _term(name: str) -> NamedNode:
    """Return the term with a name.

    It is a term of this project's ontology, or a prefixed name with a hyphen.

    >>> _term("when").value, _term("rdfs-label").value
    ('https://w3id.org/jhaan/ontology#when', 'http://www.w3.org/2000/01/rdf-schema#label')
    """
    prefix, hyphen, local = name.partition("-")
    return NamedNode(expand(f"{prefix}:{local}") if hyphen else ONTOLOGY + name)


def _parse_fragment(text: str) -> Fragment:
    field = _FIELD.search(text)
    if field is None:
        return Fragment(text, None, "")
    path = parse_path(field[1]) if field[1] else ()
    return Fragment(text[: field.start()], path, text[field.end() :])


def _parse_phrase(given: str | Sequence[str]) -> tuple[Fragment, ...]:
    return tuple(map(_parse_fragment, [given] if isinstance(given, str) else given))


def _parse_line(label: str, given: str | Mapping[str, Any]) -> LineDefinition:
    if isinstance(given, str):
        return LineDefinition(label, parse_path(given), ())
    return LineDefinition(
        label,
        parse_path(given["of"]),
        _parse_phrase(given.get("each", ())),
        tuple(map(parse_path, given.get("by", ()))),
        parse_path(given["without"]) if "without" in given else (),
        bool(given.get("ranked")),
    )


def _parse_view(given: Mapping[str, Mapping[str, Any]]) -> ViewDefinition:
    return tuple(
        (heading, tuple(_parse_line(label, line) for label, line in lines.items()))
        for heading, lines in given.items()
    )


_DOCUMENT: Final = read_yaml(Path(__file__).with_name("views.yaml"))
TECHNICAL: Final = frozenset(map(_term, _DOCUMENT["technical"]))
"""Properties that are not relevant to readers, or repeat other properties."""

VIEWS: Final[Mapping[NamedNode, ViewDefinition]] = {
    _term(name): _parse_view(given) for name, given in _DOCUMENT["views"].items()
}
"""The definitions of views by class, narrower classes first.

They are read at import, because worker processes cannot open files later.
"""


class StatementDefinition(NamedTuple):
    """The definition of the line for a passage's statements about an entity.

    Attributes:
        under: the heading of the line, which groups lines with the same heading; may be empty.
        phrase: the content of the line.
    """

    under: tuple[Fragment, ...]
    phrase: tuple[Fragment, ...]


STATEMENTS: Final[Mapping[NamedNode, StatementDefinition]] = {
    _term(name): StatementDefinition(_parse_phrase(given.get("under", ())), _parse_phrase(given["each"]))
    for name, given in _DOCUMENT["statements"].items()
}
"""The definitions of lines for entities of each class, in the order of lines."""

LABELS: Final[Mapping[NamedNode, str]] = {_term(name): words for name, words in _DOCUMENT["labels"].items()}
"""Labels for readers that replace the labels of properties."""

PAIRS: Final[Mapping[str, tuple[str, tuple[NamedNode, ...]]]] = {
    name: (plural, tuple(map(_term, classes))) for name, (plural, *classes) in _DOCUMENT["pairs"].items()
}
"""The types of activities of a pair of agencies: plural names and classes."""

RELATIONS: Final[Mapping[Step, str]] = {
    _parse_step(name): words for name, words in _DOCUMENT["relations"].items()
}
"""The phrases for relations of an agency to an activity; definite relations come first."""

POSSIBLE: Final[Mapping[Step, str]] = {
    _parse_step(name): words for name, words in _DOCUMENT["possible"].items()
}
"""The phrases for relations that do not state that the agency took part."""


def find_definition(types: Sequence[NamedNode]) -> ViewDefinition | None:
    """Return the definition of the view for an entity of these classes; None if there is none."""
    return next((view for kind, view in VIEWS.items() if kind in types), None)
