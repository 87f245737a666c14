"""Labels of passages, and of local nodes, generated from the templates of their classes.

A template is a text with names of properties in braces, such as `{jhaan:role}: {jhaan:participant}`. A name stands
for the labels of the property's values, or for the text of literals. Text in brackets is omitted if a value is
missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from operator import itemgetter
from typing import Final, NamedTuple, Protocol, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.build.evidence import Premises
from jhaan_kg.errors import JhaanError
from jhaan_kg.graph import Graph
from jhaan_kg.namespaces import RDF_TYPE, RDFS, RDFS_LABEL, REPORT_ID, expand, jhaan
from jhaan_kg.reports import locator, report_of_iri

_LABEL_TEMPLATE: Final = jhaan("labelTemplate")
_SUBPROPERTY: Final = NamedNode(RDFS + "subPropertyOf")
_DOMAIN: Final = NamedNode(RDFS + "domain")
_PASSAGE: Final = jhaan("Passage")

_Label: TypeAlias = tuple[str, list[Triple]]
"""A text, and the triples from which it is generated."""


class Known(Protocol):
    """Access to the known triples, for generating labels."""

    def values(self, subject: NamedNode, predicate: NamedNode) -> Iterable[NamedNode | Literal]:
        """Return the values of a property."""

    def premises(self, triple: Triple) -> Premises:
        """Return the assertions from which a triple follows."""


class _Part(NamedTuple):
    """A part of a template: texts, and properties between them.

    The values replace the properties.
    """

    is_optional: bool
    texts: list[str]
    properties: list[NamedNode]


class LabelMaker:
    """Generator of labels from the templates of an ontology."""

    def __init__(self, ontology: Iterable[Triple]) -> None:
        """Read the templates.

        Raises:
            JhaanError: a template can't be read.
        """
        graph = Graph.of(ontology)
        self._superclasses = graph.superclasses
        self._templates = {
            kind: _parse(graph.text(kind, _LABEL_TEMPLATE), kind) for kind in graph.subjects(_LABEL_TEMPLATE)
        }

        @cache
        def implied(prop: NamedNode) -> frozenset[NamedNode]:
            wider = graph.reachable(prop, _SUBPROPERTY)
            domains = (domain for kind in wider for domain in graph.nodes(kind, _DOMAIN))
            return frozenset().union(*map(graph.superclasses, domains))

        self._implied = implied

    def label(self, subject: NamedNode, known: Known) -> tuple[Triple, Premises] | None:
        """Return a label for a node, with its premises.

        It is None if no template fits or a value is missing.
        """
        made = self._make(subject, known, ())
        if made is None:
            return None
        text, used = made
        premises = dict.fromkeys(premise for triple in used for premise in known.premises(triple))
        return Triple(subject, RDFS_LABEL, Literal(text, language="en")), tuple(premises)

    def _make(self, subject: NamedNode, known: Known, within: tuple[NamedNode, ...]) -> _Label | None:
        types = [kind for kind in known.values(subject, RDF_TYPE) if isinstance(kind, NamedNode)]
        if _PASSAGE in types:
            return _passage_label(subject.value), []
        fitting = [kind for kind in types if kind in self._templates]
        narrowest = [
            kind
            for kind in fitting
            if not any(kind != other and kind in self._superclasses(other) for other in fitting)
        ]
        if not narrowest or subject in within:
            return None
        chosen = min(narrowest, key=str)
        text, used = "", list[Triple]()
        for part in self._templates[chosen]:
            values = [
                sorted(self._values(subject, prop, known, (*within, subject)), key=itemgetter(0))
                for prop in part.properties
            ]
            if all(values):
                names = [", ".join(dict.fromkeys(name for name, _ in labels)) for labels in values]
                text += "".join(map("".join, zip(part.texts, [*names, ""], strict=True)))
                used += [triple for labels in values for _, triples in labels for triple in triples]
            elif not part.is_optional:
                return None
        if not any(chosen in self._implied(t.predicate) for t in used if t.subject == subject):
            used.append(Triple(subject, RDF_TYPE, chosen))
        return text, used

    def _values(
        self, subject: NamedNode, prop: NamedNode, known: Known, within: tuple[NamedNode, ...]
    ) -> Iterator[_Label]:
        """Yield the values of a property as texts."""
        for value in known.values(subject, prop):
            triple = Triple(subject, prop, value)
            if isinstance(value, Literal):
                yield value.value, [triple]
                continue
            stated = [label for label in known.values(value, RDFS_LABEL) if isinstance(label, Literal)]
            if stated:
                label = min(stated, key=str)
                yield label.value, [triple, Triple(value, RDFS_LABEL, label)]
                continue
            made = self._make(value, known, within)
            if made is not None:
                yield made[0], [triple, *made[1]]


def _passage_label(passage: str) -> str:
    """Return the label of a passage, with the report unless it is the default one.

    >>> paths = ("5.2.2/paragraph/1", "5.2.2", "contents/entry/23")
    >>> [_passage_label(f"https://w3id.org/jhaan/id/report/jhaan-2023/section/{path}") for path in paths]
    ['Section 5.2.2, paragraph 1', 'Section 5.2.2', 'Contents, entry 23']
    >>> _passage_label("https://w3id.org/jhaan/id/report/jhaan-2024/section/5.2.2")
    'jhaan-2024: Section 5.2.2'
    """
    report = report_of_iri(passage)
    return locator(passage) if report in ("", REPORT_ID) else f"{report}: {locator(passage)}"


def _parse(template: str, kind: NamedNode) -> list[_Part]:
    parts = []
    for number, part in enumerate(re.split(r"\[([^\[\]]*)\]", template)):
        pieces = re.split(r"\{([^{}]*)\}", part)
        if re.search(r"[\[\]{}]", "".join(pieces[::2])):
            raise JhaanError(
                f'Invalid label template "{template}" of <{kind.value}>. '
                "Close each brace and bracket, and do not nest them."
            )
        try:
            properties = [NamedNode(expand(name)) for name in pieces[1::2]]
        except KeyError as error:
            raise JhaanError(
                f'Unknown prefix {error} in the label template "{template}" of <{kind.value}>.'
            ) from None
        parts.append(_Part(number % 2 == 1, pieces[::2], properties))
    return parts
