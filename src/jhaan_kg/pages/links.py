"""Links on pages, and lists that several pages use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import BASE, ID, ONTOLOGY, PREFIXES, RDFS_LABEL, compact
from jhaan_kg.query.catalogue import Catalogue, StoredQuery, topic_title
from jhaan_kg.query.engine import Engine, answer, select_texts, texts_of
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.reports import is_report_id
from jhaan_kg.views.phrases import name_of


class Link(NamedTuple):
    """A link, or text without a link.

    Attributes:
        text: the text, which is never an IRI.
        href: the target; empty for text without a link.
        language: the language tag of the text; empty for English.
    """

    text: str
    href: str = ""
    language: str = ""


class Urls:
    """Function that returns the link to an entity.

    Args:
        root: the path prefix of the server.
    """

    def __init__(self, root: str) -> None:
        self._root = root

    def __call__(self, thing: NamedNode) -> str:
        """Return the path of this project's entities, or the web address of external entities.

        Return an empty string for entities without a web address.

        >>> Urls("/kg")(NamedNode("https://w3id.org/jhaan/ontology#Agency"))
        '/kg/ontology#Agency'
        >>> Urls("")(NamedNode("urn:a"))
        ''
        """
        if thing.value.startswith(f"{BASE}/"):  # a path with `//` at the start would lead to another host
            return ""
        if thing.value.startswith(BASE):
            return f"{self._root}/{quote(thing.value.removeprefix(BASE), safe='/#')}"
        return thing.value if thing.value.startswith(("https://", "http://")) else ""


def words(label: str, thing: NamedNode) -> str:
    """Return a label; if it is only a CURIE, return a name from the IRI instead."""
    return name_of(thing) if label in ("", compact(thing.value)) else label


def reader_url(passage: str, root: str) -> str:
    """Return the link to a passage on the page of its section; empty for other entities.

    >>> reader_url("https://w3id.org/jhaan/id/report/jhaan-2023/section/5.2.2/paragraph/1", "/kg")
    '/kg/read/jhaan-2023/5.2.2#paragraph-1'
    """
    report, is_passage, path = passage.removeprefix(f"{ID}report/").partition("/section/")
    if not (is_passage and is_report_id(report)):
        return ""
    section, _, anchor = path.partition("/")
    return f"{root}/read/{report}/{section}" + (f"#{anchor.replace('/', '-')}" if anchor else "")


def literal_link(value: Literal) -> Link:
    language = value.language or ""
    return Link(value.value, "", "" if language == "en" else language)


_PROLOGUE = "".join(
    f"PREFIX {prefix}: <{PREFIXES[prefix]}> " for prefix in ("jhaan", "dcterms", "rdf", "rdfs", "skos")
)


def rows(engine: Engine, query: str) -> list[tuple[str, ...]]:
    """Run a SELECT query, and return the rows as strings; see `select_texts`.

    Args:
        engine: the graph.
        query: a query with the predeclared prefixes jhaan, dcterms, rdf, rdfs and skos.
    """
    return select_texts(engine, _PROLOGUE + query)


def ask(
    catalogue: Catalogue, engine: Engine, question: str, **given: Sequence[str]
) -> Iterator[dict[str, str]]:
    """Yield each row of the answer to a stored question as strings by column.

        Missing values are empty.

    Args:
        catalogue: the stored questions.
        engine: the graph.
        question: the name of the question.
        given: the user's input for the parameters of the question.
    """
    query = catalogue.get(question)
    found = answer(engine, query, resolve_parameters(engine, query, given))
    for row in found.rows:
        yield dict(zip(found.variables, texts_of(row), strict=True))


def agencies(engine: Engine) -> list[tuple[NamedNode, str]]:
    """Return the agencies with their labels, sorted by label."""
    query = f"SELECT DISTINCT ?agency ?label WHERE {{ ?agency a <{ONTOLOGY}Agency> ; {RDFS_LABEL} ?label }}"
    return [
        (agency, label.value)
        for agency, label in engine.select(f"{query} ORDER BY ?label").rows
        if isinstance(agency, NamedNode) and isinstance(label, Literal)
    ]


def topics(
    catalogue: Iterable[StoredQuery], url_of: Callable[[str], str]
) -> Iterator[tuple[str, list[Link]]]:
    """Yield each topic with links to its questions.

    Args:
        catalogue: the stored questions.
        url_of: function that returns the link to a question, from its name.
    """
    ordered = sorted(catalogue, key=lambda query: (query.topic, query.summary))
    for topic, group in groupby(ordered, key=lambda query: query.topic):
        questions = [Link(each.summary, url_of(each.name)) for each in group]
        yield topic_title(topic), questions


# --- views -----------------------------------------------------------------------------------------------------------


class PassageUrls:
    """Function that returns the link to a source.

    For a passage, it is its place on the page of its section.
    """

    def __init__(self, root: str) -> None:
        self._root, self._url_of = root, Urls(root)

    def __call__(self, source: NamedNode) -> str:
        return reader_url(source.value, self._root) or self._url_of(source)
