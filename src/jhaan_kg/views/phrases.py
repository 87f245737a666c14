"""Evaluation of paths from an entity, and of phrases."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode, Triple

from jhaan_kg.days import write_day
from jhaan_kg.namespaces import BASE, OWL, RDF, RDFS, XSD
from jhaan_kg.near import natural
from jhaan_kg.results.cells import in_words as words_of_name
from jhaan_kg.views.definition import Fragment, PropertyPath
from jhaan_kg.views.facts import Facts
from jhaan_kg.views.model import Phrase

_DATE: Final = NamedNode(XSD + "date")

_NOT_STATED: Final = Literal("not stated", language="en")
"""The value of `when` for what has no date; within a phrase it has to say what is not stated."""

_UNDATED: Final = Phrase("date not stated")


class Found(NamedTuple):
    """A value at the end of a path.

    Attributes:
        value: the value.
        triples: the triples along the path.
    """

    value: NamedNode | Literal
    triples: tuple[Triple, ...]


def follow(facts: Facts, node: NamedNode, path: PropertyPath) -> list[Found]:
    """Return the distinct values at the end of a path."""
    found: dict[NamedNode | Literal, dict[Triple, None]] = {}
    for steps in path:
        reached: dict[NamedNode | Literal, dict[Triple, None]] = {node: {}}
        for step in steps:
            nodes = [each for each in reached if isinstance(each, NamedNode)]
            # Other entities may be values of many statements, so fetch only those of this property.
            is_of_others = step.is_inverse and node not in nodes
            facts.fetch(nodes, is_inverse=step.is_inverse, by=step.property if is_of_others else None)
            following: dict[NamedNode | Literal, dict[Triple, None]] = {}
            for each in nodes:
                for triple, value in facts.step(each, step):
                    following.setdefault(value, {}).update({**reached[each], triple: None})
            reached = following
        for value, triples in reached.items():
            found.setdefault(value, {}).update(triples)
    return [Found(value, tuple(triples)) for value, triples in found.items()]


def fill(facts: Facts, node: NamedNode, fragment: Fragment) -> tuple[list[Phrase], tuple[Triple, ...]]:
    """Return the phrases of a fragment, and the triples for its values.

    Both are empty if the field has no value.
    """
    if fragment.path is None:
        return [Phrase(fragment.before)], ()
    if fragment.path == ():
        return [Phrase(fragment.before), phrase(facts, node), Phrase(fragment.after)], ()
    found = sorted(follow(facts, node, fragment.path), key=lambda one: natural(text_of(facts, one.value)))
    if not found:
        return [], ()
    phrases = [Phrase(fragment.before)] if fragment.before else []
    for number, one in enumerate(found):
        phrases += [Phrase(", ")] if number else []
        phrases.append(_UNDATED if one.value == _NOT_STATED else phrase(facts, one.value))
    phrases += [Phrase(fragment.after)] if fragment.after else []
    return phrases, tuple(triple for one in found for triple in one.triples)


def phrase(facts: Facts, value: NamedNode | Literal) -> Phrase:
    return Phrase(text_of(facts, value), value if isinstance(value, NamedNode) else None)


def text_of(facts: Facts, value: NamedNode | Literal) -> str:
    if isinstance(value, Literal):
        return in_words(value)
    label = facts.label(value)
    return name_of(value) if label.startswith("<") else label


def name_of(thing: NamedNode) -> str:
    """Return a name for an entity without a label, from the last part of the IRI.

    >>> name_of(NamedNode("http://www.wikidata.org/entity/Q207203"))
    'Q207203 (www.wikidata.org)'
    >>> name_of(NamedNode("https://w3id.org/jhaan/id/assertion/0f3b"))
    'assertion 0f3b'
    >>> name_of(NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf"))
    'sub class of'
    """
    iri = thing.value
    if iri.startswith(BASE):
        return iri.removeprefix(BASE).removeprefix("id/").replace("/", " ").replace("#", " ")
    last = iri.rstrip("/#").rpartition("#" if "#" in iri.rstrip("/#") else "/")[2]
    if iri.startswith((RDF, RDFS, OWL)):
        return words_of_name(last)
    host = urlsplit(iri).netloc
    return f"{last} ({host})" if host and last != host else last


def in_words(value: Literal) -> str:
    """Return a literal as text for readers; dates are written in words.

    >>> in_words(Literal("2023-11-16", datatype=_DATE))
    '16 November 2023'
    """
    return write_day(value.value) if value.datatype == _DATE else value.value
