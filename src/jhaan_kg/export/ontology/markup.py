"""HTML in which every text and every attribute is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Final

from pyoxigraph import Literal

from jhaan_kg.namespaces import RDF, XSD, compact

_PLAIN: Final = (XSD + "string", RDF + "langString")
_STYLE: Final = Path(__file__).with_name("page.css")


def element(name: str, *content: str, **attributes: str) -> str:
    """Write an element.

    Args:
        name: the tag.
        content: HTML.
        attributes: texts; one whose value is empty is left out. `klass` is `class`.

    >>> element("a", text("1 < 2"), href='#"')
    '<a href="#&quot;">1 &lt; 2</a>'
    """
    said = {key.replace("klass", "class"): value for key, value in attributes.items() if value}
    opened = "".join(f' {key}="{escape(value)}"' for key, value in said.items())
    return f"<{name}{opened}>{''.join(content)}</{name}>"


def text(words: str) -> str:
    """Write a text.

    >>> text("<script>")
    '&lt;script&gt;'
    """
    return escape(words, quote=False)


def code(words: str) -> str:
    """Write code within a line."""
    return element("code", text(words))


def link(content: str, target: str) -> str:
    """Link HTML to a place of the web or of this page; any other scheme could run a script.

    >>> link("x", "javascript:alert()")
    'x'
    """
    return element("a", content, href=target) if target.startswith(("https://", "http://", "#")) else content


def literal(value: Literal) -> str:
    """Write a literal, with its language if that is not the page's, and its datatype if it is no text."""
    if value.language:
        other = value.language if value.language != "en" else ""
        return element("span", text(value.value), lang=other) if other else text(value.value)
    if value.datatype.value in _PLAIN:
        return text(value.value)
    return f"{text(value.value)} {element('small', text(compact(value.datatype.value)))}"


def rows(facts: Iterable[tuple[str, str]]) -> str:
    """Write facts as a list of heads and what is said, both HTML; those without anything said are left out."""
    told = "".join(f"<div><dt>{head}</dt><dd>{said}</dd></div>\n" for head, said in facts if said)
    return f"<dl>\n{told}</dl>\n" if told else ""


def listed(items: Iterable[str]) -> str:
    """Write things in one line."""
    return ", ".join(items)


def bullets(items: Iterable[str]) -> str:
    """Write things one below the other; one alone needs no bullet."""
    there = list(items)
    if len(there) < 2:
        return "".join(there)
    return f"<ul>{''.join(element('li', item) for item in there)}</ul>"


def framed(menu: Mapping[str, str], content: str) -> str:
    """Put the contents of a page beside it.

    Args:
        menu: the sections: their names by their anchors.
        content: HTML.
    """
    items = "".join(element("li", link(text(name), f"#{place}")) for place, name in menu.items())
    return (
        f"{element('a', 'To the content', href='#content', klass='skip')}\n"
        f'<div class="layout">\n{element("nav", element("ul", items), **{"aria-label": "Contents"})}\n'
        f'<main id="content">\n{content}</main>\n</div>\n'
    )


def document(title: str, summary: str, body: str, *, style: str = "", metadata: str = "") -> bytes:
    """Write a whole page, which loads nothing and runs nothing.

    Args:
        title: of the page.
        summary: what the page is, in a sentence.
        body: HTML.
        style: CSS beside that of all pages.
        metadata: JSON-LD about what the page describes, in which no `<` stands.
    """
    described = f'<script type="application/ld+json">\n{metadata}</script>\n' if metadata else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{text(title)}</title>
<meta name="description" content="{escape(summary)}">
<style>
{_STYLE.read_text(encoding="utf-8")}{style}</style>
{described}</head>
<body>
{body}</body>
</html>
""".encode()
