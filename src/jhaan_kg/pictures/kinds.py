"""Types of pictures, and the columns of an answer that each type needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple


class PictureSpec(NamedTuple):
    """The specification of a picture in the header of a question.

    Attributes:
        kind: the type of picture, one of KINDS.
        columns: the columns of each role.
    """

    kind: str
    columns: tuple[tuple[str, tuple[str, ...]], ...]

    def of(self, role: str) -> tuple[str, ...]:
        """Return the columns of a role."""
        return dict(self.columns).get(role, ())


class Role(NamedTuple):
    """The role of columns in a type of picture.

    Attributes:
        most: the maximum number of columns with this role.
        is_needed: whether at least one column is required.
    """

    most: int = 1
    is_needed: bool = True


KINDS: Final[Mapping[str, Mapping[str, Role]]] = {
    "bars": {"label": Role(2), "values": Role(4)},
    "timeline": {
        "label": Role(),
        "day": Role(),
        "lane": Role(is_needed=False),
        "state": Role(is_needed=False),
    },
    "matrix": {"row": Role(), "column": Role(), "value": Role()},
    "tree": {"parent": Role(), "child": Role(), "note": Role(2, is_needed=False)},
}
"""The types of pictures, each with the roles of columns."""


def read_spec(value: Any) -> PictureSpec:
    """Parse the specification of a picture from the header of a question.

    Raises:
        ValueError: the specification is not valid; the message states the reason.

    >>> read_spec({"kind": "bars", "label": "agencyLabel", "values": ["meetings"]}).of("label")
    ('agencyLabel',)
    """
    if not isinstance(value, dict) or value.get("kind") not in KINDS:
        raise ValueError(f"the kind must be one of: {', '.join(KINDS)}")
    roles = KINDS[value["kind"]]
    columns = {}
    for role, named in value.items():
        if role == "kind":
            continue
        if role not in roles:
            raise ValueError(f'unknown key "{role}" of {value["kind"]}, which can have: {", ".join(roles)}')
        columns[role] = tuple(named) if isinstance(named, list) else (named,)
        most = roles[role].most
        if not all(isinstance(each, str) for each in columns[role]) or len(columns[role]) > most:
            raise ValueError(
                f"{role} must be {'a column name' if most == 1 else f'1 to {most} column names'}"
            )
    for role, rule in roles.items():
        if rule.is_needed and not columns.get(role):
            raise ValueError(f"{value['kind']} needs the key {role}")
    return PictureSpec(value["kind"], tuple(columns.items()))


def find_unknown(spec: PictureSpec, columns: Iterable[str]) -> Iterator[str]:
    """Yield the columns of a picture that an answer does not have."""
    known = set(columns)
    yield from (name for _, names in spec.columns for name in names if name not in known)
