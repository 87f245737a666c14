"""The statements that differ between two snapshots, grouped by subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from jhaan_kg.build.graphs import is_apart
from jhaan_kg.build.snapshot import Snapshot
from jhaan_kg.errors import count_of, printable
from jhaan_kg.namespaces import GRAPH, RDFS_LABEL, compact

_Lines: TypeAlias = Mapping[bytes, str]
"""The triples of a snapshot as N-Triples without the final dot, each with the IRI of its graph."""


class Change(NamedTuple):
    """A statement that only one of two snapshots contains.

    Attributes:
        triple: the statement.
        graph: the IRI of its named graph.
        is_added: whether the newer snapshot contains it.
    """

    triple: Triple
    graph: str
    is_added: bool


class Difference(NamedTuple):
    """The difference between two snapshots.

    Attributes:
        changes: the statements that differ, sorted by subject and predicate; removed ones first.
        labels: the labels of all entities, the newer ones if both snapshots have one.
        others: the numbers of removed and of added lines of evidence, stored questions and lexicon.
    """

    changes: tuple[Change, ...]
    labels: Mapping[NamedNode, str]
    others: tuple[int, int]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.changes or any(self.others))


def compare(old: Snapshot, new: Snapshot) -> Difference:
    """Compare two snapshots.

    Raises:
        DamagedSnapshotError: a file has changed since it was written.
    """
    (before, old_others), (after, new_others) = _read(old), _read(new)
    changes = [
        *_changes((line, before[line], False) for line in before.keys() - after.keys()),
        *_changes((line, after[line], True) for line in after.keys() - before.keys()),
    ]
    return Difference(
        tuple(sorted(changes, key=_order)),
        {**_labels(before), **_labels(after)},
        (len(old_others - new_others), len(new_others - old_others)),
    )


def write_text(difference: Difference) -> str:
    """Return a difference as text for people: a heading per subject, its statements, and a summary."""
    lines = []
    subjects = 0
    for subject, changes in groupby(difference.changes, lambda change: change.triple.subject):
        subjects += 1
        lines.append(_name(subject, difference.labels))
        for change in changes:
            predicate, value = (
                _name(term, difference.labels) for term in (change.triple.predicate, change.triple.object)
            )
            sign, graph = "+" if change.is_added else "-", change.graph.removeprefix(GRAPH)
            lines.append(f"  {sign} {predicate}: {value}  [{graph}]")
        lines.append("")
    added = sum(change.is_added for change in difference.changes)
    lines.append(
        f"{subjects:,} {'entity' if subjects == 1 else 'entities'} with changes: "
        f"{count_of(len(difference.changes) - added, 'statement')} removed, {added:,} added. "
        "Evidence, stored questions and lexicon: {:,} lines removed, {:,} added.".format(*difference.others)
    )
    return "".join(f"{printable(line)}\n" for line in lines)


def _read(snapshot: Snapshot) -> tuple[_Lines, set[bytes]]:
    """Return the triples of the flat graph, and the lines of the graphs that are apart from it."""
    triples: dict[bytes, str] = {}
    others: set[bytes] = set()
    for file in snapshot.graphs:
        lines = file.read().splitlines()
        if is_apart(file.graph):
            others.update(lines)
        else:
            triples.update((line.rsplit(b" ", 2)[0], file.graph) for line in lines)
    return triples, others


def _changes(lines: Iterable[tuple[bytes, str, bool]]) -> Iterator[Change]:
    for line, graph, is_added in lines:
        (quad,) = parse(line + b" .", format=RdfFormat.N_TRIPLES)
        yield Change(quad.triple, graph, is_added)


_LABEL: Final = f" {RDFS_LABEL} ".encode()


def _labels(lines: _Lines) -> dict[NamedNode, str]:
    text = b"".join(line + b" .\n" for line in lines if _LABEL in line)
    triples = (quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES))
    return {each.subject: each.object.value for each in triples if isinstance(each.subject, NamedNode)}


def _order(change: Change) -> tuple[str, str, bool, str]:
    triple = change.triple
    return str(triple.subject), str(triple.predicate), change.is_added, str(triple.object)


def _name(term: object, labels: Mapping[NamedNode, str]) -> str:
    """Return a term for people: label and CURIE of an entity, or the text of a literal."""
    if isinstance(term, NamedNode):
        label = labels.get(term)
        return f"{label} ({compact(term.value)})" if label else compact(term.value)
    return term.value if isinstance(term, Literal) else str(term)
