"""The stored questions as an interface for programs and for people: an address for each, in each format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from jhaan_kg.errors import JhaanError
from jhaan_kg.near import did_you_mean
from jhaan_kg.pages.home import questions_page
from jhaan_kg.pages.question import question_page
from jhaan_kg.query.answer import answer, bind
from jhaan_kg.query.catalogue import Catalogue, StoredQuery
from jhaan_kg.query.cite import cite
from jhaan_kg.query.names import resolve_parameters
from jhaan_kg.results import render
from jhaan_kg.serve.config import QUESTIONS
from jhaan_kg.serve.loaded import Loaded
from jhaan_kg.serve.protocol import HTML, Made, RefusalError, Suffixes, parameters

CITE: Final = "cite"
"""The parameter that adds passages to files; no question has one of this name."""

_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

ANSWERS: Final = Suffixes(
    {
        ".json": "application/json",
        ".html": HTML,
        ".csv": "text/csv",
        ".tsv": "text/tab-separated-values",
        ".xml": "application/sparql-results+xml",
        ".md": "text/markdown",
        ".xlsx": _WORKBOOK,
    }
)
"""The formats of answers; the first is given where any will do."""

_LIST: Final = Suffixes({".html": HTML})


def asked(path: str, query_string: bytes, accept: str | None, loaded: Loaded, address: str) -> Made:
    """Answer a stored question, or give the list of them.

    A file is the same, byte for byte, as `jhaan query NAME --format FORMAT` writes. A parameter with an empty value
    counts as not given, since forms send those too.

    Args:
        path: `questions/NAME`, with a suffix of ANSWERS or without; `questions` for the list, which is a page.
        query_string: parameters of the question, and CITE.
        accept: the header Accept, which counts without suffix.
        loaded: the graph.
        address: where clients reach the server, without a slash at the end.

    Raises:
        RefusalError: there is no such question (404), parameter or value (400), or the client takes none of the formats
            (406).
    """
    name, suffix = ANSWERS.parted(path)
    name = name.removeprefix(QUESTIONS).removeprefix("/")
    if not name:
        media, suffix = _LIST.chosen(suffix, accept)
        return Made(
            media,
            f"{QUESTIONS}{suffix}",
            questions_page(loaded.catalogue, urlsplit(address).path),
        )
    query = named(name, loaded.catalogue)
    media, suffix = ANSWERS.chosen(suffix, accept)
    given = {key: [text for text in texts if text] for key, texts in parameters(query_string).items()}
    cites = _cites(given.pop(CITE, []))
    made = _answered(query, given, media, loaded, address, cites=cites)
    return Made(media, f"{QUESTIONS}/{name}{suffix}", made)


def named(name: str, catalogue: Catalogue) -> StoredQuery:
    """Give the question of a name.

    Raises:
        RefusalError: there is none (404).
    """
    query = {each.name: each for each in catalogue}.get(name)
    if query is None:
        hint = did_you_mean(name[:100], [each.name for each in catalogue])
        raise RefusalError(404, f"There is no question {name[:100]!r}.{hint} They are listed at /{QUESTIONS}")
    return query


def _answered(
    query: StoredQuery,
    given: Mapping[str, list[str]],
    media: str,
    loaded: Loaded,
    address: str,
    *,
    cites: bool,
) -> bytes:
    engine = loaded.engine
    try:
        resolve_parameters(engine, query, dict.fromkeys(given, ()))  # empty ones have names that may be wrong
        given = {key: texts for key, texts in given.items() if texts}
        values = resolve_parameters(engine, query, given)
    except JhaanError as error:
        raise RefusalError(400, str(error)) from None
    found = answer(engine, query, values)
    if media == HTML:
        cited = cite(engine, query, values, found)
        sparql = bind(query.text, values)
        return question_page(query, given, found, cited, sparql=sparql, engine=engine, address=address)
    form = next(suffix for suffix, of in ANSWERS.items() if of == media)[1:]
    return render(
        found,
        form,
        citations=cite(engine, query, values, found) if cites else None,
        title=query.summary,
        absence=query.absence,
    )


def _cites(texts: list[str]) -> bool:
    if texts in ([], ["no"], ["yes"]):
        return texts == ["yes"]
    raise RefusalError(400, f"{CITE}={texts[0][:100]}: this is either yes or no.")
