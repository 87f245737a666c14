"""The description of an entity, as text for people."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from pyoxigraph import NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import ONTOLOGY, compact
from jhaan_kg.near import suggest
from jhaan_kg.query.engine import Engine
from jhaan_kg.query.names import resolve
from jhaan_kg.views import View, view_of, view_of_property
from jhaan_kg.views.as_text import write_section, write_text
from jhaan_kg.views.pair import pair_view
from jhaan_kg.views.sections import find_section

USUAL_WIDTH = 110
_MOST_LINES_OF_PAIRS = 100


def explain(
    engine: Engine,
    thing: str,
    property_name: str | None = None,
    *,
    width: int = USUAL_WIDTH,
    whole: bool = False,
    words_of: Callable[[str], str] = lambda _: "",
) -> str:
    """Return a description of an entity as text.

    Args:
        engine: the graph with its evidence.
        thing: an IRI, a CURIE or a name.
        property_name: an IRI, a CURIE or the local name of a property, to list only its values; None for all.
        width: the maximum number of characters in a line.
        whole: whether to write all lines, with the technical part; otherwise about 60.
        words_of: function that returns the words of a passage; empty if its report's text is not available.

    Returns:
        Text for people, lines ended by line feeds.

    Raises:
        JhaanError: no entity, or more than one, has this name; or it has no such property.
        ServiceError: the service of the engine cannot be reached.
    """
    node = resolve(engine, thing)
    if property_name is None:
        return write_text(view_of(engine, node, words_of), width, whole=whole)
    wanted = _find_property(engine, node, property_name)
    return write_text(view_of_property(engine, node, wanted), width, whole=True)


def find_view(engine: Engine, entity: str, other: str | None = None) -> View:
    """Return the view of an entity, or of two agencies, by their names.

    Raises:
        JhaanError: nothing, or more than one entity, has this name.
        ServiceError: the service of the engine cannot be reached.
    """
    if other is None:
        return view_of(engine, resolve(engine, entity))
    return pair_view(engine, *(resolve(engine, name, ONTOLOGY + "Agency") for name in (entity, other)))


def describe_pair(
    engine: Engine, one: str, other: str, *, width: int = USUAL_WIDTH, whole: bool = False
) -> str:
    """Return a description of what two agencies did together, as text.

    Args:
        engine: the graph with its evidence.
        one: an IRI, a CURIE or a name.
        other: the same for the second agency.
        width: the maximum number of characters in a line.
        whole: whether to write all lines; otherwise 100.

    Raises:
        JhaanError: there is no such agency, or both are the same.
        ServiceError: the service of the engine cannot be reached.
    """
    view = find_view(engine, one, other)
    command = f"jhaan pair {shlex.quote(one)} {shlex.quote(other)}"
    return write_text(view, width, whole=whole, command=command, most=_MOST_LINES_OF_PAIRS)


def read_section(
    engine: Engine,
    section: str,
    width: int = USUAL_WIDTH,
    words_of: Callable[[str], str] = lambda _: "",
) -> str:
    """Return what each passage of a section states, in order, as text.

    The words of the passages are included if the report's text is available.

    Raises:
        JhaanError: there is no such section.
        ServiceError: the service of the engine cannot be reached.
    """
    return write_section(view_of(engine, find_section(engine, section), words_of), width)


def _find_property(engine: Engine, node: NamedNode, name: str) -> NamedNode:
    rows = engine.select(f"SELECT DISTINCT ?property WHERE {{ {node} ?property ?value }}").rows
    properties = [by for (by,) in rows if isinstance(by, NamedNode)]
    names = {compact(by.value).rpartition(":")[2]: by for by in properties}
    for by in properties:
        if name in (by.value, f"<{by.value}>", compact(by.value)):
            return by
    if name in names:
        return names[name]
    raise JhaanError(f'The entity has no property "{name}".{suggest(name, sorted(names))}')
