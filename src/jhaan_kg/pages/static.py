"""Pages that only a static site has.

These are lists of entities, and pages that replace functions of the server.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from pyoxigraph import NamedNode

from jhaan_kg.near import fold, natural
from jhaan_kg.pages import FILES
from jhaan_kg.pages.links import Link, words
from jhaan_kg.pages.templates import page


class Entity(NamedTuple):
    """An entity in an alphabetical list.

    Attributes:
        order: the sort key.
        letter: the heading in the list: a letter, or "0 to 9".
        link: the link to the page of the entity.
        kind: the label of the type.
    """

    order: tuple[object, ...]
    letter: str
    link: Link
    kind: str

    @staticmethod
    def of(node: NamedNode, label: str, href: str, kind: str) -> Entity:
        """Create an entry for an entity, with the sort key and the letter of its label.

        >>> Entity.of(NamedNode("urn:a"), "“Été” 2023", "/a", "event").letter
        'E'
        """
        text = words(label, node)
        folded = re.sub(r"^\W+", "", fold(text))
        letter = folded[:1].upper() if "a" <= folded[:1] <= "z" else "0 to 9"
        return Entity((letter, natural(folded), href), letter, Link(text, href), kind)


def a_to_z_page(entities: Sequence[Entity]) -> bytes:
    """Return the page that lists all entities by name."""
    groups = [
        (letter, [(each.link, each.kind) for each in group])
        for letter, group in groupby(sorted(entities), key=lambda each: each.letter)
    ]
    return page("a_to_z.html", root="", title="A to Z", groups=groups)


def by_type_page(entities: Sequence[Entity]) -> bytes:
    """Return the page that lists all entities by type."""
    ordered = sorted(entities, key=lambda each: (each.kind.casefold(), each.kind, each.order))
    groups = [
        (kind, [each.link for each in group]) for kind, group in groupby(ordered, key=lambda each: each.kind)
    ]
    return page("by_type.html", root="", title="By type", groups=groups)


def lacking_page() -> bytes:
    """Return the page about functions that need a server."""
    return page("lacking.html", root="", title="Functions that need a server")


def search_page() -> bytes:
    """Return the search page with Pagefind.

    Its links require that it is in the root of the site.
    """
    return page("static_search.html")


def missing_page() -> bytes:
    """Return the page for status 404.

    It has no links, because they would be relative to any path.
    """
    return page("missing.html", style=FILES["style.css"][1].decode())
