"""The page of a stored question: the form for parameters, and the answer with sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple
from urllib.parse import urlencode, urlsplit

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from jhaan_kg.namespaces import RDFS_LABEL, compact
from jhaan_kg.pages.links import Link, Urls
from jhaan_kg.pages.templates import page
from jhaan_kg.pictures.drawing import Picture, picture_of
from jhaan_kg.query.catalogue import Parameter, StoredQuery
from jhaan_kg.query.cite import RowCitations
from jhaan_kg.query.engine import Answer, Engine, Row, Term, Values
from jhaan_kg.query.found import sum_up
from jhaan_kg.query.names import UNBOUND
from jhaan_kg.results.cells import (
    Quotation,
    Shown,
    Source,
    arrange,
    describe_search,
    explain_absence,
    in_words,
    key_sources,
    kind_of,
    notes,
    quotations,
    readable,
)
from jhaan_kg.views.phrases import name_of

FROM: Final = "from"
"""The URL parameter for the number of the first row on a page.

No question has a parameter with this name.
"""

MOST_ROWS: Final = 100
"""The maximum number of rows on a page; files contain all rows."""

_MOST_CHOICES: Final = 300
"""The maximum number of values in a menu; a text field replaces longer menus."""

_MOST_PARTS: Final = 200
"""The maximum number of elements in a picture on a page.

Larger pictures are only available as files.
"""

_MOST_PAGES: Final = 12
"""The maximum number of values of a parameter with one page per value.

The pages are in a static site.
"""

_DOWNLOADS: Final = {"CSV": ".csv", "Excel": ".xlsx", "JSON": ".json", "Markdown": ".md"}


class Choice(NamedTuple):
    """A possible value of a parameter in a menu.

    Attributes:
        value: the value that the form sends.
        text: the label.
        chosen: whether the value is selected.
    """

    value: str
    text: str
    chosen: bool


class FormField(NamedTuple):
    """A parameter in the form.

    Attributes:
        name: the name of the parameter.
        title: the description of the parameter.
        choices: the possible values; empty for a text field.
        typed: the values entered in a text field.
        usual: the default values as text, for a text field; otherwise empty.
        several: whether several values are selected.
        has_pages: whether each value has its own page in a static site.
    """

    name: str
    title: str
    choices: list[Choice]
    typed: str
    usual: str
    several: bool
    has_pages: bool


class AnswerRow(NamedTuple):
    """A row of an answer.

    Attributes:
        cells: the cells, each with its type for the layout.
        sources: the passages and other sources of the key statements.
        others: the other sources.
        notes: the notes, for example on conflicting values.
        quotations: the passages to quote below the row, except those that an earlier row quotes.
    """

    cells: list[tuple[Link, str]]
    sources: list[Link]
    others: list[Link]
    notes: list[str]
    quotations: list[Quotation]


def question_page(
    query: StoredQuery,
    given: Mapping[str, Sequence[str]],
    values: Values,
    found: Answer,
    citations: Sequence[RowCitations],
    *,
    sparql: str,
    engine: Engine,
    address: str,
    first: int = 0,
    offers_words: bool = False,
) -> bytes:
    """Return the page of a question with its answer.

    Args:
        query: the question.
        given: the values of the question's parameters, as received.
        values: these values as terms, with defaults.
        found: the answer.
        citations: the citations of each shown row.
        sparql: the SPARQL with these values.
        engine: the engine, for labels and for the possible values of parameters.
        address: the address of the server for clients, without a slash at the end.
        first: the index of the first shown row.
        offers_words: whether to link to the version of this page with quotations.
    """
    root = urlsplit(address).path
    columns, constant = arrange(found)
    url_of = Urls(root)
    path = f"/questions/{query.name}"
    cited = urlencode({**given, "cite": "yes"}, doseq=True)
    downloads = [
        [Link(name, f"{root}{path}{suffix}?{cited}{ending}") for name, suffix in _DOWNLOADS.items()]
        for ending in ("&iris=no", "")
    ]
    picture = None if first else picture_of(query, engine, values, found)
    return page(
        "question.html",
        root=root,
        title=query.summary,
        current="questions",
        found=sum_up(query, values, found),
        reading=[
            *(_name_columns(text, found) for text in (query.description, query.notes)),
            explain_absence(query.absence) if query.absence else "",
        ],
        here=root + path,
        fields=[_field(query, each, given.get(each.name), engine) for each in query.parameters],
        constant=[(column.title, _cell(column, found.rows[0], url_of)[0]) for column in constant],
        columns=[column.title for column in columns],
        lines=list(_answer_rows(found.rows[first : first + MOST_ROWS], citations, columns, url_of, engine)),
        first=first,
        number=len(found.rows),
        pages=[
            Link(
                f"{start + 1} to {min(start + MOST_ROWS, len(found.rows))}",
                _address_from(start, given, root + path),
            )
            for start in range(0, len(found.rows), MOST_ROWS)
        ],
        downloads=downloads,
        picture=_fragment(picture, _row_address(given, root + path)),
        drawn=f"{root}{path}.svg?{urlencode(given, doseq=True)}" if picture else "",
        is_default=not given,
        any_value=UNBOUND,
        quoting=f"{root}{path}?{cited}" if offers_words else "",
        sparql=sparql,
        curl=f"curl '{address}{path}.csv?{cited}'",
        python=_python(query, given),
        command=_command(query, given),
    )


def _name_columns(text: str, answer: Answer) -> str:
    """Return a text in which columns have the names that the page shows."""
    shown = {f"`{name}`": f"`{in_words(name)}`" for name in answer.variables}
    return re.sub(r"`\w+`", lambda name: shown.get(name[0], name[0]), text)


def _fragment(picture: Picture | None, link: Callable[[int], str]) -> Markup:
    """Return a picture as a fragment of the page; empty if it has too many elements."""
    if picture is None or len(picture.drawing.parts) > _MOST_PARTS:
        return Markup()
    return Markup(picture.as_fragment(link))  # noqa: S704 - escaped


def _row_address(given: Mapping[str, Sequence[str]], path: str) -> Callable[[int], str]:
    """Return a function that returns the link to a row of the answer.

    The row may be on another page.
    """

    def address(row: int) -> str:
        start = row // MOST_ROWS * MOST_ROWS
        return (_address_from(start, given, path) if start else "") + f"#row-{row + 1}"

    return address


def _address_from(start: int, given: Mapping[str, Sequence[str]], path: str) -> str:
    """Return the link to the page of the answer that starts at a row index."""
    return f"{path}?{urlencode({**given, **({FROM: start + 1} if start else {})}, doseq=True)}"


def _answer_rows(
    rows: Sequence[Row],
    citations: Sequence[RowCitations],
    columns: Sequence[Shown],
    url_of: Urls,
    engine: Engine,
) -> Iterator[AnswerRow]:
    found = [key_sources(cited) for cited in citations[: len(rows)]]
    contested = {
        term.value
        for cited in citations[: len(rows)]
        for citation in cited.citations
        if citation.others
        for term in (
            citation.triple.subject,
            citation.triple.object,
            *(side.value for side in citation.others),
        )
        if isinstance(term, NamedNode)
    }
    unnamed = {iri for first, others in found for words, iri in (*first, *others) if words == compact(iri)}
    labels = _labels(contested | unnamed, engine)

    def display_name(term: Term) -> str:
        return labels.get(term.value) or name_of(term) if isinstance(term, NamedNode) else readable(term)

    @cache  # many rows cite the same passages
    def link(words: str, iri: str) -> Link:
        return _cited(labels.get(iri, words), iri, url_of)

    def link_all(sources: Iterable[Source]) -> list[Link]:
        return [link(*source) for source in sources]

    quoted: set[Quotation] = set()
    for row, cited, (first, others) in zip(rows, citations, found, strict=False):
        said = notes(cited, display_name)
        if cited.searched:
            said.append(f"searched: {describe_search(cited.searched)}")
        fresh = [each for each in quotations(cited) if each not in quoted]
        quoted.update(fresh)
        cells = [_cell(column, row, url_of) for column in columns]
        yield AnswerRow(cells, link_all(first), link_all(others), said, fresh)


def _labels(iris: Iterable[str], engine: Engine) -> dict[str, str]:
    nodes = " ".join(f"<{iri}>" for iri in sorted(iris))
    rows = engine.select(
        f"SELECT ?thing ?label {{ VALUES ?thing {{ {nodes} }} ?thing {RDFS_LABEL} ?label }}"
    ).rows
    return {
        thing.value: label.value
        for thing, label in rows
        if isinstance(thing, NamedNode) and isinstance(label, Literal)
    }


def _cell(column: Shown, row: Row, url_of: Urls) -> tuple[Link, str]:
    term = row[column.text if column.iri is None else column.iri]
    text = column.cell(row)
    if isinstance(term, NamedNode) and text:
        return Link(name_of(term) if text in (term.value, compact(term.value)) else text, url_of(term)), ""
    shown = row[column.text]
    return Link(text, "", _language(shown)), kind_of(term)


def _language(term: object) -> str:
    language = (term.language or "") if isinstance(term, Literal) else ""
    return "" if language == "en" else language


def _cited(words: str, iri: str, url_of: Urls) -> Link:
    if not iri:
        return Link(words)
    node = NamedNode(iri)
    return Link(name_of(node) if words == compact(iri) else words, url_of(node))


def _field(
    query: StoredQuery, parameter: Parameter, given: Sequence[str] | None, engine: Engine
) -> FormField:
    values = list(given or ())
    offered = values_of(parameter, engine)
    usual = ", ".join(dict(offered).get(_short(each), each) for each in parameter.default)
    first = [("", f"Default: {usual}"), (UNBOUND, "Any")] if parameter.default else [("", "Any")]
    if len(offered) > _MOST_CHOICES or not offered:
        return FormField(
            parameter.name,
            parameter.description,
            [],
            ", ".join(values),
            usual,
            several=False,
            has_pages=False,
        )
    chosen = {value.strip().lower() for value in values} or {""}
    choices = [
        Choice(value, text, bool({value.lower(), text.lower()} & chosen))
        for value, text in [*first, *offered]
    ]
    known = {word for value, text in [*first, *offered] for word in (value.lower(), text.lower())}
    choices += [Choice(value, value, chosen=True) for value in values if value.strip().lower() not in known]
    several = sum(each.chosen for each in choices) > 1
    return FormField(
        parameter.name, parameter.description, choices, "", "", several, has_pages(query, parameter, offered)
    )


def has_pages(query: StoredQuery, parameter: Parameter, values: Sequence[object]) -> bool:
    """Return whether each value of a parameter has its own page in a static site.

    If two parameters have the same class, such as two agencies, only values of the first have pages, because the
    answers for the second are mostly the same.
    """
    alike = [each for each in query.parameters if each.class_iri and each.class_iri == parameter.class_iri]
    return 0 < len(values) <= _MOST_PAGES and parameter in (alike or [parameter])[:1]


def values_of(parameter: Parameter, engine: Engine) -> list[tuple[str, str]]:
    """Return the possible values of a parameter with their labels.

    Returns:
        The values, up to one more than a menu may contain; empty if they are unknown.
    """
    if parameter.class_iri is None:
        return [(each, each) for each in parameter.enumeration]
    if parameter.enumeration:
        among = f"VALUES ?value {{ {' '.join(f'<{each}>' for each in parameter.enumeration)} }}"
    else:
        among = f"?value a <{parameter.class_iri}> ."
    rows = engine.select(
        f"SELECT DISTINCT ?value ?label WHERE {{ {among} ?value {RDFS_LABEL} ?label }} "
        f"ORDER BY ?label ?value LIMIT {_MOST_CHOICES + 1}"
    ).rows
    return [
        (_short(value.value), text.value)
        for value, text in rows
        if isinstance(value, NamedNode) and isinstance(text, Literal)
    ]


def _short(iri: str) -> str:
    return compact(iri).strip("<>")


def _python(query: StoredQuery, given: Mapping[str, Sequence[str]]) -> str:
    values = "".join(
        f", {name}={texts[0]!r}" if len(texts) == 1 else f", {name}={list(texts)!r}"
        for name, texts in given.items()
    )
    return (
        "from jhaan_kg import KnowledgeGraph\n\n"
        f'print(KnowledgeGraph.open().query("{query.name}", cite=True{values}))'
    )


def _command(query: StoredQuery, given: Mapping[str, Sequence[str]]) -> str:
    from shlex import quote

    values = "".join(
        f" {each.option} {quote(text)}" for each in query.parameters for text in given.get(each.name, ())
    )
    return f"jhaan query {query.name}{values} --cite"
