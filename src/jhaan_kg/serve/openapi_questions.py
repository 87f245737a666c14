"""The stored questions in the OpenAPI description, with their parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from jhaan_kg.namespaces import compact
from jhaan_kg.pages.question import values_of
from jhaan_kg.query.catalogue import Catalogue, Parameter, StoredQuery
from jhaan_kg.query.engine import Engine
from jhaan_kg.query.names import UNBOUND
from jhaan_kg.serve.config import QUESTIONS
from jhaan_kg.serve.openapi_parts import BUSY, KNOWN, TEXT, Json, get, parameter, refused, response, shared
from jhaan_kg.serve.questions import ANSWERS, CITE

TAG: Final = "Questions"
"""The group of questions."""

_CHOICES: Final = 20
"""Up to how many things of a closed list are named."""

_EXAMPLES: Final = 3
"""How many examples a parameter has."""

_LITERALS: Final[Mapping[str, tuple[Json, str]]] = {
    "string": (TEXT, "text"),
    "integer": ({"type": "string", "pattern": f"^([+-]?[0-9]{{1,18}}|{UNBOUND})$"}, "2023"),
    "date": ({"anyOf": [{"type": "string", "format": "date"}, {"const": UNBOUND}]}, "2023-11-21"),
    "boolean": ({"type": "string", "enum": ["true", "false", UNBOUND]}, "true"),
    "year": ({"type": "string", "pattern": f"^([0-9]{{4}}|{UNBOUND})$"}, "2023"),
    "month": ({"type": "string", "pattern": f"^([0-9]{{4}}-(0[1-9]|1[0-2])|{UNBOUND})$"}, "2023-11"),
}
"""What values look like whose type is no class, and one of them; see `query.names.literal`."""

_SUFFIX: Final = "answer-suffix"


def questions(catalogue: Catalogue, address: str) -> Iterator[tuple[str, Json]]:
    """Describe the paths of all stored questions, and that of their list.

    Args:
        catalogue: the questions.
        address: where clients reach the server, without a slash at the end.
    """
    refusals = refused(304, 406, *BUSY)
    yield (
        f"/{QUESTIONS}",
        get(
            "list_questions",
            "All stored questions, by topic",
            TAG,
            response("Page"),
            refusals,
            parameters=shared(*KNOWN),
        ),
    )
    for query in catalogue:
        yield from _question(query, address)


def _question(query: StoredQuery, address: str) -> Iterator[tuple[str, Json]]:
    """Describe a question at its two paths: at one the header Accept chooses the format, at the other the suffix."""
    path, name = f"/{QUESTIONS}/{query.name}", query.name.replace("-", "_")
    own = shared(*(_key(query, each) for each in query.parameters), CITE, *KNOWN)
    about = {
        "url": f"{address}/query/{query.name}",
        "description": "The question in the graph, with its SPARQL",
    }
    absence = f"\n\nA row about an absence means: {query.absence}" if query.absence else ""
    yield (
        path,
        get(
            name,
            query.summary,
            TAG,
            response("Answer"),
            refused(304, 400, 406, 413, *BUSY),
            parameters=own,
            description="\n\n".join(filter(None, (query.description, query.notes))) + absence,
            externalDocs=about,
        ),
    )
    yield (
        f"{path}.{{suffix}}",
        get(
            f"{name}_as",
            f"{query.summary} (in the format of the suffix)",
            TAG,
            response("Answer"),
            refused(304, 400, 404, 413, *BUSY),
            parameters=[*shared(_SUFFIX), *own],
            description=f"The answer of `{path}`; the header `Accept` doesn't count.",
            externalDocs=about,
        ),
    )


def parameters(catalogue: Catalogue, engine: Engine) -> Json:
    """Describe the parameters of all stored questions, by the names that the description gives them.

    Args:
        catalogue: the questions.
        engine: knows which values there are.
    """
    cites = "Whether a file has the passages of each row, in three more columns; a page has them anyhow."
    yes_or_no = {"type": "string", "enum": ["yes", "no"], "default": "no"}
    suffixes = {"type": "string", "enum": [suffix.removeprefix(".") for suffix in ANSWERS]}
    return {
        CITE: parameter(CITE, "query", cites, yes_or_no, allowEmptyValue=True, example="yes"),
        _SUFFIX: parameter("suffix", "path", "The format.", suffixes),
        **{_key(query, each): _parameter(each, engine) for query in catalogue for each in query.parameters},
    }


def _key(query: StoredQuery, of: Parameter) -> str:
    return f"{query.name}.{of.name}"


def _parameter(of: Parameter, engine: Engine) -> Json:
    values = values_of(of, engine)
    usual = [_short(value) if of.class_iri else value for value in of.default]
    default = {"default": usual} if usual else {}
    return parameter(
        of.name,
        "query",
        _in_words(of, values, usual),
        {"type": "array", "items": _value(of), **default},
        style="form",
        explode=True,
        allowEmptyValue=True,
        examples=dict(_examples(of, values, usual, engine)),
    )


def _value(of: Parameter) -> Json:
    """Say what a value looks like. Things have many names, so no list of what may be sent for them is complete."""
    if of.class_iri:
        return {"type": "string", "format": of.type}
    if of.enumeration:
        return {"type": "string", "enum": [*of.enumeration, UNBOUND]}
    return _LITERALS[of.type][0]


def _in_words(of: Parameter, values: Sequence[tuple[str, str]], usual: Sequence[str]) -> str:
    said = [f"{of.description[:1].upper()}{of.description[1:]}."]
    if of.class_iri and not of.enumeration:
        said.append(f"A thing of the class `{of.type}`." if values else "Anything that has a name.")
    elif of.class_iri and len(values) <= _CHOICES:
        said.append(f"One of: {', '.join(f'{label} (`{value}`)' for value, label in values)}.")
    elif of.class_iri:
        said.append(f"One of {len(of.enumeration)} things, which the page of the question offers.")
    if usual:
        named = ", ".join(f"`{each}`" for each in usual)
        said.append(f"Without it: {named}. `{UNBOUND}` leaves it open.")
    return " ".join(said)


def _examples(
    of: Parameter, values: Sequence[tuple[str, str]], usual: Sequence[str], engine: Engine
) -> Iterator[tuple[str, Json]]:
    """Give values that may be sent, each as the list that a parameter is, the usual ones first."""
    if usual:
        yield "usual", {"summary": "the usual", "value": list(usual)}
    if not values and of.class_iri:  # anything that has a name
        values = values_of(of._replace(type="jhaan:Agency"), engine)
    elif not values:
        values = [(_LITERALS[of.type][1], "one value")]
    others = [(value, label) for value, label in values if [value] != usual]
    for value, label in others[: _EXAMPLES - bool(usual)]:
        yield value, {"summary": label, "value": [value]}


def _short(iri: str) -> str:
    return compact(iri).strip("<>")
