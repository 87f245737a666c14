"""Search for a section by number, title, or words of the title."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode

from jhaan_kg.errors import JhaanError
from jhaan_kg.namespaces import DCTERMS, ONTOLOGY
from jhaan_kg.near import did_you_mean, key, natural, words
from jhaan_kg.query.engine import Engine
from jhaan_kg.reports import report_of_iri, report_order

_SECTIONS: Final = (
    f"SELECT ?section ?number ?title WHERE {{ ?section a <{ONTOLOGY}Section> ; <{ONTOLOGY}sectionNumber> ?number "
    f"OPTIONAL {{ ?section <{DCTERMS}title> ?title }} }}"
)


def find_section(engine: Engine, text: str) -> NamedNode:
    """Return the section that a text identifies, from the newest report that contains it.

    Args:
        engine: the graph.
        text: the number of the section, with or without "section"; the title; or words of the title.

    Raises:
        JhaanError: no section or several sections match.
    """
    found = [
        (section, number.value, title.value if isinstance(title, Literal) else number.value)
        for section, number, title in engine.select(_SECTIONS).rows
        if isinstance(section, NamedNode) and isinstance(number, Literal)
    ]
    found.sort(key=lambda one: (report_order(report_of_iri(one[0].value)), natural(one[1])), reverse=True)
    wanted = text.strip().removeprefix("section:").lower().removeprefix("section ").strip()
    exact = [section for section, number, title in found if wanted == number or key(text) == key(title)]
    if exact:
        return exact[0]
    own = set(words(text))
    near = [one for one in found if own and own <= set(words(one[2]))]
    if len(near) == 1:
        return near[0][0]
    if near:
        listed = (f"    {number}  {title}" for _, number, title in reversed(near))
        raise JhaanError(f'"{text}" matches several sections. Choose one by its number:', *listed)
    hint = did_you_mean(text, [title for _, _, title in found]) or " List all sections: jhaan coverage"
    raise JhaanError(f'Unknown section "{text}".{hint}')
