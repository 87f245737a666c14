"""Labels of local nodes, made by the templates of their classes, and of passages.

A template is a text with names of properties in braces, such as `{jhaan:role}: {jhaan:participant}`. A name stands for
the labels of the property's values, or for the text of literals. What stands in brackets drops out where a value is
missing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.evidence import Premises
from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import RDF_TYPE, RDFS, RDFS_LABEL, REPORT_ID, expand, jhaan
from jhaan_kg.reports import locator, report_of_iri

_LABEL_TEMPLATE: Final = jhaan("labelTemplate")
_SUB_CLASS: Final = NamedNode(RDFS + "subClassOf")
_SUB_PROPERTY: Final = NamedNode(RDFS + "subPropertyOf")
_DOMAIN: Final = NamedNode(RDFS + "domain")
_PASSAGE: Final = jhaan("Passage")
_PART: Final = re.compile(r"\[([^\[\]]*)\]|\{([^{}]+)\}|([^\[\]{}]+)")


class Graph(Protocol):
    """What is known when labels are made."""

    def values(self, subject: NamedNode, predicate: NamedNode) -> Iterable[NamedNode | Literal]:
        """Give the objects of the triples of a subject with a predicate."""

    def premises(self, triple: Triple) -> Premises:
        """Give the assertions from which a triple follows."""


@dataclass(frozen=True)
class _Part:
    """A piece of a template.

    Attributes:
        pieces: texts, and properties that stand for their values.
        may_be_left_out: whether it drops out where a value is missing.
    """

    pieces: tuple[str | NamedNode, ...]
    may_be_left_out: bool


@dataclass(frozen=True)
class _Label:
    """A label in the making: its text and the triples that it is made of."""

    text: str
    used: tuple[Triple, ...]


class LabelMaker:
    """Makes labels by the templates of an ontology."""

    def __init__(self, ontology: Iterable[Triple]) -> None:
        """Read the templates.

        Args:
            ontology: the triples of the ontology.

        Raises:
            JhaanError: a template can't be read.
        """
        self._templates: dict[NamedNode, tuple[_Part, ...]] = {}
        above: dict[object, set[object]] = defaultdict(set)
        domains: dict[object, set[object]] = defaultdict(set)
        for subject, predicate, value in ontology:
            if predicate == _LABEL_TEMPLATE and isinstance(subject, NamedNode) and isinstance(value, Literal):
                self._templates[subject] = _parse(value.value, subject)
            elif predicate in (_SUB_CLASS, _SUB_PROPERTY):
                above[subject].add(value)
            elif predicate == _DOMAIN:
                domains[subject].add(value)
        self._above = {term: _reach(term, above) for term in {*above, *domains, *self._templates}}
        self._implied = {
            prop: {
                wider
                for parent in self._up(prop)
                for domain in domains.get(parent, ())
                for wider in self._up(domain)
            }
            for prop in self._above
        }

    def label(self, subject: NamedNode, graph: Graph) -> tuple[Triple, Premises] | None:
        """Make the label of a node that has none.

        Args:
            subject: the node.
            graph: what is known of it and of the nodes that its template leads to.

        Returns:
            The triple of the label and its premises; None if no template fits or a value is missing.
        """
        made = self._made(subject, graph, ())
        if made is None:
            return None
        premises = dict.fromkeys(p for triple in made.used for p in graph.premises(triple))
        return Triple(subject, RDFS_LABEL, Literal(made.text, language="en")), tuple(premises)

    def _up(self, term: object) -> set[object]:
        return self._above.get(term, {term})

    def _made(self, subject: NamedNode, graph: Graph, within: tuple[NamedNode, ...]) -> _Label | None:
        types = [t for t in graph.values(subject, RDF_TYPE) if isinstance(t, NamedNode)]
        if _PASSAGE in types:
            return _Label(_passage_label(subject.value), ())
        fitting = [t for t in types if t in self._templates]
        narrowest = [t for t in fitting if not any(t != other and t in self._up(other) for other in fitting)]
        if not narrowest or subject in within:
            return None
        chosen = min(narrowest, key=str)
        label = self._filled(self._templates[chosen], subject, graph, (*within, subject))
        if label is None or any(
            chosen in self._implied.get(t.predicate, ()) for t in label.used if t.subject == subject
        ):
            return label
        return _Label(label.text, (*label.used, Triple(subject, RDF_TYPE, chosen)))

    def _filled(
        self, template: Iterable[_Part], subject: NamedNode, graph: Graph, within: tuple[NamedNode, ...]
    ) -> _Label | None:
        text = ""
        used: list[Triple] = []
        for part in template:
            filled = self._filled_part(part, subject, graph, within)
            if filled is not None:
                text += filled.text
                used += filled.used
            elif not part.may_be_left_out:
                return None
        return _Label(text, tuple(used))

    def _filled_part(
        self, part: _Part, subject: NamedNode, graph: Graph, within: tuple[NamedNode, ...]
    ) -> _Label | None:
        text = ""
        used: list[Triple] = []
        for piece in part.pieces:
            if isinstance(piece, str):
                text += piece
                continue
            labels = sorted(self._values(subject, piece, graph, within), key=lambda label: label.text)
            if not labels:
                return None
            text += ", ".join(dict.fromkeys(label.text for label in labels))
            used += [triple for label in labels for triple in label.used]
        return _Label(text, tuple(used))

    def _values(
        self, subject: NamedNode, prop: NamedNode, graph: Graph, within: tuple[NamedNode, ...]
    ) -> Iterator[_Label]:
        """Give the values of a property in words."""
        for value in graph.values(subject, prop):
            triple = Triple(subject, prop, value)
            if isinstance(value, Literal):
                yield _Label(value.value, (triple,))
                continue
            given = [label for label in graph.values(value, RDFS_LABEL) if isinstance(label, Literal)]
            if given:
                label = min(given, key=str)
                yield _Label(label.value, (triple, Triple(value, RDFS_LABEL, label)))
                continue
            made = self._made(value, graph, within)
            if made is not None:
                yield _Label(made.text, (triple, *made.used))


def _passage_label(passage: str) -> str:
    """Make the label of a passage from its IRI; it names the report unless that is the one meant without a name.

    >>> paths = ("5.2.2/paragraph/1", "5.2.2", "contents/entry/23")
    >>> [_passage_label(f"https://w3id.org/jhaan/id/report/jhaan-2023/section/{path}") for path in paths]
    ['Section 5.2.2, paragraph 1', 'Section 5.2.2', 'Contents, entry 23']
    >>> _passage_label("https://w3id.org/jhaan/id/report/jhaan-2024/section/5.2.2")
    'jhaan-2024: Section 5.2.2'
    """
    section, _, part = locator(passage).removeprefix("section ").partition(" ")
    whole = f"Section {section}" if section[0].isdigit() else section.capitalize()
    report = report_of_iri(passage)
    of_report = f"{report}: " if report not in ("", REPORT_ID) else ""
    return f"{of_report}{whole}, {part}" if part else f"{of_report}{whole}"


def _parse(template: str, subject: NamedNode) -> tuple[_Part, ...]:
    parts = []
    position = 0
    for match in _PART.finditer(template):
        if match.start() != position:
            break
        position = match.end()
        bracketed = match[1]
        inner = template[match.start() : match.end()] if bracketed is None else bracketed
        parts.append(_Part(tuple(_pieces(inner, template, subject)), bracketed is not None))
    if position != len(template):
        raise JhaanError(
            f"the label template of <{subject.value}> can't be read at character {position + 1}: {template!r}. "
            "Close each brace and bracket, and don't nest them."
        )
    return tuple(parts)


def _pieces(text: str, template: str, subject: NamedNode) -> Iterator[str | NamedNode]:
    for index, piece in enumerate(re.split(r"\{([^{}]*)\}", text)):
        if index % 2 == 0:
            if piece:
                yield piece
            continue
        try:
            yield NamedNode(expand(piece))
        except KeyError:
            raise JhaanError(
                f"the label template of <{subject.value}> names {piece!r}, whose prefix is unknown: {template!r}."
            ) from None


def _reach(term: object, edges: Mapping[object, set[object]]) -> set[object]:
    """Give a term with all above it."""
    reached = {term}
    ahead = [term]
    while ahead:
        new = edges.get(ahead.pop(), set()) - reached
        reached |= new
        ahead += new
    return reached
