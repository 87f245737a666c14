"""What pages link to, what links are called (never by an IRI), and the lists that several pages show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

from pyoxigraph import BlankNode, Literal, NamedNode

from jhaan_kg.explain import Given, Told
from jhaan_kg.namespaces import BASE, ID, OWL, PREFIXES, RDF, RDFS, compact
from jhaan_kg.query.catalogue import StoredQuery
from jhaan_kg.query.engine import Engine
from jhaan_kg.reports import is_report_id
from jhaan_kg.results.cells import in_words


class Link(NamedTuple):
    """Something to follow, or a text.

    Attributes:
        text: what is shown; never an IRI.
        href: where it leads; empty for a text.
        language: of the text, if it isn't English.
    """

    text: str
    href: str = ""
    language: str = ""


class Places:
    """Where the page of a thing is."""

    def __init__(self, root: str) -> None:
        self._root = root

    def __call__(self, thing: NamedNode) -> str:
        """Give the path of our own things, and the IRI of others.

        >>> Places("/kg")(NamedNode("https://w3id.org/jhaan/ontology#Agency"))
        '/kg/ontology#Agency'
        >>> Places("")(NamedNode("urn:a"))
        ''
        """
        if thing.value.startswith(f"{BASE}/"):  # it would lead to another host
            return ""
        if thing.value.startswith(BASE):
            return f"{self._root}/{quote(thing.value.removeprefix(BASE), safe='/#')}"
        return thing.value if thing.value.startswith(("https://", "http://")) else ""


def named(thing: NamedNode) -> str:
    """Give words for a thing that has no label: where it is from, and what it is called there.

    >>> named(NamedNode("http://www.wikidata.org/entity/Q207203"))
    'Q207203 (www.wikidata.org)'
    >>> named(NamedNode("https://w3id.org/jhaan/id/assertion/0f3b"))
    'assertion 0f3b'
    >>> named(NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf"))
    'sub class of'
    """
    iri = thing.value
    if iri.startswith(BASE):
        return iri.removeprefix(BASE).removeprefix("id/").replace("/", " ").replace("#", " ")
    last = iri.rstrip("/#").rpartition("#" if "#" in iri.rstrip("/#") else "/")[2]
    if iri.startswith((RDF, RDFS, OWL)):
        return in_words(last)
    host = urlsplit(iri).netloc
    return f"{last} ({host})" if host and last != host else last


def words(label: str, thing: NamedNode) -> str:
    """Give a label, unless it is made of the IRI for want of one."""
    return named(thing) if label in ("", compact(thing.value)) else label


def reader(passage: str, root: str) -> str:
    """Give where a passage can be read among those of its section; empty for what is no passage.

    >>> reader("https://w3id.org/jhaan/id/report/jhaan-2023/section/5.2.2/paragraph/1", "/kg")
    '/kg/read/jhaan-2023/5.2.2#paragraph-1'
    """
    report, is_passage, path = passage.removeprefix(f"{ID}report/").partition("/section/")
    if not (is_passage and is_report_id(report)):
        return ""
    section, _, anchor = path.partition("/")
    return f"{root}/read/{report}/{section}" + (f"#{anchor.replace('/', '-')}" if anchor else "")


def value_of(said: Told | Given, place: Places) -> Link:
    """Give the value of what is said."""
    if isinstance(said.value, NamedNode):
        return Link(words(said.value_label, said.value), place(said.value))
    return literal(said.value)


def literal(value: Literal) -> Link:
    """Give the text of a literal."""
    language = value.language or ""
    return Link(value.value, "", "" if language == "en" else language)


_PROLOGUE = "".join(
    f"PREFIX {prefix}: <{PREFIXES[prefix]}> " for prefix in ("jhaan", "dcterms", "rdf", "rdfs", "skos")
)


def rows(engine: Engine, query: str) -> list[tuple[str, ...]]:
    """Give the rows of a query as texts: IRIs and lexical forms, empty where there is none.

    Args:
        engine: the graph.
        query: a query without prologue, with the prefixes jhaan, dcterms, rdf, rdfs and skos.
    """
    return [
        tuple(term.value if isinstance(term, NamedNode | Literal | BlankNode) else "" for term in row)
        for row in engine.select(_PROLOGUE + query).rows
    ]


_TITLES: Final = {"empact": "EMPACT"}
"""Titles of topics that are no words."""


def topics(catalogue: Iterable[StoredQuery], place: Callable[[str], str]) -> Iterator[tuple[str, list[Link]]]:
    """Give each topic with the links to its questions.

    Args:
        catalogue: the questions.
        place: gives where the link of a question leads, by its name.
    """
    ordered = sorted(catalogue, key=lambda query: (query.topic, query.summary))
    for topic, group in groupby(ordered, key=lambda query: query.topic):
        questions = [Link(each.summary, place(each.name)) for each in group]
        yield _TITLES.get(topic, topic.capitalize()), questions


class Stated(NamedTuple):
    """What a passage states of a thing.

    Attributes:
        thing: of which.
        said: for each property its values.
    """

    thing: Link
    said: list[tuple[Link, list[Link]]]


def by_thing(given: Iterable[Given], place: Places) -> list[Stated]:
    """Give what passages state, the facts of each thing together.

    Args:
        given: facts, sorted by what they are about.
        place: where the page of a thing is.
    """
    return [_of_thing(list(facts), place) for _, facts in groupby(given, key=lambda each: each.thing)]


def _of_thing(facts: list[Given], place: Places) -> Stated:
    said = [
        (Link(words(values[0].property_label, of), place(of)), [value_of(each, place) for each in values])
        for of, group in groupby(facts, key=lambda each: each.property)
        for values in [list(group)]
    ]
    return Stated(Link(words(facts[0].label, facts[0].thing), place(facts[0].thing)), said)
